from odoo import api, fields, models


class ResPartner(models.Model):
    """The tier of a customer at the till: two values, found for all in one go."""

    _inherit = "res.partner"

    customer_tier_pos_id = fields.Integer(
        string="Tier at the Till",
        compute="_compute_customer_tier_pos",
        groups="point_of_sale.group_pos_user",
    )
    customer_tier_pos_name = fields.Char(
        string="Name of the Tier at the Till",
        compute="_compute_customer_tier_pos",
        groups="point_of_sale.group_pos_user",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_customer_tier_pos(self):
        """Whoever sells at the till needs no right to tiers."""
        tiers = self.env["customer.tier.membership"]._standing_tiers(self)
        nothing = self.env["customer.tier"]
        for partner in self:
            # sudo: customer.tier - its name alone
            tier = tiers.get(partner.id, nothing).sudo()
            partner.customer_tier_pos_id = tier.id
            partner.customer_tier_pos_name = tier.name

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "customer_tier_pos_id",
            "customer_tier_pos_name",
        ]
