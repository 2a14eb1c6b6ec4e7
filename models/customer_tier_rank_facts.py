from __future__ import annotations

from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.history import Track
from ..logic.tier_rank import Span, Step, rank_track
from .bulk_load import int_array
from .customer_relationship_facts import FactQuestion

# The rank travels with its day and the number of its row, in one number that is a plain
# maximum and needs no sort: 12 bits of rank, 31 of the row, the day above them.
_LATEST_RANK = (
    "(max((date - DATE '2000-01-01') * (1::bigint << 43) + id * (1::bigint << 12)"
    " + rank) & ((1 << 12) - 1))::int"
)
# Whether who is ``held`` by a head enjoys its ``standing``.
_SHARES_TIER = "standing.rolls_up AND (held.is_shared OR NOT standing.everywhere)"


class CustomerRelationship(models.Model):
    """The tier as a fact, which rules may name: that of the evening before.

    `logic.tier_rank` is the definition; here it is read from the log of changes.
    """

    _inherit = "customer.relationship"

    tier_rank = fields.Integer(
        string="Number of the Tier",
        readonly=True,
        aggregator=None,
        help="In its ladder, on the evening before: 1 is the lowest, 0 is no tier.",
    )

    # === SQL === #

    @api.model
    def _added_fact_columns(self):
        return (*super()._added_fact_columns(), "tier_rank")

    def _fact_sources(self, question: FactQuestion) -> dict[str, SQL]:
        return {
            **super()._fact_sources(question),
            "tiered": self._tier_rank_sql(question),
        }

    def _known_facts_sql(self) -> SQL:
        return SQL(
            "%s, COALESCE(tiered.rank, 0) AS tier_rank", super()._known_facts_sql()
        )

    def _tier_rank_sql(self, question: FactQuestion) -> SQL:
        """Return the rank of each account on the evening before, and when it may
        change: the day after a change of tier, or of who qualifies with whom.
        """
        evening = SQL("(%s::date - 1)", question.as_of)
        company = self.env["res.company"].browse(question.company_id)
        return SQL(
            """
            WITH step AS NOT MATERIALIZED (%(steps)s),
            head AS (SELECT * FROM %(heads)s known),
            held AS (
                SELECT head.account_id, head.head_id, head.is_shared FROM head
                 WHERE COALESCE(head.date_from <= %(evening)s, TRUE)
                   AND COALESCE(head.date_until >= %(evening)s, TRUE)),
            standing AS (
                SELECT holder_id, %(latest)s AS rank, rolls_up, everywhere
                  FROM step WHERE date <= %(evening)s
              GROUP BY holder_id, ladder_id, rolls_up, everywhere),
            said AS (
                SELECT standing.holder_id AS partner_id, standing.rank,
                       NULL::date AS turns_on
                  FROM standing WHERE NOT EXISTS (
                       SELECT FROM held WHERE held.account_id = standing.holder_id
                          AND %(shares)s)
             UNION ALL
                SELECT held.account_id, standing.rank, NULL
                  FROM held JOIN standing ON standing.holder_id = held.head_id
                 WHERE %(shares)s
             UNION ALL %(turns)s)
            SELECT partner_id, max(rank) AS rank, min(turns_on) AS turns_on
              FROM said WHERE %(scope)s GROUP BY partner_id
            """,
            steps=self._tier_steps_sql(question.company_id, question.scope),
            heads=self.env["customer.account.group"]._heads_sql(company),
            evening=evening,
            turns=self._tier_turns_sql(evening),
            latest=SQL(_LATEST_RANK),
            shares=SQL(_SHARES_TIER),
            scope=question.scope.condition(SQL("partner_id")),
        )

    @staticmethod
    def _tier_turns_sql(evening: SQL) -> SQL:
        """Return the days on which the rank may change after an evening."""
        return SQL(
            """
                SELECT holder_id, NULL, date + 1 FROM step WHERE date > %(evening)s
             UNION ALL
                SELECT head.account_id, NULL, step.date + 1
                  FROM head JOIN step ON step.holder_id = head.head_id
                 WHERE step.date > %(evening)s
             UNION ALL
                SELECT account_id, NULL, date_from + 1 FROM head
                 WHERE date_from > %(evening)s
             UNION ALL
                SELECT account_id, NULL, date_until + 2 FROM head
                 WHERE date_until >= %(evening)s
            """,
            evening=evening,
        )

    def _tier_steps_sql(self, company_id: int, scope=None) -> SQL:
        """Return the changes of tier that stand, as seen from a company.

        Columns ``id, holder_id, ladder_id, date, rank`` (0 for no tier), ``rolls_up``
        (members of a group enjoy it, too) and ``everywhere`` (a shared ladder).

        :param scope: of the accounts concerned; their heads come along
        """
        concerned = SQL("TRUE")
        if scope is not None and scope.is_limited:
            concerned = self._with_heads_sql(company_id, scope)
        return SQL(
            """SELECT log.id, log.partner_id AS holder_id, log.ladder_id, log.date,
                      COALESCE(ranked.rank, 0)::int AS rank,
                      COALESCE(ladder.rolls_up_groups, FALSE) AS rolls_up,
                      ladder.company_id IS NULL AS everywhere
                 FROM customer_tier_transition log
                 JOIN customer_tier_ladder ladder ON ladder.id = log.ladder_id
            LEFT JOIN (SELECT id, rank() OVER (
                                  PARTITION BY ladder_id ORDER BY sequence, id) AS rank
                         FROM customer_tier) ranked ON ranked.id = log.to_tier_id
                WHERE (log.company_id = %(company)s OR log.company_id IS NULL)
                  AND log.partner_id IS NOT NULL AND %(concerned)s AND %(stands)s""",
            company=company_id,
            concerned=concerned,
            stands=self.env["customer.tier.transition"]._stands_sql(),
        )

    def _with_heads_sql(self, company_id: int, scope) -> SQL:
        """Return whether a row of ``log`` is of an account concerned or its head."""
        heads = SQL(
            "SELECT head_id FROM %s concerned",
            self.env["customer.account.group"]._heads_sql(
                self.env["res.company"].browse(company_id), scope
            ),
        )
        if scope.ids is None:
            holders = scope.condition(SQL("log.partner_id"))
            return SQL("(%s OR log.partner_id IN (%s))", holders, heads)
        # As one list, so that they are looked up in the index.
        return SQL(
            "log.partner_id = ANY(ARRAY(SELECT unnest(%s) UNION %s))",
            int_array(scope.ids),
            heads,
        )

    # === TRACKS === #

    @api.model
    def _gather_tracks(
        self, company, partner_ids: list[int], facts: frozenset[str]
    ) -> dict[int, list[Track]]:
        tracks = super()._gather_tracks(company, partner_ids, facts)
        if "tier_rank" not in facts:
            return tracks
        spans = self._gather_head_spans(company, partner_ids)
        heads = {row[0] for rows in spans.values() for row in rows}
        steps = self._gather_tier_steps(company, {*partner_ids, *heads})
        return {
            partner_id: [
                *tracks.get(partner_id, ()),
                rank_track(
                    steps.get(partner_id, ()),
                    [
                        Span(first, last, tuple(steps.get(head_id, ())), shared)
                        for head_id, first, last, shared in spans.get(partner_id, ())
                    ],
                ),
            ]
            for partner_id in partner_ids
        }

    @api.model
    def _gather_head_spans(
        self, company, partner_ids
    ) -> dict[int, list[tuple[int, date | None, date | None, bool]]]:
        """Return {account: heads, the days it qualifies with them, and whether it
        does so in every company}.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, head_id, date_from, date_until, is_shared"
                " FROM %s head WHERE account_id = ANY(%s)",
                self.env["customer.account.group"]._heads_sql(company),
                int_array(partner_ids),
            )
        )
        spans = defaultdict(list)
        for account_id, *span in rows:
            spans[account_id].append(tuple(span))
        return spans

    @api.model
    def _gather_tier_steps(self, company, holder_ids) -> dict[int, list[Step]]:
        """Return {holder: changes of its tiers that stand}, in order."""
        rows = self.env.execute_query(
            SQL(
                "SELECT holder_id, date, ladder_id, rank, rolls_up, everywhere"
                " FROM (%s) step WHERE holder_id = ANY(%s)"
                " ORDER BY holder_id, date, id",
                self._tier_steps_sql(company.id),
                int_array(holder_ids),
            )
        )
        steps = defaultdict(list)
        for holder_id, *values in rows:
            steps[holder_id].append(Step(*values))
        return steps
