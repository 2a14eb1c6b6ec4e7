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
        string="Cohort",
        readonly=True,
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
        "customer.relationship.condition", readonly=True
    )
    to_condition_id = fields.Many2one("customer.relationship.condition", readonly=True)
    next_condition_id = fields.Many2one(
        "customer.relationship.condition", readonly=True
    )
    from_kind = fields.Selection(selection="_selection_kind", readonly=True)
    to_kind = fields.Selection(selection="_selection_kind", readonly=True)
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
        string="Days in Stage Left",
        readonly=True,
        aggregator="avg",
        help="Days the customer had spent where this change found it.",
    )
    days_until_next = fields.Integer(
        string="Days in Stage",
        readonly=True,
        aggregator="avg",
        help="Days from this change to the next one; empty while it lasts.",
    )

    _depends = {
        "customer.relationship.transition": [
            "partner_id",
            "company_id",
            "axis",
            "date",
            "recorded_at",
            "corrects_from",
            "from_stage_id",
            "to_stage_id",
            "from_condition_id",
            "to_condition_id",
            "trigger",
            "direction",
        ],
        "customer.relationship": [
            "partner_id",
            "company_id",
            "user_id",
            "segment_id",
            "is_excluded",
        ],
        "customer.relationship.condition": ["kind"],
    }

    # === QUERY === #

    @property
    def _table_query(self):
        """The transitions that stand, of customers who may be profiled."""
        log = self.env["customer.relationship.transition"]
        return SQL(
            """
            SELECT %(columns)s
              FROM customer_relationship_transition log
              LEFT JOIN customer_relationship r
                ON r.partner_id = log.partner_id AND r.company_id = log.company_id
              LEFT JOIN customer_relationship_condition from_condition
                ON from_condition.id = log.from_condition_id
              LEFT JOIN customer_relationship_condition to_condition
                ON to_condition.id = log.to_condition_id
             WHERE log.partner_id IS NOT NULL
               AND CASE WHEN r.id IS NOT NULL THEN r.is_excluded IS NOT TRUE
                        ELSE %(profiled)s END
               AND %(stands)s
            WINDOW stay AS (
                PARTITION BY log.partner_id, log.company_id, log.axis
                ORDER BY log.date, log.id
            )
            """,
            columns=SQL(", ").join(self._select_columns()),
            profiled=log._profiled_sql("log"),
            stands=log._stands_sql(),
        )

    @api.model
    def _select_columns(self):
        """Expressions of the fields, to be extended together with the fields."""
        return [
            SQL("log.id, log.partner_id, log.company_id, log.axis"),
            SQL("log.date, log.recorded_at"),
            SQL("log.from_stage_id, log.to_stage_id, log.trigger, log.direction"),
            SQL("log.from_condition_id, log.to_condition_id"),
            SQL("%s AS user_id, r.segment_id", self._salesperson_sql()),
            SQL("from_condition.kind AS from_kind, to_condition.kind AS to_kind"),
            SQL("LEAD(log.to_stage_id) OVER stay AS next_stage_id"),
            SQL("LEAD(log.to_condition_id) OVER stay AS next_condition_id"),
            SQL("LEAD(log.date) OVER stay IS NULL AS is_current"),
            SQL("LEAD(log.date) OVER stay - log.date AS days_until_next"),
            SQL("log.date - LAG(log.date) OVER stay AS days_before"),
            self._cohort_sql(),
            SQL("COALESCE(to_condition.kind = 'won_back', FALSE) AS is_win_back"),
            SQL(
                "log.axis = 'position' AND log.direction = 'regression'"
                " AS is_regression"
            ),
        ]

    @api.model
    def _salesperson_sql(self) -> SQL:
        """Who looks after the customer; of a former one, after its present account."""
        return SQL(
            """CASE WHEN r.id IS NOT NULL THEN r.user_id ELSE (
                SELECT CASE WHEN own.id IS NULL THEN account.user_id
                            ELSE own.user_id END
                  FROM %s mapping
                  JOIN res_partner account ON account.id = mapping.account_id
             LEFT JOIN customer_relationship own
                    ON own.partner_id = account.id AND own.company_id = log.company_id
                 WHERE mapping.partner_id = log.partner_id
            ) END""",
            self.env["customer.account"]._mapping_sql(),
        )

    @api.model
    def _cohort_sql(self):
        """Month of the first position of the customer.

        Looked up only where somebody asks for it; a second window would keep the
        planner from reading one axis alone.
        """
        return SQL(
            """(
            SELECT CAST(date_trunc('month', MIN(entered.date)) AS date)
              FROM customer_relationship_transition entered
             WHERE entered.partner_id = log.partner_id
               AND entered.company_id = log.company_id
               AND entered.axis = 'position' AND %s
            ) AS cohort_month""",
            self.env["customer.relationship.transition"]._stands_sql("entered"),
        )

    # === SELECTION === #

    @api.model
    def _selection_kind(self):
        return (
            self.env["customer.relationship.condition"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
