from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTierOptOut(models.Model):
    """A customer who wants no messages about tiers, from a day on.

    Only the last day changes afterwards. The tier itself goes on: whoever wants no
    tier is excluded from profiling instead.
    """

    _name = "customer.tier.opt.out"
    _inherit = ["customer.decision.mixin", "customer.tier.visible.mixin"]
    _description = "No Messages about Tiers"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
        help="Empty: from every company.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date()
    )
    date_until = fields.Date(string="Until", help="Last day. Empty: no end.")
    note = fields.Char(help="How the customer told us.")
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for one in self:
            if one.date_until and one.date_until < one.date_from:
                raise ValidationError(
                    self.env._("The last day comes before the first one.")
                )

    def _decide(self, more_partners=None):
        """Nothing to evaluate: the tier stays what it is."""

    @api.model
    def _get_amendable_fields(self):
        return {"date_until", "note"}

    @api.model
    def _silent_accounts(self, account_ids, company, day) -> set[int]:
        """Return those of some accounts who want no messages on a day.

        :param company: who would write; empty for any
        """
        silent = self._in_force(account_ids, company, day)
        return set(silent.partner_id.commercial_partner_id.ids)

    @api.model
    def _in_force(self, account_ids, company, day):
        """Return who said no before a day and has not said yes since."""
        # sudo: customer.tier.opt.out - whoever causes the message, customers included
        return self.sudo().search(
            [
                ("partner_id.commercial_partner_id", "in", list(account_ids)),
                ("company_id", "in", [False, *company.ids]),
                ("date_from", "<=", day),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", day),
            ]
        )

    @api.model
    def _choose(self, account, companies, wanted: bool, note: str) -> None:
        """Record what a customer chose about messages; nothing where it is so already.

        :param companies: main companies that write to the customer
        :param note: how the customer told us
        """
        for company in companies:
            day = company._retention_today()
            known = self._in_force(account.ids, company, day)
            if wanted:
                for one in known:
                    # A choice counts for whole days, its own day included.
                    one.date_until = max(one.date_from, day - timedelta(days=1))
            elif not known.filtered(lambda one: not one.date_until):
                known.create(
                    {
                        "partner_id": account.id,
                        "company_id": company.id,
                        "date_from": day,
                        "note": note,
                    }
                )
