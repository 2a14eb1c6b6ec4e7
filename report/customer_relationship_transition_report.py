from odoo import api, fields, models
from odoo.tools import SQL

from ..models.customer_relationship_transition import TRIGGERS


class CustomerRelationshipTransitionReport(models.Model):
    """The transitions that stand, each with the stay that followed it."""

    _name = "customer.relationship.transition.report"
    _description = "Transition Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True)
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")], readonly=True
    )
    date = fields.Date(string="True Since", readonly=True)
    recorded_at = fields.Datetime(string="Recorded", readonly=True)
    cohort_month = fields.Date(
        string="Cohort", readonly=True,
        help="Month in which the customer first had a position.",
    )
    from_stage_id = fields.Many2one(
        "customer.relationship.stage", string="From Position", readonly=True
    )
    to_stage_id = fields.Many2one(
        "customer.relationship.stage", string="To Position", readonly=True
    )
    next_stage_id = fields.Many2one(
        "customer.relationship.stage", string="Next Position", readonly=True
    )
    from_condition_id = fields.Many2one(
        "customer.relationship.condition", string="From Condition", readonly=True
    )
    to_condition_id = fields.Many2one(
        "customer.relationship.condition", string="To Condition", readonly=True
    )
    next_condition_id = fields.Many2one(
        "customer.relationship.condition", string="Next Condition", readonly=True
    )
    from_kind = fields.Selection(
        selection="_selection_kind", string="From Kind", readonly=True
    )
    to_kind = fields.Selection(
        selection="_selection_kind", string="To Kind", readonly=True
    )
    trigger = fields.Selection(TRIGGERS, readonly=True)
    direction = fields.Selection(
        [
            ("entry", "Entry"),
            ("forward", "Forward"),
            ("skip", "Skip"),
            ("regression", "Regression"),
            ("reentry", "Re-entry"),
        ],
        readonly=True,
    )
    is_current = fields.Boolean(
        string="Still So", readonly=True, help="No later change of the same axis."
    )
    is_win_back = fields.Boolean(string="Win-back", readonly=True)
    is_regression = fields.Boolean(string="Regression", readonly=True)
    days_before = fields.Integer(
        string="Days in Stage Left", readonly=True, aggregator="avg",
        help="Days the customer had spent where this change found it.",
    )
    days_until_next = fields.Integer(
        string="Days in Stage", readonly=True, aggregator="avg",
        help="Days from this change to the next one; empty while it lasts.",
    )

    _depends = {
        "customer.relationship.transition": [
            "partner_id", "company_id", "axis", "date", "recorded_at", "corrects_from",
            "from_stage_id", "to_stage_id", "from_condition_id", "to_condition_id",
            "trigger", "direction",
        ],
        "customer.relationship": [
            "partner_id", "company_id", "user_id", "segment_id", "is_excluded",
        ],
        "customer.relationship.condition": ["kind"],
    }

    # === QUERY === #

    @property
    def _table_query(self):
        """The transitions that stand, of customers who may be profiled."""
        return SQL(
            """
            SELECT %(columns)s
              FROM customer_relationship_transition t
              LEFT JOIN customer_relationship r
                ON r.partner_id = t.partner_id AND r.company_id = t.company_id
              LEFT JOIN customer_relationship_condition from_condition
                ON from_condition.id = t.from_condition_id
              LEFT JOIN customer_relationship_condition to_condition
                ON to_condition.id = t.to_condition_id
             WHERE t.partner_id IS NOT NULL
               AND r.is_excluded IS NOT TRUE
               AND NOT %(superseded)s
            WINDOW stay AS (
                PARTITION BY t.partner_id, t.company_id, t.axis
                ORDER BY t.date, t.recorded_at, t.id
            )
            """,
            columns=SQL(", ").join(self._select_columns()),
            superseded=self._superseded(),
        )

    @api.model
    def _superseded(self):
        """Whether a correction recorded later stands for transition ``t``."""
        return SQL(
            """
            EXISTS (
                SELECT FROM customer_relationship_transition correction
                 WHERE correction.partner_id = t.partner_id
                   AND correction.company_id = t.company_id
                   AND correction.axis = t.axis
                   AND correction.corrects_from <= t.date
                   AND correction.recorded_at > t.recorded_at
            )
            """
        )

    @api.model
    def _select_columns(self):
        """Expressions of the fields, to be extended together with the fields."""
        return [
            SQL("t.id, t.partner_id, t.company_id, t.axis, t.date, t.recorded_at"),
            SQL("t.from_stage_id, t.to_stage_id, t.trigger, t.direction"),
            SQL("t.from_condition_id, t.to_condition_id"),
            SQL("r.user_id, r.segment_id"),
            SQL("from_condition.kind AS from_kind, to_condition.kind AS to_kind"),
            SQL("LEAD(t.to_stage_id) OVER stay AS next_stage_id"),
            SQL("LEAD(t.to_condition_id) OVER stay AS next_condition_id"),
            SQL("LEAD(t.date) OVER stay IS NULL AS is_current"),
            SQL("LEAD(t.date) OVER stay - t.date AS days_until_next"),
            SQL("t.date - LAG(t.date) OVER stay AS days_before"),
            SQL(
                """CAST(date_trunc('month', MIN(t.date) FILTER (
                       WHERE t.axis = 'position'
                   ) OVER (PARTITION BY t.partner_id, t.company_id)) AS date
                ) AS cohort_month"""
            ),
            SQL("COALESCE(to_condition.kind = 'won_back', FALSE) AS is_win_back"),
            SQL(
                "t.axis = 'position' AND t.direction = 'regression' AS is_regression"
            ),
        ]

    # === SELECTION === #

    @api.model
    def _selection_kind(self):
        return self.env["customer.relationship.condition"]._fields[
            "kind"
        ]._description_selection(self.env)
