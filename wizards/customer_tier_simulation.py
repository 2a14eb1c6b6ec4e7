from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every
from odoo.tools.misc import format_date, formatLang

# Settings of a ladder that can be tried out as they are.
SETTINGS = (
    "window",
    "window_months",
    "period",
    "year_start_month",
    "year_start_day",
    "pending_days",
    "upgrade",
    "validity",
    "validity_months",
    "downgrade",
    "grace_days",
)
INSERT_BATCH = 5000


class CustomerTierSimulation(models.TransientModel):
    """Other rules for a ladder, tried out on everybody before they are saved."""

    _name = "customer.tier.simulation"
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
        "customer.tier.simulation.threshold",
        "simulation_id",
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    cell_ids = fields.One2many(
        "customer.tier.simulation.cell", "simulation_id", readonly=True
    )
    preview = fields.Json(string="Who Would Move", readonly=True)
    sentence = fields.Char(readonly=True)
    cost_sentence = fields.Char(readonly=True)

    window = fields.Selection(
        selection=lambda self: self._selection_of("window"),
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    window_months = fields.Integer(
        string="Months", compute="_compute_rules", store=True, readonly=False
    )
    period = fields.Selection(
        selection=lambda self: self._selection_of("period"),
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    year_start_month = fields.Selection(
        selection=lambda self: self._selection_of("year_start_month"),
        string="The Year Begins in Month",
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    year_start_day = fields.Integer(
        string="The Year Begins on Day",
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    pending_days = fields.Integer(
        string="A Purchase Counts After (Days)",
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    upgrade = fields.Selection(
        selection=lambda self: self._selection_of("upgrade"),
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    validity = fields.Selection(
        selection=lambda self: self._selection_of("validity"),
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    validity_months = fields.Integer(
        string="Validity (Months)", compute="_compute_rules", store=True, readonly=False
    )
    downgrade = fields.Selection(
        selection=lambda self: self._selection_of("downgrade"),
        compute="_compute_rules",
        store=True,
        readonly=False,
    )
    grace_days = fields.Integer(compute="_compute_rules", store=True, readonly=False)

    # === COMPUTE === #

    def _selection_of(self, name):
        field = self.env["customer.tier.ladder"]._fields[name]
        return field._description_selection(self.env)

    @api.depends("ladder_id")
    def _compute_rules(self):
        """Begin with the rules as they are."""
        for trial in self:
            for name in SETTINGS:
                trial[name] = trial.ladder_id[name]
            trial.threshold_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "condition_id": condition.id,
                        "at_least": condition.at_least,
                        "keep_at_least": condition.keep_at_least,
                    }
                )
                for tier in trial.ladder_id.tier_ids.sorted()
                for condition in tier.condition_ids.sorted("id")
            ]

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        ladder = self.env["customer.tier.ladder"].browse(values.get("ladder_id"))
        if ladder and "as_of" in fields:
            values.setdefault("as_of", ladder._today())
        return values

    # === TRIAL === #

    def _definition(self) -> dict:
        """Return the definition of the ladder as it would be."""
        self.ensure_one()
        thresholds = {
            line.condition_id.id: (line.at_least, line.keep_at_least)
            for line in self.threshold_ids
        }
        definition = self.ladder_id._definition()
        definition |= {name: self[name] for name in SETTINGS}
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
        return [fields.Command.create(cell) for cell in cells]

    def _keep_members(self, members: list) -> None:
        """Keep who is behind each number, for the lists."""
        self.env.flush_all()
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
            name: self[name] for name in SETTINGS if self[name] != self.ladder_id[name]
        }

    def _changed_tiers(self) -> list:
        """Return the commands that write the thresholds, by tier."""
        commands = []
        for tier, lines in self.threshold_ids.grouped("tier_id").items():
            conditions = [
                fields.Command.update(
                    line.condition_id.id,
                    {"at_least": line.at_least, "keep_at_least": line.keep_at_least},
                )
                for line in lines
            ]
            commands.append(
                fields.Command.update(tier.id, {"condition_ids": conditions})
            )
        return commands


class CustomerTierSimulationThreshold(models.TransientModel):
    """How much a tier would take."""

    _name = "customer.tier.simulation.threshold"
    _description = "Threshold of a Trial of Tier Rules"

    simulation_id = fields.Many2one(
        "customer.tier.simulation", required=True, ondelete="cascade", index=True
    )
    condition_id = fields.Many2one(
        "customer.tier.condition", required=True, readonly=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(related="condition_id.tier_id")
    measure_id = fields.Many2one(related="condition_id.measure_id")
    at_least = fields.Float(string="From", required=True)
    keep_at_least = fields.Float(string="Keep From")


class CustomerTierSimulationCell(models.TransientModel):
    """How many members would go from one tier to another."""

    _name = "customer.tier.simulation.cell"
    _description = "Moves of a Trial of Tier Rules"

    simulation_id = fields.Many2one(
        "customer.tier.simulation", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    from_tier_id = fields.Many2one("customer.tier", string="From", ondelete="cascade")
    to_tier_id = fields.Many2one("customer.tier", string="To", ondelete="cascade")
    is_move = fields.Boolean(string="Another Tier")
    members = fields.Integer()
    revenue = fields.Monetary(string="Revenue of 12 Months")

    def action_open_members(self):
        """Open the members behind the number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(origin)s → %(target)s",
                origin=self.from_tier_id.name or self.env._("No tier"),
                target=self.to_tier_id.name or self.env._("No tier"),
            ),
            "res_model": "customer.tier.simulation.line",
            "views": [(False, "list")],
            "domain": [("cell_id", "=", self.id)],
        }


class CustomerTierSimulationLine(models.TransientModel):
    """One member behind a number."""

    _name = "customer.tier.simulation.line"
    _description = "Member in a Trial of Tier Rules"
    _order = "revenue desc, id"
    _rec_name = "partner_id"

    cell_id = fields.Many2one(
        "customer.tier.simulation.cell", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="cell_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    revenue = fields.Monetary(string="Revenue of 12 Months")
