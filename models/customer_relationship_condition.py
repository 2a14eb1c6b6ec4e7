from odoo import fields, models


class CustomerRelationshipCondition(models.Model):
    """How alive a relationship is. The first condition whose rule holds counts."""

    _name = "customer.relationship.condition"
    _inherit = "customer.rule.mixin"
    _description = "Relationship Condition"

    kind = fields.Selection(
        [
            ("active", "Active"),
            ("cooling", "Cooling"),
            ("at_risk", "At risk"),
            ("dormant", "Dormant"),
            ("lost", "Lost"),
            ("won_back", "Won back"),
        ],
        required=True,
        default="active",
        help="What the condition means to reports and automations, whatever its name.",
    )

    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "kind"]

    def _customer_field(self):
        return "condition_id"
