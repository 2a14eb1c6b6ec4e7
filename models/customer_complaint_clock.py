from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic import sla
from .bulk_load import array_sql

OPEN = ("running", "paused")
REASONS = [
    (sla.STARTED, "Started"),
    (sla.WAITING, "Waiting for the customer"),
    (sla.LIMIT, "Waited for long enough"),
    (sla.RESUMED, "Resumed"),
]


class CustomerComplaintClock(models.Model):
    """One promise about one complaint, and how much of its time is used.

    A clock keeps what was promised when it started. Its parts and its events are
    appended to logs of their own; this row is the state they lead to.
    """

    _name = "customer.complaint.clock"
    _description = "Complaint Clock"
    _order = "complaint_id, started_at, id"

    complaint_id = fields.Many2one(
        "customer.complaint",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(
        "customer.complaint.team",
        readonly=True,
        index="btree_not_null",
        help="The team that was in charge when it started.",
    )
    kind = fields.Selection(
        [
            ("acknowledge", "Acknowledgement"),
            ("answer", "First Answer"),
            ("update", "Promised Update"),
            ("decision", "Decision"),
            ("resolution", "Resolution"),
            ("remedy", "Agreed Remedy"),
            ("internal", "Internal"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="running",
    )

    # What was promised
    policy_id = fields.Many2one(
        "customer.complaint.policy", readonly=True, index="btree_not_null"
    )
    version_id = fields.Many2one(
        "customer.rule.version", readonly=True, index="btree_not_null"
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        readonly=True,
        index="btree_not_null",
        help="Empty: around the clock.",
    )
    skipped_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Passed Over",
        readonly=True,
        help="Working hours that should have counted and have no hours.",
    )
    target_seconds = fields.Integer(readonly=True, help="Working seconds promised.")
    promised_at = fields.Datetime(
        readonly=True, help="The moment promised, where it was not a duration."
    )
    warn_percent = fields.Integer(readonly=True)
    pauses = fields.Boolean(readonly=True)
    pause_limit_seconds = fields.Integer(readonly=True, help="0: no limit.")

    # Where it stands
    recorded_at = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="What was over by then, as with imported complaints, is nobody's news.",
    )
    started_at = fields.Datetime(required=True, readonly=True)
    since = fields.Datetime(
        required=True, readonly=True, help="Start of the part that goes on now."
    )
    reason = fields.Selection(
        REASONS, required=True, readonly=True, default=sla.STARTED
    )
    elapsed_seconds = fields.Integer(
        readonly=True, help="Working seconds it had run until the present part."
    )
    paused_seconds = fields.Integer(
        readonly=True, help="Working seconds it had been paused until then."
    )
    deadline = fields.Datetime(readonly=True, index="btree_not_null")
    warn_at = fields.Datetime(readonly=True)
    is_warned = fields.Boolean(readonly=True)
    is_breached = fields.Boolean(readonly=True)
    level = fields.Integer(readonly=True, help="Rung of the ladder it has reached.")
    next_event_at = fields.Datetime(
        readonly=True,
        index="btree_not_null",
        help="When somebody has to look at it again.",
    )
    done_at = fields.Datetime(readonly=True)
    replaced_by_id = fields.Many2one(
        "customer.complaint.clock",
        readonly=True,
        index="btree_not_null",
        help="The promise that was made instead, by another policy.",
    )
    segment_ids = fields.One2many(
        "customer.complaint.clock.segment", "clock_id", readonly=True
    )
    event_ids = fields.One2many(
        "customer.complaint.clock.event", "clock_id", readonly=True
    )

    _one_open = models.UniqueIndex(
        "(complaint_id, kind) WHERE state IN ('running', 'paused')",
        "A complaint has one clock of a kind at a time.",
    )

    # === ACTIONS === #

    def action_open_complaint(self):
        """Open what the promise is about."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.complaint_id.id,
            "views": [(False, "form")],
        }

    # === FROM AND TO LOGIC === #

    def _to_logic(self):
        """This clock as :mod:`logic.sla` knows it."""
        self.ensure_one()
        target = sla.Target(
            seconds=self.target_seconds,
            warn_percent=self.warn_percent,
            pauses=self.pauses,
            pause_limit=self.pause_limit_seconds,
            fixed=self.promised_at or None,
        )
        return sla.Clock(
            target=target,
            since=self.since,
            is_paused=self.state == "paused",
            elapsed=self.elapsed_seconds,
            paused=self.paused_seconds,
            due_at=self.is_breached and self.deadline or None,
            reason=self.reason,
        )

    def _time(self):
        """The working time this clock counts."""
        self.ensure_one()
        return self.env["customer.complaint.working.time"]._working_time(
            self.calendar_id, self.company_id, self.started_at
        )

    def _ladder(self):
        """The rungs of this clock's policy version."""
        self.ensure_one()
        definition = self.version_id.definition or {}
        return self.env["customer.complaint.escalation"]._rungs(definition, self.kind)

    # === CREATING === #

    @api.model
    def _insert(self, rows):
        """Create clocks in one statement, since hundreds start at once.

        :param rows: complete values; what they leave out is the default or empty
        :return: the clocks, in the same order
        """
        columns = [
            field
            for field in self._fields.values()
            if field.store and field.column_type and field.name != "id"
        ]
        now = fields.Datetime.now()
        common = {
            **self.default_get([field.name for field in columns]),
            **{"create_uid": self.env.uid, "write_uid": self.env.uid},
            **{"create_date": now, "write_date": now},
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_complaint_clock (%s)"
                " SELECT * FROM unnest(%s) RETURNING id",
                SQL(", ").join(SQL.identifier(field.name) for field in columns),
                SQL(", ").join(
                    self._column_array(field, common.get(field.name), rows)
                    for field in columns
                ),
            )
        )
        clocks = self.browse(row[0] for row in self.env.cr.fetchall())
        self.env["customer.complaint"].invalidate_model(["clock_ids"], flush=False)
        return clocks

    @api.model
    def _column_array(self, field, usual, rows):
        """The values of a column as an array, each of them converted once.

        :param usual: value of the rows that say nothing
        """
        values = [row.get(field.name, usual) for row in rows]
        known = {
            value: field.convert_to_column_insert(value, self) for value in set(values)
        }
        kind = SQL("%s[]", SQL(field.column_type[1]))  # pylint: disable=sql-injection
        return array_sql([known[value] for value in values], kind)

    # === CHANGING === #

    @api.model
    def _update_rows(self, rows):
        """Write other values to each clock, in one statement: hundreds change at once.

        :param rows: ``{clock: values}``, every clock with the same columns
        """
        if not rows:
            return
        clocks = self.browse().union(*rows)
        names = list(next(iter(rows.values())))
        clocks.flush_recordset(names)
        columns = [self._fields[name] for name in names]
        self.env.cr.execute(
            SQL(
                "UPDATE customer_complaint_clock clock"
                " SET %s, write_uid = %s, write_date = %s"
                " FROM (VALUES %s) AS changed (id, %s) WHERE clock.id = changed.id",
                SQL(", ").join(map(self._column_change, columns)),
                self.env.uid,
                fields.Datetime.now(),
                SQL(", ").join(
                    (
                        clock.id,
                        *(
                            field.convert_to_column_insert(values[field.name], clock)
                            for field in columns
                        ),
                    )
                    for clock, values in rows.items()
                ),
                SQL(", ").join(SQL.identifier(name) for name in names),
            )
        )
        clocks.invalidate_recordset([*names, "write_uid", "write_date"], flush=False)

    @api.model
    def _column_change(self, field):
        return SQL(
            "%s = changed.%s::%s",
            SQL.identifier(field.name),
            SQL.identifier(field.name),
            SQL(field.column_type[1]),
        )
