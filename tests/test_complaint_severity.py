"""Severity: proposed by rules, explained, and a person's choice stays."""

from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintSeverity(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.company.write(
            {
                "complaint_money_trifle": 20.0,
                "complaint_money_high": 1000.0,
                "complaint_money_critical": 10000.0,
                "complaint_customer_revenue": 50000.0,
                "complaint_repeat_days": 90,
            }
        )

    def test_nothing_special(self):
        complaint = self._complain()
        self.assertEqual(complaint.severity, "normal")
        self.assertIn("Nothing", complaint.severity_explanation)

    def test_safety_of_the_complaint_or_its_category(self):
        category = self.env["customer.complaint.category"].create(
            {"name": "Dangerous", "is_safety": True}
        )
        for values in ({"is_safety": True}, {"category_id": category.id}):
            complaint = self._complain(partner_id=False, **values)
            self.assertEqual(complaint.severity, "critical")
            self.assertIn("hurt", complaint.severity_explanation)

    def test_money_at_stake(self):
        for amount, severity in (
            (0, "normal"),
            (5, "low"),
            (20, "normal"),
            (1000, "high"),
            (10000, "critical"),
        ):
            with self.subTest(amount=amount):
                complaint = self._complain(partner_id=False, amount_disputed=amount)
                self.assertEqual(complaint.severity, severity)

    def test_customer_value(self):
        self._order(self.partner, "2025-05-01", amount=60000.0)
        self._work_queue()
        complaint = self._complain()
        self.assertEqual(complaint.severity, "high")
        self.assertIn("60,000.00", complaint.severity_explanation)

    def test_repeated_within_the_window(self):
        self._complain(received_at="2025-01-01 10:00:00")
        self._complain(received_at="2025-05-01 10:00:00")
        complaint = self._complain(received_at="2025-06-01 10:00:00")
        self.assertEqual(complaint.severity, "high")
        self.assertEqual(
            complaint.severity_reason,
            [{"code": "repeated", "values": {"count": 1, "days": 90}}],
        )

    def test_others_complaints_do_not_count(self):
        self._complain(partner_id=self._create_partner("Other").id)
        self._complain(kind="praise")
        self.assertEqual(self._complain().severity, "normal")

    def test_contacts_of_one_customer_count_together(self):
        contact = self._create_partner(
            "Contact", parent_id=self.partner.id, is_company=False
        )
        self._complain(partner_id=contact.id)
        self.assertEqual(self._complain().severity, "high")

    def test_in_one_go_they_count_one_after_the_other(self):
        complaints = self.Complaint.create(
            [
                {
                    "subject": "x",
                    "partner_id": self.partner.id,
                    "received_at": "2025-06-01 10:00:00",
                }
                for _number in range(2)
            ]
        )
        self.assertEqual(complaints.mapped("severity"), ["normal", "high"])

    def test_it_follows_what_becomes_known(self):
        complaint = self._complain()
        complaint.amount_disputed = 2000.0
        self.assertEqual(complaint.severity, "high")
        self.assertFalse(complaint.severity_set_by_person)

    def test_what_a_person_chose_stays(self):
        complaint = self._complain()
        complaint.with_user(self.handler).severity = "low"
        complaint.amount_disputed = 20000.0
        self.assertEqual(complaint.severity, "low")
        self.assertEqual(complaint.severity_proposed, "critical")
        self.assertIn("Critical", complaint.severity_explanation)
        complaint.with_user(self.handler).action_follow_severity()
        self.assertEqual(complaint.severity, "critical")
        self.assertFalse(complaint.severity_set_by_person)

    def test_chosen_when_it_was_recorded(self):
        complaint = self._complain(severity="high")
        self.assertEqual(complaint.severity, "high")
        self.assertTrue(complaint.severity_set_by_person)
        self.assertFalse(self._complain(severity="normal").severity_set_by_person)

    def test_told_in_the_language_of_the_reader(self):
        complaint = self._complain(amount_disputed=2000.0)
        complaint.with_context(lang="en_US").read(["severity_explanation"])
        self.assertIn("2,000.00", complaint.severity_explanation)
        self.env["res.lang"]._activate_lang("fr_FR")
        text = complaint.with_context(lang="fr_FR").severity_explanation
        self.assertNotIn("2,000.00", text)
