from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..logic import rule as rule_logic
from .customer_relationship_preview_answer import NEW_KEY, NEW_STEP

AXES = {
    "customer.relationship.stage": "position",
    "customer.relationship.condition": "condition",
}

# The largest number that a column of the database holds.
MAX_INTEGER = 2**31 - 1

# The answer of a dry-run that found nothing.
NO_MOVES = {
    "total": 0,
    "moved": 0,
    "from": [],
    "to": [],
    "cells": [],
    "warnings": [],
    "error": None,
}

# Customers behind one number of a dry-run: more would not fit into an address.
PREVIEW_LIST_LIMIT = 5000


class CustomerRelationship(models.Model):
    """What the rule editor asks: the facts, the sentence, and who would move."""

    _inherit = "customer.relationship"

    # === WORDING === #

    @api.model
    @api.readonly
    def get_fact_catalog(self):
        """The facts a rule may name, in the reader's words and order of meaning."""
        self.check_access("read")
        return list(self.env["customer.rule.wording"]._fact_catalog().values())

    @api.model
    @api.readonly
    def describe_rule(self, rule):
        """A rule as a sentence, or what is wrong with it.

        :param rule: text or list of a rule
        :return: ``{"sentence": str, "error": str | None}``
        """
        self.check_access("read")
        wording = self.env["customer.rule.wording"]
        try:
            return {"sentence": wording._rule_sentence(rule), "error": None}
        except rule_logic.RuleError as error:
            return {"sentence": "", "error": wording._rule_error_message(error)}

    # === DRY-RUN === #

    @api.model
    def preview_rule(self, model, res_id, values):
        """Who would move from where to where if a step were saved like this.

        :param model: model of the step
        :param res_id: the step, nothing for one that has not been saved
        :param values: what the form holds, saved or not
        :return: ``{"total", "moved", "axis", "from": [{"id", "name"}], "to": [...],
            "cells": [[n]], "warnings": [str], "error": str | None,
            "company": str | None}``, the company that was counted if others share
            the rule
        """
        self._check_may_preview(model, res_id, values)
        answer = {**NO_MOVES, "axis": AXES[model]}
        try:
            company, changes = self._preview_changes(model, res_id, values)
        except ValidationError as error:
            return {**answer, "error": str(error)}
        # sudo: customer.relationship - whoever sets rules has to know how many move
        rows = self.sudo()
        preview = rows._preview(company, changes)
        moves = {
            tuple(map(self._preview_key, pair)): count
            for pair, count in preview[AXES[model]].items()
        }
        steps = self._preview_steps(model, company, values.get("name"))
        return {
            **answer,
            "total": preview["total"],
            "moved": sum(moves.values()),
            "company": self._preview_company(model, res_id, values, company),
            **self._preview_matrix(moves, steps),
            "warnings": rows._preview_remarks(
                company, changes, AXES[model], steps, preview
            ),
        }

    @api.model
    def _preview_remarks(self, company, changes, axis, steps, preview):
        """Sentences about what the numbers of a dry-run do not show.

        :param preview: the numbers, as :meth:`_preview` gives them
        """
        names = {step["id"]: step["name"] for step in steps}
        unreached = self._preview_unreached(company, changes, axis)
        return [
            *self._preview_hole(axis, preview),
            *self._preview_warnings(unreached, axis, names),
            *self._preview_caveats(
                self._preview_has_stays(company, changes, axis),
                preview["kept"] if axis == "position" else 0,
            ),
        ]

    @api.model
    def action_open_preview_moves(self, model, res_id, values, from_id, to_id):
        """The customers behind one number of the preview."""
        self._check_may_preview(model, res_id, values)
        company, changes = self._preview_changes(model, res_id, values)
        # sudo: customer.relationship - the list shows those the person may see
        row_ids = self.sudo()._preview_ids(
            company,
            changes,
            AXES[model],
            self._preview_step_id(from_id),
            self._preview_step_id(to_id),
            limit=PREVIEW_LIST_LIMIT,
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_relationship_action"
        )
        steps = self._preview_steps(model, company, values.get("name"))
        names = {step["id"]: step["name"] for step in steps}
        title = self.env._(
            "Would move from %(origin)s to %(target)s",
            origin=names.get(from_id),
            target=names.get(to_id),
        )
        if len(row_ids) == PREVIEW_LIST_LIMIT:
            title = self.env._(
                "%(title)s (the first %(count)s)", title=title, count=len(row_ids)
            )
        return {
            **action,
            "domain": [("id", "in", list(row_ids))],
            "context": {},
            "path": False,
            "display_name": title,
        }

    @api.model
    def _check_may_preview(self, model, res_id, values):
        """Refuse a dry-run to whoever may not change the rules."""
        if not self.env.user.has_group("customer_retention.group_admin"):
            raise AccessError(
                self.env._(
                    "Only an administrator of Customer Retention may try out rules."
                )
            )
        if not isinstance(model, str) or model not in AXES:
            raise ValidationError(
                self.env._("Only positions and conditions can be tried out.")
            )
        if not (isinstance(values, dict) and _is_id(res_id)):
            raise ValidationError(self._unreadable_preview_message())

    @api.model
    def _unreadable_preview_message(self):
        return self.env._(
            "These values cannot be tried out. Reload the page and try again."
        )

    @api.model
    def _preview_changes(self, model, res_id, values):
        """Company and changed definitions that a dry-run is about.

        :raise ValidationError: the rule in the values is none, or another value
        :raise AccessError: the step belongs to a company of others
        """
        step = self.env[model].browse(res_id or []).exists()
        try:
            draft = step.new(self._preview_values(step, values), origin=step or None)
            definition = {**draft._definition(), "company_id": draft.company_id.id}
        except (TypeError, ValueError) as error:
            raise ValidationError(self._unreadable_preview_message()) from error
        if not all(map(_fits_column, definition.values())):
            raise ValidationError(self._unreadable_preview_message())
        company = (draft.company_id or self.env.company)._retention_root()
        if company not in self.env.user.company_ids._retention_root():
            raise AccessError(
                self.env._("You can try out rules in companies you work in only.")
            )
        return company, {(model, step.id or NEW_STEP): definition}

    @api.model
    def _preview_values(self, step, values):
        """Values of the form that decide, with a rule that can be evaluated."""
        names = [*step._get_definition_fields(), "company_id"]
        known = {} if step else step.default_get(names)
        known.update({name: values[name] for name in names if name in values})
        company = known.get("company_id")
        if isinstance(company, list | tuple) and company:
            company = known["company_id"] = company[0]
        if not _is_id(company):
            raise ValidationError(self._unreadable_preview_message())
        return step._with_canonical_rule(known)

    @api.model
    def _preview_step_id(self, key):
        """The id the evaluation uses for a key of the matrix."""
        if key == NEW_KEY:
            return NEW_STEP
        if not _is_id(key):
            raise ValidationError(self._unreadable_preview_message())
        return key or None


def _is_id(value) -> bool:
    """Whether a value from outside can be the id of a record, or nothing."""
    return value is None or isinstance(value, int) and 0 <= value <= MAX_INTEGER


def _fits_column(value) -> bool:
    """Whether a number is one that the database can keep."""
    return not isinstance(value, int) or abs(value) <= MAX_INTEGER
