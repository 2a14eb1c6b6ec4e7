from odoo import fields, models
from odoo.tools import SQL


class CustomerComplaintClockEvent(models.Model):
    """What became of a clock: append-only, and each thing happens once.

    Two jobs that look at a late clock at the same time record one breach, and one
    of them only knows that it was the one.
    """

    _name = "customer.complaint.clock.event"
    _description = "Event of a Complaint Clock"
    _order = "clock_id, at, id"
    _log_access = False

    clock_id = fields.Many2one(
        "customer.complaint.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        [
            ("started", "Started"),
            ("warned", "Warned"),
            ("breached", "Broken"),
            ("escalated", "Escalated"),
            ("kept", "Kept"),
            ("cancelled", "Cancelled"),
            ("restarted", "Restarted"),
        ],
        required=True,
        readonly=True,
    )
    level = fields.Integer(
        required=True, readonly=True, help="Rung of the escalation ladder."
    )
    at = fields.Datetime(string="Happened At", required=True, readonly=True)
    recorded_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")

    _once = models.Constraint(
        "UNIQUE(clock_id, kind, level)", "This happens to a clock only once."
    )

    def _append(self, rows):
        """Append events that are news, all in one statement.

        :param rows: ``[(clock id, kind, level, moment)]``
        :return: ``{(clock id, kind, level)}`` of those that had not happened yet
        """
        if not rows:
            return set()
        values = SQL(", ").join(
            (clock_id, kind, level, moment, fields.Datetime.now(), self.env.uid)
            for clock_id, kind, level, moment in rows
        )
        news = self.env.execute_query(
            SQL(
                "INSERT INTO customer_complaint_clock_event"
                " (clock_id, kind, level, at, recorded_at, user_id) VALUES %s"
                " ON CONFLICT (clock_id, kind, level) DO NOTHING"
                " RETURNING clock_id, kind, level",
                values,
            )
        )
        self.env["customer.complaint.clock"].invalidate_model(["event_ids"])
        return set(news)
