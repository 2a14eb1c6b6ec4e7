from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    retention_purchase_source = fields.Selection(
        [("order", "Confirmed orders less their credit notes"),
         ("invoice", "Posted invoices and credit notes")],
        default="order", required=True,
    )
    retention_tz = fields.Selection(
        selection="_selection_retention_tz", string="Time Zone of Purchases",
        default="UTC", required=True,
    )
    retention_evaluation_date = fields.Date(
        help="Evaluate customers as of this day instead of today. For demonstrations, "
        "training and tests.",
    )
    retention_use_stages = fields.Boolean(default=True)
    retention_side_effects_from = fields.Date(
        help="Activities are planned for changes from this day on. Empty: never.",
    )
    retention_side_effects_cap = fields.Integer(default=50)
    retention_responsible_id = fields.Many2one("res.users")
    retention_condition_months = fields.Integer(
        default=36,
        help="How many months back conditions are reconstructed when the history is "
        "read for the first time. 0: all of it.",
    )
    retention_condition_from = fields.Date(
        help="First day for which conditions are recorded; set by the first run.",
    )
