from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL, split_every

from .bulk_load import claim_memory
from .customer_account import AccountScope
from .customer_derived import DERIVED
from .one_evaluation import evaluating, is_evaluating

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
        self._prepare_for(scope, force)
        companies = company or self._companies_knowing(scope)
        # sudo: customer.relationship - verdicts do not depend on who asks for them
        engine = self.sudo().with_context(active_test=False)
        moves = 0
        with evaluating(self.env):
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
        """Read the documents of some customers again and evaluate them; while this
        transaction evaluates already, they are left to the queue.

        :param spared: {derived model: partners of whom no row there has changed}
        :param orders: {partner: the only orders of it that have changed}
        """
        if is_evaluating(self.env):
            reason = "decision" if force else "document"
            self.env["customer.relationship.queue"]._enqueue(partner_ids, reason)
            return 0
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        # A partner that has become a contact leaves its rows to its new account.
        account_ids = {*accounts.values(), *partner_ids}
        # Somebody new is read completely: what was there before, such as messages, was
        # of no interest then.
        known = self._lock_rows(AccountScope.of(account_ids)) & {*accounts.values()}
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
        scope = self.env["customer.account"]._with_partners(scope)
        for model in self._derived_models():
            # sudo: customer.derived - its heirs follow documents whoever reads them
            derived = self.env[model].sudo()
            if not tell and derived._fill(scope):
                continue
            part, key = scope, derived._spared_as or model
            if spared and key in spared:
                part = scope.only(set(scope.ids) - spared[key])
            for piece in derived._pieces(part, orders or {}):
                for account_id, day in derived._sync(piece).items():
                    changed[account_id] = min(day, changed.get(account_id, day))
        return changed

    @api.model
    def _derived_models(self) -> list[str]:
        """Return the derived models in the order in which they depend on each other.

        Later features add theirs.
        """
        return list(DERIVED)

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
