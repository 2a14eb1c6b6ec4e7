"""Gifts at an upgrade and on birthdays: once, by the programs of the company."""

from unittest.mock import patch

import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_retention.tests.common import on

from ..models import customer_birthday
from .loyalty_common import TierLoyaltyCommon


class TierGiftCommon(TierLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls._create_program("Gifts", "coupons", trigger="with_code")
        cls.points = cls._create_points_program()

    def _gifts(self, partner):
        return self.env["customer.tier.gift"].search([("partner_id", "=", partner.id)])

    def _merge(self, source, heir):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | heir).ids, heir, extra_checks=False
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestWelcomeGift(TierGiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold.write({"welcome_program_id": cls.coupons.id, "gift_days": 30})

    def _upgrade(self, **values):
        transition = self._transition(self.partner, self.silver, self.gold, **values)
        transition._welcome_gift()
        return transition

    def test_the_upgrade_brings_a_coupon_of_the_customer(self):
        self._upgrade()
        gift = self._gifts(self.partner)
        self.assertEqual(gift.card_id.partner_id, self.partner)
        self.assertEqual(gift.card_id.program_id, self.coupons)
        self.assertEqual(gift.card_id.points, 1.0)
        self.assertEqual(gift.card_id.expiration_date, on("2025-07-30"))
        self.assertEqual(gift.occasion, "welcome")

    def test_rising_again_brings_no_second_one(self):
        self._upgrade()
        self._gifts(self.partner).card_id.unlink()
        self._upgrade()
        self.assertEqual(len(self._gifts(self.partner)), 1)
        self.assertFalse(self._gifts(self.partner).card_id)

    def test_the_past_and_a_way_down_bring_nothing(self):
        self._upgrade(live=False)
        self.silver.welcome_program_id = self.coupons
        down = self._transition(self.partner, self.gold, self.silver, direction="down")
        down._welcome_gift()
        self.assertFalse(self._gifts(self.partner))

    def test_points_go_to_the_card_that_the_customer_has(self):
        self.gold.write({"welcome_program_id": self.points.id, "welcome_points": 50})
        card = self.env["loyalty.card"].create(
            {
                "program_id": self.points.id,
                "partner_id": self.partner.id,
                "points": 7,
            }
        )
        self._upgrade()
        self.assertEqual(self._gifts(self.partner).card_id, card)
        self.assertEqual(card.points, 57.0)
        self.assertEqual(card.history_ids.mapped("issued"), [50.0])

    def test_customers_who_both_had_it_become_one(self):
        heir = self._create_partner("Heir")
        self._upgrade()
        self._transition(heir, self.silver, self.gold)._welcome_gift()
        self._merge(self.partner, heir)
        self.assertEqual(len(self._gifts(heir)), 2)
        self._transition(heir, self.silver, self.gold)._welcome_gift()
        self.assertEqual(len(self._gifts(heir)), 2)

    def test_of_two_jobs_at_once_one_gives(self):
        gift = self._upgrade() and self._gifts(self.partner)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
            patch.object(type(gift), "_is_given", return_value=False),
        ):
            self._upgrade()
        self.assertEqual(len(self._gifts(self.partner)), 1)

    def test_an_archived_program_gives_nothing(self):
        self.coupons.active = False
        self._upgrade()
        self.assertFalse(self._gifts(self.partner))


@tagged("post_install", "-at_install")
class TestBirthdayGift(TierGiftCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold.write({"birthday_program_id": cls.points.id, "birthday_points": 25})
        cls.birthday = cls.env["customer.birthday"].create(
            {
                "partner_id": cls.contact.id,
                "company_id": cls.company.id,
                "date": "1980-06-28",
                "agreed_on": "2025-01-02",
            }
        )

    def _give(self):
        """Do what the job does; return what it tells: (done, left) at a time."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", return_value=60.0) as progress:
            self.env["customer.birthday"]._cron_give_birthday_gifts()
        return [
            (call.args[0], call.kwargs["remaining"]) for call in progress.mock_calls
        ]

    def _run(self, day):
        self.company.retention_evaluation_date = day
        self._give()
        return self._points(self.contact, self.points)

    def test_the_gift_comes_once_a_year(self):
        self.assertEqual(self._run("2025-06-27"), 0.0)
        self.assertEqual(self._run("2025-06-28"), 25.0)
        self.assertEqual(self._run("2025-06-29"), 25.0)
        self.assertEqual(self._run("2026-06-28"), 50.0)
        self.assertEqual(self._gifts(self.contact).mapped("year"), [2026, 2025])

    def test_a_week_without_the_job_loses_nobody(self):
        self.assertEqual(self._run("2025-07-04"), 25.0)

    def test_a_day_that_was_before_is_not_made_up_for(self):
        self.birthday.agreed_on = "2025-06-29"
        self.assertEqual(self._run("2025-06-30"), 0.0)

    def test_born_on_a_leap_day(self):
        self.birthday.date = "2004-02-29"
        self.assertEqual(self._run("2025-02-27"), 0.0)
        self.assertEqual(self._run("2025-02-28"), 25.0)
        self.assertEqual(self._run("2028-02-28"), 25.0)
        self.assertEqual(self._run("2028-02-29"), 50.0)

    def test_the_end_of_a_year_is_crossed(self):
        self.birthday.date = "1980-12-31"
        self.assertEqual(self._run("2026-01-02"), 25.0)
        self.assertEqual(self._gifts(self.contact).year, 2025)

    def test_the_job_looks_at_those_whose_day_is_near(self):
        """Not at everybody who has ever told a day, each night."""
        partner = self._create_partner("Born in Winter")
        other = self.birthday.copy({"partner_id": partner.id, "date": "1980-01-28"})
        records = self.env.registry["customer.birthday"]
        with patch.object(
            records, "_day_in_range", autospec=True, return_value=None
        ) as asked:
            self._run("2025-06-28")
        looked_at = {call.args[0] for call in asked.mock_calls}
        self.assertIn(self.birthday, looked_at)
        self.assertNotIn(other, looked_at)

    def test_without_the_tier_there_is_no_gift(self):
        self._set_tier(self.member, self.silver)
        self.assertEqual(self._run("2025-06-28"), 0.0)

    def test_members_who_become_one_are_congratulated_once(self):
        """Also with a day of another company, which goes with the customer."""
        heir = self._create_partner("Heir")
        self._set_tier(heir, self.gold)
        other = self._create_company("Other Company")
        known = self.birthday.copy({"partner_id": heir.id})
        elsewhere = self.birthday.copy({"company_id": other.id})
        self.assertEqual(self._run("2025-06-28"), 25.0)
        self._merge(self.contact, heir)
        days = self.env["customer.birthday"].search([("partner_id", "=", heir.id)])
        self.assertEqual(days, self.birthday | known | elsewhere)
        self.company.retention_evaluation_date = "2025-06-29"
        self._give()
        self.assertEqual(self._gifts(heir).mapped("points"), [25.0, 25.0])
        self._set_tier(heir, self.gold)
        self.company.retention_evaluation_date = "2026-06-28"
        self._give()
        self.assertEqual(self._gifts(heir).mapped("year"), [2026, 2025, 2025])

    def _other_member(self, company):
        """Let the customer be golden in another company, too, and tell it the day."""
        other = self._create_company("Other Company")
        other.write(
            {"retention_use_tiers": True, "retention_evaluation_date": "2025-06-28"}
        )
        ladder = self._create_ladder(
            "Other Ladder", {"Gold": 0.0}, company_id=company and other.id
        )
        program = self._create_points_program(company_id=company and other.id)
        ladder.tier_ids.write({"birthday_program_id": program.id, "birthday_points": 5})
        self._set_tier(self.member, ladder.tier_ids)
        self.birthday.copy({"company_id": other.id})
        return program

    def test_each_company_gives_its_own_gift(self):
        theirs = self._other_member(company=True)
        self.assertEqual(self._run("2025-06-28"), 25.0)
        self.assertEqual(self._run("2025-06-29"), 25.0)
        self.assertEqual(self._points(self.contact, theirs), 5.0)
        self.assertEqual(len(self._gifts(self.contact).company_id), 2)

    def test_companies_that_share_a_ladder_give_once(self):
        self.ladder.active = False
        theirs = self._other_member(company=False)
        self.assertEqual(self._run("2025-06-28"), 0.0)
        self.assertEqual(self._points(self.contact, theirs), 5.0)

    def test_the_job_says_how_many_are_left(self):
        for number in range(3):
            partner = self._create_partner(f"Born {number}")
            self.birthday.copy({"partner_id": partner.id})
        self.company.retention_evaluation_date = "2025-06-28"
        with patch.object(customer_birthday, "COMMIT_EVERY", 3):
            self.assertEqual(self._give(), [(3, 1), (1, 0)])

    def test_one_day_of_a_customer_is_known(self):
        with self.assertRaisesRegex(ValidationError, "is known already"):
            self.birthday.copy()

    def test_who_may_see_a_day(self):
        other = self._create_user("tier_birthday_other")
        self.member.user_id = self.seller
        self._work_queue()
        birthdays = self.env["customer.birthday"]
        self.assertTrue(birthdays.with_user(self.seller).search([]))
        self.assertFalse(birthdays.with_user(other).search([]))
