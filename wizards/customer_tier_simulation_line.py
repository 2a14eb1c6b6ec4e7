from odoo import fields, models


class CustomerTierSimulationLine(models.TransientModel):
    """One member behind a number."""

    _name = "customer.tier.simulation.line"
    _description = "Member in a Trial of Tier Rules"
    _order = "revenue desc, id"
    _rec_name = "partner_id"

    cell_id = fields.Many2one(
        "customer.tier.simulation.cell", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="cell_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    revenue = fields.Monetary(string="Revenue of 12 Months")
