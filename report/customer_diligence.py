from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

from ..models.mail_activity_contact import DONE_MODELS


class CustomerDiligence(models.Model):
    """What each person did for customers in a week: contacts, promises and cases.

    A row per person, main company and week. A contact is due in the week of its
    deadline, done in the week somebody was in touch; a promise counts in the week it
    was kept or broken, a case in the week it was closed.
    """

    _name = "customer.diligence"
    _description = "Contacts and Promises by Person"
    _auto = False
    _order = "week desc, user_id, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", string="Person", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    week = fields.Date(readonly=True, help="Its Monday.")
    due_count = fields.Integer(string="Contacts Due", readonly=True)
    done_count = fields.Integer(string="Contacts Done", readonly=True)
    reached_count = fields.Integer(
        string="Customers Reached",
        readonly=True,
        help="Contacts in which somebody was spoken to.",
    )
    late_count = fields.Integer(
        string="Done Late", readonly=True, help="After the deadline of the activity."
    )
    overdue_count = fields.Integer(
        string="Still Overdue", readonly=True, help="Due, past, and not done."
    )
    kept_count = fields.Integer(
        string="Promises Kept",
        readonly=True,
        help="Deadlines and promises of complaints.",
    )
    broken_count = fields.Integer(string="Promises Broken", readonly=True)
    case_kept_count = fields.Integer(string="Customers Kept", readonly=True)
    case_lost_count = fields.Integer(string="Customers Not Kept", readonly=True)
    revenue_kept = fields.Monetary(
        readonly=True,
        help="Revenue of customers kept, within the window of their cases.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY week, company_id, user_id)::int AS id,
                   user_id, company_id, week,
                   count(*) FILTER (WHERE what = 'due') AS due_count,
                   count(*) FILTER (WHERE what = 'done') AS done_count,
                   count(*) FILTER (WHERE what = 'done' AND reached) AS reached_count,
                   count(*) FILTER (WHERE what = 'done' AND late) AS late_count,
                   count(*) FILTER (WHERE what = 'due' AND late) AS overdue_count,
                   count(*) FILTER (WHERE what = 'kept') AS kept_count,
                   count(*) FILTER (WHERE what = 'broken') AS broken_count,
                   count(*) FILTER (WHERE what = 'case_kept') AS case_kept_count,
                   count(*) FILTER (WHERE what = 'case_lost') AS case_lost_count,
                   COALESCE(sum(revenue) FILTER (WHERE what = 'case_kept'), 0)
                       AS revenue_kept
              FROM (SELECT *, date_trunc('week', day)::date AS week
                      FROM (%s) fact WHERE user_id IS NOT NULL) dated
          GROUP BY week, company_id, user_id
            """,
            SQL(" UNION ALL ").join(self._fact_statements()),
        )

    def _fact_statements(self) -> list[SQL]:
        """Return statements of ``user_id, company_id, day, what, reached, late,
        revenue``, one for each kind of work.
        """
        return [
            self._contacts_sql(),
            self._deadlines_sql(),
            self._open_activities_sql(),
            self._promises_sql(),
            self._cases_sql(),
        ]

    def _contacts_sql(self) -> SQL:
        return SQL(
            """
            SELECT user_id, company_id, date AS day, 'done' AS what,
                   result NOT IN ('message', 'unreached') AS reached,
                   COALESCE(is_late, FALSE) AS late, 0::numeric AS revenue
              FROM customer_contact_log
            """
        )

    def _deadlines_sql(self) -> SQL:
        """Return what was due and has been done since."""
        return SQL(
            """
            SELECT user_id, company_id, due_on, 'due', FALSE, FALSE, 0
              FROM customer_contact_log WHERE due_on IS NOT NULL
            """
        )

    def _open_activities_sql(self) -> SQL:
        """Return contacts that are still to be made, in the company of the person:
        whatever would be on record as one when it is done.
        """
        return SQL(
            """
            SELECT activity.user_id, place.root_id, activity.date_deadline, 'due',
                   FALSE, activity.date_deadline < day.today, 0
              FROM mail_activity activity
              JOIN mail_activity_type type ON type.id = activity.activity_type_id
              JOIN res_users person ON person.id = activity.user_id
              JOIN %(companies)s place ON place.id = person.company_id
              JOIN %(days)s day ON day.company_id = place.root_id
             WHERE activity.active AND activity.res_model = ANY(%(models)s)
               AND (type.customer_contact_channel IS NOT NULL OR EXISTS (
                    SELECT FROM customer_care_touch touch
                     WHERE touch.activity_id = activity.id))
            """,
            companies=self.env["res.company"]._retention_companies_sql(),
            days=self.env["res.company"]._retention_days_sql(),
            models=list(DONE_MODELS),
        )

    def _promises_sql(self) -> SQL:
        companies = self.env["res.company"]
        return SQL(
            """
            SELECT complaint.user_id, place.root_id, %(day)s, clock.state, FALSE,
                   FALSE, 0
              FROM customer_complaint_clock clock
              JOIN customer_complaint complaint ON complaint.id = clock.complaint_id
              JOIN %(companies)s place ON place.id = complaint.company_id
             WHERE clock.state IN ('kept', 'broken') AND clock.kind != 'internal'
            """,
            day=companies._retention_day_sql(
                SQL("COALESCE(clock.done_at, clock.deadline)"), SQL("place.tz")
            ),
            companies=companies._retention_companies_sql(),
        )

    def _cases_sql(self) -> SQL:
        return SQL(
            """
            SELECT user_id, company_id, closed_on, 'case_' || state, FALSE, FALSE,
                   revenue_after
              FROM customer_retention_case
             WHERE state IN ('kept', 'lost') AND closed_on IS NOT NULL
            """
        )
