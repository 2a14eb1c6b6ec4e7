"""Random customers with real orders and quotations, without the way they came about."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random

from odoo.tools import SQL

from .common import RetentionCommon, on

FIRST_DAY = on("2024-03-01")
LAST_DAY = on("2024-10-31")
DAYS = (LAST_DAY - FIRST_DAY).days


class RandomDocuments(RetentionCommon):
    """A company with a ladder of its own, and customers of every kind.

    Orders get their state and day directly: what counts is what is in the tables,
    and hundreds of confirmations would take minutes.
    """

    CUSTOMERS = 24
    SEED = 17

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retention_condition_months = 0
        cls.stages = cls._create_ladder()
        cls._add_later_rule()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Random Customer {number}", "is_company": number % 2 == 0}
                for number in range(cls.CUSTOMERS)
            ]
        )
        cls._create_documents(Random(cls.SEED))
        cls._create_decisions(Random(-cls.SEED))
        cls._forget_queue()
        cls.env["customer.evaluation.run"].search([]).unlink()

    # === RULES === #

    @classmethod
    def _create_ladder(cls):
        """Positions in both directions, one of them with a minimum stay."""
        rules = (
            ("Prospect", "[]", "forward", 0),
            ("First", '[["purchase_days", ">=", 1]]', "forward", 12),
            (
                "Repeat",
                '[["purchase_days", ">=", 2], ["overdue_ratio", "<=", 4]]',
                "both",
                0,
            ),
            (
                "Loyal",
                '[["purchase_days", ">=", 4], ["overdue_ratio", "<=", 2]]',
                "both",
                5,
            ),
        )
        return cls.env["customer.relationship.stage"].create(
            [
                {
                    "name": name,
                    "rule": rule,
                    "direction": direction,
                    "minimum_days": days,
                    "company_id": cls.company.id,
                    "sequence": 10 * number,
                }
                for number, (name, rule, direction, days) in enumerate(rules)
            ]
        )

    @classmethod
    def _add_later_rule(cls):
        """From the middle on, whoever repeats keeps that."""
        repeat = cls.stages[2]
        cls.env["customer.rule.version"]._record(
            repeat,
            {**repeat._definition(), "direction": "forward"},
            date_from=FIRST_DAY + timedelta(days=DAYS // 2),
        )

    # === DOCUMENTS === #

    @classmethod
    def _create_documents(cls, random):
        documents = []
        for partner in cls.customers:
            day = FIRST_DAY + timedelta(days=random.randint(0, 120))
            rhythm = random.choice((4, 9, 20, 45))
            for _number in range(random.randint(0, 9)):
                documents.append(
                    (partner, day, random.random() < 0.85, cls._amount(random))
                )
                gap = max(0, round(random.gauss(rhythm, rhythm / 3)))
                day += timedelta(days=gap * random.choice((1, 1, 1, 1, 5)))
        orders = cls.env["sale.order"].create(
            [
                {"partner_id": partner.id, "company_id": cls.company.id}
                for partner, *_rest in documents
            ]
        )
        orders.flush_recordset()
        for order, (_partner, day, confirmed, amount) in zip(
            orders, documents, strict=True
        ):
            cls._set_order(order, day, amount, "sale" if confirmed else "sent")

    @staticmethod
    def _amount(random):
        return random.choice((100.0, 19.99, 0.1, 2500.0, -40.0, 0.0))

    @classmethod
    def _set_order(cls, order, day, amount, state):
        """Let an order have been made and confirmed on a day, or a quotation have
        been open for three weeks.
        """
        moment = datetime.combine(day, time(12))
        cls.env.cr.execute(
            """UPDATE sale_order
                  SET state = %s, amount_untaxed = %s, amount_total = %s,
                      date_order = %s, create_date = %s, validity_date = %s
                WHERE id = %s""",
            (state, amount, amount, moment, moment, day + timedelta(days=21), order.id),
        )
        order.invalidate_recordset()

    @classmethod
    def _create_decisions(cls, random):
        """Some decisions of people and some judgements, dated anywhere."""
        condition = cls.env["customer.relationship.condition"].search([], limit=1)
        for partner in random.sample(cls.customers, 6):
            start = FIRST_DAY + timedelta(days=random.randint(20, DAYS - 30))
            values = {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "user_id": cls.env.uid,
                "date_from": start,
                "date_until": random.choice((start + timedelta(days=25), None)),
                "reason": "Decided",
            }
            target = {"axis": "position", "stage_id": cls.stages[3].id}
            if random.random() < 0.5:
                target = {"axis": "condition", "condition_id": condition.id}
            cls._insert("customer_relationship_pin", **values, **target)

    @classmethod
    def _insert(cls, table, **values):
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    # === EVALUATION === #

    def _set_today(self, day):
        """Move the evaluation date without the run that a person's change causes."""
        self.env.cr.execute(
            "UPDATE res_company SET retention_evaluation_date = %s WHERE id = %s",
            (day, self.company.id),
        )
        self.company.invalidate_recordset(["retention_evaluation_date"])

    def _install(self, day=LAST_DAY):
        """Read everything for the first time, as of a day; return the run."""
        self._set_today(day)
        run = self.env["customer.evaluation.run"]._start("install")
        run._work_off()
        self.env.invalidate_all()
        return run

    def _forget_everything(self, log=True):
        """Throw the caches away, and for some tests the log as well."""
        tables = [
            "customer_relationship",
            "customer_purchase",
            "customer_quotation",
            "customer_contact_day",
        ]
        if log:
            tables.append("customer_relationship_transition")
        for table in tables:
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.env.invalidate_all()

    # === WHAT THERE IS === #

    ROW_COLUMNS = (
        "stage_id",
        "stage_since",
        "previous_stage_id",
        "highest_stage_id",
        "rule_stage_id",
        "stage_version_id",
        "stage_pin_id",
        "entitled_stage_id",
        "condition_id",
        "condition_since",
        "previous_condition_id",
        "rule_condition_id",
        "condition_version_id",
        "condition_pin_id",
        "entitled_condition_id",
        "pending_on",
        "is_excluded",
        "segment_id",
        "purchase_count",
        "purchase_days",
        "first_purchase_on",
        "last_purchase_on",
        "revenue_total",
        "revenue_12m",
        "revenue_prev_12m",
        "average_basket",
        "interval_median",
        "interval_mean",
        "usual_interval",
        "last_gap_days",
        "last_gap_ratio",
        "expected_next_on",
        "first_quotation_on",
        "open_quotation_count",
        "open_quotation_value",
        "category_count_12m",
    )

    def _rows(self):
        """Return {account: what its row says}, the dates of evaluations left out."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM customer_relationship"
                " WHERE company_id = %s",
                SQL(", ").join(map(SQL.identifier, self.ROW_COLUMNS)),
                self.company.id,
            )
        )
        return {
            partner_id: dict(zip(self.ROW_COLUMNS, values, strict=True))
            for partner_id, *values in rows
        }

    def _assert_rows(self, expected):
        """The rows are these; only what differs is told."""
        found = self._rows()
        self.assertEqual(found.keys(), expected.keys())
        differences = {
            partner_id: {
                name: (value, found[partner_id][name])
                for name, value in row.items()
                if value != found[partner_id][name]
            }
            for partner_id, row in expected.items()
            if row != found[partner_id]
        }
        self.assertEqual(differences, {})

    def _standing(self):
        """Return what the log says, corrections applied, in order."""
        return self.env.execute_query(
            SQL(
                """
                SELECT log.partner_id, log.axis, log.date,
                       COALESCE(log.from_stage_id, log.from_condition_id),
                       COALESCE(log.to_stage_id, log.to_condition_id),
                       log.cause, log.version_id, log.pin_id, log.direction
                  FROM customer_relationship_transition log
                 WHERE log.company_id = %s AND %s
              ORDER BY log.partner_id, log.axis, log.date, log.id
                """,
                self.company.id,
                self.env["customer.relationship.transition"]._stands_sql(),
            )
        )

    def _count_log(self):
        """Return the number of rows ever written to the log."""
        self.env.cr.execute("SELECT count(*) FROM customer_relationship_transition")
        return self.env.cr.fetchone()[0]

    def _physical_rows(self):
        """Return where every cached row is stored: a rewritten row has moved."""
        self.env.cr.execute(
            "SELECT 'r', id, ctid::text FROM customer_relationship"
            " UNION ALL SELECT 'p', id, ctid::text FROM customer_purchase"
            " UNION ALL SELECT 'q', id, ctid::text FROM customer_quotation"
        )
        return set(self.env.cr.fetchall())

    @contextmanager
    def _undone(self):
        """Undo in the end whatever happens in between."""
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def _without_commits(self):
        """Let jobs run in the transaction of the test; count their commits."""
        commits = []

        def commit_progress(job, processed=0, **_options):
            job.env.flush_all()
            commits.append(processed)
            return float("inf")

        self.patch(type(self.env["ir.cron"]), "_commit_progress", commit_progress)
        return commits

    def _keep_segments(self):
        """Leave the intervals of the segments alone: they would change the rules."""
        self.patch(
            type(self.env["customer.segment"]), "_measure", lambda *_args, **_kw: None
        )


def change_in_table(env, order, **values):
    """Change an order behind the back of every hook."""
    order.flush_recordset()
    env.cr.execute(
        SQL(
            "UPDATE sale_order SET %s WHERE id = %s",
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in values.items()
            ),
            order.id,
        )
    )
    order.invalidate_recordset()
