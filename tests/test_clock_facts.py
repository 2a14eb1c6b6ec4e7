"""Facts that change by the clock: the database says what the row says."""

from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestClockFacts(RetentionCommon):
    def test_search_counts_from_the_evaluation_day_without_positions_too(self):
        self._order(self.partner, "2025-06-10")
        self._work_queue()
        self.company.retention_use_stages = False
        row = self._relationship(self.partner)
        self.assertEqual(row.days_since_last, 20)
        self.assertIn(row, self.Relationship.search([("days_since_last", "=", 20)]))
