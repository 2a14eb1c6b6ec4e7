from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.tier import Entry, Grant, Interval, Member
from ..logic.tier_checkpoint import Checkpoint
from .bulk_load import int_array
from .customer_account import AccountScope
from .customer_tier_membership_evaluation import LadderBook

DAY = timedelta(days=1)
# Sources whose entries count without a return period.
AT_ONCE = ("adjustment",)


class CustomerTierMembership(models.Model):
    """Reads everything that is known about some holders of a ladder."""

    _inherit = "customer.tier.membership"

    def _gather_members(
        self, book: LadderBook, holder_ids: list[int], leaves: bool = False
    ) -> dict[int, Member]:
        """Return {holder: what is known}; the same number of queries for any number.

        :param leaves: these holders are not in the ladder any more
        """
        entries = self._gather_entries(book, holder_ids)
        grants = self._gather_grants(book, holder_ids)
        enrolments: dict[int, list[Interval]] = {}
        if any(rules.joined for rules in book.rule_sets):
            enrolments = self._gather_enrolments(book, holder_ids)
        holds: dict[int, list[tuple]] = {}
        if any(rules.pauses for rules in book.rule_sets):
            holds = self._get_holds(holder_ids, book.day, book.ladder.company_id)
        spells = self._gather_spells(book, holder_ids, leaves)
        return {
            holder_id: Member(
                entries=tuple(entries.get(holder_id, ())),
                grants=tuple(grants.get(holder_id, ())),
                enrolments=tuple(enrolments.get(holder_id, ())),
                spells=spells.get(holder_id),
                holds=tuple(Interval(*hold) for hold in holds.get(holder_id, ())),
            )
            for holder_id in holder_ids
        }

    def _gather_checkpoints(
        self, book: LadderBook, holder_ids: list[int]
    ) -> dict[int, Checkpoint | None]:
        """Return {holder: where the last replay has got to}; they cost one query."""
        if not book.goes_on:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, checkpoint FROM customer_tier_membership"
                " WHERE ladder_id = %s AND partner_id = ANY(%s)",
                book.ladder.id,
                int_array(holder_ids),
            )
        )
        return {holder_id: book.replaying.load(text) for holder_id, text in rows}

    @api.model
    def _get_holds(
        self, holders: Iterable[int], until: date, company=None
    ) -> dict[int, list[tuple[date, date | None]]]:
        """Return {holder: times in which nothing is taken away}: first day, first day
        after it (None: open). Other parts of the product know of such times.

        :param company: whose ladder it is; by default one of all companies
        """
        return {}

    # === ENTRIES === #

    @api.model
    def _entries(
        self, ladder, holders: Iterable[int], until: date | None = None
    ) -> dict[int, list[Entry]]:
        """Return {holder: entries} of a ladder, those known until a day."""
        engine = self.sudo()  # sudo: customer.tier.entry - whoever may see the tier
        self.env.flush_all()
        # sudo: customer.tier.ladder - as the engine reads it
        book = engine._book(ladder.sudo(), until)
        found = engine._gather_entries(book, list(holders))
        return {
            holder_id: [one for one in entries if one.known_on <= book.day]
            for holder_id, entries in found.items()
        }

    def _gather_entries(
        self, book: LadderBook, holder_ids: list[int]
    ) -> dict[int, list[Entry]]:
        """Return {holder: entries}, with (source, id, rate, share) as the document."""
        holder, share, joins = SQL("entry.partner_id"), SQL("1::float8"), SQL()
        account_ids = holder_ids
        if book.has_groups:
            heads = self._heads_of_ladder_sql(book.ladder)
            account_ids = self._contributors(heads, holder_ids)
            holder = SQL("COALESCE(head.head_id, entry.partner_id)")
            share = SQL("COALESCE(head.share, 1)::float8")
            joins = SQL(
                "LEFT JOIN %s head ON head.account_id = entry.partner_id AND %s",
                heads,
                self._on_day_sql("head", SQL("entry.day")),
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(holder)s, entry.measure_key, entry.day, entry.known_on,
                       entry.value * %(share)s, entry.source, entry.res_id, entry.rate,
                       %(share)s
                  FROM (%(entries)s) entry %(joins)s
                 WHERE %(holder)s = ANY(%(holders)s)
                """,
                holder=holder,
                share=share,
                entries=book.ladder._entries_sql(AccountScope.of(account_ids)),
                joins=joins,
                holders=int_array(holder_ids),
            )
        )
        return _to_entries(rows)

    def _contributors(self, heads: SQL, holder_ids: list[int]) -> list[int]:
        """Return the accounts that have ever counted for some holders."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT account_id FROM %s head WHERE head_id = ANY(%s)",
                heads,
                int_array(holder_ids),
            )
        )
        return sorted({*holder_ids, *(account_id for (account_id,) in rows)})

    # === DECISIONS === #

    def _gather_grants(
        self, book: LadderBook, holder_ids: list[int]
    ) -> dict[int, list[Grant]]:
        rows = self._gather_decided(
            book,
            holder_ids,
            "customer_tier_grant",
            ("id", "tier_id", "kind", "date_from", "date_until", "ended_on"),
            SQL("decision.state = 'granted'"),
        )
        found: dict[int, list[Grant]] = defaultdict(list)
        for holder_id, key, tier_id, kind, starts, until, ended_on in rows:
            ends = min(day for day in (until + DAY, ended_on) if day)
            if ends > starts:
                found[holder_id].append(Grant(key, tier_id, kind, starts, ends))
        return found

    def _gather_enrolments(
        self, book: LadderBook, holder_ids: list[int]
    ) -> dict[int, list[Interval]]:
        rows = self._gather_decided(
            book,
            holder_ids,
            "customer_tier_enrolment",
            ("joined_on", "left_on", "paid_until"),
            SQL("TRUE"),
        )
        found: dict[int, list[Interval]] = defaultdict(list)
        for holder_id, joined_on, left_on, paid_until in rows:
            ends = [left_on, paid_until and paid_until + DAY]
            end = min((day for day in ends if day), default=None)
            if end is None or end > joined_on:
                found[holder_id].append(Interval(joined_on, end))
        return found

    def _gather_decided(
        self,
        book: LadderBook,
        holder_ids: list[int],
        table: str,
        columns: tuple[str, ...],
        condition: SQL,
    ) -> list[tuple]:
        """Return people's records about some holders, or about their group."""
        holder, joins = SQL("mapping.account_id"), SQL()
        scope: AccountScope | None = AccountScope.of(holder_ids)
        if book.has_groups:
            scope = None  # members of their groups decide for them, too
            holder = SQL("COALESCE(head.head_id, mapping.account_id)")
            joins = SQL(
                "LEFT JOIN %s head ON head.account_id = mapping.account_id AND %s",
                self._heads_of_ladder_sql(book.ladder),
                self._on_day_sql("head", book.day),
            )
        return self.env.execute_query(
            SQL(
                """
                SELECT %(holder)s, %(columns)s
                  FROM %(table)s decision
                  JOIN %(mapping)s mapping ON mapping.partner_id = decision.partner_id
                  %(joins)s
                 WHERE %(holder)s = ANY(%(holders)s) AND %(condition)s
                   AND decision.ladder_id = %(ladder)s
              ORDER BY decision.id
                """,
                holder=holder,
                columns=SQL(", ").join(
                    SQL.identifier("decision", name) for name in columns
                ),
                table=SQL.identifier(table),
                mapping=self.env["customer.account"]._mapping_sql(scope),
                joins=joins,
                holders=int_array(holder_ids),
                condition=condition,
                ladder=book.ladder.id,
            )
        )

    # === SPELLS === #

    def _gather_spells(
        self, book: LadderBook, holder_ids: list[int], leaves: bool
    ) -> dict[int, tuple[Interval, ...]]:
        """Return {holder: when the ladder was the one of the customer}, as the log
        tells; missing where it has always been.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT log.partner_id, log.ladder_id, log.date, log.direction
                  FROM customer_tier_transition log
                 WHERE log.partner_id = ANY(%(holders)s) AND log.cause = 'ladder'
                   AND log.date <= %(day)s AND %(stands)s
                   AND COALESCE(log.company_id, 0) = ANY(%(companies)s)
              ORDER BY log.date, log.id
                """,
                holders=int_array(holder_ids),
                day=book.day,
                stands=self.env["customer.tier.transition"]._stands_sql(),
                companies=self._sibling_companies(book.ladder),
            )
        )
        turns: dict[int, list[tuple]] = defaultdict(list)
        for holder_id, ladder_id, day, direction in rows:
            turns[holder_id].append((ladder_id, day, direction))
        spells = {}
        for holder_id in holder_ids:
            found = _spells(book.ladder.id, turns[holder_id], book.day, leaves)
            if found is not None:
                spells[holder_id] = found
        return spells

    @api.model
    def _sibling_companies(self, ladder) -> list[int]:
        """Return the companies of ladders that customers may come from; 0: shared."""
        if ladder.company_id:
            return [ladder.company_id.id, 0]
        return [0, *self.env["res.company"]._retention_tier_roots().ids]


def _spells(
    ladder_id: int, turns: list[tuple], day: date, leaves: bool
) -> tuple[Interval, ...] | None:
    """Return the days in a ladder, None for always.

    :param turns: (ladder, day, direction) of changes of ladder, in order.
    :param leaves: the customer is not in the ladder today.
    """
    own = [(on, direction) for ladder, on, direction in turns if ladder == ladder_id]
    spells: list[Interval] = []
    start: date | None = None
    is_open = not own or own[0][1] == "exit"
    if not own:
        left = [on for _ladder, on, direction in turns if direction == "exit"]
        start = left[-1] if left else None
    for on, direction in own:
        if direction == "exit" and is_open:
            spells.append(Interval(start, on))
            is_open = False
        elif direction != "exit" and not is_open:
            start, is_open = _comes_back(spells, on), True
    if not is_open and not leaves:
        start, is_open = _comes_back(spells, day), True
    if is_open:
        spells.append(Interval(start, day if leaves else None))
    if spells == [Interval(None, None)]:
        return None
    return tuple(spells)


def _comes_back(spells: list[Interval], day: date) -> date | None:
    """Return the day from which somebody who comes in on a day is in the ladder: who
    left on that same day has never left.
    """
    if spells and spells[-1].ends == day:
        return spells.pop().starts
    return day


def _to_entries(rows: Iterable[tuple]) -> dict[int, list[Entry]]:
    """Return {holder: entries}, each with (source, id, rate, share) as the document."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for holder_id, key, day, known_on, value, source, res_id, rate, part in rows:
        document = (source, res_id, rate, part)
        waits = source not in AT_ONCE
        found[holder_id].append(Entry(key, day, known_on, value, document, waits))
    return found
