from collections import Counter

from odoo import api, fields, models

STAGE = "customer.relationship.stage"


class CustomerLadderLoad(models.TransientModel):
    """Who would stand where, if the chosen ladder were loaded; and what to beware of.

    As in every dry-run the facts are those of the last evaluation, and nothing is
    written.
    """

    _inherit = "customer.ladder.load"

    preview = fields.Json(
        string="Who Would Move",
        compute="_compute_preview",
        help="Customers by the position they are on now and the one they would get.",
    )

    @api.depends("template_id", "company_id", "archived_ids", "applies")
    @api.depends_context("lang")
    def _compute_preview(self):
        for load in self:
            load.preview = load.template_id and load._preview()

    def _preview(self):
        """The moves as a matrix, as the dry-run of a rule has it."""
        # sudo: customer.relationship - whoever sets rules has to know how many move
        rows = self.env["customer.relationship"].sudo()
        moves, total = Counter(), 0
        for company in self._companies_concerned():
            found = rows._preview(company, self._preview_changes())
            moves.update(found["position"])
            total += found["total"]
        steps = self._preview_steps({from_id for from_id, _to_id in moves})
        keyed = {
            tuple(map(rows._preview_key, pair)): count for pair, count in moves.items()
        }
        return {
            "total": total,
            "moved": sum(moves.values()),
            **rows._preview_matrix(keyed, steps),
            "warnings": self._preview_warnings(),
        }

    def _companies_concerned(self):
        """The main companies whose customers the loaded ladder would decide about."""
        if self.company_id:
            return self.company_id._retention_root()
        # sudo: customer.relationship.stage - whether a company has a ladder of its own
        stages = self.env[STAGE].sudo().search([("company_id", "!=", False)])
        return self.env["res.company"]._retention_roots() - stages.company_id

    def _preview_changes(self):
        """Definitions as they would be: the old steps archived, new ones below zero."""
        archived = {
            (STAGE, stage.id): {
                **stage._definition(),
                "active": False,
                "company_id": stage.company_id.id,
            }
            for stage in self.archived_ids._origin
        }
        created = {
            (STAGE, -number): {
                **self.env[STAGE].new(step._prepare_stage_values())._definition(),
                "company_id": self.company_id.id,
            }
            for number, step in enumerate(self.step_ids.sorted(), 1)
        }
        return archived | created

    def _preview_steps(self, left):
        """The steps that are left, none included, and then the new ones."""
        # sudo: customer.relationship.stage - names of positions that customers are on
        stages = self.env[STAGE].sudo().browse(step for step in left if step)
        new = self.step_ids.sorted()
        return [
            {"id": False, "name": self.env._("None")},
            *({"id": stage.id, "name": stage.name} for stage in stages.sorted()),
            *({"id": -number, "name": step.name} for number, step in enumerate(new, 1)),
        ]

    # === WARNINGS === #

    def _preview_warnings(self):
        """What to think of before the button is pressed."""
        warnings = []
        if self.template_id._is_ladder_of(self.archived_ids.sorted()):
            warnings.append(
                self.env._(
                    "“%(name)s” is the ladder in force. Loading it again archives its "
                    "positions and creates the same ones anew.",
                    name=self.template_id.name,
                )
            )
        if self.applies == "always":
            warnings.append(
                self.env._(
                    "The whole history is judged again. Whoever once met the rule of a "
                    "higher forward-only position will stand there, not where the "
                    "facts of today lead."
                )
            )
        pinned = self._count_pinned()
        if pinned:
            warnings.append(
                self.env._(
                    "Not counted: customers whose position a person decided, "
                    "%(count)s. They stay where they are until the decision ends.",
                    count=pinned,
                )
            )
        return warnings

    def _count_pinned(self):
        # sudo: customer.relationship - the number counts customers of everybody
        rows = self.env["customer.relationship"].sudo()
        return rows.search_count(
            [
                ("company_id", "in", self._companies_concerned().ids),
                ("stage_pin_id", "!=", False),
            ]
        )
