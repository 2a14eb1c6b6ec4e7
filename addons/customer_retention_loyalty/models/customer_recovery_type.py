from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Programs whose points are money.
MONEY_PROGRAMS = ("gift_card", "ewallet")
# Programs of which a customer has one card that goes on.
LASTING_PROGRAMS = ("ewallet", "loyalty")


class CustomerRecoveryType(models.Model):
    _inherit = "customer.recovery.type"

    kind = fields.Selection(
        selection_add=[("coupon", "Coupon"), ("call",)],
        ondelete={"coupon": "set other"},
    )
    loyalty_program_id = fields.Many2one(
        "loyalty.program",
        string="Program",
        domain="[('program_type', 'in', ('coupons', 'next_order_coupons', "
        "'gift_card', 'ewallet', 'loyalty'))]",
        help="Gift cards and wallets are worth what the action says; coupons and "
        "points are given as the program defines them.",
    )
    loyalty_points = fields.Float(
        string="Points", default=1.0, help="Points of a coupon or a loyalty card."
    )
    loyalty_days = fields.Integer(string="Valid for Days", help="0: no end.")

    @api.constrains("kind", "loyalty_program_id")
    def _check_loyalty_program(self):
        for action_type in self:
            if action_type.kind == "coupon" and not action_type.loyalty_program_id:
                raise ValidationError(
                    self.env._("Choose the program that the coupons are of.")
                )

    def _coupon_worth(self):
        """What one coupon of this type is worth at most, in its program's currency.

        None: as much as the action says. A percentage without an upper end has no
        worth of its own, see :meth:`_open_percent`; the usual cost is the least.
        """
        program = self.loyalty_program_id
        if program.program_type in MONEY_PROGRAMS:
            return None
        worths = [
            reward._recovery_worth(self.loyalty_points) for reward in program.reward_ids
        ]
        known = [worth for worth in worths if worth is not None]
        return max([*known, self.default_cost])

    def _open_percent(self):
        """Return the highest percentage that nothing limits; 0 if there is none."""
        percentages = [
            reward.discount
            for reward in self.loyalty_program_id.reward_ids
            if reward.reward_type == "discount"
            and reward.discount_mode == "percent"
            and not reward.discount_max_amount
        ]
        return max(percentages, default=0.0)
