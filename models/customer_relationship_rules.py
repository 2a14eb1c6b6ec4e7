from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..logic import rule as rule_logic

# Stands for a step that has not been saved yet: for the evaluation, in the browser.
NEW_STEP, NEW_KEY = 0, "new"

AXES = {
    "customer.relationship.stage": "position",
    "customer.relationship.condition": "condition",
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
            "cells": [[n]], "error": str | None}``
        """
        self._check_may_preview(model)
        answer = {
            "total": 0,
            "moved": 0,
            "axis": AXES[model],
            "from": [],
            "to": [],
            "cells": [],
            "error": None,
        }
        try:
            company, changes = self._preview_changes(model, res_id, values)
        except ValidationError as error:
            return {**answer, "error": str(error)}
        # sudo: customer.relationship - whoever sets rules has to know how many move
        preview = self.sudo()._preview(company, changes)
        moves = {
            tuple(map(self._preview_key, pair)): count
            for pair, count in preview[AXES[model]].items()
        }
        return {
            **answer,
            "total": preview["total"],
            "moved": sum(moves.values()),
            **self._preview_matrix(
                moves, self._preview_steps(model, company, values.get("name"))
            ),
        }

    @api.model
    def action_open_preview_moves(self, model, res_id, values, from_id, to_id):
        """The customers behind one number of the preview."""
        self._check_may_preview(model)
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
    def _check_may_preview(self, model):
        """Refuse a dry-run to whoever may not change the rules."""
        if not self.env.user.has_group("customer_retention.group_admin"):
            raise AccessError(
                self.env._(
                    "Only an administrator of Customer Retention may try out rules."
                )
            )
        if model not in AXES:
            raise ValidationError(
                self.env._("Only positions and conditions can be tried out.")
            )

    @api.model
    def _preview_changes(self, model, res_id, values):
        """Company and changed definitions that a dry-run is about.

        :raise ValidationError: the rule in the values is none
        """
        step = self.env[model].browse(res_id or []).exists()
        draft = step.new(self._preview_values(step, values), origin=step or None)
        company = (draft.company_id or self.env.company)._retention_root()
        definition = {**draft._definition(), "company_id": draft.company_id.id}
        return company, {(model, step.id or NEW_STEP): definition}

    @api.model
    def _preview_values(self, step, values):
        """Values of the form that decide, with a rule that can be evaluated."""
        names = [*step._get_definition_fields(), "company_id"]
        known = {} if step else step.default_get(names)
        known.update({name: values[name] for name in names if name in values})
        if isinstance(known.get("company_id"), list | tuple):
            known["company_id"] = known["company_id"][0]
        return step._with_canonical_rule(known)

    @api.model
    def _preview_matrix(self, moves, steps):
        """The moves as rows, columns and cells, in the order of the steps."""
        left = {from_id for from_id, _to_id in moves}
        entered = {to_id for _from_id, to_id in moves}
        rows = [step for step in steps if step["id"] in left]
        columns = [step for step in steps if step["id"] in entered]
        return {
            "from": rows,
            "to": columns,
            "cells": [
                [moves.get((row["id"], column["id"]), 0) for column in columns]
                for row in rows
            ],
        }

    @api.model
    def _preview_steps(self, model, company, new_name=None):
        """Every step a customer may be in, as id and name: none, known, the new one."""
        steps = (
            self.env[model]
            .with_context(active_test=False)
            .search([("company_id", "in", (company.id, False))])
        )
        new_name = new_name or self.env._("New")
        return [
            {"id": False, "name": self.env._("None")},
            *({"id": step.id, "name": step.name} for step in steps),
            {"id": NEW_KEY, "name": new_name},
        ]

    @api.model
    def _preview_key(self, step_id):
        """The id a matrix uses for a step; the browser knows neither None nor 0."""
        if step_id is None:
            return False
        return step_id or NEW_KEY

    @api.model
    def _preview_step_id(self, key):
        """The id the evaluation uses for a key of the matrix."""
        if key == NEW_KEY:
            return NEW_STEP
        return key or None
