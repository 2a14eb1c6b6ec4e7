from __future__ import annotations

from datetime import date

from odoo import api, models

from ..logic.catalog import FACTS


class CustomerRelationshipTransition(models.Model):
    """Why a customer moved, from the facts and the rule that were recorded."""

    _inherit = "customer.relationship.transition"

    @api.depends("cause", "facts", "version_id", "pin_id", "date", "corrects_from")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for move in self:
            causes = [move._correction_sentence(), move._cause_sentence()]
            move.explanation = " ".join(filter(None, causes))

    def _correction_sentence(self):
        if not self.corrects_from:
            return ""
        return self.env._("The past has changed, which corrects what was recorded.")

    def _cause_sentence(self):
        """What led to the move: a decision, its end, a new rule, or the facts."""
        if self.pin_id:
            # sudo: customer.relationship.pin - the reason of a move one may see
            pin = self.sudo().pin_id
            return self.env._(
                "Decided by %(user)s: %(reason)s",
                user=pin.user_id.name,
                reason=pin.reason,
            )
        evidence = "; ".join(self._evidence())
        if self.cause == "pin_ended":
            ended = self.env._("A decision has ended.")
            return f"{ended} {evidence}".strip()
        if self.cause == "rule_changed":
            changed = self.env._("The rules have changed.")
            return f"{changed} {evidence}".strip()
        return evidence

    def _evidence(self):
        """The comparisons of the recorded rule with the recorded facts."""
        # sudo: customer.rule.version - the rule of a move one may see
        definition = self.sudo().version_id.definition or {}
        wording = self.env["customer.rule.wording"]
        values = self._recorded_facts()
        readings = wording._rule_readings(
            definition.get("rule") or [], values, self.date
        )
        currency = self.company_id.currency_id
        return wording._evidence_lines(readings, values, self.date, currency)

    def _recorded_facts(self):
        """The facts as they were kept, dates as dates."""
        return {
            key: date.fromisoformat(value) if key in _date_facts() and value else value
            for key, value in (self.facts or {}).items()
        }


def _date_facts():
    """The stored facts that are dates."""
    return {fact.base for fact in FACTS.values() if fact.clocked}
