from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL, split_every

from ..logic.facts import YEAR_DAYS
from .bulk_load import int_array
from .customer_churn_yardstick import OVERLAP

# Accounts that are named one by one; beyond that everybody is looked at.
MOST_RECENT = 50_000
# New losses that are looked at together: those of a whole past would fill the memory.
SLICE_SIZE = 2000


class CustomerChurnEvent(models.Model):
    """Losses follow the log of conditions, and returns follow purchases: in SQL.

    However often it is done, live or for a whole company, the same losses come about.
    A loss is one silence: after the same last purchase nobody is lost twice.
    """

    _inherit = "customer.churn.event"

    @api.model
    def _sync(self, company, account_ids: list[int] | None = None) -> list[int]:
        """Record who was lost and who came back.

        :param account_ids: only these accounts
        :return: ids of the new losses
        """
        self.env.flush_all()
        # sudo: customer.churn.event - the log says it, whoever causes the work
        engine = self.sudo()
        created = engine._infer(company, account_ids)
        engine._void_corrected(company, account_ids)
        engine._void_doubles(company, account_ids)
        engine._refresh_facts(company, account_ids)
        for part in split_every(SLICE_SIZE, created, engine.browse):
            part._follow_up()
            part.invalidate_recordset()
        return created

    def _follow_up(self) -> None:
        """Do what follows from new losses."""
        self._explain_by_mentions()

    @api.model
    def _sync_recent(self, company) -> None:
        """Record losses and returns of whoever was evaluated since the last time; of
        everybody once a week, with the scores, or where those are too many.
        """
        yardstick = self.env["customer.churn.yardstick"]._of(company)
        account_ids = self._recent_accounts(company, yardstick.losses_at)
        if account_ids is None or account_ids:
            self._sync(company, account_ids)
        yardstick.losses_at = self.env.cr.now()

    def _recent_accounts(self, company, losses_at) -> list[int] | None:
        """Return the accounts whose losses may have changed; None for everybody.

        Moves are recorded with an evaluation, and so are purchases.
        """
        if not losses_at:
            return None
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM customer_relationship
                 WHERE company_id = %(company)s AND evaluated_at >= %(since)s
                 UNION
                SELECT partner_id FROM customer_churn_event
                 WHERE company_id = %(company)s AND state <> 'void'
                   AND (lost_revenue IS NULL OR value_class IS NULL)
                 LIMIT %(most)s
                """,
                company=company.id,
                since=losses_at - OVERLAP,
                most=MOST_RECENT + 1,
            )
        )
        return [one for (one,) in rows] if len(rows) <= MOST_RECENT else None

    @staticmethod
    def _accounts_sql(alias: str, account_ids) -> SQL:
        if account_ids is None:
            return SQL("TRUE")
        column = SQL.identifier(alias, "partner_id")
        return SQL("%s = ANY(%s)", column, int_array(account_ids))

    def _infer(self, company, account_ids) -> list[int]:
        """Insert a loss for each silence that led to a condition of that kind.

        Of a whole past there are as many as customers: one list comes back, no rows.
        """
        ((created,),) = self.env.execute_query(
            SQL(
                """
                WITH created AS (
                INSERT INTO customer_churn_event
                       (partner_id, company_id, date, source, state, decided_by,
                        last_purchase_on, create_uid, create_date, write_uid,
                        write_date)
                SELECT DISTINCT ON (log.partner_id, bought.last_on)
                       log.partner_id, log.company_id, log.date, 'inferred', 'lost',
                       'customer', bought.last_on, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(moves)s) log
            CROSS JOIN LATERAL (
                       SELECT max(purchase.date) AS last_on
                         FROM customer_purchase purchase
                        WHERE purchase.partner_id = log.partner_id
                          AND purchase.company_id = log.company_id
                          AND purchase.is_purchase
                          AND purchase.date <= log.date) bought
                 WHERE NOT EXISTS (
                       SELECT FROM customer_churn_event known
                        WHERE known.partner_id = log.partner_id
                          AND known.company_id = log.company_id
                          AND known.state <> 'void'
                          AND known.last_purchase_on
                              IS NOT DISTINCT FROM bought.last_on)
              ORDER BY log.partner_id, bought.last_on, log.date
             RETURNING id)
                SELECT array_agg(id) FROM created
                """,
                uid=self.env.uid,
                moves=self._moves_sql(company, account_ids),
            )
        )
        self.invalidate_model()
        return created or []

    def _moves_sql(self, company, account_ids) -> SQL:
        """Return the moves to a loss that stand and that no loss tells of yet."""
        return SQL(
            """
            SELECT log.partner_id, log.company_id, log.date
              FROM customer_relationship_transition log
              JOIN customer_relationship_condition condition
                ON condition.id = log.to_condition_id AND condition.kind = 'lost'
              JOIN customer_relationship row
                ON row.partner_id = log.partner_id
               AND row.company_id = log.company_id AND NOT row.is_excluded
             WHERE log.company_id = %(company)s AND log.axis = 'condition'
               AND %(accounts)s AND %(stands)s
               AND NOT EXISTS (
                   SELECT FROM customer_churn_event known
                    WHERE known.partner_id = log.partner_id
                      AND known.company_id = log.company_id
                      AND known.date = log.date
                      AND (known.state <> 'void' OR known.source = 'declared'))
            """,
            company=company.id,
            accounts=self._accounts_sql("log", account_ids),
            stands=self.env["customer.relationship.transition"]._stands_sql(),
        )

    def _void_corrected(self, company, account_ids) -> None:
        """Take back losses whose move has been corrected: an order had come to light.

        What a person declared stands whatever the condition says.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_event event SET state = 'void'
                 WHERE event.company_id = %(company)s AND event.source = 'inferred'
                   AND event.state <> 'void' AND %(accounts)s
                   AND EXISTS (
                       SELECT FROM customer_relationship_transition correction
                        WHERE correction.partner_id = event.partner_id
                          AND correction.company_id = event.company_id
                          AND correction.axis = 'condition'
                          AND correction.corrects_from IS NOT NULL)
                   AND NOT EXISTS (
                       SELECT FROM customer_relationship_transition log
                         JOIN customer_relationship_condition condition
                           ON condition.id = log.to_condition_id
                          AND condition.kind = 'lost'
                        WHERE log.partner_id = event.partner_id
                          AND log.company_id = event.company_id
                          AND log.axis = 'condition' AND log.date = event.date
                          AND %(stands)s)
                """,
                company=company.id,
                accounts=self._accounts_sql("event", account_ids),
                stands=self.env["customer.relationship.transition"]._stands_sql(),
            )
        )
        self.invalidate_model()

    def _void_doubles(self, company, account_ids) -> None:
        """Take back losses that two transactions recorded at the same time.

        Neither sees what the other one does; whoever comes next sees both.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_event event SET state = 'void'
                  FROM customer_churn_event other
                 WHERE event.company_id = %(company)s AND event.source = 'inferred'
                   AND event.state <> 'void' AND %(accounts)s
                   AND other.partner_id = event.partner_id
                   AND other.company_id = event.company_id
                   AND other.last_purchase_on = event.last_purchase_on
                   AND other.state <> 'void'
                   AND (other.source = 'declared' OR other.id < event.id)
                """,
                company=company.id,
                accounts=self._accounts_sql("event", account_ids),
            )
        )
        self.invalidate_model()

    def _refresh_facts(self, company, account_ids) -> None:
        """Bring last purchase, what went with the customer, and the return up to date.

        Only losses that could have changed are looked at: whose customer bought since,
        or that have not been worked out yet.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH changed AS (
                UPDATE customer_churn_event event
                   SET (last_purchase_on, lost_revenue, value_class, returned_on,
                        days_away, state)
                     = (fresh.last_on, fresh.revenue,
                        COALESCE(event.value_class, fresh.value_class),
                        fresh.returned_on, fresh.returned_on - fresh.last_on,
                        CASE WHEN event.state = 'void' THEN 'void'
                             WHEN fresh.returned_on IS NULL THEN 'lost'
                             ELSE 'returned' END)
                  FROM (%(fresh)s) fresh
                 WHERE fresh.id = event.id AND %(accounts)s
                   AND (event.last_purchase_on, event.lost_revenue,
                        event.returned_on, event.value_class)
                       IS DISTINCT FROM
                       (fresh.last_on, fresh.revenue, fresh.returned_on,
                        COALESCE(event.value_class, fresh.value_class))
             RETURNING event.partner_id, event.source)
                SELECT DISTINCT partner_id FROM changed WHERE source = 'declared'
                """,
                fresh=self._classed_sql(company, account_ids),
                accounts=self._accounts_sql("event", account_ids),
            )
        )
        self.invalidate_model()
        if rows:
            declared = [partner_id for (partner_id,) in rows]
            self.env["customer.churn.score"]._follow_losses(company, declared)

    def _classed_sql(self, company, account_ids) -> SQL:
        """Return the facts of losses with the value class of what was lost."""
        yardsticks = self.env["customer.churn.yardstick"]
        return SQL(
            "SELECT facts.*, %s AS value_class FROM (%s) facts",
            yardsticks._class_sql(company, SQL("facts.revenue")),
            self._facts_sql(company, account_ids),
        )

    def _facts_sql(self, company, account_ids) -> SQL:
        """Return ``id, last_on, revenue, returned_on`` of losses that may change.

        Those of customers who are contacts of others by now stay what they were: their
        purchases are no longer told from those of the others.
        """
        return SQL(
            """
            SELECT event.id, bought.last_on, COALESCE(bought.revenue, 0) AS revenue,
                   bought.returned_on
              FROM customer_churn_event event
              JOIN %(mapping)s mapping
                ON mapping.partner_id = event.partner_id
               AND mapping.account_id = event.partner_id
         LEFT JOIN customer_relationship row
                ON row.partner_id = event.partner_id
               AND row.company_id = event.company_id
        CROSS JOIN LATERAL (%(silence)s) silence
        CROSS JOIN LATERAL (%(bought)s) bought
             WHERE event.company_id = %(company)s AND event.state <> 'void'
               AND %(accounts)s
               AND (%(given)s OR event.lost_revenue IS NULL
                    OR event.value_class IS NULL AND %(measured)s
                    OR event.returned_on IS NULL AND row.last_purchase_on > known_until
                    OR event.returned_on > row.last_purchase_on)
            """,
            mapping=self.env["customer.account"]._mapping_sql(),
            silence=self._silence_sql(),
            bought=self._bought_around_sql(),
            company=company.id,
            accounts=self._accounts_sql("event", account_ids),
            given=account_ids is not None,
            measured=bool(
                self.env["customer.churn.yardstick"]._known_measures(company.id)
            ),
        )

    @staticmethod
    def _silence_sql() -> SQL:
        """Return ``known_until``, the last day that counts as before an ``event``.

        A purchase on the very day of a loss that was known with an earlier last
        purchase came after it: the customer who was declared lost in the morning has
        ordered in the afternoon.
        """
        return SQL(
            """
            SELECT CASE WHEN event.lost_revenue IS NULL
                          OR event.last_purchase_on = event.date THEN event.date
                        ELSE event.date - 1 END AS known_until
            """
        )

    @staticmethod
    def _bought_around_sql() -> SQL:
        """Return the last purchase before an ``event``, what was bought in the year up
        to it, and the first purchase after ``silence``.
        """
        return SQL(
            """
            SELECT before.last_on, after.returned_on,
                   (SELECT sum(amount) FROM customer_purchase
                     WHERE partner_id = event.partner_id
                       AND company_id = event.company_id
                       AND date <= before.last_on
                       AND date > before.last_on - %s) AS revenue
              FROM (SELECT max(date) AS last_on FROM customer_purchase
                     WHERE partner_id = event.partner_id
                       AND company_id = event.company_id
                       AND is_purchase AND date <= silence.known_until) before
        CROSS JOIN (SELECT min(date) AS returned_on FROM customer_purchase
                     WHERE partner_id = event.partner_id
                       AND company_id = event.company_id
                       AND is_purchase AND date > silence.known_until) after
            """,
            YEAR_DAYS,
        )
