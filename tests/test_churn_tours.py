from odoo.tests import HttpCase, tagged

from .test_churn_scores import ChurnCommon


@tagged("post_install", "-at_install")
class TestChurnTours(ChurnCommon, HttpCase):
    """What administrators do with forecasts and weights, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(260)
        cls._learn()

    def test_administrator_reads_the_grade_of_the_model(self):
        user = self._create_user(
            "churn_tour_admin", groups="customer_retention.group_admin"
        )
        self.start_tour("/odoo/forecasts", "customer_retention_grade", login=user.login)
        version = self.env["customer.churn.weighing"]._in_force(self.company)
        self.assertEqual((version.source, version.user_id), ("hand", user))
        points = {line.signal: line.points for line in version.line_ids}
        self.assertEqual(max(points, key=points.get), "complaint")
        self.assertEqual(sum(points.values()), 100)
