"""What is owed in points, by tier and age."""

from odoo.fields import Command
from odoo.tests import tagged

from .loyalty_common import TierLoyaltyCommon


@tagged("post_install", "-at_install")
class TestTierPointsReport(TierLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_points_program(
            reward_ids=[
                Command.clear(),
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount": 5,
                        "required_points": 100,
                    }
                ),
            ]
        )
        cls.cards = cls.env["loyalty.card"].create(
            [
                {"program_id": cls.program.id, "partner_id": one.id, "points": points}
                for one, points in (
                    (cls.contact, 200),
                    (cls.partner, 300),
                    (cls.member, 0),
                )
            ]
        )
        cls.manager = cls._create_user("tier_points", "sales_team.group_sale_manager")

    def _rows(self):
        self.env.invalidate_all()
        report = self.env["customer.tier.points.report"].with_user(self.manager)
        return report.search([("program_id", "=", self.program.id)], order="points")

    def test_points_are_worth_what_the_reward_makes_of_them(self):
        self.assertEqual(
            [
                (row.partner_id, row.tier_id, row.points, row.value)
                for row in self._rows()
            ],
            [
                (self.contact, self.gold, 200.0, 10.0),
                (self.partner, self.gold.browse(), 300.0, 15.0),
            ],
        )

    def test_what_lies_for_more_than_a_year_may_be_lost(self):
        self._set_create_date(self.cards[0], self._noon("2024-06-29"))
        self._set_create_date(self.cards[1], self._noon("2025-06-29"))
        old, new = self._rows()
        self.assertEqual((old.age, old.breakage), ("3", 10.0))
        self.assertEqual((new.age, new.breakage), ("0", 0.0))
        history = self.env["loyalty.history"].create(
            {"card_id": self.cards[0].id, "description": "Used", "used": 1}
        )
        self._set_create_date(history, self._noon("2025-01-15"))
        old, new = self._rows()
        self.assertEqual((old.age, old.breakage), ("1", 0.0))

    def test_every_point_is_owed_once(self):
        total = sum(self._rows().mapped("points"))
        self.assertEqual(total, sum(self.cards.mapped("points")))
