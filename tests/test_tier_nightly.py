"""The first reading of years, the nightly job and the queue find the same tiers."""

from datetime import timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .random_documents import (
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    RandomDocuments,
    change_in_table,
)


class RandomTiers(RandomDocuments):
    """Random customers in a ladder that has everything that takes time."""

    POLICY = {
        "window": "rolling",
        "window_months": 2,
        "grace_days": 5,
        "pending_days": 3,
        "downgrade": "one_step",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.tier.ladder"].search([]).active = False
        cls.ladder = cls._create_tiers()
        random = Random(cls.SEED + 1)
        cls._create_grants(random)
        cls._create_adjustments(random)
        cls._forget_queue()
        cls.env["customer.evaluation.run"].search([]).unlink()

    @classmethod
    def _create_tiers(cls):
        ladder = cls.env["customer.tier.ladder"].create(
            {
                "name": "Random Ladder",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "measure_ids": [
                    Command.create({"name": "Revenue", "metric": "revenue"}),
                    Command.create({"name": "Days", "metric": "purchase_days"}),
                ],
                **cls.POLICY,
            }
        )
        revenue, days = ladder.measure_ids
        steps = {"Low": (50, 0), "Middle": (150, 2), "High": (2500, 3)}
        for number, (name, (money, times)) in enumerate(steps.items(), start=1):
            conditions = [{"measure_id": revenue.id, "at_least": money}]
            if times:
                conditions.append({"measure_id": days.id, "at_least": times})
            cls.env["customer.tier"].create(
                {
                    "ladder_id": ladder.id,
                    "name": name,
                    "sequence": number,
                    "match": "any" if name == "High" else "all",
                    "condition_ids": [Command.create(one) for one in conditions],
                }
            )
        cls.env["customer.rule.version"]._record(
            ladder,
            {**ladder._definition(), "grace_days": 0, "window_months": 3},
            date_from=FIRST_DAY + timedelta(days=DAYS // 2),
        )
        return ladder

    @classmethod
    def _create_grants(cls, random):
        for partner in random.sample(cls.customers, 5):
            start = FIRST_DAY + timedelta(days=random.randint(10, DAYS - 30))
            tier = random.choice(cls.ladder.tier_ids)
            cls._insert(
                "customer_tier_grant",
                partner_id=partner.id,
                tier_id=tier.id,
                ladder_id=cls.ladder.id,
                company_id=cls.company.id,
                kind=random.choice(("floor", "exact")),
                reason="vip",
                note="Random",
                date_from=start,
                date_until=start + timedelta(days=20),
                user_id=cls.env.uid,
                state="granted",
            )

    @classmethod
    def _create_adjustments(cls, random):
        for partner in random.sample(cls.customers, 5):
            cls._insert(
                "customer_tier_adjustment",
                partner_id=partner.id,
                measure_id=cls.ladder.measure_ids[0].id,
                ladder_id=cls.ladder.id,
                company_id=cls.company.id,
                date=FIRST_DAY + timedelta(days=random.randint(10, DAYS - 10)),
                value=random.choice((-80.0, 120.0, 3000.0)),
                reason="Random",
                user_id=cls.env.uid,
            )

    def _tier_rows(self):
        """Return {holder: what its row says}, the dates of evaluations left out."""
        names = (
            "tier_id",
            "earned_tier_id",
            "measured_tier_id",
            "previous_tier_id",
            "highest_tier_id",
            "since",
            "valid_until",
            "qualified_on",
            "grant_id",
            "version_id",
            "next_tier_id",
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM customer_tier_membership"
                " WHERE ladder_id = %s",
                SQL(", ").join(map(SQL.identifier, names)),
                self.ladder.id,
            )
        )
        return {
            partner_id: dict(zip(names, values, strict=True))
            for partner_id, *values in rows
        }

    def _tier_log(self):
        """Return what the log says, corrections applied, in order."""
        return self.env.execute_query(
            SQL(
                """SELECT log.partner_id, log.date, log.from_tier_id, log.to_tier_id,
                          log.cause, log.direction, log.valid_until, log.grant_id
                     FROM customer_tier_transition log
                    WHERE log.ladder_id = %s AND %s
                 ORDER BY log.partner_id, log.date, log.id""",
                self.ladder.id,
                self.env["customer.tier.transition"]._stands_sql(),
            )
        )

    def _forget_tiers(self):
        self.env.flush_all()
        for table in ("customer_tier_membership", "customer_tier_transition"):
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.env.invalidate_all()

    def _live_through(self):
        """Evaluate what is due on each day, as the job does."""
        members = self.env["customer.tier.membership"]
        day = FIRST_DAY
        while day <= LAST_DAY:
            self._set_today(day)
            members._evaluate(as_of=day)
            day += timedelta(days=1)


@tagged("post_install", "-at_install")
class TestTierNightly(RandomTiers):
    def test_day_by_day_is_what_one_reading_finds(self):
        """Nothing but what is due is looked at on each day."""
        self._install()
        expected = self._tier_rows(), self._tier_log()
        self.assertTrue(expected[1])
        with self._undone():
            self._forget_tiers()
            self._live_through()
            self.assertEqual((self._tier_rows(), self._tier_log()), expected)

    def test_full_run_finds_nothing_new(self):
        self._install()
        expected = self._tier_rows(), self._tier_log()
        run = self.env["customer.evaluation.run"]._start("full")
        run._work_off()
        self.assertEqual(run.moved_count, 0)
        self.assertEqual((self._tier_rows(), self._tier_log()), expected)

    def test_order_changed_behind_every_hook_is_found(self):
        self._install()
        order = self.env["sale.order"].search(
            [("company_id", "=", self.company.id), ("state", "=", "sale")], limit=1
        )
        change_in_table(self.env, order, amount_untaxed=99999.0)
        self.env["customer.evaluation.run"]._start("reconcile")._work_off()
        found = self._tier_rows(), self._tier_log()
        self._forget_tiers()
        self.env["customer.tier.membership"]._evaluate(as_of=LAST_DAY)
        self.assertEqual(self._tiers_of(self._tier_rows()), self._tiers_of(found[0]))

    def _tiers_of(self, rows):
        return {partner_id: row["tier_id"] for partner_id, row in rows.items()}

    def test_earlier_evaluation_day_and_back_again(self):
        self._install()
        expected = self._tier_rows(), self._tier_log()
        members = self.env["customer.tier.membership"]
        members._evaluate(as_of=FIRST_DAY + timedelta(days=60))
        members._evaluate(as_of=LAST_DAY)
        self.assertEqual((self._tier_rows(), self._tier_log()), expected)

    def test_frozen_until_2040_nothing_differs_when_read_anew(self):
        self._install()
        late = LAST_DAY.replace(year=2040)
        self._set_today(late)
        members = self.env["customer.tier.membership"]
        members._evaluate(as_of=late)
        expected = self._tier_rows(), self._tier_log()
        self._forget_tiers()
        members._evaluate(as_of=late)
        self.assertEqual((self._tier_rows(), self._tier_log()), expected)


@tagged("post_install", "-at_install")
class TestTierNightlyByYear(TestTierNightly):
    """The same with calendar quarters, kept for the next one."""

    POLICY = {
        "window": "calendar",
        "period": "quarter",
        "validity": "period",
        "downgrade": "earned",
        "upgrade": "next_period",
    }
