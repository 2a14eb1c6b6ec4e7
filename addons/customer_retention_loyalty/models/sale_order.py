from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import float_round

# An order is counted by the tier of its customer until it is confirmed.
OPEN_STATES = ("draft", "sent")


class SaleOrder(models.Model):
    """Programs, rewards and points on a quotation by the tier of the customer."""

    _inherit = "sale.order"

    customer_tier_multipliers = fields.Json(
        copy=False,
        readonly=True,
        help="{program id: factor} of the points, as the order was counted.",
    )
    customer_tier_points_hint = fields.Char(
        string="Points of the Tier",
        compute="_compute_customer_tier_points_hint",
        groups="customer_retention.group_user",
    )

    @api.depends("customer_tier_multipliers")
    @api.depends_context("lang")
    def _compute_customer_tier_points_hint(self):
        for order in self:
            factors = order.customer_tier_multipliers or {}
            programs = self.env["loyalty.program"].browse(map(int, factors)).exists()
            order.customer_tier_points_hint = ", ".join(
                self.env._(
                    "%(program)s: points × %(factor)s",
                    program=program.name,
                    factor=f"{factors[str(program.id)]:g}",
                )
                for program in programs
            )

    # === PROGRAMS === #

    # Lists, never domains: other applications look through them leaf by leaf.

    def _get_program_domain(self):
        """Leave out what is for other tiers: automatic programs, codes, coupons."""
        domain = super()._get_program_domain()
        return [*domain, ("id", "not in", self._tier_closed_programs())]

    def _get_trigger_domain(self):
        domain = super()._get_trigger_domain()
        return [*domain, ("program_id", "not in", self._tier_closed_programs())]

    def _tier_closed_programs(self) -> list[int]:
        company = self.company_id or self.env.company
        closed = self.env["loyalty.program"]._closed_to(self.partner_id, company)
        if self._tier_is_open():
            return closed
        kept = self._get_points_programs() | self.applied_coupon_ids.program_id
        kept |= self.order_line.reward_id.program_id
        return [program_id for program_id in closed if program_id not in kept._ids]

    def _tier_closed_rewards(self):
        company = self.company_id or self.env.company
        closed = self.env["loyalty.reward"]._closed_to(self.partner_id, company)
        return closed if self._tier_is_open() else closed - self.order_line.reward_id

    def _tier_is_open(self) -> bool:
        """Whether the tier of today decides: what was confirmed keeps what it has."""
        return self.state in OPEN_STATES

    # === REWARDS === #

    def _get_claimable_rewards(self, forced_coupons=None):
        rewards = super()._get_claimable_rewards(forced_coupons)
        closed = self._tier_closed_rewards() if rewards else self.env["loyalty.reward"]
        for coupon in list(rewards) if closed else ():
            rewards[coupon] -= closed
            if not rewards[coupon]:
                del rewards[coupon]
        return rewards

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if reward in self._tier_closed_rewards():
            return {"error": self.env._("This reward is for customers of other tiers.")}
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _update_programs_and_rewards(self):
        """Take off rewards of a tier the customer has lost; record the multipliers."""
        closed = self._tier_closed_rewards()
        if closed:
            self.order_line.filtered(lambda line: line.reward_id in closed).unlink()
        result = super()._update_programs_and_rewards()
        self._record_tier_multipliers()
        return result

    # === POINTS === #

    def _program_check_compute_points(self, programs):
        """Multiply the points of loyalty programs; money is never multiplied."""
        result = super()._program_check_compute_points(programs)
        for program, factor in self._tier_factors(programs).items():
            points = result.get(program, {}).get("points")
            if points:
                points[0] = float_round(
                    points[0] * factor, precision_digits=2, rounding_method="DOWN"
                )
        return result

    def _tier_factors(self, programs) -> dict:
        """Return {program: factor}: of today's tier, or as the order was confirmed."""
        if not self._tier_is_open():
            counted = self.customer_tier_multipliers or {}
            return {
                program: counted[str(program.id)]
                for program in programs
                if str(program.id) in counted
            }
        company = self.company_id or self.env.company
        return programs._tier_factors(self.partner_id, company)

    def _record_tier_multipliers(self) -> None:
        """Keep with an open order by what its points were multiplied."""
        if not self._tier_is_open():
            return
        factors = {
            str(program.id): factor
            for program, factor in self._tier_factors(
                self._get_points_programs()
            ).items()
        }
        if factors != (self.customer_tier_multipliers or {}):
            self.customer_tier_multipliers = factors or False
