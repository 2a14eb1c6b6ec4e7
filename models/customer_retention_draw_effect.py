from __future__ import annotations

from collections import defaultdict

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
        about = Domain("company_id", "=", company.id) & Domain(domain)
        return self._effects(about).get((company.id, None)) or _compared([])

    @api.model
    def _effects(self, domain, column: str | None = None) -> dict:
        """Return ``{(company id, value): effect}``, all from one statement.

        :param column: what is told apart; all values of it together where it is None
        """
        # sudo: customer.retention.draw - sums of everybody, for whoever may ask
        rows = self.sudo()._samples(
            Domain("is_over", "=", True) & Domain(domain), column
        )
        found: dict = defaultdict(dict)
        nobody = {"arm": Arm(0, 0), "revenue": Sample(0, 0), "margin": Sample(0, 0)}
        for company_id, value, play_id, share, is_held_out, *figures in rows:
            pairs = found[company_id, value]
            pair = pairs.setdefault((play_id, share), [dict(nobody), dict(nobody)])
            count, bought, *money = (figure or 0 for figure in figures)
            pair[int(is_held_out)] = {
                "arm": Arm(count, bought),
                "revenue": Sample(count, *money[::2]),
                "margin": Sample(count, *money[1::2]),
            }
        return {key: _compared(pairs.values()) for key, pairs in found.items()}

    @api.model
    def _samples(self, domain, column: str | None) -> list[tuple]:
        """Return company, value, play, part left alone and whether left alone, each
        with how many there are, how many bought, means and variances of money.
        """
        query = self._search(domain)
        keys = ("company_id", "play_id", "hold_out_share", "is_held_out")
        company, *others = (self._sample_sql(name, query) for name in keys)
        value = self._sample_sql(column, query) if column else SQL("NULL")
        money = [self._sample_sql(name, query) for name in ("revenue", "net_margin")]
        grouped = [company, *others, *([value] if column else [])]
        query.groupby = SQL(", ").join(grouped)
        return self.env.execute_query(
            query.select(
                *(company, value, *others, SQL("count(*)")),
                SQL("count(%s)", self._sample_sql("bought_on", query)),
                *(SQL("avg(%s)", one) for one in money),
                *(SQL("var_samp(%s)", one) for one in money),
            )
        )

    def _sample_sql(self, name: str, query) -> SQL:
        return self._field_to_sql(query.table, name, query)

    # === IN WORDS === #

    @api.model
    def _effect_sentence(self, company, domain=()) -> str:
        """Return what is known about the effect in a sentence anybody can judge."""
        return self._effect_text(self._effect(company, domain), company)

    @api.model
    def _effect_text(self, effect: dict, company) -> str:
        """Say an effect of a company."""
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


def _compared(pairs) -> dict:
    """Compare approached and left alone over experiments that are weighted."""
    pairs = list(pairs)
    both = {
        name: [(treated[name], control[name]) for treated, control in pairs]
        for name in ("arm", "revenue", "margin")
    }
    return {
        "treated": _together(treated for treated, _control in both["arm"]),
        "control": _together(control for _treated, control in both["arm"]),
        "retained": retained_overall(both["arm"]),
        "revenue": mean_overall(both["revenue"]),
        "margin": mean_overall(both["margin"]),
    }
