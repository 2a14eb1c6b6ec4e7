"""Who must not be profiled is not, from the first day to the last."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import RetentionCommon, on

KEPT = {"user_id", "active", "is_excluded"}


@tagged("post_install", "-at_install")
class TestProfilingExclusion(RetentionCommon):
    """A customer with purchases who asks to be left alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.partner, "2025-05-10")
        cls._order(cls.partner, "2025-06-10")

    def _exclude(self, partner=None, **values):
        values = {
            "partner_id": (partner or self.partner).id,
            "company_id": self.company.id,
            "date_from": "2025-01-01",
            "reason": "Asked for it",
            **values,
        }
        return self.env["customer.profiling.exclusion"].create(values)

    def _log(self, partner=None, company=None):
        return self.env["customer.relationship.transition"].search(
            [
                ("partner_id", "=", (partner or self.partner).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _assert_bare(self, partner=None, company=None):
        """There is a row, and it says nothing but that."""
        row = self._relationship(partner or self.partner, company)
        self.assertTrue(row.is_excluded)
        columns = [
            name for name in self.Relationship._fact_columns() if name not in KEPT
        ]
        columns += list(self.Relationship._verdict_columns())
        values = self.env.execute_query(
            SQL(
                "SELECT %s FROM customer_relationship WHERE id = %s",
                SQL(", ").join(map(SQL.identifier, columns)),
                row.id,
            )
        )[0]
        self.assertEqual(
            {
                key
                for key, value in zip(columns, values, strict=True)
                if value is not None
            },
            set(),
        )

    def _assert_profiled(self, partner=None, company=None):
        row = self._relationship(partner or self.partner, company)
        self.assertFalse(row.is_excluded)
        self.assertTrue(row.stage_id)
        self.assertTrue(row.purchase_count)

    def _nightly(self, day):
        """The job of due customers on a later day."""
        self.company.retention_evaluation_date = day
        due = self.Relationship._due_accounts(self.company, on(day))
        self.Relationship._evaluate(due, company=self.company)
        self.env.invalidate_all()

    def test_excluded_from_the_first_day(self):
        """Neither facts nor verdict nor a line in the log."""
        self._exclude()
        self._work_queue()
        self._assert_bare()
        self.assertFalse(self._log())

    def test_runs_leave_the_customer_alone(self):
        """However thorough the run."""
        self._exclude()
        for kind in ("install", "full", "rule", "reconcile"):
            self.env["customer.evaluation.run"]._start(kind, self.company)._work_off()
            self.env.invalidate_all()
            with self.subTest(kind=kind):
                self._assert_bare()
                self.assertFalse(self._log())

    def test_exclusion_alone_makes_a_row_that_says_so(self):
        """Whoever looks for the customer sees it; a run leaves it, its end does not."""
        stranger = self._create_partner("Stranger")
        exclusion = self._exclude(stranger)
        self._assert_bare(stranger)
        self.assertEqual(stranger.relationship_id, self._relationship(stranger))
        self.env["customer.evaluation.run"]._start("full", self.company)._work_off()
        self.env.invalidate_all()
        self._assert_bare(stranger)
        exclusion.unlink()
        self.env.invalidate_all()
        self.assertFalse(self._relationship(stranger))

    def test_exclusion_alone_that_is_over_leaves_no_row(self):
        """Nothing else is known of the customer."""
        stranger = self._create_partner("Stranger")
        self._exclude(stranger, date_until="2025-07-09")
        self._assert_bare(stranger)
        self._nightly("2025-07-10")
        self.assertFalse(self._relationship(stranger))

    def test_known_customer_is_forgotten(self):
        """Facts and verdict go at once; the log ends where it was."""
        self._work_queue()
        self._assert_profiled()
        log = self._log()
        self._exclude(date_from=self.TODAY)
        self._assert_bare()
        self._order(self.partner, self.TODAY)
        self._work_queue()
        self._assert_bare()
        self.assertEqual(self._log(), log)

    def test_end_of_the_exclusion(self):
        """On the day after its last one the customer is evaluated as any other."""
        self._exclude(date_until="2025-07-09")
        self._work_queue()
        self._assert_bare()
        self._nightly("2025-07-09")
        self._assert_bare()
        self._nightly("2025-07-10")
        self._assert_profiled()
        self.assertTrue(self._log())

    def test_exclusion_ahead_begins_on_its_day(self):
        """Nobody has to think of it."""
        self._work_queue()
        self._exclude(date_from="2025-07-05")
        self._work_queue()
        self._assert_profiled()
        self._nightly("2025-07-04")
        self._assert_profiled()
        self._nightly("2025-07-05")
        self._assert_bare()

    def test_withdrawn_exclusion(self):
        """Deleting it is enough."""
        exclusion = self._exclude()
        self._work_queue()
        exclusion.unlink()
        self.env.invalidate_all()
        self._assert_profiled()

    def test_each_company_decides_for_itself(self):
        """An exclusion without a company counts in all of them."""
        other = self._create_company("Other Company")
        self._order(self.partner, "2025-06-10", company_id=other.id)
        self._exclude()
        self._work_queue()
        self._assert_bare()
        self._assert_profiled(company=other)
        self.assertTrue(self._log(company=other))
        self._exclude(company_id=False)
        self.env.invalidate_all()
        self._assert_bare()
        self._assert_bare(company=other)

    def test_contact_speaks_for_its_company(self):
        """The exclusion is about the account, and about what becomes of it."""
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        exclusion = self._exclude(contact)
        self.assertEqual(exclusion.partner_id, self.partner)
        self._work_queue()
        self._assert_bare()

    def test_exclusion_follows_a_customer_into_another_one(self):
        """Whoever becomes a contact of an account takes it along."""
        group = self._create_partner("Group")
        self._order(group, "2025-06-10")
        self._exclude()
        self._work_queue()
        self._assert_profiled(group)
        self.partner.write({"parent_id": group.id, "is_company": False})
        self._work_queue()
        self._assert_bare(group)

    def test_decisions_wait_for_the_end_of_the_exclusion(self):
        """A pin on an excluded customer shows once it may."""
        exclusion = self._exclude()
        stage = self.env.ref("customer_retention.customer_relationship_stage_advocate")
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "stage_id": stage.id,
                "reason": "Recommends us",
                "date_from": self.TODAY,
            }
        )
        self._work_queue()
        self._assert_bare()
        self.assertFalse(self._log())
        exclusion.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._relationship(self.partner).stage_id, stage)
