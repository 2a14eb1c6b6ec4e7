from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..logic.facts import FactReader
from ..logic.history import History
from ..models.customer_account import AccountScope
from ..models.customer_relationship_facts import FactQuestion
from .common import on
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierRank(TierCommon):
    """The tier of the evening before, for rules of positions and conditions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daughter = cls._create_partner("Tested Daughter")
        for partner in cls.partner | cls.daughter:
            cls._order(partner, "2024-01-02")
        cls._work_queue()
        cls.env.cr.execute("DELETE FROM customer_tier_transition")
        cls._transition(cls.partner, False, cls.silver, "2024-02-01")
        cls._transition(cls.partner, cls.silver, cls.gold, "2024-05-01")
        cls._transition(cls.partner, cls.gold, False, "2024-09-01")
        cls._transition(cls.daughter, False, cls.bronze, "2024-03-01")
        cls.group = cls.env["customer.account.group"].create(
            {
                "name": "Holding",
                "lead_id": cls.partner.id,
                "member_ids": [
                    Command.create({"partner_id": cls.partner.id}),
                    Command.create(
                        {
                            "partner_id": cls.daughter.id,
                            "date_from": "2024-04-01",
                            "date_until": "2024-07-31",
                        }
                    ),
                ],
            }
        )
        cls.env.flush_all()

    def _in_sql(self, as_of, partner=None, ids=None):
        partner = partner or self.partner
        question = FactQuestion(self.company.id, as_of, AccountScope.of(ids))
        rows = self.env.execute_query_dict(self.Relationship._facts_sql(question))
        [row] = [one for one in rows if one["partner_id"] == partner.id]
        return row

    def _in_logic(self, as_of, partner):
        tracks = self.Relationship._gather_tracks(
            self.company, partner.ids, frozenset({"tier_rank"})
        )[partner.id]
        return FactReader(History(tracks=tuple(tracks))).at(as_of)["tier_rank"]

    def test_database_and_logic_agree_on_every_day(self):
        for number in range(0, 270, 2):
            as_of = on("2024-01-25") + timedelta(days=number)
            for partner in self.partner | self.daughter:
                rank = self._in_sql(as_of, partner)["tier_rank"]
                self.assertEqual(
                    rank, self._in_logic(as_of, partner), f"{partner.name} on {as_of}"
                )
                alone = self._in_sql(as_of, partner, partner.ids)["tier_rank"]
                self.assertEqual(rank, alone)

    def test_it_is_the_tier_of_the_evening_before(self):
        expected = {
            "2024-02-01": 0,
            "2024-02-02": 2,
            "2024-05-02": 3,
            "2024-09-01": 3,
            "2024-09-02": 0,
        }
        for day, rank in expected.items():
            self.assertEqual(self._in_sql(on(day))["tier_rank"], rank, day)

    def test_members_enjoy_the_tier_of_the_head_while_they_belong(self):
        expected = {"2024-04-01": 1, "2024-04-02": 2, "2024-08-01": 3, "2024-08-02": 1}
        for day, rank in expected.items():
            found = self._in_sql(on(day), self.daughter)["tier_rank"]
            self.assertEqual(found, rank, day)

    def test_the_next_look_is_the_day_after_a_change(self):
        """A change of the day itself is known and counts from tomorrow on."""
        expected = {
            (self.partner, "2024-02-01"): "2024-02-02",
            (self.partner, "2024-02-02"): "2024-05-02",
            (self.daughter, "2024-04-01"): "2024-04-02",
            (self.daughter, "2024-07-31"): "2024-08-02",
        }
        for (partner, day), turn in expected.items():
            row = self._in_sql(on(day), partner)
            self.assertEqual(row["turns_on"], on(turn), f"{partner.name} on {day}")

    def test_what_was_corrected_does_not_count(self):
        correction = self._transition(self.partner, False, self.bronze, "2024-04-15")
        self.env.cr.execute(
            "UPDATE customer_tier_transition SET corrects_from = %s WHERE id = %s",
            (on("2024-04-15"), correction.id),
        )
        self.assertEqual(self._in_sql(on("2024-05-10"))["tier_rank"], 1)
        self.assertEqual(self._in_logic(on("2024-05-10"), self.partner), 1)

    def test_a_ladder_of_another_company_is_none_of_our_business(self):
        other = self._create_company("Other Company")
        ladder = self._create_ladder("Other Ladder", company_id=other.id)
        top = ladder.tier_ids.sorted("sequence")[-1]
        self._transition(self.partner, False, top, "2024-01-05")
        self.env.flush_all()
        self.assertEqual(self._in_sql(on("2024-01-25"))["tier_rank"], 0)


@tagged("post_install", "-at_install")
class TestTierRankEvaluation(TierCommon):
    def test_a_rule_sees_a_tier_the_day_after_it_was_reached(self):
        stages = self.env["customer.relationship.stage"]._counting_always()
        stage = stages.create(
            {
                "name": "Is Gold",
                "sequence": 999,
                "rule": '[["tier_rank", ">=", 3]]',
            }
        )
        self._order(self.partner, self.TODAY, 6000)
        self._work_queue()
        self._flush_queue()
        self.env["customer.relationship.queue"]._work_slice()
        self.env.invalidate_all()
        self.assertEqual(self._membership(self.partner).tier_id, self.gold)
        row = self._relationship(self.partner)
        self.assertNotEqual(row.stage_id, stage)
        self.assertEqual(row.next_evaluation_on, on("2025-07-01"))
        self._evaluate_at("2025-07-01")
        row = self._relationship(self.partner)
        self.assertEqual(row.stage_id, stage)
        self.assertEqual(row.stage_since, on("2025-07-01"))

    def test_a_tier_of_the_past_corrects_the_position_in_a_second_look(self):
        stages = self.env["customer.relationship.stage"]._counting_always()
        stage = stages.create(
            {
                "name": "Is Gold",
                "sequence": 999,
                "rule": '[["tier_rank", ">=", 3]]',
            }
        )
        self._order(self.partner, "2025-06-01", 6000)
        self._work_queue()
        self.assertIn((self.partner.id, "decision"), self._queued())
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).stage_id, stage)
        self.assertEqual(self._relationship(self.partner).stage_since, on("2025-06-02"))
        self.assertFalse(self._queued())

    def test_where_no_rule_asks_for_the_tier_nobody_is_looked_at_twice(self):
        self._order(self.partner, self.TODAY, 6000)
        self._work_queue()
        self.assertFalse(self._queued())
