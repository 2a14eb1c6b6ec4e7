from __future__ import annotations

from datetime import datetime

from lxml import html

from odoo.tests import tagged

from .complaint_common import ComplaintCommon

REPORT = "customer_retention.complaint_review_document"


@tagged("post_install", "-at_install")
class TestComplaintReview(ComplaintCommon):
    """The review is printed, whatever there is to say in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retention_evaluation_date = "2025-06-30"
        cls.cause = cls.env["customer.complaint.cause"].create({"name": "No check"})
        cls._complain(
            received_at=datetime(2025, 4, 8, 9),
            amount_disputed=240.0,
            cause_ids=cls.cause.ids,
        )
        cls.env["customer.corrective.action"].create(
            {
                "name": "Weigh every box",
                "cause_id": cls.cause.id,
                "company_id": cls.company.id,
                "owner_id": cls.boss.id,
                "date_deadline": "2025-05-02",
            }
        )

    def _print(self):
        """The words of the printed review, as a manager gets it."""
        review = (
            self.env["customer.complaint.review"]
            .with_user(self.boss)
            .with_company(self.company)
            .create({"date_from": "2025-04-01", "date_to": "2025-06-30"})
        )
        reports = self.env["ir.actions.report"].with_user(self.boss)
        content, _kind = reports._render_qweb_html(REPORT, review.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def test_an_overdue_improvement_is_printed(self):
        words = self._print()
        self.assertIn("Weigh every box", words)
        self.assertIn("To Do", words)

    def test_causes_are_printed_with_their_money(self):
        words = self._print()
        self.assertIn("No check", words)
        self.assertIn("240.00", words)
