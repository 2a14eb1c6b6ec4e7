"""A forecast of a past day knows nothing of what came after that day."""

import random
from datetime import timedelta

from odoo.tests import tagged

from ..logic.churn_study import study
from .common import on
from .test_churn_scores import ChurnCommon

ORIGIN, SPAN = "2025-04-30", 60


@tagged("post_install", "-at_install")
class TestOrigins(ChurnCommon):
    """The past is read from documents: those of later days decide nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(800, seed=11)
        cls._learn()
        cls.models = cls.env["customer.churn.model"]

    def _looks(self):
        """Return what is known on two days, and who bought after each of them."""
        origin = on(ORIGIN)
        return [
            self.models._look(self.company, None, day, SPAN)
            for day in (origin - timedelta(SPAN), origin)
        ]

    def _auc(self, looks):
        """Return how well the forecast of the earlier day ranks on the later one."""
        earlier, later = looks
        return study(earlier, later, later.habits, float(SPAN)).model.auc

    def _past_scores(self):
        """Return {customer: value at risk} as of the origin, by today's forecast."""
        query = self.env["customer.churn.score"]._past_scores_sql(
            self.company, on(ORIGIN)
        )
        return dict(self.env.execute_query(query))

    def _shuffle_future(self):
        """Give what each customer bought after the origin to another one of them."""
        self.env.cr.execute(
            "SELECT DISTINCT partner_id FROM customer_purchase"
            " WHERE company_id = %s AND date <= %s ORDER BY partner_id",
            (self.company.id, on(ORIGIN)),
        )
        known = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        others = random.Random(5).sample(known, len(known))
        self.env.cr.execute(
            """UPDATE customer_purchase bought SET partner_id = pair.other
                 FROM unnest(%s, %s) pair (one, other)
                WHERE bought.partner_id = pair.one AND bought.company_id = %s
                  AND bought.date > %s""",
            (known, others, self.company.id, on(ORIGIN)),
        )

    def test_documents_of_later_days_change_no_score_of_the_origin(self):
        habits = [look.habits for look in self._looks()]
        scores = self._past_scores()
        self.assertGreater(len(habits[1]), 400)
        self.assertGreater(sum(scores.values()), 0)
        self._shuffle_future()
        self._insert_purchases(
            [(buyer.id, on("2025-06-20"), 9999.0) for buyer in self.buyers[:300]]
        )
        self.assertEqual([look.habits for look in self._looks()], habits)
        self.assertEqual(self._past_scores(), scores)

    def test_a_shuffled_future_is_ranked_by_nobody(self):
        looks = self._looks()
        self.assertGreater(self._auc(looks), 0.65)
        self._shuffle_future()
        shuffled = self._looks()
        self.assertEqual(sum(shuffled[1].bought), sum(looks[1].bought))
        self.assertAlmostEqual(self._auc(shuffled), 0.5, delta=0.05)
