"""What people do never waits for a slice of the jobs that is not committed yet."""

from __future__ import annotations

import sys
import unittest
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import start_odoo, transaction

from odoo.fields import Command

# What a person may wait for a lock at most before the test fails.
PATIENCE = "2s"
DERIVED = (
    "customer_purchase",
    "customer_quotation",
    "customer_contact_day",
)


@contextmanager
def person():
    """The transaction of somebody who does not wait; committed at the end."""
    with transaction() as env:
        env.cr.execute("SELECT set_config('lock_timeout', %s, FALSE)", [PATIENCE])
        try:
            yield env
            env.cr.commit()
        finally:
            env.cr.rollback()
            env.cr.execute("SELECT set_config('lock_timeout', '0', FALSE)")


class TestWaiting(unittest.TestCase):
    """A job and a person at the same time, each on a connection of its own."""

    @classmethod
    def setUpClass(cls):
        start_odoo()
        with transaction() as env:
            partners = env["res.partner"].create(
                [
                    {"name": f"Customer {number}", "is_company": True}
                    for number in range(3)
                ]
            )
            cls.partner_id, cls.other_id, cls.third_id = partners.ids
            product = env["product.product"].create(
                {"name": "Tested Product", "type": "service"}
            )
            cls.product_id = product.id
            cls.seller_id = env.ref("base.user_admin").id
            for partner in partners:
                cls._order(env, partner.id).action_confirm()
        cls._empty()

    @classmethod
    def _order(cls, env, partner_id):
        line = {"product_id": cls.product_id, "price_unit": 100.0}
        return env["sale.order"].create(
            {"partner_id": partner_id, "order_line": [Command.create(line)]}
        )

    @classmethod
    def _empty(cls):
        with transaction() as env:
            tables = (*DERIVED, "customer_relationship", "customer_relationship_queue")
            for table in tables:
                env.cr.execute(f"DELETE FROM {table}")
            env.cr.execute("DELETE FROM customer_evaluation_run")

    def _do_business(self, env):
        """Confirm, edit and cancel an order, write a message, change a customer."""
        order = self._order(env, self.partner_id)
        order.action_confirm()
        order.order_line.price_unit = 120.0
        env.flush_all()
        order._action_cancel()
        order.message_post(body="We called.", subtype_xmlid="mail.mt_comment")
        partner = env["res.partner"].browse(self.partner_id)
        partner.country_id = env.ref("base.de")
        env["res.partner"].create({"name": "Contact", "parent_id": partner.id})

    def test_the_first_reading_hinders_nobody(self):
        """Documents, segments and rows: every slice, while it is not committed."""
        self._empty()
        with transaction() as job:
            run = job["customer.evaluation.run"]._start("install")
            job.cr.commit()
            phases = []
            while run.state in ("waiting", "running") and run.phase != "evaluate":
                phases.append(run.phase)
                run._work_slice()
                job.flush_all()
                with self.subTest(phase=phases[-1]), person() as env:
                    self._do_business(env)
                job.cr.commit()
        self.assertLessEqual({"purchases", "rows"}, set(phases))

    def test_a_table_somebody_reads_is_filled_with_its_indexes(self):
        """The job waits a moment, not for whoever looks into the table."""
        self._empty()
        with transaction() as reader, transaction() as job:
            reader.cr.execute("SELECT 1 FROM customer_purchase LIMIT 1")
            job.cr.execute("SET LOCAL statement_timeout = '20s'")
            run = job["customer.evaluation.run"]._start("install")
            run._work_slice()
            job.cr.execute("SELECT count(*) FROM customer_purchase")
            self.assertEqual(job.cr.fetchone(), (3,))
            job.cr.execute("SHOW lock_timeout")
            self.assertEqual(job.cr.fetchone(), ("0",))
            job.cr.rollback()

    def test_handing_a_customer_over_waits_for_no_slice(self):
        """What is free is handed over at once, the rest by the queue."""
        with transaction() as env:
            env["customer.relationship"]._sync_and_evaluate(
                [self.other_id, self.third_id]
            )
        with transaction() as job:
            job.cr.execute(
                "SELECT FROM customer_relationship WHERE partner_id = %s FOR UPDATE",
                [self.other_id],
            )
            with person() as env:
                partners = env["res.partner"].browse([self.other_id, self.third_id])
                partners.user_id = self.seller_id
                env.flush_all()
            job.cr.rollback()
        self.assertEqual(self._sellers(), {self.third_id})
        with transaction() as env:
            env["customer.relationship.queue"]._cron_work_queue()
        self.assertEqual(self._sellers(), {self.other_id, self.third_id})

    def _sellers(self):
        with transaction() as env:
            env.cr.execute(
                "SELECT partner_id FROM customer_relationship"
                " WHERE user_id = %s AND partner_id = ANY(%s)",
                [self.seller_id, [self.other_id, self.third_id]],
            )
            return {partner_id for (partner_id,) in env.cr.fetchall()}


if __name__ == "__main__":
    unittest.main()
