from __future__ import annotations

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..logic.danger import is_shrinking, rhythm_risk


class CustomerChurnScore(models.Model):
    """Why somebody is at risk, in sentences anybody can check."""

    _inherit = "customer.churn.score"

    reasons = fields.Json(compute="_compute_reasons")
    reason_text = fields.Char(string="Why", compute="_compute_reasons")
    explanation = fields.Json(compute="_compute_explanation")

    @api.depends("relationship_id", "lost")
    @api.depends_context("lang", "uid")
    def _compute_reasons(self):
        for score in self:
            reasons = score._reasons()
            score.reasons = reasons
            score.reason_text = "; ".join(reasons[:2])

    def _reasons(self) -> list[str]:
        """Return what speaks for a loss, the weightiest first."""
        self.ensure_one()
        row = self.relationship_id
        if not row:
            return []
        found = [
            self._overdue_reason(row),
            self._shrinking_reason(row),
            self._complaint_reason(row),
            self._single_purchase_reason(row),
        ]
        return [reason for reason in found if reason] or [self._due_reason(row)]

    def _overdue_reason(self, row):
        if not rhythm_risk(row.overdue_ratio):
            return None
        return self.env._(
            "%(times)s × the usual %(days)s days since the last purchase",
            times=formatLang(self.env, row.overdue_ratio, digits=1),
            days=round(row.usual_interval),
        )

    def _shrinking_reason(self, row):
        if not row.revenue_prev_12m or not is_shrinking(row.revenue_change):
            return None
        return self.env._(
            "%(percent)s %% less revenue than the year before",
            percent=round(-100 * row.revenue_change),
        )

    def _complaint_reason(self, row):
        if not row.complaint_open_count:
            return None
        if row.complaint_open_count == 1:
            return self.env._("a complaint is open")
        return self.env._(
            "%(number)s complaints are open", number=row.complaint_open_count
        )

    def _single_purchase_reason(self, row):
        if row.purchase_days != 1:
            return None
        return self.env._(
            "bought once only, on %(date)s",
            date=format_date(self.env, row.last_purchase_on),
        )

    def _due_reason(self, row):
        """What is said where nothing is wrong yet: how much there is to lose."""
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

    def _explain(self) -> dict:
        """Return the verdict, the sum behind it and what it was learned from."""
        dangers = dict(self._fields["danger"]._description_selection(self.env))
        return {
            "title": dangers[self.danger],
            "kind": self.danger,
            "lines": [self._sum_sentence(), *self._chance_sentences()],
            "reasons": self._reasons(),
            "learned": self.model_id.sentence or False,
            "as_of_text": format_date(self.env, self.evaluated_on),
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

    def _chance_sentences(self) -> list[str]:
        if not self.is_probability:
            return [
                self.env._(
                    "Too few customers for probabilities: the risk follows the own "
                    "rhythm, from none at the usual interval to all of it at three "
                    "times as long."
                )
            ]
        return [
            self.env._(
                "A purchase within %(days)s days: %(percent)s %%.",
                days=self.horizon_days,
                percent=round(100 * self.buys),
            ),
            self.env._(
                "%(number)s purchases worth %(money)s are expected in 12 months.",
                number=formatLang(self.env, self.expected_purchases, digits=1),
                money=formatLang(
                    self.env, self.expected_revenue, currency_obj=self.currency_id
                ),
            ),
        ]
