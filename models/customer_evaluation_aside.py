from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL

from .retries import lost_against_others

_logger = logging.getLogger(__name__)

# After so many failures in one go it is no longer asked which customer it was: what
# goes wrong with everybody would be tried once for each.
MOST_FAILURES = 20
# A customer set aside is tried again after an hour, then after two, four … hours.
LONGEST_WAIT_HOURS = 24


class CustomerEvaluationRun(models.Model):
    """Works around customers whom an error keeps from being evaluated.

    Anything can go wrong where other modules are told of a move, in an automation
    rule for instance. Who it goes wrong with is set aside and tried again later; the
    others are evaluated as ever.
    """

    _inherit = "customer.evaluation.run"

    @api.model
    def _in_parts(
        self,
        ids: Iterable[int],
        work: Callable[[list[int]], Any],
        set_aside: Callable[[list[int], Exception], Any],
    ) -> Iterator[tuple[list[int], Any]]:
        """Work on some ids in one transaction, or in halves where that fails.

        :param set_aside: what to do instead with those it cannot be done with; as a
            rule one id, many when too much goes wrong.
        :return: for each part its ids and the result. The caller commits it before
            asking for the next one.
        """
        parts, failures = [list(ids)], 0
        while parts:
            part = parts.pop()
            try:
                result = self._in_fresh_transaction(lambda part=part: work(part))
            except Exception as error:
                self.env.cr.rollback()
                if lost_against_others(error):
                    raise
                if len(part) > 1 and failures < MOST_FAILURES:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]
                    continue
                failures += 1
                result = set_aside(part, error)
            yield part, result

    # === RUNS === #

    def _work_around(self) -> int:
        """Do the slice that has just failed without those it fails with.

        :return: number of accounts looked at.
        """
        self.ensure_one()
        if self.state == "waiting":
            self._begin()
        scope, size = self._next_scope()
        parts = self._in_parts(
            self._accounts_of(scope), self._evaluate_accounts, self._leave_to_queue
        )
        for _part, moves in parts:
            self.moved_count += moves
            self.env["ir.cron"]._commit_progress(0)
        self.write({"cursor_id": scope.until, "done_count": self.done_count + size})
        return size

    def _accounts_of(self, scope) -> list[int]:
        """Return the accounts of a range, and those only their rows still know."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM %s mapping
                 WHERE account_id = partner_id AND %s
                 UNION
                SELECT partner_id FROM customer_relationship WHERE %s
              ORDER BY partner_id
                """,
                self.env["customer.account"]._mapping_sql(),
                scope.condition(SQL("partner_id")),
                scope.condition(SQL("partner_id")),
            )
        )
        return [account_id for (account_id,) in rows]

    def _leave_to_queue(self, account_ids: list[int], error: Exception) -> int:
        """Leave a customer to the queue. An error of many is one of the run."""
        if len(account_ids) > 1:
            raise error
        queue = self.env["customer.relationship.queue"]
        queue._set_accounts_aside(account_ids, "rule", error)
        return 0


class CustomerRelationshipQueue(models.Model):
    """Keeps customers with whom something went wrong for later."""

    _inherit = "customer.relationship.queue"

    retry_at = fields.Datetime(
        readonly=True, help="Set aside after an error and tried again from then on."
    )
    failed_count = fields.Integer(readonly=True)

    # Partial: rows of business transactions are not in it.
    _aside_idx = models.Index("(partner_id) WHERE retry_at IS NOT NULL")

    @api.model
    def _set_rows_aside(self, row_ids: list[int], error: Exception) -> int:
        """Let rows of the queue wait longer each time they fail.

        :return: number of rows.
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE customer_relationship_queue
                   SET retry_at = now() AT TIME ZONE 'UTC' + interval '1 hour'
                           * LEAST(2 ^ COALESCE(failed_count, 0), %s),
                       failed_count = COALESCE(failed_count, 0) + 1
                 WHERE id = ANY(%s) RETURNING partner_id, failed_count
                """,
                LONGEST_WAIT_HOURS,
                row_ids,
            )
        )
        self._log_aside([one for one, _count in rows], error, rows)
        return len(row_ids)

    @api.model
    def _set_accounts_aside(
        self, account_ids: list[int], reason: str, error: Exception
    ) -> int:
        """Queue customers that another job could not evaluate, for later.

        :return: 0, the number of their moves.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_relationship_queue
                            (partner_id, reason, queued_at, retry_at, failed_count)
                SELECT id, %s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC' + interval '1 hour', 1
                  FROM res_partner partner
                 WHERE id = ANY(%s) AND NOT EXISTS (
                        SELECT FROM customer_relationship_queue known
                         WHERE known.partner_id = partner.id
                           AND known.retry_at IS NOT NULL)
                """,
                reason,
                account_ids,
            )
        )
        self._log_aside(account_ids, error, [(0, 1)] * self.env.cr.rowcount)
        return 0

    @staticmethod
    def _log_aside(partner_ids: list[int], error: Exception, rows: list) -> None:
        """Tell the server log: the first time with what went wrong where."""
        is_news = any(count == 1 for _partner_id, count in rows)
        _logger.log(
            logging.ERROR if is_news else logging.WARNING,
            "Customers set aside, to be evaluated later: %s (%s)",
            ", ".join(map(str, partner_ids[:MOST_FAILURES])),
            error,
            exc_info=error if is_news else None,
        )

    @api.model
    def _count_aside(self) -> int:
        """Return the number of customers that are set aside."""
        return self.env.execute_query(
            SQL(
                "SELECT count(DISTINCT partner_id) FROM customer_relationship_queue"
                " WHERE retry_at IS NOT NULL"
            )
        )[0][0]
