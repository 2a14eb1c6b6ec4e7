from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = ("clock_id", "kind", "started_at", "stopped_at", "seconds", "reason")


class CustomerComplaintClockSegment(models.Model):
    """A finished part of the life of a clock: append-only.

    The part that goes on now is on the clock itself.
    """

    _name = "customer.complaint.clock.segment"
    _description = "Part of a Complaint Clock"
    _order = "clock_id, started_at, id"
    _log_access = False

    clock_id = fields.Many2one(
        "customer.complaint.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        [("running", "Running"), ("paused", "Paused")], required=True, readonly=True
    )
    started_at = fields.Datetime(required=True, readonly=True)
    stopped_at = fields.Datetime(required=True, readonly=True)
    seconds = fields.Integer(
        string="Working Seconds", required=True, readonly=True, aggregator="sum"
    )
    reason = fields.Selection(
        selection="_selection_reason", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Ended By", readonly=True, index="btree_not_null"
    )

    @api.model
    def _selection_reason(self):
        clock = self.env["customer.complaint.clock"]
        return clock._fields["reason"]._description_selection(self.env)

    @api.model
    def _append(self, rows):
        """Append finished parts, all in one statement.

        :param rows: ``[(clock id, logic segment)]``
        """
        if not rows:
            return
        values = SQL(", ").join(
            (
                clock_id,
                "paused" if segment.is_paused else "running",
                segment.started_at,
                segment.stopped_at,
                segment.seconds,
                segment.reason,
                self.env.uid,
            )
            for clock_id, segment in rows
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_complaint_clock_segment (%s, user_id) VALUES %s",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                values,
            )
        )
        self.env["customer.complaint.clock"].invalidate_model(["segment_ids"])
