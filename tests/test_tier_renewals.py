from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierRenewals(TierEngineCommon):
    """How many renew a paid membership, and how many will."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fee = cls._create_product("Membership")
        cls.ladder.write(
            {"enrolment": "joined", "fee_product_id": fee.id, "fee_months": 12}
        )
        cls.company.retention_evaluation_date = "2025-06-20"

    def _terms(self, name, *terms, **values):
        """Let a customer have paid terms: (first day, last day)."""
        partner = self._create_partner(name)
        enrolments = self.env["customer.tier.enrolment"]
        for joined_on, paid_until in terms:
            enrolments += enrolments.create(
                {
                    "partner_id": partner.id,
                    "ladder_id": self.ladder.id,
                    "joined_on": joined_on,
                    "left_on": values.get("left_on", False),
                }
            )
            enrolments[-1]._amend({"paid_until": paid_until, **values})
        return enrolments

    def _shown(self):
        action = self.ladder.action_open_renewals()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _lines(self):
        return [
            (line.number, line.due, line.renewed, line.running)
            for line in self._shown().line_ids
        ]

    def test_terms_in_a_row_are_renewals_and_a_gap_is_an_end(self):
        self._terms("Left After One", ("2023-01-01", "2023-12-31"))
        self._terms(
            "Renewed Late",
            ("2023-06-01", "2024-05-31"),
            ("2024-06-20", "2025-06-19"),
        )
        self._terms(
            "Came Back",
            ("2022-01-01", "2022-12-31"),
            ("2024-09-01", "2025-08-31"),
        )
        self._terms("Resigned", ("2025-01-01", "2025-12-31"), left_on="2025-03-01")
        # Two firsts ended without a renewal, and one was renewed; the last day of its
        # second one is so near that it may still come.
        self.assertEqual(self._lines(), [(1, 4, 1, 1), (2, 0, 0, 1)])
        self.assertIn("Too few", self._shown().sentence)

    def test_a_fee_that_bounced_was_no_term(self):
        self._terms(
            "Bounced",
            ("2024-01-01", "2024-12-31"),
            left_on="2024-01-20",
            ended_with_fee=True,
        )
        self.assertEqual(self._lines(), [])

    def test_the_forecast_says_how_many_will_renew(self):
        years = [(f"{year}-01-01", f"{year}-12-31") for year in range(2022, 2026)]
        for name, number, terms in (
            ("Left", 16, years[:1]),
            ("Left Later", 4, years[:2]),
            ("Stays", 16, years),
            ("New", 10, years[3:]),
        ):
            for one in range(number):
                self._terms(f"{name} {one}", *terms)
        shown = self._shown()
        first, second = shown.line_ids[:2]
        self.assertEqual((first.due, first.renewed, first.running), (36, 20, 10))
        self.assertEqual((second.due, second.renewed), (20, 16))
        self.assertAlmostEqual(first.share, 20 / 36)
        chances = shown.line_ids.mapped("chance")
        self.assertEqual(chances, sorted(chances))
        self.assertAlmostEqual(chances[0], 20 / 36, delta=0.05)
        self.assertEqual(len(shown.line_ids), 6, "two renewals nobody has reached yet")
        expected = sum(shown.line_ids.mapped("expected"))
        self.assertIn("26 members", shown.sentence)
        self.assertIn(f"about {round(expected)} ", shown.sentence)
        Form(shown)  # what is shown opens

    def test_each_reader_counts_whom_he_may_see(self):
        self._terms("Member", ("2023-01-01", "2023-12-31"))
        manager = self._create_user(
            "renewals_manager", groups="customer_retention.group_manager"
        )
        seller = self._create_user("renewals_seller")
        action = self.ladder.with_user(manager).action_open_renewals()
        shown = (
            self.env[action["res_model"]].with_user(manager).browse(action["res_id"])
        )
        self.assertEqual(shown.line_ids.due, 1)
        with self.assertRaises(AccessError):
            self.ladder.with_user(seller).action_open_renewals()
