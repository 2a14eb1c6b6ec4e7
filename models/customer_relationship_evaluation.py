from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL, split_every

from .bulk_load import claim_memory
from .customer_account import AccountScope
from .customer_derived import DERIVED
from .customer_relationship_facts import FactQuestion
from .customer_relationship_rulebook import Rulebook

# Accounts replayed at a time: bounds the memory of a slice.
REPLAY_BATCH = 1000


class CustomerRelationship(models.Model):
    """Gather, decide, write: the one way facts and verdicts come about.

    SQL aggregates the facts and finds the few accounts whose verdict may have
    changed; `logic.replay` decides those from everything that is known about them.
    Nothing here commits.
    """

    _inherit = "customer.relationship"

    # === ENTRY POINTS === #

    @api.model
    def _evaluate(
        self,
        account_ids: Iterable[int] | None = None,
        as_of: date | None = None,
        cause: str = "live",
        company=None,
        changed: Mapping[int, date] | None = None,
        force: bool = False,
        scope: AccountScope | None = None,
    ) -> int:
        """Bring facts and verdicts of some accounts up to a day.

        :param account_ids: accounts; None for everybody (or for ``scope``).
        :param as_of: the day; by default the evaluation day of each company.
        :param cause: ``live`` when it just happened, else ``backfill``, ``import``,
            ``merge``, ``rule`` or ``setting``: such evaluations plan no activities.
        :param company: root company; by default all of them.
        :param changed: {account: first day on which its documents changed}.
        :param force: replay even where nothing seems to have changed.
        :return: number of moves recorded.
        """
        scope = scope or AccountScope.of(account_ids)
        if not scope:
            return 0
        companies = company or self.env["res.company"]._retention_roots()
        self._prepare_for(scope, force)
        # sudo: customer.relationship - verdicts do not depend on who asks for them
        engine = self.sudo().with_context(active_test=False)
        moves = 0
        for root in companies:
            day = as_of or root._retention_today()
            moves += engine._evaluate_company(
                root, scope, day, cause, changed or {}, force
            )
        self.invalidate_model()
        return moves

    def _prepare_for(self, scope: AccountScope, force: bool) -> None:
        self.env.flush_all()
        if scope.ids is None:
            claim_memory(self.env.cr)
        if force or scope.ids is not None:
            self._lock_rows(scope)

    @api.model
    def _list_accounts(self, scope: AccountScope, company) -> None:
        """Insert rows with facts, but no verdict yet, for accounts that have none.

        The first reading does this before the long work of looking at everybody's
        path, so that the figures are there within minutes.
        """
        self.env.flush_all()
        as_of = company._retention_today()
        # sudo: customer.relationship - facts do not depend on who asks for them
        engine = self.sudo().with_context(active_test=False)
        book = engine._rulebook(company)
        engine._create_fresh_table(company, scope, as_of, book, complete=True)
        era = book.index(as_of)
        engine._keep_verdicts(
            SQL(
                "%s WHERE known.id IS NULL",
                engine._verdicts_sql(company, as_of, book, era),
            )
        )
        # With the indexes there: business transactions ask this table who is a
        # customer, and must not wait for a slice.
        engine._write_fresh_rows(company, as_of, update=False)
        engine._drop_working_tables()
        self.invalidate_model()

    @api.model
    def _sync_and_evaluate(
        self,
        partner_ids: Iterable[int],
        cause: str = "live",
        as_of: date | None = None,
        force: bool = False,
        spared: Mapping[str, set[int]] | None = None,
        orders: Mapping[int, set[int]] | None = None,
    ) -> int:
        """Read the documents of some customers again and evaluate them.

        :param spared: {derived model: partners of whom no row there has changed}
        :param orders: {partner: the only orders of it that have changed}
        """
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        # A partner that has become a contact leaves its rows to its new account.
        account_ids = {*accounts.values(), *partner_ids}
        self._lock_rows(AccountScope.of(account_ids))
        known = self._known_accounts(accounts)
        changed = self._sync_documents(
            AccountScope.of(account_ids),
            spared=self._spared_accounts(accounts, known, spared or {}),
            orders=self._orders_by_account(accounts, known, orders or {}),
        )
        # Documents may have come from an account that nobody named.
        account_ids.update(changed)
        return self._evaluate(
            account_ids, as_of=as_of, cause=cause, changed=changed, force=force
        )

    @api.model
    def _sync_documents(
        self,
        scope: AccountScope,
        tell: bool = True,
        spared: Mapping[str, set[int]] | None = None,
        orders: Mapping[int, set[int]] | None = None,
    ) -> dict[int, date]:
        """Derive purchases, categories, quotations and contacts of some accounts.

        :param tell: False when everybody is looked at afterwards anyway; who has
            changed is then not said where it takes extra work.
        :param spared: {derived model: accounts left out there}
        :param orders: {account: the only orders of it to be read again}
        :return: {account: first day on which anything changed}
        """
        changed: dict[int, date] = {}
        for model in DERIVED:
            # sudo: customer.derived - its heirs follow documents whoever reads them
            derived = self.env[model].sudo()
            if not tell and derived._fill(scope):
                continue
            part = scope
            if spared and model in spared:
                part = AccountScope.of(set(scope.ids) - spared[model])
            for piece in derived._pieces(part, orders or {}):
                for account_id, day in derived._sync(piece).items():
                    changed[account_id] = min(day, changed.get(account_id, day))
        return changed

    # === ONE COMPANY === #

    def _evaluate_company(
        self,
        company,
        scope: AccountScope,
        as_of: date,
        cause: str,
        changed: Mapping[int, date],
        force: bool,
    ) -> int:
        book = self._rulebook(company)
        complete = force or scope.ids is not None
        self._create_fresh_table(company, scope, as_of, book, complete)
        self._delete_orphans(company, scope, complete)
        self._create_verdict_table(company, as_of, book, force, changed)
        to_replay = self._accounts_to_replay()
        self._write_fresh_rows(company, as_of)
        self._drop_working_tables()
        moves = 0
        for batch in split_every(REPLAY_BATCH, to_replay):
            moves += self._replay_accounts(company, list(batch), as_of, book, cause)
        return moves

    def _drop_working_tables(self) -> None:
        self.env.cr.execute("DROP TABLE customer_fresh, customer_verdict")

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
        that are missing.
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_relationship row
                 WHERE row.company_id = %(company)s AND %(scope)s
                   AND NOT EXISTS (SELECT FROM customer_fresh fresh
                                    WHERE fresh.partner_id = row.partner_id)
                   AND (%(with_log)s OR NOT EXISTS (
                        SELECT FROM customer_relationship_transition log
                          JOIN %(mapping)s mapping
                            ON mapping.partner_id = log.partner_id
                           AND mapping.account_id = log.partner_id
                         WHERE log.partner_id = row.partner_id
                           AND log.company_id = row.company_id))
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
                past=past,
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
            changed=list(changed),
            facts=self._fact_columns_sql("row"),
            known_facts=self._fact_columns_sql("known"),
        )

    def _accounts_to_replay(self) -> list[int]:
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    "SELECT partner_id FROM customer_verdict"
                    " WHERE replays AND NOT is_excluded ORDER BY partner_id"
                )
            )
        ]

    def _write_fresh_rows(self, company, as_of: date, update: bool = True) -> None:
        """Insert new rows and update those that were asked about, in one statement.

        An account that must not be profiled keeps a bare row: no facts, no verdict.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_relationship (
                    partner_id, company_id, %(columns)s, entitled_stage_id,
                    entitled_condition_id, next_evaluation_on, evaluated_on,
                    evaluated_at)
                SELECT fresh.partner_id, %(company)s, %(fresh)s,
                       verdict.entitled_stage_id, verdict.entitled_condition_id,
                       verdict.next_on, %(as_of)s, now() AT TIME ZONE 'UTC'
                  FROM customer_fresh fresh
                  JOIN customer_verdict verdict
                    ON verdict.partner_id = fresh.partner_id
                %(update)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, self._fact_columns())),
                company=company.id,
                fresh=self._fact_columns_sql("fresh"),
                as_of=as_of,
                update=self._update_row_sql() if update else SQL(),
            )
        )
        self._strip_excluded(company)

    def _update_row_sql(self) -> SQL:
        names = (
            *self._fact_columns(),
            "entitled_stage_id",
            "entitled_condition_id",
            "next_evaluation_on",
            "evaluated_on",
            "evaluated_at",
        )
        return SQL(
            "ON CONFLICT (partner_id, company_id) DO UPDATE SET (%s) = ROW(%s)",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(SQL.identifier("excluded", name) for name in names),
        )

    def _strip_excluded(self, company) -> None:
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship row SET %s
                  FROM customer_verdict verdict
                 WHERE verdict.is_excluded AND row.company_id = %s
                   AND row.partner_id = verdict.partner_id
                """,
                self._bare_sql(),
                company.id,
            )
        )

    @api.model
    def _strip_now(self, partner_ids: Iterable[int]) -> None:
        """Leave nothing in the rows of customers who are excluded from profiling.

        Rows that a job is at work on are left to the queue.
        """
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        if not accounts:
            return
        exclusions = self.env["customer.profiling.exclusion"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship row SET is_excluded = TRUE, %s
                 WHERE id IN (
                    SELECT id FROM customer_relationship known
                     WHERE partner_id = ANY(%s) AND is_excluded IS NOT TRUE
                       AND NOT %s
                       FOR UPDATE SKIP LOCKED)
                """,
                self._bare_sql(),
                list(accounts.values()),
                exclusions._profiled_sql("known"),
            )
        )
        self.invalidate_model()

    def _bare_sql(self) -> SQL:
        """Return the assignments that take facts and verdict out of a row."""
        kept = ("user_id", "active", "is_excluded")
        cleared = [name for name in self._fact_columns() if name not in kept]
        return SQL(", ").join(
            SQL("%s = NULL", SQL.identifier(name))
            for name in (*cleared, *self._verdict_columns())
        )
