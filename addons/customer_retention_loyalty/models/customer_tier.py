from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .customer_recovery_type import LASTING_PROGRAMS

GIFT_PROGRAMS = ("coupons", "next_order_coupons", "gift_card", "ewallet", "loyalty")
GIFT_DOMAIN = f"[('program_type', 'in', {GIFT_PROGRAMS})]"


class CustomerTier(models.Model):
    """What a tier gives away through loyalty programs: at the upgrade, on birthdays.

    A tier is not deleted from under programs and rewards that are for it alone.
    """

    _inherit = "customer.tier"

    loyalty_multiplier_ids = fields.One2many("customer.tier.multiplier", "tier_id")
    welcome_program_id = fields.Many2one(
        "loyalty.program",
        string="Welcome Gift",
        domain=GIFT_DOMAIN,
        ondelete="restrict",
        help="Given once to every customer who reaches the tier.",
    )
    welcome_points = fields.Float(
        default=1.0,
        help="Points of the coupon or the card; of gift cards and wallets money.",
    )
    birthday_program_id = fields.Many2one(
        "loyalty.program",
        string="Birthday Gift",
        domain=GIFT_DOMAIN,
        ondelete="restrict",
        help="Given once a year to members who told their day and agreed.",
    )
    birthday_points = fields.Float(default=1.0)
    gift_days = fields.Integer(
        string="Gifts Are Valid for (Days)", default=90, help="0: no end."
    )

    @api.constrains("welcome_program_id", "birthday_program_id")
    def _check_gift_company(self):
        """A gift of another company would be worth nothing."""
        for tier in self:
            # sudo: loyalty.program - of whichever company
            known = tier.sudo()
            programs = known.welcome_program_id | known.birthday_program_id
            owners = programs.company_id._retention_root()
            if tier.company_id and owners - tier.company_id:
                raise ValidationError(
                    self.env._(
                        "The program “%(program)s” belongs to another company than "
                        "the ladder of “%(tier)s”.",
                        program=programs.filtered("company_id")[:1].name,
                        tier=tier.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        """Nobody would be left out any more: bound to no tier is for everybody."""
        for model in ("loyalty.program", "loyalty.reward"):
            # sudo: loyalty.program, loyalty.reward - of whichever company
            bound = self.env[model].sudo().with_context(active_test=False)
            for record in bound.search([("tier_ids", "in", self.ids)]):
                if record.tier_ids <= self:
                    raise UserError(self._bound_message(record))

    def _bound_message(self, record):
        return self.env._(
            "“%(name)s” is only for the tier “%(tier)s”. Without the tier it would be "
            "for everybody. Choose other tiers under “Only for Tiers” there, or delete "
            "it; or archive the tier instead, and nobody uses it.",
            name=record.display_name,
            tier=record.tier_ids[:1].name,
        )

    # === BUSINESS METHODS === #

    def _give(self, occasion, partner, day):
        """Give a customer what the tier gives on an occasion, if it was not given yet.

        :param occasion: ``welcome`` or ``birthday``
        :param day: the day the gift is for
        :return: the record of the gift; empty: nothing to give
        """
        self.ensure_one()
        # sudo: customer.tier.gift - the tier decides, whoever caused the change
        gifts = self.env["customer.tier.gift"].sudo()
        # sudo: loyalty.program - the gift, whoever may open programs
        program = self.sudo()[f"{occasion}_program_id"]
        if not program.active or gifts._is_given(occasion, partner, self, day):
            return gifts
        points = self[f"{occasion}_points"]
        card = gifts._issue(program, partner, points, self._gift_until(program, day))
        return gifts.create(
            {
                "occasion": occasion,
                "partner_id": partner.id,
                "tier_id": self.id,
                "year": day.year,
                "given_on": day,
                "card_id": card.id,
                "points": points,
            }
        )

    def _gift_until(self, program, day):
        """Return the last day of a gift; cards that go on have none."""
        if not self.gift_days or program.program_type in LASTING_PROGRAMS:
            return False
        return fields.Date.add(day, days=self.gift_days)
