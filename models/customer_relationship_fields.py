from odoo import api, models

from .internal_fields import without_choice

# What the evaluation and the explanations need, and nobody else.
RELATIONSHIP_INTERNALS = (
    "stage_version_id",
    "condition_version_id",
    "entitled_stage_id",
    "entitled_condition_id",
    "pending_on",
    "looked_after_by_id",
)
TRANSITION_INTERNALS = ("version_id", "cause", "corrects_from")


class CustomerRelationship(models.Model):
    """Which fields a person may choose to filter and group customers by."""

    _inherit = "customer.relationship"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        described = super().fields_get(allfields, attributes)
        return without_choice(described, RELATIONSHIP_INTERNALS)


class CustomerRelationshipTransition(models.Model):
    """Which fields a person may choose to filter and group transitions by."""

    _inherit = "customer.relationship.transition"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        described = super().fields_get(allfields, attributes)
        return without_choice(described, TRANSITION_INTERNALS)
