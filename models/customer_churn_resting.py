from __future__ import annotations

from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerChurnScore(models.Model):
    """Who is not on the list of the day for a while, why, and until when."""

    _inherit = "customer.churn.score"

    is_resting = fields.Boolean(
        string="Not on the List for a While",
        compute="_compute_rest",
        search="_search_is_resting",
        help="Somebody was in touch, or put the customer off.",
    )
    rest_until = fields.Date(string="Back on the List On", compute="_compute_rest")
    rest_text = fields.Char(string="Why Not Now", compute="_compute_rest")
    may_bring_back = fields.Boolean(compute="_compute_rest")

    # === COMPUTE AND SEARCH === #

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_rest(self):
        rests = self._rests()
        for score in self:
            contacts, snoozes = rests[score]
            longest = max(
                (*contacts, *snoozes), key=attrgetter("rest_until"), default=None
            )
            score.is_resting = bool(longest)
            score.rest_until = longest and longest.rest_until
            score.rest_text = longest and longest._describe_rest()
            score.may_bring_back = bool(longest) and all(
                one._may_withdraw() for one in (*contacts, *snoozes)
            )

    def _search_is_resting(self, operator, value):
        """Return the domain of ``True``; the framework inverts it for the others."""
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE  # it comes along with True only
        resting = Domain.FALSE
        for company in self.env["res.company"]._churn_roots():
            away = ~self._awake_domain(company)
            resting |= Domain("company_id", "=", company.id) & away
        return resting

    # === ACTIONS === #

    def action_bring_back(self):
        """Put customers on the list again: take back what keeps them away.

        :raise UserError: somebody else put them off, or was in touch before today
        """
        self.check_access("read")
        for contacts, snoozes in self._rests().values():
            contacts.action_withdraw()
            snoozes.action_withdraw()

    # === BUSINESS === #

    def _rests(self) -> dict:
        """Return {score: (contacts, snoozes) that keep it off the list today}."""
        rests = {}
        for company, scores in self.grouped("company_id").items():
            away = [
                ("company_id", "=", company.id),
                ("partner_id", "in", scores.partner_id.ids),
                ("rest_until", ">", company._retention_today()),
            ]
            contacts = self.env["customer.contact.log"].search(away)
            snoozes = self.env["customer.churn.snooze"].search(away)
            by_contact = contacts.grouped("partner_id")
            by_snooze = snoozes.grouped("partner_id")
            for score in scores:
                rests[score] = (
                    by_contact.get(score.partner_id, contacts.browse()),
                    by_snooze.get(score.partner_id, snoozes.browse()),
                )
        return rests
