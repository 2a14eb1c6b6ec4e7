from odoo import api, fields, models


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

    hole_warning = fields.Char(
        compute="_compute_hole_warning",
        groups="customer_retention.group_admin",
        help="Customers who have bought and are between two conditions.",
    )

    @api.depends("rule", "manual_only", "active", "company_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_hole_warning(self):
        """Only the saved rules are in force: those being edited have a dry-run."""
        for company, conditions in self.grouped(
            lambda condition: condition._hole_company()
        ).items():
            # sudo: customer.relationship - whoever sets rules has to know how many
            relationships = self.env["customer.relationship"].sudo()
            count = company and relationships._count_without_condition(company)
            conditions.hole_warning = bool(count) and self.env._(
                "Customers who have bought and have no condition: %(count)s. No rule "
                "describes them. Let each condition begin where the one before ends.",
                count=count,
            )

    def _hole_company(self):
        """The company whose customers these rules sort; none before it is saved."""
        if not self._origin:
            return self.env["res.company"]
        return (self._origin.company_id or self.env.company)._retention_root()

    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "kind"]

    def _customer_field(self):
        return "condition_id"
