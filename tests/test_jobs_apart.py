"""What goes wrong in one company, or with one hand-over, stops none of the others."""

from unittest.mock import patch

import psycopg2

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .common import on
from .rollbacks import rollbacks

LOGGER = "odoo.addons.customer_retention.models.retries"


@tagged("post_install", "-at_install")
class TestJobsApart(TransactionCase):
    """Two companies and two hand-overs, the first of which fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad, cls.good = cls.env["res.company"].create(
            [{"name": name, "retention_use_churn": True} for name in ("Bad", "Good")]
        )

    def _run(self, model, method, bad, job):
        """Run a job on the bad one and the good one; return whom it was done for."""
        done, objection = [], "an automation rule went wrong"

        def work(records, *args, **_options):
            one = args[0] if args else records
            if one == bad:
                one.write({self._name_of(one): "half done"})
                raise ValidationError(objection)
            done.append(one)
            return 0

        with (
            rollbacks(self.env),
            patch.object(type(self.env[model]), method, work),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            job()
        self.assertEqual(len(logs.records), 1)
        self.assertIn(str(bad), logs.output[0])
        self.assertIn(objection, logs.output[0])
        self.assertNotEqual(bad[self._name_of(bad)], "half done")
        return done

    @staticmethod
    def _name_of(record):
        return "name" if "name" in record._fields else "note"

    def _roots(self):
        """Have the jobs look at the two companies."""
        both = self.bad | self.good
        self.patch(type(self.env["res.company"]), "_churn_roots", lambda _self: both)

    def test_each_company_is_worked_on(self):
        self._roots()
        for model, method, job in (
            ("customer.churn.model", "_work_company", "_cron_score"),
            ("customer.care.plan", "_plan_company", "_cron_care"),
            ("customer.retention.case", "_work_company", "_cron_fight"),
            ("customer.churn.history", "_record_company", "_cron_record"),
        ):
            with self.subTest(job=job):
                done = self._run(model, method, self.bad, getattr(self.env[model], job))
                self.assertEqual(done, [self.good])

    def test_each_hand_over_is_given_back(self):
        giver, deputy = self.env["res.users"].create(
            [{"name": name, "login": name} for name in ("apart_giver", "apart_deputy")]
        )
        handovers = self.env["customer.handover"]
        bad, good = handovers.create(
            [
                {
                    "from_user_id": giver.id,
                    "to_user_id": deputy.id,
                    "company_id": self.good.id,
                    "line_ids": [
                        Command.create(
                            {
                                "partner_id": self.env["res.partner"]
                                .create({"name": name})
                                .id
                            }
                        )
                    ],
                }
                for name in ("One", "Other")
            ]
        )
        self.patch(type(handovers), "_due_back", lambda _self: bad | good)
        done = self._run(
            "customer.handover", "_give_back", bad, handovers._cron_give_back
        )
        self.assertEqual(done, [good])

    def test_who_lost_against_a_person_starts_again(self):
        self._roots()
        tries = []

        class Lost(psycopg2.errors.SerializationFailure):
            pgcode = "40001"

        def work(_plans, company):
            tries.append(company)
            if len(tries) == 1:
                raise Lost("could not serialize access")

        with (
            rollbacks(self.env) as calls,
            patch.object(type(self.env["customer.care.plan"]), "_plan_company", work),
            self.assertNoLogs(LOGGER),
        ):
            self.env["customer.care.plan"]._cron_care()
        self.assertEqual(tries, [self.bad, self.bad, self.good])
        self.assertEqual(len(calls), 1)

    def test_months_that_no_time_was_left_for_are_waited_for_by_the_job(self):
        """The scheduler goes on at once with what is said to remain."""
        histories = self.env["customer.churn.history"]
        months = [on(f"2025-0{number}-01") for number in (3, 2, 1)]
        self.patch(
            type(self.env["res.company"]), "_churn_roots", lambda _self: self.good
        )
        self.patch(type(histories), "_due_months", lambda *_args: months)
        self.patch(type(histories), "_record_month", lambda *_args: None)
        said = []

        def commit(_job, processed=0, *, remaining=None, **_options):
            said.append(remaining)
            return 0.0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
            histories._cron_record()
        self.assertTrue(said[-1])
