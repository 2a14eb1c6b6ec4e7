"""What is usual in a segment."""

from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestSegments(RetentionCommon):
    def test_segments_of_a_company_are_measured_by_its_customers(self):
        """Those of the others count in the segment that is everybody's."""
        segments = self.env["customer.segment"]
        segments.search([]).active = False
        shared, own = segments.create(
            [
                {"name": "Shared", "sequence": 2},
                {"name": "Own", "sequence": 1, "company_id": self.company.id},
            ]
        )
        elsewhere = self._create_company("Company Without Segments")
        for day in ("2025-06-01", "2025-06-11", "2025-06-21"):
            self._order(self.partner, day)
        for day in ("2025-04-01", "2025-05-01", "2025-05-31"):
            self._order(self.partner, day, company_id=elsewhere.id)
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).segment_id, own)
        others = segments._read_intervals()[shared.id][1] - 1
        segments._measure()
        self.assertRecordValues(own, [{"measured_interval": 10, "measured_count": 1}])
        self.assertEqual(shared.measured_count, others + 1)
        self.assertEqual(segments._read_intervals()[own.id], (10.0, 1))
