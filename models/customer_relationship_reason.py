from __future__ import annotations

from datetime import timedelta

from odoo import models
from odoo.tools.misc import format_date

from ..logic.rule import holds

# Facts that are measured by the usual interval.
RHYTHM_FACTS = {
    "usual_interval",
    "overdue_ratio",
    "last_gap_ratio",
    "tenure_ratio",
}


class CustomerRelationship(models.Model):
    """The reasons behind a verdict, sentence by sentence: rules, stays, decisions."""

    _inherit = "customer.relationship"

    # === RULES === #

    def _explain_lines(self, verdict):
        """Why the rules have led there: the comparisons that decided, or the stay."""
        step = verdict.rule_step
        rule = step and step.rule
        if rule is None or not holds(rule, verdict.values, verdict.as_of):
            return self._explain_kept(verdict)
        wording = self.env["customer.rule.wording"]
        left = verdict.before and verdict.before.rule
        readings = wording._readings_after(left, rule, verdict.values, verdict.as_of)
        lines = wording._evidence_lines(
            readings, verdict.values, verdict.as_of, verdict.currency
        )
        if not lines:
            lines = self._explain_default(verdict)
        return lines + self._explain_rhythm(readings, verdict)

    def _explain_kept(self, verdict):
        """Why a step lasts although its rule does not hold now."""
        step, since = verdict.rule_step, verdict.since
        if not step or verdict.entitled == verdict.by_rules:
            return self._explain_default(verdict)
        free_on = since + timedelta(days=step.minimum_days) if since else verdict.as_of
        if free_on > verdict.as_of:
            return [
                self.env._(
                    "Stays here until %(date)s at least: the minimum stay is %(days)s.",
                    date=format_date(self.env, free_on),
                    days=self.env["customer.rule.wording"]._format_days(
                        step.minimum_days
                    ),
                )
            ]
        return self._explain_reached(verdict)

    def _explain_reached(self, verdict):
        """What led to a position that is kept, and what today alone would give."""
        entry = verdict.entry
        lines = [
            self.env._("Kept since it was reached: nobody falls below this position.")
        ]
        if entry and entry.explanation:
            lines.append(
                self.env._(
                    "Reached on %(date)s: %(evidence)s",
                    date=format_date(self.env, entry.date),
                    evidence=entry.explanation,
                )
            )
        if verdict.entitled:
            lines.append(
                self.env._(
                    "The facts of today alone would give “%(name)s”.",
                    name=verdict.entitled.name,
                )
            )
        return lines

    def _explain_default(self, verdict):
        """What is said of a step that nothing but the lack of others leads to."""
        if verdict.axis == "position":
            return [self.env._("The rule of no higher position holds.")]
        fact = self.env["customer.rule.wording"]._fact_sentence(
            "overdue_ratio", verdict.values, verdict.as_of
        )
        nothing_else = self.env._("No condition that comes before it applies.")
        return [fact, nothing_else] if fact else [nothing_else]

    def _explain_rhythm(self, readings, verdict):
        """Whose rhythm the customer was measured by, unless it is its own."""
        if verdict.values.get("interval_source") != "segment" or not (
            RHYTHM_FACTS & {one.fact for one in readings}
        ):
            return []
        return [self._explain_segment_rhythm()]

    def _explain_segment_rhythm(self):
        return self.env._(
            "The usual interval is the one of the segment “%(segment)s”: the customer "
            "has bought on fewer than three days.",
            # sudo: customer.segment - its name is part of the reason
            segment=self.sudo().segment_id.name or "",
        )

    # === DECISIONS === #

    def _explain_pin(self, verdict):
        pin = verdict.pin
        until = pin.date_until and format_date(self.env, pin.date_until)
        names = {"user": pin.user_id.name, "reason": pin.reason}
        if until:
            text = self.env._(
                "Decided by %(user)s until %(date)s: %(reason)s", date=until, **names
            )
        else:
            text = self.env._(
                "Decided by %(user)s until somebody ends it: %(reason)s", **names
            )
        return {"id": pin.id, "text": text, "rules_say": self._explain_rules(verdict)}

    def _explain_rules(self, verdict):
        """What would count without the decision, by which version, and why."""
        if not verdict.by_rules:
            return self.env._("The rules say nothing about this customer.")
        number = verdict.version.number
        if verdict.by_rules == verdict.step:
            answer = self.env._("The rules (v%(number)s) say the same.", number=number)
        else:
            answer = self.env._(
                "The rules (v%(number)s) say “%(name)s”.",
                number=number,
                name=verdict.by_rules.name,
            )
        return " ".join([answer, *self._explain_lines(verdict)])

    def _explain_pin_end(self, pin):
        if not pin.date_until:
            return None
        return self.env._(
            "The rules decide again from %(date)s on",
            date=format_date(self.env, pin.date_until + timedelta(days=1)),
        )

    def _explain_exclusion(self):
        """That there is no verdict, and on whose word."""
        self.ensure_one()
        as_of = self._explanation_day()
        exclusion = self._exclusion_in_force(as_of)
        lines = [self.env._("This customer is excluded from profiling.")]
        if exclusion:
            lines = [
                self.env._(
                    "This customer is excluded from profiling since %(date)s "
                    "(%(user)s): %(reason)s",
                    date=format_date(self.env, exclusion.date_from),
                    user=exclusion.user_id.name,
                    reason=exclusion.reason,
                )
            ]
        return {
            "title": self.env._("Not profiled"),
            "icon": "fa-eye-slash",
            "color": 0,
            "kind": False,
            "excluded": True,
            "since": exclusion.date_from.isoformat() if exclusion else None,
            "since_text": "",
            "rule": None,
            "lines": lines,
            "next": self._explain_exclusion_end(exclusion),
            "pin": None,
            "as_of_text": "",
        }

    def _explain_exclusion_end(self, exclusion):
        if not exclusion.date_until:
            return None
        return self.env._(
            "Evaluated again from %(date)s on",
            date=format_date(self.env, exclusion.date_until + timedelta(days=1)),
        )

    def _exclusion_in_force(self, day):
        self.ensure_one()
        return (
            self.env["customer.profiling.exclusion"]
            # sudo: customer.profiling.exclusion - why a row that is read is empty
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "in", (self.company_id.id, False)),
                    ("date_from", "<=", day),
                    "|",
                    ("date_until", "=", False),
                    ("date_until", ">=", day),
                ],
                order="date_from, id",
                limit=1,
            )
        )
