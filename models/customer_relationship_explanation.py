from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic.ladder import Conditions, Ladder
from ..logic.outlook import next_move
from .customer_relationship_transition_explanation import EXPLAINED_FIELDS
from .customer_relationship_verdict import STANDING_COLUMNS
from .saved_values import show_saved

EXPLANATIONS = ("position_explanation", "condition_explanation", "ladder")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about one axis of one row when it is explained.

    :param steps: the records of the ladder
    :param step: the record that counts
    :param by_rules: the record the rules have led to
    :param entitled: the record whose rule holds, whatever the path
    :param ladder: the rules in force on the day
    :param values: stored facts by key; None where not known
    :param entry: the transition that led to a position that is kept
    """

    axis: str
    steps: models.BaseModel
    step: models.BaseModel
    by_rules: models.BaseModel
    entitled: models.BaseModel
    since: date | None
    version: models.BaseModel
    pin: models.BaseModel
    ladder: Ladder | Conditions
    values: dict
    as_of: date
    currency: models.BaseModel
    entry: models.BaseModel | None = None

    @property
    def rule_step(self):
        """The step of `logic` that the rules have led to, None if it is gone."""
        return next(
            (one for one in self.ladder.steps if one.key == self.by_rules.id), None
        )

    @property
    def before(self):
        """The condition that is asked before it, None for the first one."""
        keys = [one.key for one in self.ladder.steps]
        if self.axis == "position" or self.by_rules.id not in keys[1:]:
            return None
        return self.ladder.steps[keys.index(self.by_rules.id) - 1]


class CustomerRelationship(models.Model):
    """Why a customer has its position and condition, in the reader's words."""

    _inherit = "customer.relationship"

    @api.depends(
        "stage_id",
        "stage_since",
        "rule_stage_id",
        "entitled_stage_id",
        "stage_version_id",
        "stage_pin_id",
        "highest_stage_id",
        "condition_id",
        "condition_since",
        "rule_condition_id",
        "entitled_condition_id",
        "condition_version_id",
        "condition_pin_id",
        "is_excluded",
        "evaluated_on",
        "last_purchase_on",
        "usual_interval",
    )
    @api.depends_context("lang")
    def _compute_explanations(self):
        rows = show_saved(self, EXPLANATIONS)
        values, entries = rows._gather_stored_facts(), rows._gather_entries()
        rulebooks = {
            company: self._rulebook(company)
            for company in rows.filtered("stage_since").company_id
        }
        for row in rows:
            row.position_explanation = row.condition_explanation = row.ladder = False
            if row.is_excluded:
                row.position_explanation = row._explain_exclusion()
            elif row.company_id in rulebooks:
                book = rulebooks[row.company_id]
                facts = values.get(row._origin.id, {})
                position = row._verdict("position", book, facts, entries.get(row.id))
                condition = row._verdict("condition", book, facts)
                row.position_explanation = row._explain(position)
                row.condition_explanation = row._explain(condition)
                row.ladder = row._explain_ladder(position.steps)

    # === GATHER === #

    def _explanation_day(self) -> date:
        """The day an explanation refers to.

        Facts move on with the clock; the verdict stands until the next decision
        date. If the job is late, the day of the last evaluation explains it.
        """
        self.ensure_one()
        today = self.company_id._retention_today()
        evaluated, due = self.evaluated_on, self.next_evaluation_on
        if not evaluated:
            return today
        return evaluated if evaluated > today or (due and due <= today) else today

    def _gather_stored_facts(self) -> dict[int, dict]:
        """Stored facts of every row, None where not known, which a field cannot tell.

        :return: ``{id: {key: value}}``
        """
        ids = self._origin.ids
        if not ids:
            return {}
        facts = self.env["customer.rule.wording"]._available_facts()
        keys = sorted({key for fact in facts.values() for key in fact.stored_keys})
        self.flush_recordset(keys)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM customer_relationship WHERE id IN %s",
                SQL(", ").join(map(SQL.identifier, keys)),
                tuple(ids),
            )
        )
        return {
            row_id: dict(zip(keys, map(_plain_number, values), strict=True))
            for row_id, *values in rows
        }

    def _gather_entries(self):
        """How the rules led to the positions that are kept: ``{id: transition}``.

        Decisions and their ends move a customer, too, but are no reason to stay.
        """
        kept = self.filtered(lambda row: row.rule_stage_id != row.entitled_stage_id)
        # sudo: customer.relationship.transition - the reasons of rows one may see
        log = self.env["customer.relationship.transition"].sudo()
        moves = kept and log.search_fetch(
            [
                ("partner_id", "in", kept.partner_id.ids),
                ("company_id", "in", kept.company_id.ids),
                ("to_stage_id", "in", kept.rule_stage_id.ids),
                ("cause", "not in", ("pin", "pin_ended")),
            ],
            EXPLAINED_FIELDS,
            order="date, id",
        )
        arrivals = {
            (move.partner_id, move.company_id, move.to_stage_id): move
            for move in moves or ()
        }
        return {
            row.id: arrivals.get(
                (row.partner_id, row.company_id, row.rule_stage_id), log
            )
            for row in kept
        }

    def _verdict(self, axis, book, values, entry=None) -> Verdict:
        columns, as_of = STANDING_COLUMNS[axis], self._explanation_day()
        ladders = book.positions if axis == "position" else book.conditions
        # sudo: customer.relationship - steps and versions explain a row that is read
        row = self.sudo()
        ladder = ladders[book.index(as_of)]
        steps = row[columns["current"]].browse(step.key for step in ladder.steps)
        # The whole ladder is read at once, not one step after the other.
        steps.mapped("name")
        return Verdict(
            axis=axis,
            steps=steps,
            step=row[columns["current"]],
            by_rules=row[columns["by_rules"]],
            entitled=row[columns["entitled"]],
            since=row[columns["since"]] or None,
            version=row[columns["version"]],
            pin=row[columns["pin"]],
            ladder=ladder,
            values=values,
            as_of=as_of,
            currency=row.company_id.currency_id,
            entry=entry,
        )

    # === EXPLAIN === #

    def _explain(self, verdict):
        """Everything the screen says about one verdict, None where there is none."""
        if not verdict.step:
            return False
        step, pin = verdict.step, verdict.pin
        return {
            "title": step.name,
            "icon": step.icon if verdict.axis == "position" else False,
            "color": step.color,
            "kind": step.kind if verdict.axis == "condition" else False,
            "since": verdict.since and verdict.since.isoformat(),
            "since_text": self._explain_since(verdict.since),
            "rule": self._explain_rule(verdict),
            "lines": [] if pin else self._explain_lines(verdict),
            "next": self._explain_pin_end(pin) if pin else self._explain_next(verdict),
            "pin": self._explain_pin(verdict) if pin else None,
            "as_of_text": self.env._(
                "as of %(date)s", date=format_date(self.env, verdict.as_of)
            ),
        }

    def _explain_since(self, since):
        if not since:
            return ""
        return self.env._("since %(date)s", date=format_date(self.env, since))

    def _explain_rule(self, verdict):
        """The rule and version that led to where the rules have led."""
        if not verdict.by_rules or not verdict.version:
            return None
        return {
            "model": verdict.by_rules._name,
            "id": verdict.by_rules.id,
            "version": verdict.version.number,
            "text": self.env._(
                "rule “%(name)s” v%(number)s",
                name=verdict.by_rules.name,
                number=verdict.version.number,
            ),
        }

    # === NEXT === #

    def _explain_next(self, verdict):
        """What the calendar alone would do next, and when."""
        upcoming = next_move(
            verdict.ladder,
            verdict.by_rules.id or None,
            verdict.values,
            verdict.as_of,
            verdict.since,
            self.env["customer.rule.wording"]._available_facts(),
        )
        if not upcoming:
            return None
        return self.env._(
            "Would become “%(name)s” on %(date)s without a purchase",
            name=verdict.steps.filtered(lambda one: one.id == upcoming.key).name,
            date=format_date(self.env, upcoming.on),
        )

    # === LADDER === #

    def _explain_ladder(self, steps):
        """Every position, with how far the customer has come."""
        keys = [step.id for step in steps]
        # sudo: customer.relationship.stage - the ladder is the same for every reader
        highest = self.sudo().highest_stage_id.id
        reached = keys.index(highest) if highest in keys else -1
        return [
            {
                "id": step.id,
                "name": step.name,
                "icon": step.icon,
                "color": step.color,
                "reached": number <= reached,
                "current": step.id == self.stage_id.id,
                "highest": step.id == highest,
            }
            for number, step in enumerate(steps)
        ]


def _plain_number(value):
    """Amounts of the database as the numbers that `logic` works with."""
    return float(value) if isinstance(value, Decimal) else value
