from odoo import api, models

# Stands for a step that has not been saved yet: for the evaluation, in the browser.
NEW_STEP, NEW_KEY = 0, "new"


class CustomerRelationship(models.Model):
    """A dry-run as a matrix with sentences, in the reader's words."""

    _inherit = "customer.relationship"

    # === SENTENCES === #

    @api.model
    def _preview_company(self, model, res_id, values, company):
        """Name the company that was counted, where a rule is shared by several."""
        step = self.env[model].browse(res_id or [])
        owner = values.get("company_id", step.company_id.id)
        is_shared = not owner and len(self.env["res.company"]._retention_roots()) > 1
        return company.name if is_shared else None

    @api.model
    def _preview_warnings(self, unreached, axis, names):
        """A sentence for each step that nobody would get to any more."""
        return [
            self._preview_warning(one, axis, names[self._preview_key(one.key)])
            for one in unreached
        ]

    @api.model
    def _preview_hole(self, axis, preview):
        """A sentence about customers who would fall between two conditions."""
        falling = sum(
            count
            for (origin, target), count in preview[axis].items()
            if target is None and origin is not None
        )
        if axis != "condition" or not falling:
            return []
        return [
            self.env._(
                "Customers who would have no condition any more: %(count)s. No rule "
                "describes them. Let the next condition begin where this one ends.",
                count=falling,
            )
        ]

    @api.model
    def _preview_caveats(self, has_stays, kept=0):
        """What the numbers do not tell: stays that end later, positions that are kept.

        :param kept: customers who would not meet the rule of their position
        """
        caveats = []
        if has_stays:
            caveats.append(
                self.env._(
                    "Some steps have a minimum stay. The numbers tell who would move "
                    "today; whoever has to stay longer moves later, or not at all."
                )
            )
        if kept:
            caveats.append(
                self.env._(
                    "Customers who would not meet the rule of their position but keep "
                    "it: %(count)s. Nobody falls below a forward-only position that "
                    "was reached; choose “Forward and back” if rules may lead down.",
                    count=kept,
                )
            )
        return caveats

    @api.model
    def _preview_warning(self, unreached, axis, name):
        if not unreached.described:
            if not unreached.before:
                return self.env._(
                    "No customer meets the rule of “%(name)s” today.", name=name
                )
            return self.env._(
                "No customer would meet the rule of “%(name)s” any more (today: "
                "%(count)s).",
                name=name,
                count=unreached.before,
            )
        if axis == "position":
            return self.env._(
                "Nobody would get to “%(name)s”: whoever its rule describes "
                "(%(count)s) also meets the rule of a higher position.",
                name=name,
                count=unreached.described,
            )
        return self.env._(
            "Nobody would get to “%(name)s”: whoever its rule describes (%(count)s) "
            "also meets the rule of a condition before it.",
            name=name,
            count=unreached.described,
        )

    # === MATRIX === #

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
