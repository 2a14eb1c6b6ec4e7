from odoo import api, models
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
            ``matrix`` of the moves from position to position; the numbers of
            ``regressions`` and ``win_backs``
        """
        ladder = self._funnel_ladder()
        figures = self._funnel_figures(Domain(domain or Domain.TRUE), ladder)
        steps = ladder.filtered("active")
        ids = steps.ids
        return {
            "steps": self._funnel_steps(steps, figures),
            "matrix": {
                "stages": [{"id": step.id, "name": step.name} for step in steps],
                "cells": [
                    [figures.get(("move", from_id, to_id), 0) for to_id in ids]
                    for from_id in ids
                ],
            },
            "regressions": figures.get(("regression", None, None), 0),
            "win_backs": figures.get(("win_back", None, None), 0),
        }

    @api.model
    def _funnel_ladder(self):
        """The positions of the current company, lowest first, archived ones too."""
        company = self.env.company.root_id
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
            reached = figures.get(("reached", step.id, None), 0)
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
                    "current": figures.get(("current", step.id, None), 0),
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
        """All figures in one reading of the log: ``{(figure, from, to): number}``."""
        if not ladder:
            return {}
        query = self._search(domain)
        if query.is_empty():
            return {}
        rows = self.env.execute_query(
            SQL(
                "WITH move AS MATERIALIZED (%(moves)s), %(ladder)s %(figures)s",
                moves=self._funnel_moves(query),
                ladder=self._funnel_tables(ladder),
                figures=self._funnel_select(),
            )
        )
        return {
            (figure, origin, target): number if figure == "days" else int(number)
            for figure, origin, target, number in rows
        }

    @api.model
    def _funnel_moves(self, query):
        names = (
            "partner_id",
            "company_id",
            "axis",
            "date",
            "from_stage_id",
            "to_stage_id",
            "is_current",
            "is_win_back",
            "is_regression",
        )
        return query.select(
            *(self._field_to_sql(query.table, name, query) for name in names)
        )

    @api.model
    def _funnel_tables(self, ladder):
        """Common tables: rank of every position, and how far each customer came.

        An archived position ranks with the active one below it: who stood on it
        came that far.
        """
        ranks, steps = {}, [stage.id for stage in ladder if stage.active]
        rank = 0
        for stage in ladder:
            rank += stage.active
            ranks[stage.id] = max(rank, 1)
        return SQL(
            """
            ladder (stage_id, number) AS (
                SELECT * FROM UNNEST(%(stages)s, %(ranks)s)
            ),
            step (stage_id, number) AS (
                SELECT * FROM UNNEST(%(steps)s) WITH ORDINALITY
            ),
            came AS (
                SELECT move.partner_id, move.company_id, ladder.number,
                       MIN(move.date) AS date
                  FROM move
                  JOIN ladder ON ladder.stage_id = move.to_stage_id
                 WHERE move.axis = 'position'
                 GROUP BY move.partner_id, move.company_id, ladder.number
            ),
            passed AS (
                SELECT step.stage_id, step.number = MIN(came.number) AS stood,
                       MIN(came.date) AS date,
                       LEAD(MIN(came.date)) OVER (
                           PARTITION BY came.partner_id, came.company_id
                           ORDER BY step.number
                       ) AS next_date
                  FROM came
                  JOIN step ON step.number <= came.number
                 GROUP BY came.partner_id, came.company_id, step.stage_id, step.number
            )
            """,
            stages=list(ranks),
            ranks=list(ranks.values()),
            steps=steps,
        )

    @api.model
    def _funnel_select(self):
        return SQL(
            """
            SELECT 'reached', stage_id, NULL::integer, COUNT(*)::double precision
              FROM passed GROUP BY stage_id
            UNION ALL
            SELECT 'days', stage_id, NULL,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY next_date - date)
              FROM passed WHERE stood AND next_date IS NOT NULL GROUP BY stage_id
            UNION ALL
            SELECT 'current', to_stage_id, NULL, COUNT(*)
              FROM move WHERE axis = 'position' AND is_current GROUP BY to_stage_id
            UNION ALL
            SELECT 'move', from_stage_id, to_stage_id, COUNT(*)
              FROM move
             WHERE axis = 'position' AND from_stage_id <> to_stage_id
             GROUP BY from_stage_id, to_stage_id
            UNION ALL
            SELECT 'regression', NULL, NULL, COUNT(*) FROM move WHERE is_regression
            UNION ALL
            SELECT 'win_back', NULL, NULL, COUNT(*) FROM move WHERE is_win_back
            """
        )
