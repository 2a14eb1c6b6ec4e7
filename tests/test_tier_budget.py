"""What the engine of tiers costs, for one customer and a hundred."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.customer_account import AccountScope
from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierBudget(TierEngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder.write(
            {
                "enrolment": "joined",
                "counts_before_joining": True,
                "measure_ids": [
                    Command.create({"name": "Units", "metric": "units"}),
                    Command.create({"name": "Orders", "metric": "purchases"}),
                ],
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Member {number}", "is_company": True} for number in range(101)]
        )
        for partner in cls.partners:
            cls._quotation(partner, "2025-06-01", 1500.0).state = "sale"
        cls.env["customer.tier.enrolment"].create(
            [
                {
                    "partner_id": partner.id,
                    "ladder_id": cls.ladder.id,
                    "joined_on": "2025-06-02",
                }
                for partner in cls.partners
            ]
        )
        cls.env["customer.account.group"].create(
            {
                "name": "Two of Them",
                "lead_id": cls.partners[0].id,
                "member_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in cls.partners[:2]
                ],
            }
        )
        cls._work_queue()
        cls.env.flush_all()

    def _count(self, function, *arguments, **options):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*arguments, **options)
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_evaluating_a_hundred_costs_as_much_as_one(self):
        members = self.env["customer.tier.membership"]
        self._count(members._evaluate, self.partners.ids)
        one = self._count(members._evaluate, self.partners[5:6].ids)
        hundred = self._count(members._evaluate, self.partners[:100].ids)
        self.assertEqual(hundred, one)
        self.assertLessEqual(one, 40)

    def test_one_customer_costs_the_same_however_many_others_decided(self):
        """Of enrolments, adjustments and grants those of the customer are read."""
        self.env["customer.account.group"].search([]).unlink()
        self._load_decisions(3000)
        members = self.env["customer.tier.membership"]
        book = members.sudo()._book(self.ladder, None)
        before = self._read_of_decisions()
        found = members.sudo()._gather_members(book, self.partners[5].ids)
        self.assertEqual(len(found[self.partners[5].id].enrolments), 1)
        self.assertLess(self._read_of_decisions() - before, 300)

    def _load_decisions(self, number):
        """Load customers who joined the ladder and have an adjustment."""
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO res_partner
                          (id, commercial_partner_id, name, active, autopost_bills)
                   SELECT id, id, 'Loaded ' || id, TRUE, 'ask'
                     FROM (SELECT nextval('res_partner_id_seq') AS id
                             FROM generate_series(1, %s)) loaded RETURNING id""",
                number,
            )
        )
        values = {
            "ids": [partner_id for (partner_id,) in rows],
            "ladder": self.ladder.id,
            "measure": self.ladder.measure_ids[:1].id,
        }
        for statement in (
            """INSERT INTO customer_tier_enrolment
                      (partner_id, ladder_id, joined_on, user_id)
               SELECT id, %(ladder)s, DATE '2025-06-02', 1 FROM unnest(%(ids)s) id""",
            """INSERT INTO customer_tier_adjustment
                      (partner_id, ladder_id, measure_id, date, value, reason, user_id)
               SELECT id, %(ladder)s, %(measure)s, DATE '2025-06-02', 1, 'Loaded', 1
                 FROM unnest(%(ids)s) id""",
            "ANALYZE res_partner",
            "ANALYZE customer_tier_enrolment",
            "ANALYZE customer_tier_adjustment",
        ):
            self.env.cr.execute(SQL(statement, **values))

    def _read_of_decisions(self):
        """Return how many rows of decisions and partners were read so far."""
        return self.env.execute_query(
            SQL(
                """SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0))::int
                     FROM pg_stat_xact_user_tables
                    WHERE relname IN ('customer_tier_enrolment', 'res_partner',
                                      'customer_tier_adjustment')"""
            )
        )[0][0]

    def test_change_of_a_hundred_tiers_costs_as_much_as_one(self):
        members = self.env["customer.tier.membership"]
        counts = {}
        for number in (1, 1, 100):
            with self.env.cr.savepoint() as savepoint:
                for table in ("customer_tier_membership", "customer_tier_transition"):
                    self.env.cr.execute(f"DELETE FROM {table}")
                counts[number] = self._count(
                    members._evaluate, self.partners[1 : number + 1].ids, cause="import"
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(counts[100], counts[1])

    def test_nobody_due_costs_next_to_nothing(self):
        members = self.env["customer.tier.membership"]
        self._count(members._evaluate)
        self.assertLessEqual(self._count(members._evaluate), 30)

    def _read_for(self, **scope):
        """Return the customers whose ladder an evaluation works out."""
        members = self.env["customer.tier.membership"]
        customers_sql, read = type(members)._customers_sql, set()

        def watched(records, *arguments):
            statement = customers_sql(records, *arguments)
            rows = records.env.execute_query(
                SQL("SELECT partner_id FROM (%s) customer", statement)
            )
            read.update(partner_id for (partner_id,) in rows)
            return statement

        with patch.object(type(members), "_customers_sql", watched):
            members._evaluate(scope=AccountScope(**scope))
        return self.partners.browse(sorted(read))

    def test_one_customer_is_evaluated_without_reading_the_others(self):
        head, member, alone = self.partners[:2] + self.partners[5]
        self.assertEqual(self._read_for(ids=tuple(alone.ids)), alone)
        self.assertEqual(self._read_for(ids=tuple(member.ids)), head | member)

    def test_a_slice_is_evaluated_with_the_members_of_its_heads_only(self):
        head, member = self.partners[:2]
        behind = self.partners[-2].id
        self.assertEqual(
            self._read_for(after=behind, until=self.partners[-1].id), self.partners[-1]
        )
        self.assertEqual(
            self._read_for(after=head.id - 1, until=head.id), head | member
        )
