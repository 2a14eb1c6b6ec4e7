from __future__ import annotations

from datetime import date

from odoo import api, models

from ..logic.catalog import FACTS
from .saved_values import show_saved
from .sentences import listed

# What an explanation is made of, to be read together with the move.
EXPLAINED_FIELDS = [
    "partner_id",
    "company_id",
    "axis",
    "date",
    "from_stage_id",
    "to_stage_id",
    "from_condition_id",
    "to_condition_id",
    "recorded_at",
    "cause",
    "facts",
    "version_id",
    "pin_id",
    "corrects_from",
]


class CustomerRelationshipTransition(models.Model):
    """Why a customer moved, from the facts and the rule that were recorded."""

    _inherit = "customer.relationship.transition"

    @api.depends("cause", "facts", "version_id", "pin_id", "date", "corrects_from")
    @api.depends_context("lang")
    def _compute_explanation(self):
        moves = show_saved(self, ("explanation",))
        rules_left = moves._gather_rules_left()
        for move in moves:
            sentences = (
                move._correction_sentence(),
                move._cause_sentence(),
                listed(self.env, move._evidence(rules_left.get(move.id))),
            )
            move.explanation = " ".join(filter(None, sentences))

    def _correction_sentence(self):
        if not self.corrects_from:
            return ""
        if self.cause == "moved":
            return self.env._(
                "Documents have moved from one customer to another, which corrects "
                "what was recorded."
            )
        return self.env._("The past has changed, which corrects what was recorded.")

    def _cause_sentence(self):
        """What led to the move besides the facts: a decision, its end, a new rule."""
        if self.pin_id:
            # sudo: customer.relationship.pin - the reason of a move one may see
            pin = self.sudo().pin_id
            return self.env._(
                "Decided by %(user)s: %(reason)s",
                user=pin.user_id.name,
                reason=pin.reason,
            )
        if self.cause == "pin_ended":
            return self.env._("A decision has ended.")
        if self.cause == "rule_changed":
            return self.env._("The rules have changed.")
        return ""

    # === EVIDENCE === #

    def _evidence(self, rule_left):
        """The comparisons of the recorded rule with the recorded facts.

        :param rule_left: what the condition asked for that was left, if any
        """
        if self.pin_id:
            return []
        # sudo: customer.rule.version - the rule of a move one may see
        definition = self.sudo().version_id.definition or {}
        wording = self.env["customer.rule.wording"]
        values = self._recorded_facts()
        readings = wording._readings_after(
            rule_left, definition.get("rule") or [], values, self.date
        )
        known = [one for one in readings if one.value is not None]
        # sudo: res.company - a user of a branch may not read its parent
        currency = self.sudo().company_id.currency_id
        return wording._evidence_lines(known, values, self.date, currency)

    def _gather_rules_left(self):
        """The rule of the condition each move left, as of its day: ``{id: rule}``."""
        moves = self.filtered(lambda move: move.from_condition_id and not move.pin_id)
        # sudo: customer.rule.version - as above
        versions = moves and self.env["customer.rule.version"].sudo().search_fetch(
            [
                ("res_model", "=", "customer.relationship.condition"),
                ("res_id", "in", moves.from_condition_id.ids),
            ],
            ["res_id", "date_from", "definition"],
            order="number",
        )
        by_condition = versions.grouped("res_id") if versions else {}
        rules = {}
        for move in moves:
            for version in by_condition.get(move.from_condition_id.id, ()):
                if not version.date_from or version.date_from <= move.date:
                    rules[move.id] = version.definition.get("rule")
        return rules

    def _recorded_facts(self):
        """The facts as they were kept, dates as dates."""
        dates = {fact.base for fact in FACTS.values() if fact.clocked}
        return {
            key: date.fromisoformat(value) if key in dates and value else value
            for key, value in (self.facts or {}).items()
        }
