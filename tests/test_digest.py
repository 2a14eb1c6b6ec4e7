from contextlib import contextmanager
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon

START, END = datetime(2025, 6, 23, 8, 0), datetime(2025, 6, 30, 8, 0)


@tagged("post_install", "-at_install")
class TestDigest(ComplaintCommon):
    """The figures of the mail that core sends: of the week before a fixed moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Another Digest Company")
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Week",
                "company_id": cls.company.id,
                **dict.fromkeys(cls._kpis(), True),
            }
        )

    @classmethod
    def _kpis(cls):
        names = cls.env["digest.digest"]._fields
        return [
            name
            for name in names
            if name.startswith("kpi_customer_") and not name.endswith("_value")
        ]

    def _value(self, name, user=None, start=START, end=END):
        digest = self.digest.with_user(user or self.boss).with_company(self.company)
        digest.invalidate_recordset()
        week = digest.with_context(start_datetime=start, end_datetime=end)
        return week[f"{name}_value"]

    @contextmanager
    def _resolution(self, complaint, state, is_breached=False):
        """Give a complaint one clock of its resolution, in this state."""
        clocks = complaint.clock_ids.filtered(lambda one: one.kind == "resolution")
        clocks.unlink()
        yield self.env["customer.complaint.clock"].create(
            {
                "complaint_id": complaint.id,
                "kind": "resolution",
                "state": state,
                "is_breached": is_breached,
                "started_at": "2025-06-20 08:00:00",
                "since": "2025-06-20 08:00:00",
                "deadline": "2025-06-25 08:00:00",
            }
        )

    def test_complaints_of_the_period_are_counted_suggestions_are_not(self):
        for moment in ("2025-06-23 08:00:00", "2025-06-30 07:59:59"):
            self._complain(received_at=moment)
        self._complain(received_at="2025-06-23 07:59:59")
        self._complain(received_at="2025-06-30 08:00:00")
        self._complain(received_at="2025-06-25", kind="suggestion")
        self.assertEqual(self._value("kpi_customer_complaint_received"), 2)

    def test_only_what_kept_its_deadline_was_resolved_in_time(self):
        for state, is_breached in (("kept", False), ("broken", True)):
            complaint = self._complain(received_at="2025-06-20 08:00:00")
            complaint._record_event("resolved", at=datetime(2025, 6, 24, 8, 0))
            with self._resolution(complaint, state, is_breached):
                pass
        before = self._complain(received_at="2025-06-20 08:00:00")
        before._record_event("resolved", at=datetime(2025, 6, 22, 8, 0))
        with self._resolution(before, "kept"):
            pass
        self.assertEqual(self._value("kpi_customer_complaint_in_time"), 1)

    def test_deadlines_that_were_missed_count_when_they_were_due(self):
        complaint = self._complain(received_at="2025-06-20 08:00:00")
        complaint.clock_ids.unlink()
        with self._resolution(complaint, "running", True) as clock:
            self.assertEqual(self._value("kpi_customer_complaint_missed"), 1)
            clock.deadline = "2025-06-22 08:00:00"
            self.assertEqual(self._value("kpi_customer_complaint_missed"), 0)
            clock.write({"deadline": "2025-06-24 08:00:00", "kind": "internal"})
            self.assertEqual(self._value("kpi_customer_complaint_missed"), 0)

    def test_figures_are_those_of_the_company_of_the_digest(self):
        team = self.team.copy(
            {
                "company_id": self.other_company.id,
                "member_ids": [],
                "manager_id": False,
            }
        )
        self._complain(
            received_at="2025-06-25",
            company_id=self.other_company.id,
            team_id=team.id,
            partner_id=self._create_partner("Theirs").id,
        )
        self.assertEqual(self._value("kpi_customer_complaint_received"), 0)
        self.digest.company_id = False
        self._complain(received_at="2025-06-25")
        self.assertEqual(self._value("kpi_customer_complaint_received"), 1)

    def test_a_person_concerned_does_not_count_what_is_hidden_from_him(self):
        complaint = self._complain(received_at="2025-06-25")
        self.assertEqual(
            self._value("kpi_customer_complaint_received", self.handler), 1
        )
        complaint.concerned_user_ids = self.handler
        self.assertEqual(
            self._value("kpi_customer_complaint_received", self.handler), 0
        )

    def test_customers_won_back_count_on_the_day_and_corrections_do_not(self):
        kinds = {
            condition.kind: condition
            for condition in self.env["customer.relationship.condition"].search([])
        }

        def move(partner, kind, day, **values):
            return self.env["customer.relationship.transition"].create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "axis": "condition",
                    "to_condition_id": kinds[kind].id,
                    "date": day,
                    "recorded_at": f"{day} 10:00:00",
                    "trigger": "rule",
                    "direction": "forward",
                    **values,
                }
            )

        move(self.partner, "won_back", "2025-06-23")
        move(self.partner, "at_risk", "2025-06-24")
        corrected = self._create_partner("Corrected")
        move(corrected, "won_back", "2025-06-24")
        move(corrected, "active", "2025-06-24", corrects_from="2025-06-24")
        move(self._create_partner("Later"), "won_back", "2025-06-30")
        manager = self._create_user(
            "digest_manager", "customer_retention.group_manager"
        )
        self.assertEqual(self._value("kpi_customer_won_back", manager), 1)
        self.assertEqual(self._value("kpi_customer_at_risk", manager), 1)

    def test_whoever_does_not_work_with_them_gets_no_figures(self):
        stranger = self._create_user("digest_stranger", "base.group_user")
        for name in self._kpis():
            with self.subTest(kpi=name), self.assertRaises(AccessError):
                self._value(name, stranger)

    def test_the_mail_has_the_figures_of_its_reader_with_a_link_to_the_list(self):
        stranger = self._create_user("digest_stranger", "base.group_user")
        sent = {
            user: {
                kpi["kpi_name"]: kpi["kpi_action"]
                for kpi in self.digest._compute_kpis(self.company, user)
            }
            for user in (self.boss, stranger)
        }
        self.assertIn("kpi_customer_complaint_received", sent[self.boss])
        self.assertFalse(set(self._kpis()) & set(sent[stranger]))
        for name, action in sent[self.boss].items():
            if name in self._kpis():
                self.assertTrue(self.env.ref(action.split("?")[0]))

    def test_nobody_is_told_in_green_that_more_customers_were_lost(self):
        """The mail of core colors every rise green, every fall red."""
        self.patch(type(self.digest), "_get_margin_value", lambda *values: 25.0)
        everything = self._create_user(
            "digest_both",
            "customer_retention.group_manager,customer_retention.group_complaint_user",
        )
        shown = {
            kpi["kpi_name"]: {"margin" in kpi[f"kpi_col{n}"] for n in (1, 2, 3)}
            for kpi in self.digest._compute_kpis(self.company, everything)
        }
        for name in ("customer_won_back", "customer_complaint_in_time"):
            self.assertEqual(shown[f"kpi_{name}"], {True}, name)
        for name in (
            "customer_lost",
            "customer_value_at_risk",
            "customer_at_risk",
            "customer_complaint_missed",
            "customer_complaint_received",
        ):
            self.assertEqual(shown[f"kpi_{name}"], {False}, name)

    def test_the_first_digest_has_them_switched_on(self):
        digest = self.env.ref("digest.digest_digest_default", raise_if_not_found=False)
        if digest:
            self.assertTrue(digest.kpi_customer_complaint_received)

    def test_figures_are_read_from_indexes(self):
        fields = self.env["customer.complaint"]._fields
        self.assertTrue(fields["received_at"].index)
        self.assertEqual(fields["resolved_at"].index, "btree_not_null")
        clocks = self.env["customer.complaint.clock"]._fields
        self.assertTrue(clocks["deadline"].index)
