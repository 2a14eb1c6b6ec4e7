from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, split_every
from odoo.tools.misc import format_date, formatLang

from ..models.customer_tier_policy_mixin import POLICY

INSERT_BATCH = 5000


class CustomerTierSimulation(models.TransientModel):
    """Other rules for a ladder, tried out on everybody before they are saved."""

    _name = "customer.tier.simulation"
    _inherit = "customer.tier.policy.mixin"
    _description = "Trial of Tier Rules"
    _rec_name = "ladder_id"

    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="ladder_id.currency_id")
    as_of = fields.Date(
        string="Compare On",
        required=True,
        help="Everybody's tier on this day, by the present rules and by these. A day "
        "to come shows what is lost unless something is bought.",
    )
    date_from = fields.Date(
        string="New Rules Count From",
        help="Empty: as if they had always been in force. What is valid by then stays "
        "valid until its day.",
    )
    threshold_ids = fields.One2many(
        "customer.tier.simulation.threshold", "simulation_id"
    )
    cell_ids = fields.One2many(
        "customer.tier.simulation.cell", "simulation_id", readonly=True
    )
    preview = fields.Json(string="Who Would Move", readonly=True)
    sentence = fields.Char(readonly=True)
    cost_sentence = fields.Char(readonly=True)

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Begin with the rules as they are."""
        values = super().default_get(fields)
        ladder = self._default_ladder(values.get("ladder_id"))
        found = {
            **self._rules_of(ladder),
            "ladder_id": ladder.id,
            "as_of": ladder._today(),
        }
        return values | {name: found[name] for name in fields if name in found}

    @api.model
    def _default_ladder(self, ladder_id=None):
        """Return the ladder it was opened from; by itself, the company's first."""
        ladders = self.env["customer.tier.ladder"]
        if not ladder_id and self.env.context.get("active_model") == ladders._name:
            ladder_id = self.env.context.get("active_id")
        if ladder_id:
            return ladders.browse(ladder_id)
        root = self.env.company._retention_root()
        found = ladders.search([("company_id", "in", (root.id, False))])
        ladder = found.sorted(lambda one: not one.company_id)[:1]
        if not ladder:
            raise UserError(
                self.env._("There are no rules to try yet. Set up tiers first.")
            )
        return ladder

    @api.model_create_multi
    def create(self, vals_list):
        ladders = self.env["customer.tier.ladder"]
        return super().create(
            [
                self._rules_of(ladders.browse(vals.get("ladder_id"))) | vals
                for vals in vals_list
            ]
        )

    @api.model
    def _rules_of(self, ladder) -> dict:
        """Return the rules of a ladder as values of a trial."""
        if not ladder:
            return {}
        conditions = [
            condition
            for tier in ladder.tier_ids.sorted()
            for condition in tier.condition_ids.sorted("id")
        ]
        return {
            **{name: ladder[name] for name in POLICY},
            "threshold_ids": [
                Command.create(
                    {
                        "condition_id": condition.id,
                        "at_least": condition.at_least,
                        "keep_at_least": condition.keep_at_least,
                    }
                )
                for condition in conditions
            ],
        }

    # === TRIAL === #

    def _definition(self) -> dict:
        """Return the definition of the ladder as it would be."""
        self.ensure_one()
        thresholds = {
            line.condition_id.id: (line.at_least, line.keep_at_least)
            for line in self.threshold_ids
        }
        definition = self.ladder_id._definition()
        definition |= {name: self[name] for name in POLICY}
        definition["year_start_month"] = int(self.year_start_month)
        tiers = {tier.id: tier for tier in self.ladder_id.tier_ids}
        for tier in definition["tiers"]:
            if tier["id"] not in tiers:
                continue
            conditions = tiers[tier["id"]].condition_ids.sorted("id")
            tier["conditions"] = [
                {
                    "measure_id": condition.measure_id.id,
                    "at_least": at_least,
                    "keep_at_least": keep_at_least,
                }
                for condition in conditions
                for at_least, keep_at_least in [
                    thresholds.get(
                        condition.id, (condition.at_least, condition.keep_at_least)
                    )
                ]
            ]
        return definition

    def action_run(self):
        """Replay everybody with these rules, and show who would be where."""
        self.ensure_one()
        self.ladder_id.check_access("write")
        self._check_rising()
        found = self.env["customer.tier.membership"]._simulate(
            self.ladder_id,
            self._definition(),
            self.as_of,
            date_from=self.date_from or None,
        )
        members = found.pop("members")
        self.cell_ids.unlink()
        self.cell_ids = self._prepare_cells(found)
        self._keep_members(members)
        self.preview = {
            "total": found["sampled"],
            "moved": found["moved"],
            **{key: found[key] for key in ("from", "to", "cells")},
        }
        self.sentence = self._describe(found)
        self.cost_sentence = self._describe_cost(found)
        return True

    def _check_rising(self):
        """Refuse a ladder on which nobody could stand on a step.

        Only between tiers that take one and the same thing: those with several
        conditions may well ask less of one and more of another.
        """
        alone = [
            lines
            for lines in self.threshold_ids.grouped("tier_id").values()
            if len(lines) == 1
        ]
        alone.sort(key=lambda line: (line.tier_id.sequence, line.tier_id.id))
        last = {}
        for line in alone:
            if line.at_least <= last.get(line.measure_id, -1):
                raise UserError(
                    self.env._("Each tier takes more than the one below it.")
                )
            last[line.measure_id] = line.at_least

    def _prepare_cells(self, found: dict) -> list:
        """Return one line for each pair of tiers with members, the moves first."""
        cells = []
        for origin, counts, amounts in zip(
            found["from"], found["cells"], found["revenue"], strict=True
        ):
            for target, count, amount in zip(found["to"], counts, amounts, strict=True):
                if count:
                    cells.append(
                        {
                            "from_tier_id": origin["id"] or False,
                            "to_tier_id": target["id"] or False,
                            "is_move": origin["id"] != target["id"],
                            "members": count,
                            "revenue": amount,
                        }
                    )
        cells.sort(key=lambda cell: (not cell["is_move"], -cell["members"]))
        return [Command.create(cell) for cell in cells]

    def _keep_members(self, members: list) -> None:
        """Keep who is behind each number, for the lists, as far as one may know them.

        The numbers are those of everybody.
        """
        self.env.flush_all()
        rows = self.env["customer.tier.membership"].with_context(active_test=False)
        shown = rows.search_fetch(
            [("ladder_id", "=", self.ladder_id.id)], ["partner_id"]
        )
        visible = set(shown.mapped("partner_id")._ids)
        members = [one for one in members if one.holder_id in visible]
        cells = {
            (cell.from_tier_id.id or 0, cell.to_tier_id.id or 0): cell.id
            for cell in self.cell_ids
        }
        lines = self.env["customer.tier.simulation.line"]
        lines.search([("cell_id.simulation_id", "=", self.id)]).unlink()
        for batch in split_every(INSERT_BATCH, members):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO customer_tier_simulation_line
                           (create_uid, create_date, cell_id, partner_id, revenue)
                    SELECT %s, now() AT TIME ZONE 'UTC', cell.*
                      FROM unnest(%s::int[], %s::int[], %s::numeric[]) cell
                    """,
                    self.env.uid,
                    [cells[one.before, one.after] for one in batch],
                    [one.holder_id for one in batch],
                    [one.revenue for one in batch],
                )
            )
        lines.invalidate_model()

    def _describe(self, found: dict) -> str:
        words = {
            "moved": formatLang(self.env, found["moved"], digits=0),
            "total": formatLang(self.env, found["sampled"], digits=0),
            "date": format_date(self.env, self.as_of),
        }
        if found["sampled"] < found["total"]:
            return self.env._(
                "On %(date)s %(moved)s of %(total)s members would have another tier: "
                "a sample of all %(every)s.",
                every=formatLang(self.env, found["total"], digits=0),
                **words,
            )
        return self.env._(
            "On %(date)s %(moved)s of %(total)s members would have another tier.",
            **words,
        )

    def _describe_cost(self, found: dict) -> str:
        before, after = (
            formatLang(self.env, found[side], currency_obj=self.currency_id)
            for side in ("cost_before", "cost_after")
        )
        return self.env._(
            "Benefits would cost about %(after)s a year instead of %(before)s, by the "
            "estimates of the tiers.",
            before=before,
            after=after,
        )

    def action_open_cell(self, from_id, to_id):
        """Open the members behind one number of the matrix; 0: no tier."""
        self.ensure_one()
        cells = self.cell_ids.filtered(
            lambda cell: (
                (cell.from_tier_id.id or 0, cell.to_tier_id.id or 0) == (from_id, to_id)
            )
        )
        return cells[:1].action_open_members() if cells else False

    # === APPLY === #

    def action_apply(self):
        """Save these rules: one new version, in force from the chosen day."""
        self.ensure_one()
        if not self.date_from:
            raise UserError(
                self.env._(
                    "Choose the day from which the new rules count. Tiers that "
                    "customers had before stay as they were."
                )
            )
        ladder = self.ladder_id._counting_from(self.date_from)
        ladder.write({**self._changed_settings(), "tier_ids": self._changed_tiers()})
        return {
            "type": "ir.actions.act_window",
            "res_model": ladder._name,
            "res_id": ladder.id,
            "views": [(False, "form")],
        }

    def _changed_settings(self) -> dict:
        return {
            name: self[name] for name in POLICY if self[name] != self.ladder_id[name]
        }

    def _changed_tiers(self) -> list:
        """Return the commands that write the thresholds, by tier."""
        commands = []
        for tier, lines in self.threshold_ids.grouped("tier_id").items():
            conditions = [
                Command.update(
                    line.condition_id.id,
                    {"at_least": line.at_least, "keep_at_least": line.keep_at_least},
                )
                for line in lines
            ]
            commands.append(Command.update(tier.id, {"condition_ids": conditions}))
        return commands
