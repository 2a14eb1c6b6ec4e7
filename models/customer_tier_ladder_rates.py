from __future__ import annotations

from odoo import api, fields, models


class CustomerTierLadder(models.Model):
    """Which currencies count one to one because nobody has entered a rate."""

    _inherit = "customer.tier.ladder"

    rates_warning = fields.Char(
        compute="_compute_rates_warning",
        help="Currencies of companies whose purchases count, without a rate.",
    )

    @api.depends("company_id", "currency_id")
    @api.depends_context("lang")
    def _compute_rates_warning(self):
        for ladder in self:
            currencies = ladder._currencies_without_rate()
            ladder.rates_warning = bool(currencies) and self.env._(
                "There is no exchange rate between %(others)s and %(currency)s: such "
                "purchases count one to one. Enter one with the currencies.",
                others=", ".join(currencies.mapped("name")),
                currency=ladder.currency_id.name,
            )

    def _currencies_without_rate(self):
        """Return the currencies of companies that :meth:`_rate_sql` takes as 1."""
        # sudo: res.company - currencies of all companies whose purchases count
        companies = self.company_id.sudo() or self.env["res.company"].sudo().search(
            [("parent_id", "=", False)]
        )
        found = self.env["res.currency"]
        for company in companies:
            pair = company.currency_id | self.currency_id
            known = self.env["res.currency.rate"].search_count(
                [
                    ("currency_id", "in", pair.ids),
                    ("company_id", "in", [False, company.id]),
                ],
                limit=1,
            )
            if len(pair) > 1 and not known:
                found |= company.currency_id
        return found
