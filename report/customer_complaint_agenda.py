from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

# Rows of several tables in one: the id says of which one a row is.
SOURCES = 4

# What is ahead: id, complaint, kind, when, all day, whose, and its record. A day
# without a time is at noon: in every zone it stays that day.
CLOCKS = SQL(
    """
    SELECT clock.id, clock.complaint_id, clock.kind, clock.deadline, FALSE,
           about.user_id, NULL::int, NULL::int, NULL::int
      FROM customer_complaint_clock clock
      JOIN customer_complaint about ON about.id = clock.complaint_id
     WHERE clock.state IN ('running', 'paused')
       AND clock.deadline IS NOT NULL
    """
)
ACTIVITIES = SQL(
    """
    SELECT id, res_id, 'activity', date_deadline + time '12:00', TRUE,
           user_id, id, NULL::int, NULL::int
      FROM mail_activity
     WHERE res_model = 'customer.complaint' AND active
    """
)
ACTIONS = SQL(
    """
    SELECT id, complaint_id, 'action', date_due + time '12:00', TRUE,
           user_id, NULL::int, id, NULL::int
      FROM customer_recovery_action
     WHERE state IN ('proposed', 'waiting', 'approved')
       AND date_due IS NOT NULL
    """
)
RECOURSES = SQL(
    """
    SELECT id, complaint_id, 'recourse', deadline + time '12:00', TRUE,
           user_id, NULL::int, NULL::int, id
      FROM customer_complaint_recourse
     WHERE state = 'open' AND deadline IS NOT NULL
    """
)


class CustomerComplaintAgenda(models.Model):
    """All that is ahead in complaints, as a calendar shows it.

    Deadlines and promised updates, activities such as follow-ups, remedies that are
    due, and the answers that others outside wait for.
    """

    _name = "customer.complaint.agenda"
    _description = "What Is Ahead in Complaints"
    _auto = False
    _order = "start, id"
    _depends = {
        "customer.complaint": ["active", "company_id", "team_id", "user_id"],
        "customer.complaint.clock": ["complaint_id", "deadline", "kind", "state"],
        "customer.complaint.recourse": ["complaint_id", "deadline", "state", "user_id"],
        "customer.recovery.action": ["complaint_id", "date_due", "state", "user_id"],
        "mail.activity": ["active", "date_deadline", "res_id", "res_model", "user_id"],
    }

    kind = fields.Selection(selection="_selection_kind", string="What", readonly=True)
    start = fields.Datetime(string="Due", readonly=True)
    is_all_day = fields.Boolean(string="All Day", readonly=True)
    complaint_id = fields.Many2one("customer.complaint", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("customer.complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    account_id = fields.Many2one(related="complaint_id.account_id")
    severity = fields.Selection(related="complaint_id.severity")
    activity_id = fields.Many2one("mail.activity", readonly=True)
    action_id = fields.Many2one("customer.recovery.action", readonly=True)
    recourse_id = fields.Many2one("customer.complaint.recourse", readonly=True)

    @api.model
    def _selection_kind(self):
        clock = self.env["customer.complaint.clock"]
        return [
            *clock._fields["kind"]._description_selection(self.env),
            ("activity", self.env._("Activity")),
            ("action", self.env._("Remedy")),
            ("recourse", self.env._("External Recourse")),
        ]

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT source.id * %s + %s AS id, complaint.id AS complaint_id,
                       complaint.company_id, complaint.team_id, source.kind,
                       source.start, source.is_all_day, source.user_id,
                       source.activity_id, source.action_id, source.recourse_id
                  FROM (%s) source (
                       id, about_id, kind, start, is_all_day, user_id, activity_id,
                       action_id, recourse_id
                       )
                  JOIN customer_complaint complaint ON complaint.id = source.about_id
                 WHERE complaint.active
                """,
                SOURCES,
                number,
                source,
            )
            for number, source in enumerate(self._get_sources())
        )

    @api.model
    def _get_sources(self) -> list[SQL]:
        """Return what is ahead, from everything that can be."""
        return [CLOCKS, ACTIVITIES, ACTIONS, RECOURSES]

    @api.depends("kind", "complaint_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            # sudo: mail.activity, customer.recovery.action - what is to be done
            about = row.sudo()
            record = about.activity_id or about.action_id or about.recourse_id
            what = record.display_name or kinds[row.kind]
            who = about.account_id.display_name or about.complaint_id.subject or ""
            row.display_name = f"{what} · {who}" if who else what

    # === ACTIONS === #

    def action_open_complaint(self):
        """Open the complaint that this is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.complaint_id.id,
            "views": [(False, "form")],
        }
