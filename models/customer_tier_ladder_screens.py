from odoo import api, fields, models


class CustomerTierLadder(models.Model):
    """What the form of a ladder shows beside its fields, and where it leads."""

    _inherit = "customer.tier.ladder"

    measure_is_money = fields.Boolean(compute="_compute_first_measure")
    first_measure_name = fields.Char(
        string="First Measure", compute="_compute_first_measure"
    )
    member_count = fields.Integer(
        string="Members", compute="_compute_member_count", help="Whom you may see."
    )

    @api.depends("measure_ids.metric", "measure_ids.name", "measure_ids.sequence")
    def _compute_first_measure(self):
        for ladder in self:
            measure = ladder.measure_ids[:1]
            ladder.measure_is_money = not measure or measure._is_money()
            ladder.first_measure_name = measure.name or False

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        numbers = dict(
            self.env["customer.tier.membership"]._read_group(
                [("ladder_id", "in", self.ids)], ["ladder_id"], ["__count"]
            )
        )
        for ladder in self:
            ladder.member_count = numbers.get(ladder._origin, 0)

    # === ACTION METHODS === #

    def action_open_members(self):
        """Open the members of this ladder, by tier."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_retention.customer_tier_membership_action"
            ),
            "domain": [("ladder_id", "=", self.id)],
            "context": {"search_default_group_tier": 1},
        }

    def action_open_renewals(self):
        """Show how many members renew what they have paid for."""
        self.ensure_one()
        return self.env["customer.tier.renewal"]._show(self)

    # === BUSINESS METHODS === #

    def _create_first_measure(self):
        """Count net revenue, where nobody has said what counts."""
        self.ensure_one()
        return self.measure_ids.create(
            {
                "ladder_id": self.id,
                "name": self.env._("Net revenue"),
                "metric": "revenue",
            }
        )
