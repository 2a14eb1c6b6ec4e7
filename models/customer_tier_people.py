from odoo import fields, models


class CustomerTier(models.Model):
    """Who looks after the members of a tier."""

    _inherit = "customer.tier"

    account_manager_id = fields.Many2one(
        "res.users",
        string="Looked After By",
        domain=[("share", "=", False)],
        ondelete="set null",
        help="Proposed to the person responsible when a customer reaches the tier; the "
        "salesperson of the customer is not changed by itself.",
    )
