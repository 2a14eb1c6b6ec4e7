from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyProgram(models.Model):
    """Programs for members of some tiers, and more points for some of them."""

    _inherit = "loyalty.program"

    tier_ids = fields.Many2many(
        "customer.tier",
        "loyalty_program_customer_tier_rel",
        string="Only for Tiers",
        context={"active_test": False},  # an archived tier binds as well
        help="Members of these tiers alone use the program, by code or coupon as "
        "well. Empty: everybody does.",
    )
    tier_multiplier_ids = fields.One2many(
        "customer.tier.multiplier", "program_id", string="Points by Tier"
    )

    @api.model
    def _closed_to(self, partner, company) -> list[int]:
        """Return the programs that are for others than this customer.

        One query that asks for no right: who may use a program is no secret of those
        who look after tiers.
        """
        return self._closed_ids(
            SQL("loyalty_program_customer_tier_rel"),
            SQL("loyalty_program_id"),
            partner,
            company,
        )

    @api.model
    def _closed_ids(self, table: SQL, column: SQL, partner, company) -> list[int]:
        """Return what is bound to tiers of which the customer has none."""
        self.env.flush_all()
        account = partner.commercial_partner_id._origin
        standing = self.env["customer.tier.membership"]._standing_sql(
            account.ids, company
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT %(column)s FROM %(table)s bound GROUP BY %(column)s
                   HAVING NOT bool_or(COALESCE(bound.customer_tier_id
                          IN (SELECT tier_id FROM %(standing)s standing), FALSE))""",
                table=table,
                column=column,
                standing=standing,
            )
        )
        return [bound_id for (bound_id,) in rows]

    def _tier_factors(self, partner, company) -> dict:
        """Return {program: factor} for the loyalty programs among these."""
        programs = self.filtered(lambda program: program.program_type == "loyalty")
        # sudo: customer.tier.multiplier - what a customer gets, whoever asks
        multipliers = programs.sudo().tier_multiplier_ids
        if not multipliers:
            return {}
        memberships = self.env["customer.tier.membership"]
        tiers = memberships._standing_tiers(partner, company)
        tier = tiers.get(partner.id, self.env["customer.tier"])
        mine = multipliers.filtered(lambda one: one.tier_id == tier)
        factors = {one.program_id.id: one.factor for one in mine}
        return {one: factors[one.id] for one in programs if one.id in factors}

    def _worth_of_a_point(self) -> float:
        """Return what the best reward makes of a point, in the program's currency."""
        self.ensure_one()
        worths = [
            (reward._recovery_worth(reward.required_points) or 0.0)
            / reward.required_points
            for reward in self.reward_ids
            if reward.required_points
        ]
        return max(worths, default=0.0)
