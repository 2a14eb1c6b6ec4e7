from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .customer_fit import QUESTIONS
from .customer_relationship_transition_explanation import EXPLAINED_FIELDS

# Entries shown of each kind; a history of daily moves is no reading.
MOST_ENTRIES = 200

DECISIONS = (
    "customer.relationship.pin",
    "customer.fit",
    "customer.profiling.exclusion",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided or judged about a customer.

    :param company_id: None for every company
    :param count: questions answered yes, of an assessment
    """

    kind: str
    id: int
    partner_id: int
    company_id: int | None
    day: date
    until: date | None
    ended_on: date | None
    stage_id: int | None
    condition_id: int | None
    reason: str | None
    count: int
    user_id: int
    author: str


class CustomerRelationship(models.Model):
    """What happened to a relationship and what people decided, newest first."""

    _inherit = "customer.relationship"

    def _gather_history(self, days):
        """The entries of every row: ``{id: [entry]}``.

        :param days: ``{id: the day it is told as of}``
        """
        entries = defaultdict(list)
        rows = {
            (row.partner_id.id, row.company_id.id): row for row in self if row._origin
        }
        # The moves of somebody who must not be profiled any more are nobody's to read.
        profiled = {key: row for key, row in rows.items() if not row.is_excluded}
        for key, day, entry in (
            *self._profiled_entries(profiled),
            *self._decision_entries(rows),
        ):
            row = rows.get(key)
            if row and day <= days[row.id]:
                entries[row._origin.id].append((day, entry))
        return defaultdict(
            list,
            {
                row_id: [
                    entry
                    for _day, entry in sorted(
                        found, key=lambda one: one[0], reverse=True
                    )
                ]
                for row_id, found in entries.items()
            },
        )

    def _profiled_entries(self, rows):
        """Yield ``(customer id, company id), day, entry`` of whoever may be profiled.

        :param rows: ``{(customer id, company id): row}``
        """
        return self._transition_entries(rows)

    # === TRANSITIONS === #

    def _transition_entries(self, rows):
        log = (
            self.env["customer.relationship.transition"]
            # sudo: customer.relationship.transition - the log of rows one may see
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", [partner_id for partner_id, _company in rows]),
                    ("company_id", "in", [company_id for _partner, company_id in rows]),
                ],
                EXPLAINED_FIELDS,
                order="date desc, id desc",
                limit=MOST_ENTRIES * max(len(rows), 1),
            )
        )
        corrections = self._corrections(log)
        for move in log:
            key = (move.partner_id.id, move.company_id.id)
            step = move.to_stage_id or move.to_condition_id
            yield (
                key,
                move.date,
                {
                    **self._history_entry(f"move-{move.id}", move.axis, move.date),
                    "recorded_at": fields.Datetime.to_string(move.recorded_at),
                    "icon": move.to_stage_id.icon or "fa-circle-o",
                    "color": step.color,
                    "kind": move.to_condition_id.kind or False,
                    "title": step.name or self.env._("None"),
                    "sentence": move.explanation or "",
                    "corrected": any(
                        day <= move.date and number > move.id
                        for number, day in corrections[(*key, move.axis)]
                    ),
                },
            )

    @api.model
    def _corrections(self, log):
        """Corrections by account and axis: their number in the log, and since when."""
        corrections = defaultdict(list)
        for move in log:
            if move.corrects_from:
                key = (move.partner_id.id, move.company_id.id, move.axis)
                corrections[key].append((move.id, move.corrects_from))
        return corrections

    # === DECISIONS === #

    def _decision_entries(self, rows):
        """Pins, assessments and exclusions about the accounts of some rows."""
        render = {
            "pin": self._pin_entry,
            "fit": self._fit_entry,
            "exclusion": self._exclusion_entry,
        }
        for decision in self._read_decisions(rows):
            entry = {
                **self._history_entry(
                    f"{decision.kind}-{decision.id}", decision.kind, decision.day
                ),
                **render[decision.kind](decision),
            }
            for partner_id, company_id in rows:
                if partner_id == decision.partner_id and (
                    decision.company_id in (company_id, None)
                ):
                    yield (partner_id, company_id), decision.day, entry

    def _read_decisions(self, rows):
        """What people decided, whoever they are: one reading of three tables."""
        for model in DECISIONS:
            self.env[model].flush_model()
        return [
            Decision(*values)
            for values in self.env.execute_query(
                SQL(
                    """
                    SELECT decision.*, author.name
                      FROM (%(pins)s UNION ALL %(fits)s UNION ALL %(exclusions)s)
                           decision
                      JOIN res_users users ON users.id = decision.user_id
                      JOIN res_partner author ON author.id = users.partner_id
                     WHERE decision.partner_id = ANY(%(partners)s)
                     ORDER BY decision.day DESC, decision.id DESC
                     LIMIT %(most)s
                    """,
                    pins=self._pins_sql(),
                    fits=self._fits_sql(),
                    exclusions=self._exclusions_sql(),
                    partners=[partner_id for partner_id, _company_id in rows],
                    most=MOST_ENTRIES * max(len(rows), 1),
                )
            )
        ]

    @api.model
    def _pins_sql(self) -> SQL:
        return SQL(
            """SELECT 'pin' AS kind, id, partner_id, company_id, date_from AS day,
                      date_until AS until, ended_on, stage_id, condition_id,
                      reason, 0 AS count, user_id
                 FROM customer_relationship_pin"""
        )

    @api.model
    def _fits_sql(self) -> SQL:
        answers = SQL(" + ").join(
            SQL("(%s = 'yes')::int", SQL.identifier(question)) for question in QUESTIONS
        )
        return SQL(
            """SELECT 'fit', id, partner_id, company_id, date, NULL, NULL, NULL, NULL,
                      note, %s, user_id
                 FROM customer_fit""",
            answers,
        )

    @api.model
    def _exclusions_sql(self) -> SQL:
        return SQL(
            """SELECT 'exclusion', id, partner_id, company_id, date_from, date_until,
                      NULL, NULL, NULL, reason, 0, user_id
                 FROM customer_profiling_exclusion"""
        )

    @api.model
    def _pin_entry(self, pin):
        model, step_id = (
            ("customer.relationship.stage", pin.stage_id)
            if pin.stage_id
            else ("customer.relationship.condition", pin.condition_id)
        )
        # sudo: customer.rule.mixin - the name of a step is part of the decision
        step = self.env[model].sudo().browse(step_id)
        return {
            "icon": "fa-thumb-tack",
            "color": step.color,
            "title": self.env._("Decision: %(name)s", name=step.name),
            "sentence": self._decision_sentence(pin),
        }

    @api.model
    def _fit_entry(self, fit):
        sentence = self.env._(
            "%(user)s answered %(count)s questions with yes",
            user=fit.author,
            count=fit.count,
        )
        return {
            "icon": "fa-check-square-o",
            "title": self.env._("Fit assessed"),
            "sentence": f"{sentence}: {fit.reason}" if fit.reason else sentence,
        }

    @api.model
    def _exclusion_entry(self, exclusion):
        return {
            "icon": "fa-eye-slash",
            "title": self.env._("Excluded from profiling"),
            "sentence": self._decision_sentence(exclusion),
        }

    @api.model
    def _decision_sentence(self, decision):
        """Who decided, why and until when."""
        words = {"user": decision.author, "reason": decision.reason}
        if decision.ended_on:
            return self.env._(
                "%(user)s: %(reason)s (ended %(date)s)",
                date=format_date(self.env, decision.ended_on),
                **words,
            )
        if decision.until:
            return self.env._(
                "%(user)s: %(reason)s (until %(date)s)",
                date=format_date(self.env, decision.until),
                **words,
            )
        return self.env._("%(user)s: %(reason)s", **words)

    @api.model
    def _history_entry(self, key, axis, day):
        """What every entry has."""
        return {
            "id": key,
            "axis": axis,
            "date": day.isoformat(),
            "date_text": format_date(self.env, day),
            "recorded_at": False,
            "icon": "fa-circle-o",
            "color": 0,
            "kind": False,
            "title": "",
            "sentence": "",
            "corrected": False,
        }
