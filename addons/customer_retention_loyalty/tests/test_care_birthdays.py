from odoo.tests import tagged

from odoo.addons.customer_retention.tests.common import on
from odoo.addons.customer_retention.tests.test_care import CareCommon


@tagged("post_install", "-at_install")
class TestCareOnBirthdays(CareCommon):
    """Who told the day and agreed is congratulated, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_partner(
            "Lan Tran", is_company=False, parent_id=cls.regular.id
        )
        cls.congratulate = cls.plan("birthday", 0)

    def tell(self, partner, day, **values):
        return self.env["customer.birthday"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "date": day,
                "agreed_on": "2025-01-02",
                **values,
            }
        )

    def summaries(self):
        return self.touches().activity_id.mapped("summary")

    def test_once_a_year_on_the_day(self):
        self.tell(self.regular, "1990-06-30", kind="founding")
        self.assertFalse(self.work("2025-06-29"))
        self.assertEqual(self.work("2025-06-30"), self.regular)
        self.assertEqual(self.summaries(), ["Say thank you"])
        self.assertFalse(self.work("2025-07-01"))
        self.assertEqual(self.work("2026-06-30"), self.regular)
        self.assertEqual(
            sorted(self.touches().mapped("occasion")),
            [on("2025-06-30"), on("2026-06-30")],
        )

    def test_the_person_whose_day_it_is_is_named(self):
        self.tell(self.person, "1980-06-30")
        self.tell(self.regular, "1990-03-01", kind="founding")
        other = self._create_partner(
            "Minh Vo", is_company=False, parent_id=self.regular.id
        )
        self.tell(other, "1985-07-20")
        self.assertEqual(self.work(), self.regular)
        self.assertEqual(self.summaries(), ["Say thank you: Lan Tran"])

    def test_the_job_of_another_company_names_the_person_too(self):
        self.tell(self.person, "1980-06-30")
        other = self._create_company("Working Elsewhere")
        self.plans.with_context(allowed_company_ids=other.ids)._plan_company(
            self.company
        )
        self.assertEqual(self.summaries(), ["Say thank you: Lan Tran"])

    def test_days_are_counted_ahead_so_that_a_card_arrives(self):
        self.congratulate.days = 5
        self.tell(self.regular, "1990-07-05", kind="founding")
        self.assertFalse(self.work("2025-06-29"))
        self.assertEqual(self.work("2025-06-30"), self.regular)
        self.assertEqual(self.touches().occasion, on("2025-07-05"))

    def test_who_agreed_later_waits_for_the_next_one(self):
        self.tell(self.regular, "1990-06-30", agreed_on="2025-07-01")
        self.assertFalse(self.work("2025-06-30"))
        self.assertFalse(self.work("2025-07-02"))
        self.assertEqual(self.work("2026-06-30"), self.regular)

    def test_the_turn_of_the_year_is_crossed(self):
        self.congratulate.days = 3
        self.tell(self.regular, "1990-01-02", kind="founding")
        self.assertEqual(self.work("2025-12-30"), self.regular)
        self.assertEqual(self.touches().occasion, on("2026-01-02"))
        self.congratulate.days = 0
        self.tell(self.newcomer, "1990-12-31", kind="founding")
        self.assertEqual(self.work("2026-01-03"), self.newcomer)

    def test_born_on_a_leap_day(self):
        self.tell(self.person, "2004-02-29")
        self.assertEqual(self.work("2026-02-28"), self.regular)
        self.assertEqual(self.touches().occasion, on("2026-02-28"))
        self.assertFalse(self.work("2028-02-28"))
        self.assertEqual(self.work("2028-02-29"), self.regular)

    def test_a_day_told_to_another_company_stays_there(self):
        other = self._create_company("Congratulating Elsewhere")
        self.tell(self.regular, "1990-06-30", company_id=other.id)
        self.assertFalse(self.work())

    def test_the_seed_is_off(self):
        seed = self.env.ref("customer_retention_loyalty.customer_care_plan_birthday")
        self.assertEqual((seed.active, seed.trigger), (False, "birthday"))
