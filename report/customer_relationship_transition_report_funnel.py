from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang


class CustomerRelationshipTransitionReport(models.Model):
    """How far customers come on the ladder, and where they turn back."""

    _inherit = "customer.relationship.transition.report"

    @api.model
    @api.readonly
    def get_funnel(self, domain=None):
        """Count the customers who came as far as each position or farther.

        :param domain: which transitions count; it names no axis, since the
            win-backs are read from the conditions
        :return: ``steps`` with the customers who ever reached each position or a
            later one, the share of the step before, the median days from one step
            to the next among those who stood on it, and who stands there now;
            ``matrix`` of the moves from position to position, and in ``started``
            of those who had none before; the numbers of
            ``regressions`` and ``win_backs``
        """
        ladder = self._funnel_ladder()
        figures = self._funnel_figures(self._funnel_domain(domain), ladder)
        steps = ladder.filtered("active")
        ids = steps.ids
        return {
            "steps": self._funnel_steps(steps, figures),
            "matrix": {
                "stages": [{"id": step.id, "name": step.name} for step in steps],
                "cells": [
                    [int(figures.get(("move", from_id, to_id), 0)) for to_id in ids]
                    for from_id in ids
                ],
                "started": [
                    int(figures.get(("move", None, to_id), 0)) for to_id in ids
                ],
            },
            "regressions": int(figures.get(("regression", None, None), 0)),
            "win_backs": int(figures.get(("win_back", None, None), 0)),
        }

    @api.model
    def _funnel_domain(self, domain):
        """The filters as a domain.

        :raise UserError: they are none
        """
        try:
            return Domain(domain or Domain.TRUE).optimize_full(self)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("These filters cannot be read. Remove them and try again.")
            ) from error

    @api.model
    def _funnel_ladder(self):
        """The positions of the current company, lowest first, archived ones too."""
        company = self.env.company._retention_root()
        stages = (
            self.env["customer.relationship.stage"]
            .with_context(active_test=False)
            .search([("company_id", "in", [company.id, False])])
        )
        own = stages.filtered("company_id")
        return own if own.filtered("active") else stages - own

    @api.model
    def _funnel_steps(self, steps, figures):
        rows, before = [], None
        for step in steps:
            reached = int(figures.get(("reached", step.id, None), 0))
            share = reached / before if before else None
            rows.append(
                {
                    "id": step.id,
                    "name": step.name,
                    "color": step.color,
                    "reached": reached,
                    "conversion": share,
                    "conversion_text": self._percent(share),
                    "median_days": figures.get(("days", step.id, None)),
                    "current": int(figures.get(("current", step.id, None), 0)),
                }
            )
            before = reached
        return rows

    @api.model
    def _percent(self, share):
        if share is None:
            return ""
        number = formatLang(self.env, share * 100, digits=1 if 0 < share < 0.1 else 0)
        return self.env._("%(number)s%%", number=number)

    @api.model
    def _funnel_figures(self, domain, ladder):
        """All figures in one statement: ``{(figure, from, to): number}``.

        The positions are read for themselves: most of the log tells of conditions,
        of which only the win-backs are counted.
        """
        query = self._search(domain & Domain("axis", "=", "position"))
        won_back = self._search(domain & Domain("is_win_back", "=", True))
        if query.is_empty() or not ladder.filtered("active"):
            return {}
        figures = defaultdict(int)
        for figure, origin, target, number in self.env.execute_query(
            SQL(
                """
                WITH move AS MATERIALIZED (%(moves)s), came AS (%(came)s),
                     reached AS (%(reached)s), moved AS (%(moved)s)
                SELECT figure.* FROM reached, LATERAL (VALUES %(steps)s) AS figure
                UNION ALL
                SELECT figure.* FROM moved, LATERAL (VALUES
                    ('move', from_stage_id, to_stage_id, moves),
                    ('current', to_stage_id, NULL, stays),
                    ('regression', NULL, NULL, regressions)
                ) AS figure
                UNION ALL
                SELECT 'win_back', NULL, NULL, count(*) FROM (%(won_back)s) won_back
                """,
                won_back=won_back.select(),
                moves=self._funnel_moves(query),
                came=self._funnel_came(ladder),
                moved=self._funnel_moved(),
                **self._funnel_reached(ladder.filtered("active").ids),
            )
        ):
            if number is not None:
                figures[figure, origin, target] += number
        return figures

    @api.model
    def _funnel_moves(self, query):
        names = (
            "partner_id",
            "company_id",
            "date",
            "from_stage_id",
            "to_stage_id",
            "is_current",
            "is_regression",
        )
        return query.select(
            *(self._field_to_sql(query.table, name, query) for name in names)
        )

    @api.model
    def _funnel_came(self, ladder) -> SQL:
        """When each customer first stood on each step: columns ``day_1`` and so on.

        An archived position counts for the active one below it: who stood there had
        come that far.
        """
        stages, steps = [], []
        for stage in ladder:
            if stage.active:
                # What is archived below the lowest step counts for that one.
                steps.append([] if steps else list(stages))
            stages.append(stage.id)
            if steps:
                steps[-1].append(stage.id)
        days = SQL(", ").join(
            SQL(
                "MIN(date) FILTER (WHERE to_stage_id = ANY(%s)) AS %s",
                stage_ids,
                SQL.identifier(f"day_{number}"),
            )
            for number, stage_ids in enumerate(steps, start=1)
        )
        return SQL(
            """SELECT %s FROM move WHERE to_stage_id = ANY(%s)
                GROUP BY partner_id, company_id""",
            days,
            stages,
        )

    @api.model
    def _funnel_reached(self, step_ids):
        """Customers who came that far or farther, and the days to the next step.

        The days are the median over those who stood on the step before they came
        farther; who has skipped it has not waited there.
        """
        columns, rows = [], []
        for number, step_id in enumerate(step_ids, start=1):
            names = [f"day_{later}" for later in range(number, len(step_ids) + 1)]
            here, *farther = (SQL.identifier(name) for name in names)
            beyond = SQL("LEAST(%s)", SQL(", ").join(farther)) if farther else None
            columns.append(
                SQL(
                    "COUNT(LEAST(%s)) AS %s, %s AS %s",
                    SQL(", ").join([here, *farther]),
                    SQL.identifier(f"reached_{number}"),
                    self._funnel_median(here, beyond)
                    if farther
                    else SQL("NULL::float8"),
                    SQL.identifier(f"days_{number}"),
                )
            )
            rows.append(
                SQL(
                    "('reached', %(id)s, NULL::int, %(reached)s::float8),"
                    " ('days', %(id)s, NULL, %(days)s)",
                    id=step_id,
                    reached=SQL.identifier(f"reached_{number}"),
                    days=SQL.identifier(f"days_{number}"),
                )
            )
        return {
            "reached": SQL("SELECT %s FROM came", SQL(", ").join(columns)),
            "steps": SQL(", ").join(rows),
        }

    @api.model
    def _funnel_median(self, here, beyond) -> SQL:
        return SQL(
            """percentile_cont(0.5) WITHIN GROUP (
                ORDER BY CASE WHEN %(here)s <= %(beyond)s THEN %(beyond)s - %(here)s END
            )""",
            here=here,
            beyond=beyond,
        )

    @api.model
    def _funnel_moved(self) -> SQL:
        return SQL(
            """
            SELECT from_stage_id, to_stage_id,
                   COUNT(*) FILTER (
                       WHERE from_stage_id IS DISTINCT FROM to_stage_id
                   ) AS moves,
                   COUNT(*) FILTER (WHERE is_current) AS stays,
                   COUNT(*) FILTER (WHERE is_regression) AS regressions
              FROM move GROUP BY from_stage_id, to_stage_id
            """
        )
