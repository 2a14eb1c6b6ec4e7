from __future__ import annotations

from odoo import fields, models


class PosOrder(models.Model):
    """What the till says about programs and points, checked by what tiers say."""

    _inherit = "pos.order"

    customer_tier_multipliers = fields.Json(
        copy=False,
        readonly=True,
        help="{program id: factor} of the points, as they were counted.",
    )

    def validate_coupon_programs(self, point_changes, new_codes):
        """Refuse coupons whose owner has lost the tier since the till was opened."""
        cards = self.env["loyalty.card"].browse(map(int, point_changes)).exists()
        refused = cards.filtered(lambda card: card._is_closed_to_its_owner())
        if refused:
            return {
                "successful": False,
                "payload": {
                    "message": self.env._(
                        "These programs are for customers of other tiers: %s",
                        ", ".join(refused.program_id.mapped("name")),
                    ),
                    "removed_coupons": refused.ids,
                },
            }
        return super().validate_coupon_programs(point_changes, new_codes)

    def confirm_coupon_programs(self, coupon_data):
        """Give points and coupons by the tier of the customer, whatever the till says.

        The order is paid: what was taken off stays. What a program of other tiers
        would give is not given, and the order says why.
        """
        coupon_data = {int(key): dict(values) for key, values in coupon_data.items()}
        self._drop_closed_programs(coupon_data)
        self._apply_tier_factors(coupon_data)
        return super().confirm_coupon_programs(coupon_data)

    def _drop_closed_programs(self, coupon_data: dict) -> None:
        """Take out of what the till sends what is for customers of other tiers.

        What was spent of a card that exists is spent all the same.
        """
        programs = self.env["loyalty.program"]
        closed = set(programs._closed_to(self.partner_id, self.company_id))
        refused = programs.browse()
        for key, values in list(coupon_data.items()):
            if values["program_id"] not in closed:
                continue
            refused |= programs.browse(values["program_id"])
            values["points"] = -self._spent_points(values)
            if key < 0 or not values["points"]:
                del coupon_data[key]
        if refused:
            # sudo: loyalty.program - the names, for whoever reads the order
            names = ", ".join(refused.sudo().mapped("name"))
            message = self.env._("For customers of other tiers, not given: %s", names)
            # sudo: pos.order - sellers at the till may not write messages
            self.sudo()._message_log(body=message)

    def _apply_tier_factors(self, coupon_data: dict) -> None:
        """Multiply points by the tier of today instead of the one the till knew."""
        programs = self.env["loyalty.program"].browse(
            {values["program_id"] for values in coupon_data.values()}
        )
        factors = programs.exists()._tier_factors(self.partner_id, self.company_id)
        for values in coupon_data.values():
            program = programs.browse(values["program_id"])
            sent = values.pop("tier_factor", None)
            if program.exists().program_type != "loyalty":
                continue
            factor = factors.get(program, 1.0)
            if sent is None or sent == factor:
                continue
            # sudo: customer.tier.multiplier - what the till may have multiplied by
            known = program.sudo().tier_multiplier_ids.mapped("factor")
            if sent == 1.0 or sent in known:
                spent = self._spent_points(values)
                won = (values["points"] + spent) * factor / sent
                values["points"] = round(won, 2) - spent
        if factors:
            kept = {str(program.id): one for program, one in factors.items()}
            # sudo: pos.order - a record of what was just counted
            self.sudo().customer_tier_multipliers = kept

    def _spent_points(self, values: dict) -> float:
        """Return what the rewards on the order cost of one coupon."""
        codes = set(values.get("line_codes") or ())
        lines = self.lines.filtered(lambda line: line.reward_identifier_code in codes)
        return sum(lines.mapped("points_cost"))
