from odoo import api, fields, models


class CustomerComplaintPolicy(models.Model):
    """Policies for customers of some tiers.

    Whom a policy is for is part of its versions. A change of tier alone never makes a
    promise worse: see ``customer.complaint._keeps_standing``.
    """

    _inherit = "customer.complaint.policy"

    tier_ids = fields.Many2many(
        "customer.tier",
        string="Tiers",
        help="Tiers of the customer. Empty: every customer.",
    )

    # === VERSIONS === #

    def _definition(self):
        definition = super()._definition()
        # sudo: customer.tier - its id, for those who may not look at customers
        policy = self.sudo()
        for name, records in (("tiers", policy.tier_ids), ("stages", policy.stage_ids)):
            if records:
                definition[name] = sorted(records.ids)
        return definition

    @api.model
    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "tier_ids", "stage_ids"]

    # === WHICH ONE FITS === #

    def _gather_standings(self, complaints):
        standings = super()._gather_standings(complaints)
        if not self._asks_for_standing() or not self.tier_ids:
            return standings
        memberships = self.env["customer.tier.membership"]
        tiers = {}
        for company, mine in complaints.grouped("company_id").items():
            accounts = mine.account_id
            for account_id, tier in memberships._standing_tiers(
                accounts, company
            ).items():
                tiers[account_id, company] = tier.id
        return {
            complaint.id: {
                **standings.get(complaint.id, {}),
                "tier": tiers.get((complaint.account_id.id, complaint.company_id)),
            }
            for complaint in complaints
        }

    def _fits_standing(self, case):
        if not self._asks_for_standing():
            return True
        fits = not self.tier_ids or case.standing_of("tier") in self.tier_ids._ids
        return fits and super()._fits_standing(case)

    @api.model
    def _standing_fields(self):
        return [*super()._standing_fields(), "tier_ids"]


class CustomerRuleWording(models.AbstractModel):
    """For whom a version of a policy was, in the reader's words."""

    _inherit = "customer.rule.wording"

    @api.model
    def _definition_details(self, definition):
        details = super()._definition_details(definition)
        if "targets" not in definition:
            return details
        names = [
            name
            for model, key in (
                ("customer.tier", "tiers"),
                ("customer.relationship.stage", "stages"),
            )
            for name in self._names_of(model, definition.get(key, ()))
        ]
        if not names:
            return details
        customers = self.env._("For customers of: %(names)s", names=", ".join(names))
        return f"{customers} · {details}" if details else customers

    @api.model
    def _names_of(self, model, ids):
        # sudo: customer.tier, customer.relationship.stage - names in a version
        return self.env[model].sudo().browse(ids).exists().mapped("display_name")
