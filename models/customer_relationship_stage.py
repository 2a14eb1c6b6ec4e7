from odoo import fields, models


class CustomerRelationshipStage(models.Model):
    """A position on the ladder of a relationship, from prospect to advocate.

    The position of a customer is the highest one, by sequence, whose rule holds.
    """

    _name = "customer.relationship.stage"
    _inherit = "customer.rule.mixin"
    _description = "Relationship Position"

    direction = fields.Selection(
        [
            ("forward", "Forward only"),
            ("both", "Forward and back"),
        ],
        default="forward",
        required=True,
        help="Forward only: a customer who has reached this position keeps it; "
        "the condition tells whether the relationship is alive.",
    )
    icon = fields.Char(
        default="fa-user-o",
        help="Font Awesome icon shown beside the name.",
    )

    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "direction"]

    def _customer_field(self):
        return "stage_id"
