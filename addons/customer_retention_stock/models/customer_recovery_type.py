from odoo import fields, models


class CustomerRecoveryType(models.Model):
    _inherit = "customer.recovery.type"

    kind = fields.Selection(
        selection_add=[("return", "Return"), ("call",)],
        ondelete={"return": "set other"},
    )
