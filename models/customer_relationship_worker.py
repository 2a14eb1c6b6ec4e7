from __future__ import annotations

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array
from .customer_derived import DERIVED

# Queue rows worked off in one transaction.
SLICE_SIZE = 2000

# The derived tables a reason has to do with; the others have to do with all.
CONCERNED = {
    "document": {"customer.purchase", "customer.quotation"},
    "contact": {"customer.contact.day"},
}

# What a reason stands for in the log; the rest just happened.
CAUSES = {
    "import": "import",
    "merge": "merge",
    "reparent": "reparent",
    "rule": "rule",
}


class CustomerRelationshipQueue(models.Model):
    """Works the queue off, in slices that lock nobody out."""

    _inherit = "customer.relationship.queue"

    @api.model
    def _cron_work_queue(self) -> None:
        """Work off the queue as long as there is time.

        Rows with which something goes wrong are set aside.
        """
        runs = self.env["customer.evaluation.run"]
        queue = self.with_context(customer_retention_run_started=self.env.cr.now())
        while row_ids := runs._in_fresh_transaction(queue._next_rows):
            worked_off = 0
            parts = runs._in_parts(row_ids, queue._work_rows, queue._set_rows_aside)
            for _part, done in parts:
                worked_off += done
                if not self.env["ir.cron"]._commit_progress(
                    done, remaining=self._count_waiting()
                ):
                    return
            if not worked_off:
                break

    @api.model
    def _work_slice(self) -> int:
        """Work off the next rows, without committing: for demo data and tests.

        :return: number of rows worked off.
        """
        return self._work_rows(self._next_rows())

    @api.model
    def _next_rows(self) -> list[int]:
        """Return the oldest rows that nobody else holds.

        Those to be tried again come when nothing else is left, so that what goes
        wrong with them does not keep anybody waiting.
        """
        self.env.flush_all()
        for ready in (
            SQL("retry_at IS NULL"),
            SQL("retry_at <= now() AT TIME ZONE 'UTC'"),
        ):
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM customer_relationship_queue WHERE %s"
                    " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                    ready,
                    SLICE_SIZE,
                )
            )
            if rows:
                return [row_id for (row_id,) in rows]
        return []

    @api.model
    def _work_rows(self, row_ids: list[int]) -> int:
        """Evaluate the customers of some rows and delete these rows.

        Rows that another worker holds are left to it, and customers whom somebody
        is deciding about right now are left for the next time.

        :return: number of rows worked off.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, partner_id, reason, order_ids"
                " FROM customer_relationship_queue"
                " WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED",
                int_array(row_ids),
            )
        )
        rows = self._leave_busy(rows)
        spared, orders = self._spared_partners(rows), self._orders_to_read(rows)
        for (cause, force), partner_ids in self._group_reasons(rows).items():
            self.env["customer.relationship"]._sync_and_evaluate(
                partner_ids, cause=cause, force=force, spared=spared, orders=orders
            )
        if rows:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM customer_relationship_queue WHERE id = ANY(%s)",
                    int_array(row[0] for row in rows),
                )
            )
        return len(rows)

    @api.model
    def _leave_busy(self, rows: list[tuple]) -> list[tuple]:
        """Return the rows of customers on whom nobody else is at work."""
        accounts = self.env["customer.account"]._account_ids(row[1] for row in rows)
        free = set(
            self.env["customer.relationship"]._free_accounts(
                {*accounts, *accounts.values()}
            )
        )
        return [row for row in rows if {row[1], accounts.get(row[1], row[1])} <= free]

    @api.model
    def _group_reasons(self, rows) -> dict[tuple[str, bool], list[int]]:
        """Return {(cause, force): partners}; each partner once, the weightiest
        reason first: a merge or an import is no news to act on.
        """
        reasons = defaultdict(set)
        for _row_id, partner_id, reason, _order_ids in rows:
            reasons[partner_id].add(reason)
        groups = defaultdict(list)
        for partner_id, names in reasons.items():
            cause = next(
                (
                    CAUSES[name]
                    for name in ("merge", "reparent", "import", "rule")
                    if name in names
                ),
                "live",
            )
            groups[cause, not names.isdisjoint(self._forced_reasons)].append(partner_id)
        return groups

    @api.model
    def _spared_partners(self, rows) -> dict[str, set[int]]:
        """Return {derived model: partners whose reasons have nothing to do with it}."""
        concerned = defaultdict(set)
        for _row_id, partner_id, reason, _order_ids in rows:
            for model in CONCERNED.get(reason, DERIVED):
                concerned[model].add(partner_id)
        everybody = {row[1] for row in rows}
        return {model: everybody - concerned[model] for model in DERIVED}

    @api.model
    def _orders_to_read(self, rows) -> dict[int, set[int]]:
        """Return {partner: its orders that have changed} for those of whom no other
        document can have changed.
        """
        orders, complete = defaultdict(set), set()
        for _row_id, partner_id, reason, order_ids in rows:
            if "customer.purchase" not in CONCERNED.get(reason, DERIVED):
                order_ids = ()
            if order_ids is None:
                complete.add(partner_id)
            else:
                orders[partner_id].update(order_ids)
        return {one: orders[one] for one in orders.keys() - complete}

    @api.model
    def _count_waiting(self) -> int:
        """Return the number of rows to be worked off, without those set aside."""
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM customer_relationship_queue"
                " WHERE retry_at IS NULL OR retry_at <= now() AT TIME ZONE 'UTC'"
            )
        )[0][0]
