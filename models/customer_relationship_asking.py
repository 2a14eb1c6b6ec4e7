from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo import models
from odoo.tools import SQL

from .bulk_load import int_array
from .customer_account import AccountScope
from .customer_relationship_facts import FactQuestion
from .customer_relationship_rulebook import Rulebook


class CustomerRelationship(models.Model):
    """Asks the rules about fresh facts, in tables of this transaction."""

    _inherit = "customer.relationship"

    def _create_fresh_table(
        self, company, scope: AccountScope, as_of: date, book: Rulebook, complete: bool
    ) -> None:
        """Aggregate the facts of the scope into a table of this transaction.

        :param complete: also what the rows remember from the last complete time.
        """
        fallbacks = book.fallbacks[book.index(as_of)]
        question = FactQuestion(
            company_id=company.id,
            as_of=as_of,
            scope=scope,
            fallbacks=tuple(sorted(fallbacks.items())),
            with_log=complete,
            last_seller=complete,
        )
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_fresh ON COMMIT DROP AS"
                " SELECT facts.*, %s::date AS as_of FROM (%s) facts",
                as_of,
                self._facts_sql(question),
            )
        )

    def _delete_orphans(self, company, scope: AccountScope, complete: bool) -> None:
        """Delete rows of accounts that nothing is known of any more.

        Where the accounts were collected without the log, it is asked about the few
        that are missing, once it is known who they are: looked for the other way
        round, the whole log would be read.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH missing AS MATERIALIZED (
                    SELECT row.id, row.partner_id, row.company_id
                      FROM customer_relationship row
                     WHERE row.company_id = %(company)s AND %(scope)s
                       AND NOT EXISTS (SELECT FROM customer_fresh fresh
                                        WHERE fresh.partner_id = row.partner_id))
                DELETE FROM customer_relationship row USING missing
                 WHERE row.id = missing.id
                   AND (%(with_log)s OR NOT EXISTS (
                        SELECT FROM customer_relationship_transition log
                          JOIN %(mapping)s mapping
                            ON mapping.partner_id = log.partner_id
                           AND mapping.account_id = log.partner_id
                         WHERE log.partner_id = missing.partner_id
                           AND log.company_id = missing.company_id))
                """,
                company=company.id,
                scope=scope.condition(SQL("row.partner_id")),
                with_log=complete,
                mapping=self.env["customer.account"]._mapping_sql(),
            )
        )

    def _create_verdict_table(
        self,
        company,
        as_of: date,
        book: Rulebook,
        force: bool,
        changed: Mapping[int, date],
    ) -> None:
        """Ask the rules about the rows that are new, different or due.

        ``replays`` tells which of them need their path looked at: the rules entitle
        them to something else, the past changed, a day was missed, a stay or decision
        ends, or other rules have come into force since they were last looked at.
        """
        era = book.index(as_of)
        past = [account_id for account_id, day in changed.items() if day < as_of]
        self._keep_verdicts(
            SQL(
                """
                SELECT asked.*,
                       %(force)s OR id IS NULL OR stage_since IS NULL
                       OR partner_id = ANY(%(past)s)
                       OR evaluated_on > %(as_of)s
                       OR next_evaluation_on < %(as_of)s
                       OR pending_on <= %(as_of)s
                       OR evaluated_on < %(era_start)s
                       OR known_segment_id IS DISTINCT FROM segment_id
                       OR known_stage_id IS DISTINCT FROM entitled_stage_id
                       OR known_condition_id IS DISTINCT FROM entitled_condition_id
                       AS replays
                  FROM (%(verdicts)s WHERE %(force)s OR %(asked)s) asked
                """,
                force=force,
                past=int_array(past),
                as_of=as_of,
                era_start=book.starts[era],
                verdicts=self._verdicts_sql(company, as_of, book, era),
                asked=self._asked_sql(as_of, changed),
            )
        )

    def _keep_verdicts(self, verdicts: SQL) -> None:
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_verdict ON COMMIT DROP AS %s", verdicts
            )
        )

    def _verdicts_sql(self, company, as_of: date, book: Rulebook, era: int) -> SQL:
        """Return what the rules say about fresh facts, beside what they said before."""
        return SQL(
            """
            SELECT row.partner_id, known.id, known.stage_since,
                   row.segment_id, known.segment_id AS known_segment_id,
                   known.evaluated_on, known.next_evaluation_on, known.pending_on,
                   known.entitled_stage_id AS known_stage_id,
                   known.entitled_condition_id AS known_condition_id,
                   %(stage)s AS entitled_stage_id,
                   %(condition)s AS entitled_condition_id,
                   LEAST(row.turns_on, %(breaks)s,
                         CASE WHEN known.pending_on > %(as_of)s
                              THEN known.pending_on END) AS next_on,
                   row.is_excluded
              FROM customer_fresh row
         LEFT JOIN customer_relationship known
                ON known.partner_id = row.partner_id
               AND known.company_id = %(company)s
            """,
            as_of=as_of,
            company=company.id,
            stage=self._entitled_position_sql(book.positions[era]),
            condition=self._entitled_condition_sql(book.conditions[era]),
            breaks=self._break_points_sql(book, era, as_of),
        )

    def _asked_sql(self, as_of: date, changed: Mapping[int, date]) -> SQL:
        """Return the condition on ``row`` and ``known`` for rows that are not up to
        date. A bare row of somebody not profiled has no facts to compare.
        """
        return SQL(
            """known.id IS NULL
            OR known.evaluated_on > %(as_of)s
            OR known.next_evaluation_on <= %(as_of)s
            OR row.partner_id = ANY(%(changed)s)
            OR CASE WHEN known.is_excluded AND row.is_excluded
               THEN (known.user_id, known.active)
                    IS DISTINCT FROM (row.user_id, row.active)
               ELSE known.stage_since IS NULL
                    OR (%(known_facts)s) IS DISTINCT FROM (%(facts)s)
               END""",
            as_of=as_of,
            changed=int_array(changed),
            facts=self._fact_columns_sql("row"),
            known_facts=self._fact_columns_sql("known"),
        )
