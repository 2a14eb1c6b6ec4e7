from datetime import timedelta

from odoo.tests import tagged

from ..logic.facts import FactReader
from ..logic.history import History
from ..models.customer_account import AccountScope
from ..models.customer_relationship_facts import FactQuestion
from .common import RetentionCommon, on

KEYS = (
    "complaint_open_count",
    "complaint_count_12m",
    "complaint_last_on",
    "complaint_last_grade",
)


@tagged("post_install", "-at_install")
class TestComplaintFacts(RetentionCommon):
    """Rules of positions and conditions may ask for complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.partner, "2024-06-03")
        cls._work_queue()
        cls.old = cls._complain("2024-06-10")
        cls.old._record_event("resolved", at=cls._noon("2024-06-20"))
        cls.old._record_event("reopened", at=cls._noon("2024-07-01"))
        cls.old._record_event("resolved", at=cls._noon("2024-07-04"))
        cls.new = cls._complain("2025-05-20")
        survey = cls.env["customer.complaint.survey"].create(
            {"complaint_id": cls.old.id, "due_at": cls._noon("2024-07-05")}
        )
        survey._answer("2")
        survey.answered_at = cls._noon("2024-07-06")
        cls.env.flush_all()

    @classmethod
    def _complain(cls, day, **values):
        return cls.env["customer.complaint"].create(
            {
                "subject": "Tested complaint",
                "partner_id": cls.partner.id,
                "company_id": cls.company.id,
                "received_at": cls._noon(day),
                **values,
            }
        )

    def _in_sql(self, as_of):
        question = FactQuestion(self.company.id, as_of, AccountScope())
        rows = self.env.execute_query_dict(self.Relationship._facts_sql(question))
        [row] = [one for one in rows if one["partner_id"] == self.partner.id]
        return row

    def _in_logic(self, as_of):
        tracks = self.Relationship._gather_tracks(
            self.company, self.partner.ids, frozenset(KEYS)
        )[self.partner.id]
        return FactReader(History(tracks=tuple(tracks))).at(as_of)

    def test_database_and_logic_agree_on_every_day(self):
        for number in range(0, 800, 3):
            as_of = on("2024-06-05") + timedelta(days=number)
            row, values = self._in_sql(as_of), self._in_logic(as_of)
            for key in KEYS:
                self.assertEqual(row[key], values[key], f"{key} on {as_of}")

    def test_facts_are_those_of_the_day(self):
        expected = {
            "2024-06-09": (0, 0, None, None),
            "2024-06-10": (1, 1, on("2024-06-10"), None),
            "2024-06-20": (0, 1, on("2024-06-10"), None),
            "2024-07-01": (1, 1, on("2024-06-10"), None),
            "2024-07-06": (0, 1, on("2024-06-10"), 2),
            "2025-06-09": (1, 2, on("2025-05-20"), 2),
            "2025-06-10": (1, 1, on("2025-05-20"), 2),
        }
        for day, values in expected.items():
            row = self._in_sql(on(day))
            self.assertEqual(tuple(row[key] for key in KEYS), values, day)

    def test_the_next_look_is_when_a_year_is_over_or_something_dated_ahead_comes(self):
        self.assertEqual(self._in_sql(on("2024-06-11"))["turns_on"], on("2024-06-20"))
        self.assertEqual(self._in_sql(on("2025-05-25"))["turns_on"], on("2025-06-03"))

    def test_a_question_or_a_merged_complaint_does_not_count(self):
        self._complain("2025-05-21", kind="question")
        double = self._complain("2025-05-22")
        double.sudo().merged_into_id = self.new
        self.env.flush_all()
        self.assertEqual(self._in_sql(on("2025-06-30"))["complaint_open_count"], 1)

    def test_a_rule_moves_a_customer_with_an_open_complaint(self):
        condition = self.env["customer.relationship.condition"].search(
            [("kind", "=", "at_risk"), ("company_id", "=", False)], limit=1
        )
        condition._counting_always().write(
            {"rule": '[["complaint_open_count", ">=", 1]]'}
        )
        others = self.env["customer.relationship.condition"].search(
            [("id", "!=", condition.id)]
        )
        others._counting_always().write({"rule": '[["purchase_days", ">=", 1000]]'})
        self._work_queue()
        row = self._relationship(self.partner)
        self.assertEqual(row.condition_id, condition)
        self.assertEqual(row.condition_since, on("2025-05-20"))
        self._forget_queue()
        self.new._record_event("resolved", at=self._noon("2025-06-20"))
        self.assertEqual(self._queued(), {(self.partner.id, "complaint")})
        self._work_queue()
        self.assertFalse(row.rule_condition_id)

    def test_somebody_without_a_relationship_is_not_queued(self):
        stranger = self._create_partner("Never Bought")
        self._forget_queue()
        self._complain("2025-06-01", partner_id=stranger.id)
        self.assertFalse(self._queued())

    def test_facts_are_named_in_the_editor(self):
        catalog = self.env["customer.rule.wording"]._fact_catalog()
        self.assertEqual(catalog["complaint_open_count"]["label"], "open complaints")
        self.assertEqual(catalog["days_since_complaint"]["theme"], "Complaints")
