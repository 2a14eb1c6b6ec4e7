"""People work while the jobs evaluate: nobody is hindered, and nothing gets lost.

Salespeople confirm, edit and cancel orders, merge, re-parent, archive and hand over
customers and decide on positions, each in transactions of their own. Meanwhile days
go by, and the jobs work off the queue, the customers due and full evaluations. In the
end the tables are what a rebuild from nothing makes of the documents.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
import unittest
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import as_request, start_odoo, transaction

from odoo import fields
from odoo.fields import Command

SECONDS = 15
CUSTOMERS = 30
# Work on orders, of which the jobs must never make anybody's transaction fail.
ORDER_WORK = {"confirm", "edit", "cancel"}

CACHES = (
    "customer_purchase",
    "customer_quotation",
    "customer_contact_day",
    "customer_relationship",
)
# Columns that tell when somebody looked, and not what is true.
APART = {"id", "evaluated_at", "evaluated_on"}

# What the log says of those who are customers now and not a department of one.
STANDING_LOG = """
    SELECT log.partner_id, log.company_id, axis, log.date,
           COALESCE(to_stage_id, to_condition_id, 0)
      FROM customer_relationship_transition log
      JOIN res_partner partner ON partner.id = log.partner_id
       AND partner.commercial_partner_id = partner.id
     WHERE {stands}
  ORDER BY log.partner_id, log.company_id, axis, log.date, log.id
"""


class Customers:
    """Who and what there is to work on, made in one transaction before."""

    def __init__(self) -> None:
        with transaction() as env:
            self._create(env)

    def _create(self, env) -> None:
        self.admin_id = env.ref("base.user_admin").id
        self.seller_ids = self._create_sellers(env)
        self.product_id = env["product.product"].create({"name": "Tested Product"}).id
        names = ("shared", "merged", "moved", "archived")
        self.ids = {name: self._create_partners(env, name).ids for name in names}
        self.order_ids = self._create_orders(env).ids

    def _create_sellers(self, env) -> list[int]:
        groups = (
            "sales_team.group_sale_manager",
            "base.group_partner_manager",
            "customer_retention.group_manager",
        )
        values = [
            {
                "name": f"Seller {number}",
                "login": f"seller{number}",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
            for number in range(4)
        ]
        return env["res.users"].create(values).ids

    def _create_partners(self, env, name: str):
        return env["res.partner"].create(
            [
                {"name": f"Customer {name} {number}", "is_company": True}
                for number in range(CUSTOMERS)
            ]
        )

    def _create_orders(self, env):
        """Give each customer three old orders; those of the shared ones are edited."""
        orders = env["sale.order"]
        for pool in self.ids.values():
            orders |= env["sale.order"].create(
                [
                    self.order_values(partner_id)
                    for partner_id in pool
                    for _number in range(3)
                ]
            )
        orders.action_confirm()
        now = fields.Datetime.now()
        for number, order in enumerate(orders):
            order.date_order = now - timedelta(days=40 * (number % 3) + number % 31)
        return orders.filtered(lambda order: order.partner_id.id in self.ids["shared"])

    def order_values(self, partner_id: int) -> dict:
        """One line of one tested product, at a price of 100."""
        line = {"product_id": self.product_id, "price_unit": 100.0}
        return {"partner_id": partner_id, "order_line": [Command.create(line)]}


class Person(threading.Thread):
    """Somebody who does one kind of work, again and again."""

    def __init__(self, customers: Customers, kind: str, number: int, stop) -> None:
        super().__init__(name=f"{kind} {number}", daemon=True)
        self.customers, self.kind, self.stop = customers, kind, stop
        self.number, self.random = number, random.Random(number)
        self.user_id = customers.seller_ids[number % len(customers.seller_ids)]
        if kind == "merge":
            self.user_id = customers.admin_id
        self.done = self.tries = 0
        self.slowest = 0.0
        self.errors: list[str] = []
        self.ledger: Counter = Counter()

    def run(self) -> None:
        while not self.stop.wait(0.05):
            started = time.monotonic()
            try:
                if as_request(self.user_id, self.work) is False:
                    return  # nothing is left to do
                self.done += 1
            except Exception:
                self.errors.append(traceback.format_exc())
            self.slowest = max(self.slowest, time.monotonic() - started)

    def work(self, env):
        """Do it once; a transaction that failed is tried again."""
        self.tries += 1
        return getattr(self, self.kind)(env)

    def pick(self, pool: str) -> int:
        """Somebody of a pool; the seed makes every person's choices repeatable."""
        return self.random.choice(self.customers.ids[pool])

    def confirm(self, env) -> None:
        values = self.customers.order_values(self.pick("shared"))
        env["sale.order"].create(values).action_confirm()

    def edit(self, env) -> None:
        """Raise a price by one; two such persons never edit the same order."""
        order_id = self.random.choice(self.customers.order_ids[self.number :: 2])
        line = env["sale.order"].browse(order_id).order_line
        line.price_unit += 1
        env.cr.postcommit.add(lambda: self.ledger.update([order_id]))

    def cancel(self, env) -> None:
        """Cancel an order of one's own and take it up again."""
        values = self.customers.order_values(self.pick("shared"))
        order = env["sale.order"].create(values)
        order.action_confirm()
        order._action_cancel()
        if self.random.random() < 0.5:
            order.action_draft()

    def merge(self, env) -> bool:
        """Merge two customers; who is merged has no orders of today in flight."""
        partners = env["res.partner"].browse(self.customers.ids["merged"]).exists()
        if len(partners) < 4:
            return False
        pair = self.random.sample(partners.ids, 2)
        wizard = env["base.partner.merge.automatic.wizard"]
        wizard._merge(pair, env["res.partner"].browse(pair[0]))
        return True

    def reparent(self, env) -> None:
        """Make a company a department of another one, or independent again."""
        pool = self.customers.ids["moved"]
        number = self.random.randrange(len(pool) // 2)
        child, parent = pool[2 * number], pool[2 * number + 1]
        partner = env["res.partner"].browse(child)
        if partner.parent_id:
            partner.write({"parent_id": False, "is_company": True})
        else:
            partner.write({"parent_id": parent, "is_company": False})

    def archive(self, env) -> None:
        partner = env["res.partner"].browse(self.pick("archived"))
        partner.active = not partner.active

    def hand_over(self, env) -> None:
        """Give a customer to another salesperson."""
        partner = env["res.partner"].browse(self.pick("archived"))
        sellers = self.customers.seller_ids
        partner.user_id = self.random.choice(sellers)

    def decide(self, env) -> None:
        """Pin a position or condition, or end what was decided."""
        pins = env["customer.relationship.pin"]
        partner_id = self.pick("shared")
        axis = self.random.choice(("position", "condition"))
        model = {"position": "stage", "condition": "condition"}[axis]
        running = pins.search(
            [
                ("partner_id", "=", partner_id),
                ("axis", "=", axis),
                ("ended_on", "=", False),
            ]
        )
        if running:
            running.action_end()
            return
        steps = env[f"customer.relationship.{model}"].search([])
        values = {"partner_id": partner_id, "axis": axis, "reason": "They told us."}
        pins.create(values | {f"{model}_id": self.random.choice(steps).id})


class Job(threading.Thread):
    """A scheduled job that starts again as soon as it is done."""

    def __init__(self, kind: str, stop) -> None:
        super().__init__(name=kind, daemon=True)
        self.work, self.stop = getattr(self, kind), stop
        self.done = 0
        self.errors: list[str] = []

    def run(self) -> None:
        while not self.stop.wait(0.3):
            try:
                with transaction() as env:
                    self.work(env)
                self.done += 1
            except Exception:
                self.errors.append(traceback.format_exc())

    def queue(self, env) -> None:
        env["customer.relationship.queue"]._cron_work_queue()

    def due(self, env) -> None:
        """Let some days go by and evaluate who is due then."""
        company = env.ref("base.main_company")
        day = company._retention_today() + timedelta(days=2)
        env.cr.execute(
            "UPDATE res_company SET retention_evaluation_date = %s WHERE id = %s",
            [day, company.id],
        )
        env.cr.commit()
        env.invalidate_all()
        env["customer.evaluation.run"]._cron_due()

    def full(self, env) -> None:
        env["customer.evaluation.run"]._start("full")
        env["customer.evaluation.run"]._cron_run()


KINDS = (
    "confirm",
    "confirm",
    "edit",
    "edit",
    "cancel",
    "merge",
    "reparent",
    "archive",
    "hand_over",
    "decide",
)


class TestConcurrency(unittest.TestCase):
    """One busy half-minute; every test looks at another trace of it."""

    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        start_odoo()
        cls.customers = Customers()
        with transaction() as env:
            env["customer.evaluation.run"].search([])._work_off()
        cls._work()
        for person in cls.people:
            print(
                f"  {person.name}: {person.done} times, {person.tries - person.done} "
                f"tried again, slowest {person.slowest:.1f} s"
            )
        cls._finish()
        with transaction() as env:
            cls.caches, cls.log = cls._caches(env), cls._standing_log(env)

    @classmethod
    def _work(cls):
        stop = threading.Event()
        cls.people = [
            Person(cls.customers, kind, number, stop)
            for number, kind in enumerate(KINDS)
        ]
        cls.jobs = [Job(kind, stop) for kind in ("queue", "due", "full")]
        for thread in (*cls.jobs, *cls.people):
            thread.start()
        time.sleep(SECONDS)
        stop.set()
        for thread in (*cls.jobs, *cls.people):
            thread.join(60)

    @classmethod
    def _finish(cls):
        """Let the jobs do what is left, now that nobody works any more."""
        with transaction() as env:
            env["customer.relationship.queue"]._cron_work_queue()
            env["customer.evaluation.run"]._cron_run()
            env["customer.evaluation.run"]._cron_due()

    # === READING === #

    @staticmethod
    def _caches(env) -> dict[str, list[tuple]]:
        caches = {}
        for table in CACHES:
            env.cr.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s ORDER BY column_name",
                [table],
            )
            names = [name for (name,) in env.cr.fetchall() if name not in APART]
            columns = ", ".join(f'"{name}"' for name in names)
            order = ", ".join(str(number + 1) for number in range(len(names)))
            env.cr.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
            caches[table] = [
                dict(zip(names, row, strict=True)) for row in env.cr.fetchall()
            ]
        return caches

    @staticmethod
    def _standing_log(env) -> list[tuple]:
        stands = env["customer.relationship.transition"]._stands_sql()
        env.cr.execute(STANDING_LOG.format(stands=stands.code), stands.params)
        return env.cr.fetchall()

    @staticmethod
    def _count_log(env) -> int:
        return env["customer.relationship.transition"].search_count([])

    @staticmethod
    def _rebuild(env, kind: str) -> None:
        for table in CACHES:
            env.cr.execute(f"DELETE FROM {table}")
        env.invalidate_all()
        env["customer.evaluation.run"]._start(kind)._work_off()

    def assert_same_caches(self, rebuilt: dict[str, list[dict]]) -> None:
        """Rows of a cache are the same; say which are not, one by one."""
        for table in CACHES:
            known = {repr(row): row for row in self.caches[table]}
            fresh = {repr(row): row for row in rebuilt[table]}
            gone = [known[key] for key in sorted(known.keys() - fresh.keys())]
            missing = [fresh[key] for key in sorted(fresh.keys() - known.keys())]
            self.assertEqual(gone[:3], missing[:3], table)
            self.assertEqual(len(self.caches[table]), len(rebuilt[table]), table)

    # === TESTS === #

    def test_no_error_reaches_a_person(self):
        """Whatever the jobs do, everybody's work is accepted."""
        errors = [
            f"{person.name}: {text}" for person in self.people for text in person.errors
        ]
        self.assertEqual(errors, [])

    def test_everybody_worked(self):
        """And so did the jobs, without giving up."""
        for thread in (*self.people, *self.jobs):
            with self.subTest(thread=thread.name):
                self.assertGreater(thread.done, 0)
        self.assertEqual([text for job in self.jobs for text in job.errors], [])

    def test_nobody_who_works_on_orders_is_hindered(self):
        """No such transaction ever lost against a job and had to start again."""
        for person in self.people:
            if person.kind in ORDER_WORK:
                with self.subTest(person=person.name):
                    self.assertEqual(person.tries, person.done)

    def test_no_edit_is_lost(self):
        """A price was raised as often as somebody raised it."""
        raised = sum((person.ledger for person in self.people), Counter())
        self.assertGreater(sum(raised.values()), 20)
        with transaction() as env:
            for order in env["sale.order"].browse(self.customers.order_ids):
                with self.subTest(order=order.id):
                    price = order.order_line.price_unit
                    self.assertEqual(price, 100 + raised[order.id])

    def test_queue_is_empty(self):
        """Everything was worked off, and no run is left."""
        with transaction() as env:
            self.assertFalse(env["customer.relationship.queue"].search_count([]))
            self.assertFalse(env["customer.evaluation.run"]._count_open())
            failed = env["customer.evaluation.run"].search([("state", "=", "failed")])
            self.assertFalse(failed)

    def test_log_says_everything_once(self):
        """No move stands twice in the log."""
        twice = [row for row, number in Counter(self.log).items() if number > 1]
        self.assertEqual(twice, [])
        self.assertGreater(len(self.log), 4 * CUSTOMERS)

    def test_rebuild_of_the_caches_changes_nothing(self):
        """Thrown away and rebuilt, every table is what it was; the log too."""
        with transaction() as env:
            before = self._count_log(env)
            self._rebuild(env, "full")
            rebuilt, log, after = (
                self._caches(env),
                self._standing_log(env),
                self._count_log(env),
            )
            env.cr.rollback()
        self.assert_same_caches(rebuilt)
        self.assertEqual(log, self.log)
        self.assertEqual(after, before)

    def test_fresh_log_tells_the_same_story(self):
        """What stands is what a first evaluation of the same documents writes."""
        with transaction() as env:
            env.cr.execute("DELETE FROM customer_relationship_transition")
            self._rebuild(env, "install")
            log = self._standing_log(env)
            env.cr.rollback()
        known, fresh = set(self.log), set(log)
        self.assertEqual(sorted(known - fresh)[:10], sorted(fresh - known)[:10])


if __name__ == "__main__":
    unittest.main()
