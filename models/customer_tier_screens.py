from odoo import api, fields, models

# Colors of tiers outside of the web client: pages of the portal, documents. They are
# dark enough to be read on white.
COLORS = (
    "#5f6b7a",
    "#b3382c",
    "#b45309",
    "#8a6d00",
    "#0e7490",
    "#7e3b6b",
    "#9a4a2f",
    "#1f6f6b",
    "#3f51b5",
    "#ad1457",
    "#2e7d32",
    "#6a3fb5",
)


class CustomerTier(models.Model):
    """What the screens of a tier show beside its fields, and where they lead."""

    _inherit = "customer.tier"

    member_count = fields.Integer(
        string="Members", compute="_compute_member_count", help="Whom you may see."
    )
    conditions_text = fields.Char(
        string="What It Takes", compute="_compute_conditions_text"
    )

    @api.depends("name", "ladder_id.name")
    @api.depends_context("customer_tier_with_ladder", "lang")
    def _compute_display_name(self):
        """With the ladder where one chooses among the tiers of several."""
        super()._compute_display_name()
        if not self.env.context.get("customer_tier_with_ladder"):
            return
        for tier in self.filtered("ladder_id"):
            tier.display_name = self.env._(
                "%(tier)s (%(ladder)s)", tier=tier.name, ladder=tier.ladder_id.name
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        numbers = dict(
            self.env["customer.tier.membership"]._read_group(
                [("tier_id", "in", self.ids)], ["tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.member_count = numbers.get(tier._origin, 0)

    @api.depends(
        "match",
        "condition_ids.at_least",
        "condition_ids.measure_id.metric",
        "ladder_id.currency_id",
    )
    @api.depends_context("lang")
    def _compute_conditions_text(self):
        for tier in self:
            tier.conditions_text = tier._describe_conditions()

    def _describe_conditions(self) -> str:
        """Return what the tier takes, in words."""
        self.ensure_one()
        amounts = [
            condition.measure_id._format_amount_of(condition.at_least)
            for condition in self.condition_ids
            if condition.measure_id
        ]
        if not amounts:
            return self.env._("Every member has it.")
        text = amounts[0]
        for amount in amounts[1:]:
            words = {"first": text, "second": amount}
            text = (
                self.env._("%(first)s and %(second)s", **words)
                if self.match == "all"
                else self.env._("%(first)s or %(second)s", **words)
            )
        return self.env._("From %(amounts)s", amounts=text)

    def _shown_color(self) -> str:
        """Return the color of the tier where the web client's palette is not there."""
        return COLORS[(self.color or 0) % len(COLORS)]

    # === ACTION METHODS === #

    def action_open_members(self):
        """Open the members of this tier."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_retention.customer_tier_membership_action"
            ),
            "domain": [("tier_id", "=", self.id)],
            "context": {},
        }
