from odoo import api, models
from odoo.tools import SQL


class CustomerTierVisibleMixin(models.AbstractModel):
    """As visible as the relationship; without a company, as any of one's companies."""

    _name = "customer.tier.visible.mixin"
    _inherit = "customer.visible.mixin"
    _description = "Visible as the Relationship, in Shared Ladders as Well"

    @api.model
    def _same_company_sql(self, alias) -> SQL:
        """What is in a shared ladder is seen from each company of the reader."""
        return SQL(
            "(%s OR %s IS NULL AND row.company_id = ANY(%s))",
            super()._same_company_sql(alias),
            SQL.identifier(alias, "company_id"),
            self.env.companies.root_id.ids,
        )
