from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import on
from .test_complaint_learning import ComplaintLearningCommon

# Where the company is: the last minutes of 31 March there, in UTC.
LAST_MINUTES = {
    "Asia/Ho_Chi_Minh": datetime(2025, 3, 31, 16, 45),
    "America/New_York": datetime(2025, 4, 1, 3, 45),
}
MARCH, APRIL = on("2025-03-31"), on("2025-04-01")


@tagged("post_install", "-at_install")
class TestComplaintDays(ComplaintLearningCommon):
    """A day begins and ends where the company is, whatever is counted."""

    def zones(self):
        """Yield the last minutes of March in each zone, and the first of April."""
        for zone, last in LAST_MINUTES.items():
            with self.subTest(zone=zone):
                self.company.retention_tz = zone
                yield last, last + timedelta(minutes=30)

    def _received(self, moment, **values):
        return self._complain(
            self.partner, "2025-03-15", **{"received_at": moment, **values}
        )

    def test_moments_and_days(self):
        for last, first in self.zones():
            self.assertEqual(self.company._retention_day(last), MARCH)
            self.assertEqual(self.company._retention_day(first), APRIL)
            start = self.company._retention_day_start(APRIL)
            self.assertEqual(start, last + timedelta(minutes=15))
            self.assertEqual(self.company._retention_day(start), APRIL)

    def test_a_day_on_which_clocks_change(self):
        self.company.retention_tz = "America/New_York"
        start, end = map(
            self.company._retention_day_start, (on("2025-03-09"), on("2025-03-10"))
        )
        self.assertEqual(end - start, timedelta(hours=23))

    def test_the_period_of_a_review(self):
        for last, first in self.zones():
            complaints = self._received(last) + self._received(first)
            self.env.flush_all()
            review = self.env["customer.complaint.review"].create(
                {
                    "company_id": self.company.id,
                    "date_from": "2025-03-01",
                    "date_to": "2025-03-31",
                }
            )
            self.assertEqual(review._count(*review._period())["received"], 1)
            complaints.unlink()

    def test_the_period_of_an_incident(self):
        incident = self.env["customer.complaint.incident"].create(
            {"name": "Bad batch", "company_id": self.company.id}
        )
        order = self._order(self.partner, "2025-03-15")
        for last, first in self.zones():
            for moment, days in ((last, (MARCH, MARCH)), (first, (APRIL, APRIL))):
                order.date_order = moment
                found = incident._silent_accounts(self.product, *days)
                self.assertEqual(list(found), [self.partner])
            self.assertFalse(incident._silent_accounts(self.product, MARCH, MARCH))
            complaint = self._received(last, product_id=self.product.id)
            self.assertFalse(incident._heard_accounts(self.product, APRIL))
            self.assertTrue(incident._heard_accounts(self.product, MARCH))
            complaint.unlink()

    def test_the_days_of_signs_of_abuse(self):
        for last, first in self.zones():
            complaints = self._received(last) + self._received(first)
            found = self.Complaint._complained_of(self.partner, self.company, APRIL)
            self.assertEqual(found[self.partner.id], [APRIL])
            complaints.unlink()

    def test_the_days_of_what_was_bought_again(self):
        measured = self.env["customer.complaint.repurchase"]
        self.company.retention_evaluation_date = "2025-06-30"
        for last, first in self.zones():
            complaint = self._received(last, resolved_at=first)
            measured._cron_measure()
            row = measured.search([("complaint_id", "=", complaint.id)])
            self.assertEqual((row.resolved_on, row.days_to_resolve), (APRIL, 1))
            self.assertNotIn(
                complaint.id, measured._get_unmeasured(self.company, on("2025-06-30"))
            )
            complaint.unlink()
