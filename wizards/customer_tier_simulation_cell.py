from odoo import fields, models


class CustomerTierSimulationCell(models.TransientModel):
    """How many members would go from one tier to another."""

    _name = "customer.tier.simulation.cell"
    _description = "Moves of a Trial of Tier Rules"

    simulation_id = fields.Many2one(
        "customer.tier.simulation", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    from_tier_id = fields.Many2one("customer.tier", string="From", ondelete="cascade")
    to_tier_id = fields.Many2one("customer.tier", string="To", ondelete="cascade")
    is_move = fields.Boolean(string="Another Tier")
    members = fields.Integer()
    revenue = fields.Monetary(string="Revenue of 12 Months")

    def action_open_members(self):
        """Open the members behind the number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._describe_members(),
            "res_model": "customer.tier.simulation.line",
            "views": [(False, "list")],
            "domain": [("cell_id", "=", self.id)],
        }

    def _describe_members(self) -> str:
        """Return the move, and how many of its members the list does not name."""
        move = self.env._(
            "%(origin)s → %(target)s",
            origin=self.from_tier_id.name or self.env._("No tier"),
            target=self.to_tier_id.name or self.env._("No tier"),
        )
        lines = self.env["customer.tier.simulation.line"]
        unnamed = self.members - lines.search_count([("cell_id", "=", self.id)])
        if not unnamed:
            return move
        return self.env._(
            "%(move)s (without %(count)s of other companies)",
            move=move,
            count=unnamed,
        )
