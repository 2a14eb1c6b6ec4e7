from odoo import api, models
from odoo.exceptions import ValidationError


class CustomerTier(models.Model):
    """The thresholds of the ladder's first measure, which is all most ladders have."""

    _inherit = "customer.tier"

    @api.depends(
        "condition_ids.at_least",
        "condition_ids.keep_at_least",
        "condition_ids.measure_id",
        "ladder_id.measure_ids.sequence",
    )
    def _compute_threshold(self):
        for tier in self:
            condition = tier._first_condition()
            tier.threshold = condition.at_least
            tier.keep_threshold = condition.keep_at_least

    def _inverse_threshold(self):
        for tier in self:
            tier._set_first_condition("at_least", tier.threshold)

    def _inverse_keep_threshold(self):
        for tier in self:
            tier._set_first_condition("keep_at_least", tier.keep_threshold)

    @api.constrains("threshold", "keep_threshold")
    def _check_thresholds(self):
        if any(min(tier.threshold, tier.keep_threshold) < 0 for tier in self):
            raise ValidationError(
                self.env._("A threshold is not negative. Enter 0 for none.")
            )

    def _first_condition(self):
        """Return the condition on the first measure, if there is one."""
        self.ensure_one()
        measure = self._first_measure()
        return self.condition_ids.filtered(lambda one: one.measure_id == measure)[:1]

    def _first_measure(self):
        return self.ladder_id.measure_ids.sorted(
            lambda one: (one.sequence, one._origin.id or 0)
        )[:1]

    def _set_first_condition(self, name, value) -> None:
        """Write a threshold to the condition on the first measure, made when needed."""
        self.ensure_one()
        condition = self._first_condition()
        if condition:
            if condition[name] != value:
                condition[name] = value
        elif value:
            measure = self._first_measure() or self.ladder_id._create_first_measure()
            self.condition_ids.create(
                {
                    "tier_id": self.id,
                    "measure_id": measure.id,
                    "at_least": 0.0,
                    name: value,
                }
            )
