from __future__ import annotations

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..logic.danger import is_shrinking
from ..logic.health import LEAST_COST
from .customer_churn_score import WORTH_A_CALL
from .sentences import listed


class CustomerChurnScore(models.Model):
    """Why somebody is at risk, in sentences anybody can check."""

    _inherit = "customer.churn.score"

    reasons = fields.Json(compute="_compute_reasons")
    reason_text = fields.Char(string="Why", compute="_compute_reasons")
    explanation = fields.Json(compute="_compute_explanation")
    health_explanation = fields.Json(compute="_compute_health_explanation")

    @api.depends("relationship_id", "lost")
    @api.depends_context("lang", "uid")
    def _compute_reasons(self):
        points = self._points_by_company()
        for score in self:
            reasons = score._reasons(points[score.company_id])
            score.reasons = reasons
            score.reason_text = listed(self.env, reasons[:2])

    def _points_by_company(self) -> dict:
        weighings = self.env["customer.churn.weighing"]
        return {company: weighings._points(company) for company in self.company_id}

    def _reasons(self, points: dict[str, int]) -> list[str]:
        """Return what speaks for a loss, the weightiest first.

        :param points: what each signal costs at most
        """
        self.ensure_one()
        if not self.relationship_id:
            return []
        worst = self._health(points).worst(LEAST_COST)
        reasons = [sentence for _code, sentence in self._signal_sentences(worst)]
        more = [
            # Less is a loss, too, also where it foretells nothing worse.
            None if "trend" in worst else self._shrinking_reason(self.relationship_id),
            self._single_purchase_reason(self.relationship_id),
        ]
        reasons += [reason for reason in more if reason]
        return reasons or [self._due_reason(self.relationship_id)]

    def _shrinking_reason(self, row):
        if not row.revenue_prev_12m or not is_shrinking(row.revenue_change):
            return None
        return self._describe_trend_signal(row.revenue_change)

    def _single_purchase_reason(self, row):
        if row.purchase_days != 1:
            return None
        return self.env._(
            "bought once only, on %(date)s",
            date=format_date(self.env, row.last_purchase_on),
        )

    def _due_reason(self, row):
        """What is said where nothing is wrong yet: how much there is to lose."""
        if self.danger in WORTH_A_CALL and row.days_since_last <= row.usual_interval:
            return self.env._(
                "not overdue, but %(money)s a year: a risk of %(percent)s %% is worth "
                "a call",
                percent=round(100 * self.lost),
                money=formatLang(
                    self.env, self.yearly_value, currency_obj=self.currency_id
                ),
            )
        return self.env._(
            "bought %(days)s days ago, usually every %(usual)s; %(money)s in 12 months",
            days=row.days_since_last,
            usual=round(row.usual_interval) or 1,
            money=formatLang(
                self.env, self.yearly_value, currency_obj=self.currency_id
            ),
        )

    # === EXPLANATION === #

    @api.depends("reasons", "value_at_risk", "model_id")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        for score in self:
            score.explanation = score._explain() if score.danger else False

    @api.depends("health")
    @api.depends_context("lang", "uid")
    def _compute_health_explanation(self):
        points = self._points_by_company()
        for score in self:
            score.health_explanation = (
                score._explain_health(points[score.company_id])
                if score.relationship_id
                else False
            )

    def _explain(self) -> dict:
        """Return the verdict, the sum behind it and what it was learned from."""
        points = self.env["customer.churn.weighing"]._points(self.company_id)
        dangers = dict(self._fields["danger"]._description_selection(self.env))
        return {
            "title": dangers[self.danger],
            "kind": self.danger,
            "lines": [self._sum_sentence(), *self._chance_sentences()],
            "reasons": self._reasons(points),
            "health": self._explain_health(points),
            "learned": self.model_id.sentence or False,
            "as_of_text": format_date(self.env, self.evaluated_on),
            "purpose": self.company_id._profiling_purpose(),
        }

    def _sum_sentence(self):
        money = {
            name: formatLang(self.env, self[name], currency_obj=self.currency_id)
            for name in ("value_at_risk", "yearly_value")
        }
        return self.env._(
            "%(at_risk)s at risk: %(yearly)s in 12 months × %(percent)s %%",
            at_risk=money["value_at_risk"],
            yearly=money["yearly_value"],
            percent=round(100 * self.lost),
        )

    def _buys_sentence(self) -> str:
        """Say how likely a purchase is, and why within that time."""
        figures = {"days": self.horizon_days, "percent": round(100 * self.buys)}
        if self.horizon_days == self.model_id.horizon_days:
            return self.env._(
                "A purchase within %(days)s days: %(percent)s %%.", **figures
            )
        return self.env._(
            "A purchase within %(days)s days, as they usually buy every %(usual)s: "
            "%(percent)s %%.",
            usual=round(self.relationship_id.usual_interval),
            **figures,
        )

    def _chance_sentences(self) -> list[str]:
        if not self.is_probability:
            return [
                self.env._(
                    "Too few customers for probabilities: the risk follows the own "
                    "rhythm, from none at the usual interval to all of it at three "
                    "times as long."
                )
            ]
        season = self.env._("Months in which they never buy do not count.")
        return [
            self._buys_sentence(),
            *([season] if self.signal_id.quiet_months else ()),
            self.env._(
                "%(number)s purchases worth %(money)s are expected in 12 months.",
                number=formatLang(self.env, self.expected_purchases, digits=1),
                money=formatLang(
                    self.env, self.expected_revenue, currency_obj=self.currency_id
                ),
            ),
        ]
