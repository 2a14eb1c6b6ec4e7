from odoo import api, fields, models
from odoo.tools import SQL

from ..models.customer_complaint import CHANNELS, SEVERITIES


class CustomerComplaintReport(models.Model):
    """Every complaint as figures: how long, how late, how much, how good."""

    _name = "customer.complaint.report"
    _description = "Complaint Analysis"
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one("customer.complaint", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("customer.complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Handler", readonly=True)
    account_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("customer.complaint.category", readonly=True)
    main_cause_id = fields.Many2one("customer.complaint.cause", readonly=True)
    bone = fields.Selection(selection="_selection_bone", readonly=True)
    kind = fields.Selection(selection="_selection_kind", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    outcome = fields.Selection(selection="_selection_outcome", readonly=True)
    status = fields.Selection(selection="_selection_status", readonly=True)
    received_at = fields.Datetime(readonly=True)
    resolved_at = fields.Datetime(readonly=True)
    hours_to_acknowledge = fields.Float(readonly=True, aggregator="avg")
    hours_to_answer = fields.Float(readonly=True, aggregator="avg")
    days_to_resolve = fields.Float(readonly=True, aggregator="avg")
    clocks_kept = fields.Integer(string="Deadlines Kept", readonly=True)
    clocks_broken = fields.Integer(string="Deadlines Broken", readonly=True)
    kept_share = fields.Float(
        string="Share of Deadlines Kept",
        readonly=True,
        aggregator="avg",
        help="Mean of the complaints' own shares; complaints without a deadline that "
        "is over are left out.",
    )
    acknowledged_late = fields.Integer(readonly=True)
    resolved_late = fields.Integer(readonly=True)
    repeated = fields.Integer(
        readonly=True,
        help="The same customer complained about the same order, product or category "
        "shortly before: within the days after which the company takes a complaint "
        "for a new one.",
    )
    referred = fields.Integer(
        string="Referred Externally",
        readonly=True,
        help="A consumer body, regulator, lawyer or court is involved.",
    )
    reopened = fields.Integer(readonly=True)
    resolved_first_contact = fields.Integer(
        string="Resolved at First Contact",
        readonly=True,
        help="Resolved on the day it was received.",
    )
    amount_disputed = fields.Monetary(string="Amount in Dispute", readonly=True)
    recovery_cost = fields.Monetary(string="Cost of Recovery", readonly=True)
    money = fields.Monetary(
        string="Money Concerned",
        readonly=True,
        help="The larger of the amount in dispute and the cost of recovery.",
    )
    satisfaction = fields.Float(readonly=True, aggregator="avg", help="From 1 to 5.")

    @property
    def _table_query(self):
        # what was merged into another complaint is counted there
        return SQL(
            "SELECT %s FROM %s WHERE complaint.merged_into_id IS NULL",
            SQL(", ").join(self._select_columns()),
            SQL(" ").join(self._from_parts()),
        )

    @api.model
    def _select_columns(self):
        """Expressions of the fields, to be extended together with the fields."""
        return [
            *self._select_dimensions(),
            *self._select_durations(),
            *self._select_figures(),
        ]

    @api.model
    def _select_dimensions(self):
        """What the complaints are grouped by."""
        return [
            SQL("complaint.id, complaint.id AS complaint_id, complaint.company_id"),
            SQL("company.currency_id, complaint.team_id, complaint.user_id"),
            SQL("complaint.account_id, complaint.product_id, complaint.category_id"),
            SQL("complaint.main_cause_id, cause.bone, complaint.kind"),
            SQL("complaint.channel, complaint.severity, complaint.outcome"),
            SQL("complaint.status, complaint.received_at, complaint.resolved_at"),
        ]

    @api.model
    def _select_durations(self):
        """How long it took, and whether that was in time."""
        return [
            SQL(
                "EXTRACT(EPOCH FROM complaint.acknowledged_at - complaint.received_at)"
                " / 3600 AS hours_to_acknowledge"
            ),
            SQL(
                "EXTRACT(EPOCH FROM complaint.answered_at - complaint.received_at)"
                " / 3600 AS hours_to_answer"
            ),
            SQL(
                "EXTRACT(EPOCH FROM complaint.resolved_at - complaint.received_at)"
                " / 86400 AS days_to_resolve"
            ),
            SQL("clocks.kept AS clocks_kept, clocks.broken AS clocks_broken"),
            SQL(
                "clocks.kept::float / NULLIF(clocks.kept + clocks.broken, 0)"
                " AS kept_share"
            ),
            SQL("(clocks.acknowledged_late > 0)::int AS acknowledged_late"),
            SQL("(clocks.resolved_late > 0)::int AS resolved_late"),
        ]

    @api.model
    def _select_figures(self):
        """How often, how much, how good."""
        return [
            SQL("COALESCE(repetition.found, 0) AS repeated"),
            SQL("COALESCE(recourse.found, 0) AS referred"),
            SQL("(complaint.reopen_count > 0)::int AS reopened"),
            SQL(
                "(COALESCE(complaint.reopen_count, 0) = 0"
                " AND %s = %s)::int AS resolved_first_contact",
                self._local_day(SQL("complaint.resolved_at")),
                self._local_day(SQL("complaint.received_at")),
            ),
            SQL("COALESCE(complaint.amount_disputed, 0) AS amount_disputed"),
            SQL("COALESCE(recovery.cost, 0) AS recovery_cost"),
            SQL(
                "GREATEST(COALESCE(complaint.amount_disputed, 0),"
                " COALESCE(recovery.cost, 0)) AS money"
            ),
            SQL("survey.satisfaction"),
        ]

    @api.model
    def _local_day(self, moment):
        """Return the day of a moment in the zone in which its company promises."""
        zone = SQL("COALESCE(NULLIF(place.tz, 'UTC'), hours.tz, 'UTC')")
        return self.env["res.company"]._retention_day_sql(moment, zone)

    @api.model
    def _from_parts(self):
        """Tables of the query, to be extended together with the columns."""
        return [
            SQL("customer_complaint complaint"),
            SQL("JOIN res_company company ON company.id = complaint.company_id"),
            SQL(
                "JOIN %s place ON place.id = complaint.company_id",
                self.env["res.company"]._retention_companies_sql(),
            ),
            SQL(
                "LEFT JOIN resource_calendar hours"
                " ON hours.id = company.resource_calendar_id"
            ),
            SQL(
                "LEFT JOIN customer_complaint_cause cause"
                " ON cause.id = complaint.main_cause_id"
            ),
            self._join_clocks(),
            self._join_repetition(),
            self._join_recourse(),
            self._join_recovery(),
            self._join_survey(),
        ]

    @api.model
    def _join_clocks(self):
        """Deadlines kept and broken, and which of them were."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE state = 'kept') AS kept,
                       count(*) FILTER (WHERE is_breached) AS broken,
                       count(*) FILTER (
                           WHERE is_breached AND kind = 'acknowledge'
                       ) AS acknowledged_late,
                       count(*) FILTER (
                           WHERE is_breached AND kind = 'resolution'
                       ) AS resolved_late
                  FROM customer_complaint_clock clock
                 WHERE clock.complaint_id = complaint.id
            ) clocks ON TRUE
            """
        )

    @api.model
    def _join_repetition(self):
        """Whether the customer complained about the same shortly before.

        The company says how many days that is, as for the severity; 0: never.
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT 1 AS found
                  FROM customer_complaint other
                 WHERE other.account_id = complaint.account_id
                   AND other.company_id = complaint.company_id
                   AND (other.category_id = complaint.category_id
                        OR other.order_id = complaint.order_id
                        OR other.product_id = complaint.product_id)
                   AND other.kind = 'complaint'
                   AND other.merged_into_id IS NULL
                   AND other.id <> complaint.id
                   AND other.received_at < complaint.received_at
                   AND other.received_at
                       >= complaint.received_at
                          - make_interval(days => company.complaint_repeat_days)
                 LIMIT 1
            ) repetition ON complaint.kind = 'complaint'
                        AND company.complaint_repeat_days > 0
            """
        )

    @api.model
    def _join_recourse(self):
        """Whether somebody outside is involved."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT 1 AS found FROM customer_complaint_recourse step
                 WHERE step.complaint_id = complaint.id LIMIT 1
            ) recourse ON TRUE
            """
        )

    @api.model
    def _join_recovery(self):
        """What was given."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT sum(cost) AS cost FROM customer_recovery_action action
                 WHERE action.complaint_id = complaint.id AND action.state = 'done'
            ) recovery ON TRUE
            """
        )

    @api.model
    def _join_survey(self):
        """What the customer thinks of how it was handled."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT avg(satisfaction::int) AS satisfaction
                  FROM customer_complaint_survey survey
                 WHERE survey.complaint_id = complaint.id
            ) survey ON TRUE
            """
        )

    # === SELECTIONS === #

    @api.model
    def _selection_bone(self):
        return self._selection_of("customer.complaint.cause", "bone")

    @api.model
    def _selection_kind(self):
        return self._selection_of("customer.complaint", "kind")

    @api.model
    def _selection_outcome(self):
        return self._selection_of("customer.complaint", "outcome")

    @api.model
    def _selection_status(self):
        return self._selection_of("customer.complaint", "status")

    @api.model
    def _selection_of(self, model, name):
        return self.env[model]._fields[name]._description_selection(self.env)
