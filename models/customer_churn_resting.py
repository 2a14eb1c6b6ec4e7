from __future__ import annotations

from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


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
                (
                    *(one._may_end_rest() for one in contacts),
                    *(one._may_withdraw() for one in snoozes),
                )
            )

    def _search_is_resting(self, operator, value):
        """Return the domain of ``True``; the framework inverts it for the others."""
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE  # it comes along with True only
        resting = Domain.FALSE
        for company in self.env["res.company"]._churn_roots():
            away = Domain("partner_id", "in", self._resting_sql(company))
            resting |= Domain("company_id", "=", company.id) & away
        return resting

    @api.model
    def _resting_sql(self, company) -> SQL:
        """Return the accounts that rest, read at once for all of them."""
        self.env.flush_all()
        return SQL(" UNION ").join(
            SQL(
                "SELECT member.account_id FROM %(table)s rest"
                " JOIN %(mapping)s member ON member.partner_id = rest.partner_id"
                " WHERE rest.company_id = %(company)s AND rest.rest_until > %(today)s",
                table=SQL.identifier(model._table),
                mapping=self.env["customer.account"]._mapping_sql(),
                company=company.id,
                today=company._retention_today(),
            )
            for model in self._models_of_rest()
        )

    # === ACTIONS === #

    def action_bring_back(self):
        """Put customers on the list again: end what keeps them away.

        :raise UserError: somebody else put them off or was in touch
        """
        self.check_access("read")
        for contacts, snoozes in self._rests().values():
            contacts._end_rest()
            snoozes.action_withdraw()

    # === BUSINESS === #

    def _rests(self) -> dict:
        """Return {score: (contacts, snoozes) that keep it off the list today}."""
        rests = {}
        for company, scores in self.grouped("company_id").items():
            account_of = self.env["customer.account"]._members(scores.partner_id.ids)
            away = [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(account_of)),
                ("rest_until", ">", company._retention_today()),
            ]
            found = [
                model.search(away).grouped(
                    lambda one, account_of=account_of: account_of[one.partner_id.id]
                )
                for model in self._models_of_rest()
            ]
            for score in scores:
                rests[score] = tuple(
                    by_account.get(score.partner_id.id, model.browse())
                    for by_account, model in zip(
                        found, self._models_of_rest(), strict=True
                    )
                )
        return rests
