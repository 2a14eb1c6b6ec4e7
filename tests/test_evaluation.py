"""However the evaluation comes about, it comes to the same end."""

from datetime import timedelta
from random import Random
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import customer_evaluation_run
from ..models.customer_account import AccountScope
from .common import RetentionCommon, on
from .random_documents import FIRST_DAY, LAST_DAY, RandomDocuments, change_in_table
from .rollbacks import rollbacks

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestEvaluation(RandomDocuments):
    """Random customers of a company, evaluated in every way there is."""

    def setUp(self):
        super().setUp()
        self._without_commits()
        self._keep_segments()

    def _nightly(self, first, last):
        """Let the job of due customers run every night of a period."""
        runs = self.env["customer.evaluation.run"]
        day = first
        while day <= last:
            self._set_today(day)
            runs._work_due(self.company)
            day += DAY

    # === THE SAME END === #

    def test_every_night_ends_where_the_first_reading_does(self):
        """Eight months of nights, or one backfill: same log, same rows."""
        self._set_today(FIRST_DAY)
        self.Relationship._sync_documents(AccountScope())
        self.Relationship._evaluate(company=self.company)
        self._nightly(FIRST_DAY + DAY, LAST_DAY)
        self.env.invalidate_all()
        rows, log = self._rows(), self._standing()
        self.assertGreater(len(log), 60)
        self.assertTrue(any(row[7] for row in log), "a decision counts")

        self._forget_everything()
        self._install()
        self.assertEqual(self._standing(), log)
        self._assert_rows(rows)

    def test_late_nights_end_where_the_first_reading_does(self):
        """The job slept for days and more than once."""
        self._set_today(FIRST_DAY)
        self.Relationship._sync_documents(AccountScope())
        self.Relationship._evaluate(company=self.company)
        for days in (3, 4, 20, 21, 22, 90, 91, 140, 200):
            self._nightly(FIRST_DAY + timedelta(days), FIRST_DAY + timedelta(days))
        self._nightly(LAST_DAY, LAST_DAY)
        rows, log = self._rows(), self._standing()

        self._forget_everything()
        self._install()
        self.assertEqual(self._standing(), log)
        self._assert_rows(rows)

    def test_detour_during_a_long_sleep_is_recorded(self):
        """The customer is where it was when the job fell asleep; it was away."""
        partner = self._create_partner("Late and Back")
        self._order(partner, "2024-03-01")
        self._order(partner, "2024-06-03")
        self._set_today(on("2024-03-01"))
        self._work_queue()
        row = self._relationship(partner)
        active = row.condition_id
        # The usual interval of the segment is 60 days: after 90 the customer cools.
        self.assertEqual(row.next_evaluation_on, on("2024-05-31"))
        self._nightly(on("2024-06-05"), on("2024-06-05"))
        row.invalidate_recordset()
        self.assertEqual(row.condition_id, active)
        self.assertEqual(row.condition_since, on("2024-06-03"))
        self.assertEqual(row.previous_condition_id.kind, "cooling")

    def test_caches_can_be_thrown_away(self):
        """The log stays as it is, and the rows come back the same."""
        self._install()
        rows, log, count = self._rows(), self._standing(), self._count_log()
        self._forget_everything(log=False)
        run = self.env["customer.evaluation.run"]._start("full")
        run._work_off()
        self._assert_rows(rows)
        self.assertEqual(self._standing(), log)
        self.assertEqual(self._count_log(), count)

    def test_another_decade_gives_the_same(self):
        """What counts is the day asked about, not the clock on the wall."""
        self._install()
        rows, log = self._rows(), self._standing()
        self._forget_everything()
        with freeze_time("2040-02-29 23:30:00"):
            self._install()
            self._assert_rows(rows)
            self.assertEqual(self._standing(), log)

    def test_looking_back_and_coming_back_changes_no_history(self):
        """As of an earlier day the rows are those of that day."""
        middle = FIRST_DAY + timedelta(days=150)
        self._install(middle)
        then = self._rows()
        self._nightly(LAST_DAY, LAST_DAY)
        now, log, count = self._rows(), self._standing(), self._count_log()
        self.assertNotEqual(then, now)

        self._set_today(middle)
        self.Relationship._evaluate(company=self.company)
        self._assert_rows(then)
        self.assertEqual(self._count_log(), count)
        self._set_today(LAST_DAY)
        self.Relationship._evaluate(company=self.company)
        self._assert_rows(now)
        self.assertEqual(self._standing(), log)
        self.assertEqual(self._count_log(), count)

    def test_second_evaluation_touches_nothing(self):
        """No move, and no row is written again."""
        self._install()
        count = self._count_log()
        self._exclude(self.customers[0])
        self.Relationship._evaluate(company=self.company)
        before = self._physical_rows()
        self.assertEqual(self.Relationship._sync_documents(AccountScope()), {})
        self.assertEqual(self.Relationship._evaluate(company=self.company), 0)
        self.assertEqual(self._physical_rows(), before)
        self.assertEqual(self._count_log(), count)

    def _exclude(self, partner, **values):
        values = {
            "partner_id": partner.id,
            "company_id": self.company.id,
            "user_id": self.env.uid,
            "date_from": FIRST_DAY,
            "reason": "Asked for",
            **values,
        }
        self._insert("customer_profiling_exclusion", **values)

    # === WHAT NOBODY SAW === #

    def test_lost_row_of_the_cache_is_restored(self):
        """Whatever damages a cache, the next look at the documents mends it."""
        self._install()
        rows, purchases = self._rows(), self._purchases()
        partner_id = next(key for key, row in rows.items() if row["purchase_days"] > 3)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE partner_id = %s"
            " AND gap_days IS NOT NULL",
            (partner_id,),
        )
        self.Relationship._sync_and_evaluate([partner_id])
        self._assert_rows(rows)
        self.assertEqual(self._purchases(), purchases)

    def _purchases(self):
        self.env.cr.execute(
            "SELECT source, res_id, partner_id, date, amount, is_purchase, gap_days"
            " FROM customer_purchase WHERE company_id = %s ORDER BY 1, 2",
            (self.company.id,),
        )
        return self.env.cr.fetchall()

    def test_reconciliation_reports_what_no_hook_saw(self):
        """An order cancelled in the table corrects the log of one customer."""
        self._install()
        partner, orders = self._busy_customer()
        change_in_table(self.env, orders[1], state="cancel")
        run = self._reconcile()
        self.assertEqual(run.changed_count, 1)
        row = self._relationship(partner)
        self.assertEqual(row.purchase_count, len(orders) - 1)
        self._assert_as_if_new()

    def test_order_taken_over_by_another_customer_corrects_both(self):
        """Although the table alone knows, and the last order leaves no gap behind."""
        self._install()
        former, orders = self._busy_customer()
        last = orders[-1]
        for heir in (self.customers[0], self.customers[-1]):
            with self.subTest(heir=heir.name), self._undone():
                change_in_table(self.env, last, partner_id=heir.id)
                run = self._reconcile()
                self.assertEqual(run.changed_count, 2)
                self._assert_as_if_new()

    def test_reconciliation_keeps_customers_only_the_log_knows(self):
        """All documents gone: the customer stays, as a prospect."""
        self._install()
        partner, orders = self._busy_customer()
        everything = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        for order in everything:
            change_in_table(self.env, order, state="cancel")
        self._reconcile()
        self.assertEqual(self._relationship(partner).stage_id, self.stages[0])
        self._reconcile()
        self.assertEqual(self._relationship(partner).stage_id, self.stages[0])
        self.assertFalse(self._relationship(partner).condition_id)
        self._assert_idle()

    def _busy_customer(self):
        """Return a customer about whom nobody decided anything, in the middle of the
        list, and its orders by date.
        """
        pins = self.env["customer.relationship.pin"].search([])
        for partner in self.customers[1:-1] - pins.partner_id:
            orders = self.env["sale.order"].search(
                [
                    ("partner_id", "=", partner.id),
                    ("state", "=", "sale"),
                    ("amount_untaxed", ">", 0),
                    ("date_order", "<=", LAST_DAY - timedelta(days=10)),
                ],
                order="date_order",
            )
            if len(set(orders.mapped("date_order"))) >= 4:
                return partner, orders
        raise AssertionError("nobody buys often")

    def _reconcile(self):
        run = self.env["customer.evaluation.run"]._start("reconcile")
        run._work_off()
        self.env.invalidate_all()
        return run

    def _assert_as_if_new(self):
        """Rows and log are those of a first reading of the same documents."""
        rows, log = self._rows(), self._standing()
        with self._undone():
            self._forget_everything()
            self._install()
            self.assertEqual(self._tell(self._standing()), self._tell(log))
            self._assert_rows(rows)

    @staticmethod
    def _tell(log):
        """What a log tells; what the rules had read may be older."""
        return [(*row[:5], row[8]) for row in log]

    def _assert_idle(self):
        """A forced evaluation has nothing to add to the log."""
        count = self._count_log()
        self.Relationship._evaluate(company=self.company, force=True)
        self.assertEqual(self._count_log(), count)

    # === DAYS TO COME === #

    def test_document_dated_ahead_counts_from_its_day_on(self):
        """It is known today, and changes the customer on the day it is dated."""
        self._install(LAST_DAY - timedelta(days=30))
        partner = self._create_partner("Ordered Ahead")
        order = self._order(partner, "2024-01-10")
        self._set_today(on("2024-10-01"))
        self._work_queue()
        self.assertEqual(self._relationship(partner).purchase_count, 1)
        ahead = self._order(partner, "2024-10-20")
        self.assertEqual(order.partner_id, ahead.partner_id)
        self._work_queue()
        row = self._relationship(partner)
        self.assertEqual((row.purchase_count, row.stage_id), (1, self.stages[1]))
        self._nightly(on("2024-10-02"), on("2024-10-20"))
        row.invalidate_recordset()
        self.assertEqual((row.purchase_count, row.stage_id), (2, self.stages[2]))
        self.assertEqual(row.stage_since, on("2024-10-20"))

    def test_new_rules_reach_whom_they_entitle_to_the_same(self):
        """A floor that is lifted lets customers down on the first day of the rules."""
        self.stages[1:].active = False
        held = self.env["customer.relationship.stage"].create(
            {
                "name": "Bought Lately",
                "rule": '[["purchase_days", ">=", 1], ["days_since_last", "<=", 30]]',
                "company_id": self.company.id,
                "sequence": 20,
            }
        )
        change = on("2024-09-01")
        self.env["customer.rule.version"]._record(
            held, {**held._definition(), "direction": "both"}, date_from=change
        )
        partner = self._create_partner("Held")
        self._order(partner, "2024-05-01")
        self._set_today(change - DAY)
        self._work_queue()
        row = self._relationship(partner)
        self.assertEqual((row.stage_id, row.entitled_stage_id), (held, self.stages[0]))
        self._nightly(change, change)
        row.invalidate_recordset()
        self.assertEqual(row.stage_id, self.stages[0])
        self.assertEqual(row.stage_since, change)

    # === RUNS === #

    def test_interrupted_run_goes_on_behind_its_last_slice(self):
        """Slice by slice, each by another worker, ends as in one go."""
        self._install()
        rows, log = self._rows(), self._standing()
        self._forget_everything()
        sizes = {"purchases": 7, "evaluate": 5}
        with patch.dict(customer_evaluation_run.SLICE_SIZE, sizes):
            run = self.env["customer.evaluation.run"]._start("install")
            slices, cursors = 0, []
            while run.state in ("waiting", "running"):
                run._work_slice()
                cursors.append((run.phase, run.cursor_id))
                self.env.flush_all()
                self.env.invalidate_all()
                slices += 1
                self.assertLess(slices, 500)
        self.assertGreater(slices, 8)
        self.assertEqual(run.progress, 100)
        self._assert_rows(rows)
        self.assertEqual(self._standing(), log)

    def test_document_that_changes_hands_between_two_slices_is_read_once(self):
        """It keeps the row of the first slice, until the queue comes to it."""
        first, last = self.customers.sorted("id")[0], self.customers.sorted("id")[-1]
        order = self._order(first, "2025-01-07", 815.0)
        self._forget_everything()
        purchases = self.env["customer.purchase"]
        self.assertTrue(purchases._fill(AccountScope(after=0, until=first.id)))
        row = purchases.search([("source", "=", "order"), ("res_id", "=", order.id)])
        self.assertEqual(row.partner_id, first)
        order.partner_id = last
        self.env.flush_all()
        self.assertTrue(purchases._fill(AccountScope(after=first.id, until=2**31 - 1)))
        self.assertEqual(row.partner_id, first)
        self.assertFalse(purchases._fill(AccountScope()), "there are rows already")
        self._work_queue()
        row.invalidate_recordset()
        self.assertEqual(row.partner_id, last)

    def test_slice_done_twice_changes_nothing(self):
        """The worker died after the work and before it said so."""
        run = self._install()
        rows, count = self._rows(), self._count_log()
        run.write({"state": "running", "phase": "evaluate", "cursor_id": 0})
        run._work_slice()
        self._assert_rows(rows)
        self.assertEqual(self._count_log(), count)

    def test_slice_that_lost_a_race_starts_again(self):
        """With a whole rollback, as often as needed; then all is as it should be."""
        self._install()
        rows, log = self._rows(), self._standing()
        self._forget_everything()
        self._set_today(LAST_DAY)
        run = self.env["customer.evaluation.run"]._start("install")
        failures = self._fail(2, psycopg2.errors.SerializationFailure)
        with rollbacks(self.env) as calls, mute_logger("odoo.sql_db"):
            self.env["customer.evaluation.run"]._cron_run()
        self.assertEqual((len(failures), len(calls)), (0, 2))
        self.assertEqual(run.state, "done")
        self._assert_rows(rows)
        self.assertEqual(self._standing(), log)

    @mute_logger(customer_evaluation_run.__name__)
    def test_run_that_always_fails_is_given_up(self):
        """It says so, and the next one has its turn."""
        self._set_today(LAST_DAY)
        runs = self.env["customer.evaluation.run"]
        broken, following = runs._start("install"), runs._start("full")
        self._fail(1, ValueError, "_sync_documents")
        with rollbacks(self.env):
            runs._cron_run()
        self.assertEqual((broken.state, following.state), ("failed", "done"))
        self.assertTrue(broken.report_text)

    def _fail(self, times, error, method="_evaluate_company"):
        """Let the next evaluations fail after they have written something."""
        engine = type(self.env["customer.relationship"])
        original, left = getattr(engine, method), list(range(times))

        def fail(rows, *args, **kwargs):
            result = original(rows, *args, **kwargs)
            if left:
                left.pop()
                raise self._failure(error)
            return result

        self.patch(engine, method, fail)
        return left

    @staticmethod
    def _failure(error):
        """An error as the driver raises it, with its code."""
        if not issubclass(error, psycopg2.Error):
            return error("no luck")
        failure = psycopg2.OperationalError.__new__(error)
        failure.__setstate__({"pgcode": "40001"})
        return failure

    # === DUE CUSTOMERS === #

    def test_due_job_looks_at_due_customers_only(self):
        """The others are not even read, and the run says how many there were."""
        self._install()
        job = self.env["customer.evaluation.run"]
        due = self.Relationship._due_accounts(self.company, LAST_DAY + 40 * DAY)
        self.assertTrue(due)
        before = self._physical_rows()
        self._set_today(LAST_DAY + 40 * DAY)
        job._cron_due()
        run = job.search([("kind", "=", "due")], limit=1)
        self.assertEqual((run.state, run.done_count), ("done", len(due)))
        written = {
            self.Relationship.browse(row_id).partner_id.id
            for kind, row_id, _place in self._physical_rows() - before
            if kind == "r"
        }
        self.assertEqual(written, set(due))
        self.assertFalse(
            self.Relationship._due_accounts(self.company, LAST_DAY + 40 * DAY)
        )

    def test_due_job_works_in_slices(self):
        """Many due customers at once are many small transactions."""
        commits = self._without_commits()
        self._install()
        far = LAST_DAY + 400 * DAY
        due = self.Relationship._due_accounts(self.company, far)
        self._set_today(far)
        with patch.dict(customer_evaluation_run.SLICE_SIZE, {"evaluate": 4}):
            done, _moves, _time = self.env["customer.evaluation.run"]._work_due(
                self.company
            )
        self.assertEqual(done, len(due))
        self.assertEqual(sum(commits), len(due))
        self.assertEqual(len(commits), -(-len(due) // 4))

    @mute_logger(customer_evaluation_run.__name__)
    def test_due_job_never_goes_round_in_circles(self):
        """Customers that stay due, whatever the reason, end it."""
        self._install()
        self._set_today(LAST_DAY + 400 * DAY)
        rounds = iter((0, 0))
        self.patch(
            type(self.env["customer.relationship"]),
            "_evaluate",
            lambda *_args, **_kwargs: next(rounds),
        )
        done, moves, _time = self.env["customer.evaluation.run"]._work_due(self.company)
        self.assertGreater(done, 0)
        self.assertEqual(moves, 0)


@tagged("post_install", "-at_install")
class TestRandomLife(RandomDocuments):
    """Months of anything that can happen, worked off by the queue and at night."""

    CUSTOMERS = 8
    MONTHS = 5
    SEEDS = range(2)

    def setUp(self):
        super().setUp()
        self._without_commits()
        self._keep_segments()

    def test_life_ends_where_a_rebuild_does(self):
        """Caches thrown away and read again are the same; the log is complete."""
        for seed in self.SEEDS:
            with self.subTest(seed=seed), self._undone():
                self._live(Random(seed))
                rows, log, count = self._rows(), self._standing(), self._count_log()
                self.assertGreater(len(log), 15)
                self._forget_everything(log=False)
                self.env["customer.evaluation.run"]._start("full")._work_off()
                self.env.invalidate_all()
                self._assert_rows(rows)
                self.assertEqual(self._standing(), log)
                self.assertEqual(self._count_log(), count)

    def _live(self, random):
        """Let things happen on random days, and the jobs do their work."""
        events = (
            self._buy,
            self._buy,
            self._buy,
            self._buy_late,
            self._offer,
            self._cancel,
            self._move,
            self._give_away,
            self._change_price,
            self._decide,
            self._end_decision,
            self._judge,
            self._exclude,
            self._end_exclusion,
            self._hire,
            self._join,
            self._leave,
        )
        day = self.today = FIRST_DAY
        self._install(day)
        while day < FIRST_DAY + self.MONTHS * timedelta(days=30):
            day += timedelta(days=random.choice((1, 1, 2, 5, 12)))
            self._set_today(day)
            self.today = day
            for event in random.choices(events, k=random.choice((0, 1, 1, 2))):
                event(random)
            self.env.flush_all()
            self.env.cr.precommit.run()
            while random.random() < 0.9 and self.Queue._work_slice():
                pass
            if random.random() < 0.8:
                self.env["customer.evaluation.run"]._work_due(self.company)
        while self.Queue._work_slice():
            pass
        self.env["customer.evaluation.run"]._work_due(self.company)
        self.env.invalidate_all()

    def _someone(self, random):
        return random.choice(self.customers)

    def _some_order(self, random, *states):
        orders = self.env["sale.order"].search(
            [("partner_id", "in", self.customers.ids), ("state", "in", states)]
        )
        return random.choice(orders) if orders else orders

    def _buy(self, random):
        self._order(self._someone(random), self.today, random.choice((10.0, 250.0)))

    def _buy_late(self, random):
        """Somebody enters an order of the past, or one of the days ahead."""
        day = self.today + timedelta(days=random.choice((-40, -9, -2, 3, 20)))
        self._order(self._someone(random), day)

    def _offer(self, random):
        until = self.today + timedelta(days=random.choice((2, 20)))
        self._quotation(self._someone(random), self.today, validity_date=until)

    def _cancel(self, random):
        self._some_order(random, "draft", "sent", "sale")._action_cancel()

    def _move(self, random):
        if order := self._some_order(random, "sale"):
            order.date_order += timedelta(days=random.randint(-30, 30))

    def _give_away(self, random):
        if order := self._some_order(random, "sale"):
            order.partner_id = self._someone(random)

    def _change_price(self, random):
        if order := self._some_order(random, "sale"):
            order.order_line.price_unit = random.choice((0.0, 500.0))

    def _decide(self, random):
        days = random.choice((None, 0, 15))
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self._someone(random).id,
                "company_id": self.company.id,
                "stage_id": random.choice(self.stages).id,
                "date_from": self.today + timedelta(days=random.choice((-20, 0, 6))),
                "date_until": days is not None
                and self.today + timedelta(days=days + 6),
                "reason": "Decided",
            }
        )

    def _end_decision(self, random):
        pins = self.env["customer.relationship.pin"].search(
            [("company_id", "=", self.company.id), ("ended_on", "=", False)]
        )
        if pins:
            random.choice(pins).action_end()

    def _judge(self, random):
        self.env["customer.fit"].create(
            {
                "partner_id": self._someone(random).id,
                "company_id": self.company.id,
                "date": self.today + timedelta(days=random.choice((-5, 0, 9))),
                "recommends": random.choice(("yes", "no")),
            }
        )

    def _exclude(self, random):
        start = self.today + timedelta(days=random.choice((-10, 0, 8)))
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self._someone(random).id,
                "company_id": self.company.id,
                "date_from": start,
                "date_until": random.choice((False, start + timedelta(days=20))),
                "reason": "Asked for",
            }
        )

    def _end_exclusion(self, random):
        self.env["customer.profiling.exclusion"].search([], limit=1).unlink()

    def _hire(self, random):
        person = self._someone(random)
        person.employee = not person.employee

    def _join(self, random):
        """One customer becomes a contact of another one."""
        child, parent = random.sample(self.customers, 2)
        if not (child.parent_id or child.child_ids or parent.parent_id):
            child.write({"parent_id": parent.id, "is_company": False})

    def _leave(self, random):
        for child in self.customers.filtered("parent_id")[:1]:
            child.write({"parent_id": False, "is_company": True})


@tagged("post_install", "-at_install")
class TestEvaluationQueries(RetentionCommon):
    """One customer or a hundred: the same number of queries."""

    # Four derived tables, and in the one company that knows them: rules, facts,
    # verdicts, log, and whether a loss or a case has ended.
    MOST_QUERIES = 55

    def test_queries_do_not_grow_with_the_customers(self):
        """Neither where everybody moves, nor where nothing does."""
        partners = self.env["res.partner"].create(
            [{"name": f"Counted {number}"} for number in range(101)]
        )
        orders = self.env["sale.order"].create(
            [{"partner_id": partner.id} for partner in partners]
        )
        orders.flush_recordset()
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', amount_untaxed = 50,"
            " date_order = '2025-06-30 12:00:00', create_date = '2025-06-20 12:00:00'"
            " WHERE id = ANY(%s)",
            (orders.ids,),
        )
        self._forget_queue()
        self._warm_up()
        one = self._queries(partners[:1])
        # Everybody makes three moves, and the ORM inserts a hundred rows at a time.
        hundred = self._queries(partners[1:]) - 2
        self.assertEqual(
            len(
                self.Relationship.search(
                    [("partner_id", "in", partners.ids), ("stage_id", "!=", False)]
                )
            ),
            101,
        )
        self.assertEqual(hundred, one)
        self.assertLessEqual(one, self.MOST_QUERIES)
        self.assertEqual(self._queries(partners[1:]), self._queries(partners[:1]))

    def _warm_up(self):
        """What is read once per process is not what a customer costs."""
        partner = self._create_partner("First of All")
        self._order(partner, "2025-06-30")
        self._work_queue()

    def _queries(self, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.Relationship._sync_and_evaluate(partners.ids)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
