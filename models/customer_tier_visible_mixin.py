from odoo import api, fields, models
from odoo.tools import SQL


class CustomerTierVisibleMixin(models.AbstractModel):
    """As visible as the relationship; without a company, as any of one's companies.

    A shared ladder has members in all companies. Whoever has none of them as a
    customer's company does not see the customer, and so nothing that hangs on it.
    """

    _name = "customer.tier.visible.mixin"
    _inherit = "customer.visible.mixin"
    _description = "Visible as the Relationship, in Shared Ladders as Well"

    is_customer_here = fields.Boolean(
        string="Customer of Your Companies",
        compute="_compute_is_customer_here",
        search="_search_is_customer_here",
        exportable=False,
        help="The contact of the customer is of all companies, or of one of yours.",
    )

    @api.depends("partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_is_customer_here(self):
        # sudo: customer.tier.visible.mixin - says which of the given are visible
        rows = self.sudo().with_context(active_test=False)
        found = rows.search(
            [("id", "in", self._origin.ids), ("is_customer_here", "=", True)]
        )
        for record in self:
            record.is_customer_here = record._origin.id in found._ids

    def _search_is_customer_here(self, operator, value):
        return self._search_visibility(self._customer_here_sql, operator, value)

    @api.model
    def _customer_here_sql(self, alias) -> SQL:
        """Return whether the customer of ``alias`` is of the companies of the reader.

        What is of a company has been asked for that one already.
        """
        return SQL(
            """(%(company)s IS NOT NULL OR NOT EXISTS (
                SELECT FROM res_partner account
                 WHERE account.id = %(partner)s
                   AND account.company_id <> ALL(%(companies)s)
            ))""",
            company=SQL.identifier(alias, "company_id"),
            partner=SQL.identifier(alias, "partner_id"),
            companies=self._companies_above(),
            to_flush=[self.env["res.partner"]._fields["company_id"]],
        )

    @api.model
    def _companies_above(self) -> list[int]:
        """Return one's companies and those they are branches of."""
        # sudo: res.company - a user of a branch may not read its parent
        return self.env.companies.sudo().parent_ids.ids

    @api.model
    def _same_company_sql(self, alias) -> SQL:
        """What is in a shared ladder is seen from each company of the reader."""
        return SQL(
            "(%s OR %s IS NULL AND row.company_id = ANY(%s))",
            super()._same_company_sql(alias),
            SQL.identifier(alias, "company_id"),
            self.env.companies.root_id.ids,
        )
