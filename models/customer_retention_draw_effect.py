from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..logic.holdout import (
    FEWEST,
    Arm,
    Effect,
    Sample,
    mean_overall,
    retained_overall,
)


class CustomerRetentionDraw(models.Model):
    """What fighting churn brought: those approached against those left alone."""

    _inherit = "customer.retention.draw"

    @api.model
    def _effect(self, company, domain=()) -> dict:
        """Return what is known about the effect, of windows that are over.

        Draws with another play or another part left alone are other experiments,
        which are weighted, never thrown together.

        :return: ``{"retained": Effect, "revenue": Effect, "margin": Effect,
            "treated": Arm, "control": Arm}``
        """
        groups = self._experiments(company, domain)
        return {
            "treated": _together(pair[0]["arm"] for pair in groups),
            "control": _together(pair[1]["arm"] for pair in groups),
            "retained": retained_overall([(a["arm"], b["arm"]) for a, b in groups]),
            "revenue": mean_overall([(a["revenue"], b["revenue"]) for a, b in groups]),
            "margin": mean_overall([(a["margin"], b["margin"]) for a, b in groups]),
        }

    @api.model
    def _experiments(self, company, domain) -> list[tuple[dict, dict]]:
        """Return (approached, left alone) of each play and part left alone."""
        over = Domain("company_id", "=", company.id) & Domain("is_over", "=", True)
        # sudo: customer.retention.draw - sums of everybody, for whoever may ask
        draws = self.sudo()
        rows = draws._read_group(
            over & Domain(domain),
            ["play_id", "hold_out_share", "is_held_out"],
            ["__count", "bought_on:count", "revenue:avg", "net_margin:avg"],
        )
        spread = draws._spread(over & Domain(domain))
        experiments: dict = {}
        nobody = {"arm": Arm(0, 0), "revenue": Sample(0, 0), "margin": Sample(0, 0)}
        for play, share, held, count, bought, revenue, margin in rows:
            key = (play.id, share)
            pair = experiments.setdefault(key, [dict(nobody), dict(nobody)])
            variance = spread.get((*key, held), (0.0, 0.0))
            pair[int(held)] = {
                "arm": Arm(count, bought),
                "revenue": Sample(count, revenue or 0.0, variance[0]),
                "margin": Sample(count, margin or 0.0, variance[1]),
            }
        return [tuple(pair) for pair in experiments.values()]

    @api.model
    def _spread(self, domain) -> dict:
        """Return {(play, part, left alone): variances of revenue and margin}."""
        query = self._search(domain)
        names = ("play_id", "hold_out_share", "is_held_out")
        columns = [self._field_to_sql(query.table, name, query) for name in names]
        money = [
            self._field_to_sql(query.table, name, query)
            for name in ("revenue", "net_margin")
        ]
        query.groupby = SQL(", ").join(columns)
        rows = self.env.execute_query(
            query.select(*columns, *(SQL("var_samp(%s)", one) for one in money))
        )
        return {tuple(row[:3]): (row[3] or 0.0, row[4] or 0.0) for row in rows}

    # === IN WORDS === #

    @api.model
    def _effect_sentence(self, company, domain=()) -> str:
        """Return what is known about the effect in a sentence anybody can judge."""
        effect = self._effect(company, domain)
        if effect["retained"].code == "not_enough":
            return self.env._(
                "Not enough data: %(treated)s approached and %(control)s left alone "
                "until the end of their window, %(fewest)s of each are needed.",
                treated=effect["treated"].customers,
                control=effect["control"].customers,
                fewest=FEWEST,
            )
        return " ".join(
            (
                self._retained_sentence(effect),
                self._margin_sentence(effect["margin"], company),
            )
        )

    def _retained_sentence(self, effect) -> str:
        retained = effect["retained"]
        values = {
            "treated": round(100 * effect["treated"].share),
            "control": round(100 * effect["control"].share),
            "low": round(100 * retained.low),
            "high": round(100 * retained.high),
        }
        sentences = {
            "helped": self.env._(
                "It helped: %(treated)s %% of those approached bought again, "
                "%(control)s %% of those left alone (%(low)s to %(high)s points more).",
                **values,
            ),
            "harmed": self.env._(
                "It did harm: %(treated)s %% of those approached bought again, "
                "%(control)s %% of those left alone (%(low)s to %(high)s points).",
                **values,
            ),
        }
        return sentences.get(retained.code) or self.env._(
            "No effect is proven: %(treated)s %% of those approached bought again, "
            "%(control)s %% of those left alone (%(low)s to %(high)s points).",
            **values,
        )

    def _margin_sentence(self, margin: Effect, company) -> str:
        if margin.code == "not_enough":
            return ""
        money = {
            name: formatLang(
                self.env, getattr(margin, name), currency_obj=company.currency_id
            )
            for name in ("difference", "low", "high")
        }
        return self.env._(
            "Margin after offers, per customer: %(difference)s (%(low)s to %(high)s).",
            **money,
        )


def _together(arms) -> Arm:
    found = list(arms)
    return Arm(sum(a.customers for a in found), sum(a.retained for a in found))
