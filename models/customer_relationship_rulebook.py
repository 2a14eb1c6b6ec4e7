from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic import rule as rule_logic
from ..logic.era import Era
from ..logic.ladder import Conditions, Ladder, Step

STAGE = "customer.relationship.stage"
CONDITION = "customer.relationship.condition"
SEGMENT = "customer.segment"

# What is read of a version.
VERSION_FIELDS = (
    "res_model",
    "res_id",
    "company_id",
    "number",
    "date_from",
    "definition",
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a step or segment, as it was saved."""

    model: str
    res_id: int
    company_id: int | None
    number: int
    date_from: date | None
    version_id: int
    content: dict


@dataclass(slots=True)
class Rulebook:
    """The rules of one company through time.

    :param starts: first day of each era, ascending; the first one is None.
    """

    starts: list[date | None]
    positions: list[Ladder]
    conditions: list[Conditions]
    fallbacks: list[dict[int, float]]
    _eras: dict[int | None, tuple[Era, ...]] = field(default_factory=dict)

    def eras(self, segment_id: int | None) -> tuple[Era, ...]:
        """Return the eras for a customer of a segment."""
        if segment_id not in self._eras:
            self._eras[segment_id] = tuple(
                Era(start, positions, conditions, fallbacks.get(segment_id))
                for start, positions, conditions, fallbacks in zip(
                    self.starts,
                    self.positions,
                    self.conditions,
                    self.fallbacks,
                    strict=True,
                )
            )
        return self._eras[segment_id]

    def index(self, day: date) -> int:
        """Return the number of the era a day belongs to."""
        current = 0
        for number, start in enumerate(self.starts):
            if start is None or start <= day:
                current = number
        return current


class CustomerRelationship(models.Model):
    """Turns the rule versions of a company into what `logic` decides with."""

    _inherit = "customer.relationship"

    @api.model
    def _rulebook(self, company, changes=None, today=None) -> Rulebook:
        """Return the rules of a root company through time.

        :param changes: {(model, id): definition} to be tried out from ``today`` on,
            as if it had been saved; for the dry-run.
        """
        definitions = self._rule_definitions(company)
        starts = sorted({item.date_from for item in definitions if item.date_from})
        book = Rulebook([None, *starts], [], [], [])
        if changes:
            book.starts.append(today)
        for start in book.starts:
            in_force = self._definitions_on(definitions, start)
            if changes and start is book.starts[-1]:
                in_force = self._with_changes(in_force, changes)
            book.positions.append(Ladder(self._steps(in_force, STAGE, company)))
            book.conditions.append(
                Conditions(self._steps(in_force, CONDITION, company))
            )
            book.fallbacks.append(
                {
                    item.res_id: float(item.content["usual_interval"])
                    for item in in_force
                    if item.model == SEGMENT
                }
            )
        return book

    def _rule_definitions(self, company) -> list[Definition]:
        """Read every version that can concern a company, lowest number first."""
        versions = (
            self.env["customer.rule.version"]
            # sudo: customer.rule.version - the rules decide, whoever evaluates
            .sudo()
            .search_fetch(
                [
                    ("res_model", "in", (STAGE, CONDITION, SEGMENT)),
                    ("company_id", "in", (company.id, False)),
                ],
                VERSION_FIELDS,
                order="res_model, res_id, number",
            )
        )
        existing = self._existing_steps(versions)
        return [
            Definition(
                version.res_model,
                version.res_id,
                version.company_id.id or None,
                version.number,
                version.date_from or None,
                version.id,
                version.definition,
            )
            for version in versions
            if version.res_id in existing[version.res_model]
        ]

    @api.model
    def _existing_steps(self, versions) -> dict[str, set[int]]:
        """Return the steps and segments of some versions that are still there."""
        existing: dict[str, set[int]] = {
            model: set() for model in (STAGE, CONDITION, SEGMENT)
        }
        known = [
            SQL(
                "SELECT %s, id FROM %s WHERE id = ANY(%s)",
                model,
                SQL.identifier(self.env[model]._table),
                list({v.res_id for v in versions if v.res_model == model}),
            )
            for model in existing
        ]
        for model, res_id in self.env.execute_query(SQL(" UNION ALL ").join(known)):
            existing[model].add(res_id)
        return existing

    @staticmethod
    def _definitions_on(
        definitions: list[Definition], day: date | None
    ) -> list[Definition]:
        latest: dict[tuple[str, int], Definition] = {}
        for item in definitions:
            if item.date_from is None or (day and item.date_from <= day):
                latest[item.model, item.res_id] = item
        return list(latest.values())

    def _with_changes(
        self, in_force: list[Definition], changes: dict[tuple[str, int], dict]
    ) -> list[Definition]:
        kept = [item for item in in_force if (item.model, item.res_id) not in changes]
        for (model, res_id), content in changes.items():
            # sudo: customer.rule.mixin - only whose ladder the step on trial belongs to
            step = self.env[model].sudo().browse(res_id)
            owner = (
                content["company_id"] if "company_id" in content else step.company_id.id
            )
            kept.append(Definition(model, res_id, owner or None, 0, None, 0, content))
        return kept

    def _steps(
        self, in_force: list[Definition], model: str, company
    ) -> tuple[Step, ...]:
        """Return the steps of the company's own ladder, or else of the shared one."""
        ladders = defaultdict(list)
        for item in in_force:
            if item.model == model and item.content.get("active", True):
                ladders[item.company_id].append(item)
        items = ladders.get(company.id) or ladders.get(None) or []
        items.sort(key=lambda item: (item.content.get("sequence", 0), item.res_id))
        return tuple(self._step(item) for item in items)

    def _step(self, item: Definition) -> Step:
        return Step(
            key=item.res_id,
            version=item.version_id,
            rule=self._parsed_rule(item.content),
            forward_only=item.content.get("direction", "forward") == "forward",
            minimum_days=item.content.get("minimum_days") or 0,
        )

    def _parsed_rule(self, content: dict):
        """Return the parsed rule; None for decisions only, and for a rule that names
        a fact of a module that is not installed (the step's form warns of it).
        """
        rule = content.get("rule") or []
        facts = self.env["customer.rule.wording"]._available_facts()
        if content.get("manual_only") or rule_logic.missing_facts(rule, facts):
            return None
        return rule_logic.parse(rule, facts)
