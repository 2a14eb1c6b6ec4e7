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

    def _move(self, card, day, **values):
        history = self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Moved", **values}
        )
        self._set_create_date(history, self._noon(day))

    def _months(self, card):
        """Return {first day of the month: row} of one card."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["customer.tier.points.month"].with_user(self.manager)
        rows = report.search([("partner_id", "=", card.partner_id.id)])
        return {str(row.month): row for row in rows}

    def test_months_show_what_was_owed_at_their_end_by_the_tier_of_then(self):
        card = self.cards[0]
        self._set_create_date(card, self._noon("2025-02-10"))
        self._transition(self.member, False, self.gold, "2025-03-15")
        self._move(card, "2025-05-10", issued=150)
        self._move(card, "2025-06-05", used=50)
        months = self._months(card)
        self.assertEqual(
            {
                month: (row.points, row.value, row.issued, row.used, row.tier_id)
                for month, row in months.items()
            },
            {
                "2025-02-01": (100.0, 5.0, 0.0, 0.0, self.gold.browse()),
                "2025-03-01": (100.0, 5.0, 0.0, 0.0, self.gold),
                "2025-04-01": (100.0, 5.0, 0.0, 0.0, self.gold),
                "2025-05-01": (250.0, 12.5, 150.0, 0.0, self.gold),
                "2025-06-01": (200.0, 10.0, 0.0, 50.0, self.gold),
            },
        )
        [today] = self._rows().filtered(lambda row: row.partner_id == card.partner_id)
        self.assertEqual(months["2025-06-01"].points, today.points)

    def test_months_tell_how_long_points_had_lain(self):
        card = self.cards[1]
        self._set_create_date(card, self._noon("2023-12-10"))
        self._move(card, "2024-01-15", issued=300)
        months = self._months(card)
        self.assertEqual(
            {month: months[month].age for month in ("2024-02-01", "2024-06-01")},
            {"2024-02-01": "0", "2024-06-01": "1"},
        )
        self.assertEqual(
            {
                month: (months[month].age, months[month].breakage)
                for month in ("2024-12-01", "2025-01-01")
            },
            {"2024-12-01": ("2", 0.0), "2025-01-01": ("3", 15.0)},
        )
        self.assertNotIn("2023-12-01", months)
