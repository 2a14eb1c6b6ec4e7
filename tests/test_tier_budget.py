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
