from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from odoo import api, models
from odoo.tools import SQL, split_every

from ..logic.tier import RuleSet
from ..logic.tier_checkpoint import Replaying
from .bulk_load import int_array
from .customer_account import AccountScope
from .customer_tier_counting import Counting
from .one_evaluation import evaluating

# Members replayed at a time: bounds the memory of a slice.
REPLAY_BATCH = 1000


@dataclass(frozen=True)
class LadderBook:
    """Everything that decides in one ladder, read once for an evaluation.

    :param day: the day up to which members are evaluated.
    :param ranks: {tier: its number from 1}, archived ones included.
    :param goes_on: whether replays go on from checkpoints.
    """

    ladder: models.BaseModel
    day: date
    rule_sets: tuple[RuleSet, ...]
    countings: tuple[Counting, ...]
    ranks: Mapping[int, int]
    measure_ids: tuple[int, ...]
    has_groups: bool
    replaying: Replaying
    goes_on: bool = False

    def measure_of(self, key: int) -> int | None:
        """Return the measure that the rules call by a key."""
        return next((one.measure_id for one in self.countings if one.key == key), None)

    def by_measure(self, values: Mapping[int, float]) -> dict[str, float]:
        """Return figures by measure, as far as the measure is still there."""
        return {
            str(measure): round(value, 6)
            for key, value in values.items()
            if (measure := self.measure_of(key))
        }

    def rules(self) -> RuleSet:
        """Return the rules in force on the day."""
        current = self.rule_sets[0]
        for rules in self.rule_sets:
            if rules.starts is None or rules.starts <= self.day:
                current = rules
        return current


class CustomerTierMembership(models.Model):
    """Gather, decide, write: the one way tiers come about.

    SQL finds the few members whose tier may have changed: whose documents did, who
    are due, who are new or in another ladder. `logic.tier_replay` decides those from
    everything that is known about them. Nothing here commits or writes a partner.
    """

    _inherit = "customer.tier.membership"

    @api.model
    def _evaluate(
        self,
        account_ids: Iterable[int] | None = None,
        as_of: date | None = None,
        cause: str = "live",
        ladders=None,
        changed: Mapping[int, date] | None = None,
        force: bool = False,
        scope: AccountScope | None = None,
    ) -> int:
        """Bring the tiers of some customers up to a day.

        :param account_ids: accounts; None for everybody (or for ``scope``).
        :param as_of: the day; by default the evaluation day of each ladder.
        :param cause: as in ``customer.relationship._evaluate``.
        :param ladders: only these; by default every ladder in use.
        :param changed: {account: first day on which its documents changed}.
        :param force: replay even where nothing seems to have changed.
        :return: number of changes recorded.
        """
        scope = scope or AccountScope.of(account_ids)
        # sudo: customer.tier.membership - tiers do not depend on who asks for them
        engine = self.sudo().with_context(active_test=False)
        every = engine._ladders_in_use()
        if not scope or not every:
            return 0
        scope = engine._prepare_for(scope)
        active = every.filtered("active")
        engine._enrol_payers(active, scope)
        engine._create_assigned_table(scope, active, as_of)
        # sudo: customer.tier.ladder - the same ladders, as the engine reads them
        wanted = every if ladders is None else every & ladders.sudo()
        with evaluating(self.env):
            moves = sum(
                engine._end_memberships(one, scope, as_of, cause) for one in wanted
            )
            for ladder in wanted & active:
                moves += engine._evaluate_ladder(
                    ladder, scope, as_of, cause, changed or {}, force
                )
        self.env.cr.execute("DROP TABLE customer_tier_assigned")
        self.invalidate_model()
        return moves

    def _prepare_for(self, scope: AccountScope) -> AccountScope:
        """Return who is looked at: groups as a whole, and one after the other."""
        self.env.flush_all()
        scope = self._with_groups(scope)
        if scope.ids is not None:
            self.env["customer.relationship"]._lock_rows(scope)
        return scope

    @api.model
    def _ladders_in_use(self):
        """Return the ladders of companies that use tiers, in order of precedence;
        archived ones as well, whose members leave.
        """
        roots = self.env["res.company"]._retention_tier_roots()
        if not roots:
            return self.env["customer.tier.ladder"]
        # sudo: customer.tier.ladder - tiers do not depend on who asks for them
        ladders = self.env["customer.tier.ladder"].sudo()
        return ladders.with_context(active_test=False).search(
            [("company_id", "in", [*roots.ids, False])]
        )

    # === ONE LADDER === #

    def _evaluate_ladder(
        self,
        ladder,
        scope: AccountScope,
        as_of: date | None,
        cause: str,
        changed: Mapping[int, date],
        force: bool,
    ) -> int:
        book = replace(self._book(ladder, as_of), goes_on=not force)
        if not book.rule_sets:
            return 0
        holders = self._holders_to_replay(book, scope, changed, force)
        self._refresh_rows(ladder)
        moves = 0
        for batch in split_every(REPLAY_BATCH, holders):
            moves += self._replay_holders(book, list(batch), cause)
        return moves

    def _book(self, ladder, as_of: date | None) -> LadderBook:
        tiers = ladder.tier_ids.sorted()
        rule_sets = ladder._rule_sets()
        return LadderBook(
            ladder=ladder,
            day=as_of or ladder._today(),
            rule_sets=rule_sets,
            countings=tuple(ladder._countings()[ladder.id]),
            ranks={tier.id: rank for rank, tier in enumerate(tiers, start=1)},
            measure_ids=tuple(ladder.measure_ids.sorted().ids),
            has_groups=ladder.rolls_up_groups and self._has_groups(),
            replaying=Replaying(rule_sets),
        )

    def _holders_to_replay(
        self,
        book: LadderBook,
        scope: AccountScope,
        changed: Mapping[int, date],
        force: bool,
    ) -> list[int]:
        """Return the holders whose tier may have changed: of a few everybody."""
        everybody = force or scope.ids is not None
        touched = set(changed)
        if changed and book.has_groups and not everybody:
            touched |= set(self._with_groups(AccountScope.of(changed)).ids or ())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT assigned.holder_id
                  FROM customer_tier_assigned assigned
             LEFT JOIN customer_tier_membership known
                    ON known.partner_id = assigned.holder_id
                   AND known.ladder_id = assigned.ladder_id
                 WHERE assigned.ladder_id = %(ladder)s
                   AND (%(everybody)s OR known.id IS NULL
                        OR known.next_evaluation_on <= %(day)s
                        OR known.evaluated_on > %(day)s
                        OR assigned.holder_id = ANY(%(touched)s))
              ORDER BY assigned.holder_id
                """,
                ladder=book.ladder.id,
                everybody=everybody,
                day=book.day,
                touched=int_array(touched),
            )
        )
        return [holder_id for (holder_id,) in rows]

    def _refresh_rows(self, ladder) -> None:
        """Write who looks after whom, where that has changed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_tier_membership known
                   SET user_id = assigned.user_id, active = assigned.active
                  FROM customer_tier_assigned assigned
                 WHERE assigned.ladder_id = %s AND known.ladder_id = %s
                   AND known.partner_id = assigned.holder_id
                   AND (known.user_id, known.active)
                       IS DISTINCT FROM (assigned.user_id, assigned.active)
                """,
                ladder.id,
                ladder.id,
            )
        )

    @api.model
    def _due_holders(self, ladder, limit: int) -> list[int]:
        """Return the members of a ladder whose day has come, the longest due first.

        Those set aside after an error are left to the queue.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT due.partner_id FROM customer_tier_membership due
                 WHERE due.ladder_id = %s AND due.next_evaluation_on <= %s
                   AND NOT EXISTS (
                        SELECT FROM customer_relationship_queue aside
                         WHERE aside.partner_id = due.partner_id
                           AND aside.retry_at IS NOT NULL)
              ORDER BY due.next_evaluation_on, due.partner_id LIMIT %s
                """,
                ladder.id,
                ladder._today(),
                limit,
            )
        )
        return [holder_id for (holder_id,) in rows]
