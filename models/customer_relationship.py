from __future__ import annotations

from odoo import api, fields, models

from .customer_fit import ANSWERS
from .loose_many2one import LooseMany2one


class CustomerRelationship(models.Model):
    """One account in one company: its facts, position and condition.

    The row is a cache that the evaluation writes and anybody may throw away;
    people's decisions, the rules and the transition log are elsewhere.
    """

    _name = "customer.relationship"
    _description = "Customer Relationship"
    _order = "revenue_12m desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    # Who
    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = LooseMany2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
        help="The customer's salesperson, or the one of the last order.",
    )
    segment_id = LooseMany2one(
        "customer.segment", readonly=True, ondelete="set null", index="btree_not_null"
    )
    active = fields.Boolean(default=True, readonly=True)
    is_excluded = fields.Boolean(string="Not Profiled", readonly=True)

    # Position
    stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="Position",
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
    )
    stage_since = fields.Date(string="In Position Since", readonly=True)
    previous_stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="Previous Position",
        readonly=True,
        ondelete="restrict",
    )
    highest_stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="Highest Position",
        readonly=True,
        ondelete="restrict",
    )
    rule_stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="Position by the Rules",
        readonly=True,
        ondelete="restrict",
    )
    stage_version_id = LooseMany2one(
        "customer.rule.version", readonly=True, ondelete="set null"
    )
    stage_pin_id = fields.Many2one(
        "customer.relationship.pin",
        string="Position Decision",
        readonly=True,
        ondelete="set null",
    )

    # Condition
    condition_id = LooseMany2one(
        "customer.relationship.condition",
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        group_expand="_read_group_condition_ids",
    )
    condition_kind = fields.Selection(related="condition_id.kind")
    condition_since = fields.Date(readonly=True)
    previous_condition_id = LooseMany2one(
        "customer.relationship.condition",
        readonly=True,
        ondelete="restrict",
    )
    rule_condition_id = LooseMany2one(
        "customer.relationship.condition",
        string="Condition by the Rules",
        readonly=True,
        ondelete="restrict",
    )
    condition_version_id = LooseMany2one(
        "customer.rule.version", readonly=True, ondelete="set null"
    )
    condition_pin_id = fields.Many2one(
        "customer.relationship.pin",
        string="Condition Decision",
        readonly=True,
        ondelete="set null",
    )

    # Facts: purchases
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    purchase_days = fields.Integer(readonly=True)
    first_purchase_on = fields.Date(string="First Purchase", readonly=True)
    last_purchase_on = fields.Date(string="Last Purchase", readonly=True, index=True)
    tenure_days = fields.Integer(
        string="Days from First to Last Purchase", readonly=True
    )
    revenue_total = fields.Monetary(string="Revenue", readonly=True)
    revenue_12m = fields.Monetary(string="Revenue 12 Months", readonly=True)
    revenue_prev_12m = fields.Monetary(string="Revenue 12 Months Before", readonly=True)
    average_basket = fields.Float(
        readonly=True, aggregator="avg", help="Net revenue ÷ number of purchases."
    )
    interval_median = fields.Float(
        string="Median Interval (days)",
        readonly=True,
        aggregator="avg",
    )
    interval_mean = fields.Float(
        string="Mean Interval (days)",
        readonly=True,
        aggregator="avg",
    )
    usual_interval = fields.Float(
        string="Usual Interval (days)",
        readonly=True,
        aggregator="avg",
        help="Median of the customer's own intervals, or the segment's while the "
        "customer has bought on fewer than three days.",
    )
    interval_source = fields.Selection(
        [("own", "Own rhythm"), ("segment", "Rhythm of the segment")], readonly=True
    )
    last_gap_days = fields.Integer(
        string="Last Gap (days)", readonly=True, aggregator="avg"
    )
    last_gap_ratio = fields.Float(
        string="Last Gap ÷ Usual Interval",
        readonly=True,
        aggregator="avg",
        help="The last gap between two purchase days ÷ the usual interval.",
    )
    expected_next_on = fields.Date(string="Expected Next Purchase", readonly=True)
    category_count_12m = fields.Integer(
        string="Categories 12 Months", readonly=True, aggregator="avg"
    )

    # Facts: quotations, contact, fit
    first_quotation_on = fields.Date(string="First Quotation", readonly=True)
    open_quotation_count = fields.Integer(string="Open Quotations", readonly=True)
    open_quotation_value = fields.Monetary(
        string="Value of Open Quotations", readonly=True
    )
    last_contact_on = fields.Date(string="Last Human Contact", readonly=True)
    fit_need = fields.Selection(ANSWERS, readonly=True)
    fit_can_pay = fields.Selection(ANSWERS, readonly=True)
    fit_reachable = fields.Selection(ANSWERS, readonly=True)
    fit_right_to_buy = fields.Selection(ANSWERS, readonly=True)
    fit_core_value = fields.Selection(ANSWERS, readonly=True)
    fit_recommends = fields.Selection(ANSWERS, readonly=True)
    fit_yes_count = fields.Integer(string="Fit Answers Yes", readonly=True)

    # Evaluation
    evaluated_on = fields.Date(
        string="Evaluated As Of",
        readonly=True,
        help="The day the facts and the verdicts refer to.",
    )
    evaluated_at = fields.Datetime(string="Last Evaluated", readonly=True)
    next_evaluation_on = fields.Date(
        string="Next Decision Date",
        readonly=True,
        help="First day on which a fact or a verdict can change by itself.",
    )
    pending_on = fields.Date(
        readonly=True,
        help="Day on which a minimum stay or a decision ends, if one is running.",
    )
    entitled_stage_id = LooseMany2one(
        "customer.relationship.stage",
        readonly=True,
        ondelete="restrict",
        help="Highest position whose rule holds, whatever the path.",
    )
    entitled_condition_id = LooseMany2one(
        "customer.relationship.condition",
        readonly=True,
        ondelete="restrict",
        help="First condition whose rule holds, whatever the path.",
    )

    # Shown on the form
    position_explanation = fields.Json(compute="_compute_explanations")
    condition_explanation = fields.Json(compute="_compute_explanations")
    fact_comparison = fields.Json(compute="_compute_insight")
    rhythm = fields.Json(compute="_compute_insight")
    revenue_by_month = fields.Json(compute="_compute_insight")
    top_products = fields.Json(compute="_compute_insight")
    offered_not_bought = fields.Json(compute="_compute_insight")
    categories_bought = fields.Json(compute="_compute_insight")
    history = fields.Json(compute="_compute_insight")
    ladder = fields.Json(compute="_compute_explanations")

    _account_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "One relationship per customer and company."
    )
    _excluded_idx = models.Index("(partner_id, company_id) WHERE is_excluded")
    _due_idx = models.Index("(company_id, next_evaluation_on)")
    # Lists are read from the index alone: with what record rules ask for included.
    _revenue_idx = models.Index(
        "(revenue_12m DESC, id DESC) INCLUDE (user_id, company_id, active)"
    )
    # It is the index of salespeople, too.
    _user_revenue_idx = models.Index(
        "(user_id, revenue_12m DESC, id DESC) INCLUDE (company_id, active)"
    )

    # === LADDERS IN THE KANBAN VIEW === #

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every position of the ladders in use, also those without customers."""
        return (stages | self._ladder_in_use("customer.relationship.stage")).sorted()

    @api.model
    def _read_group_condition_ids(self, conditions, domain):
        steps = conditions | self._ladder_in_use("customer.relationship.condition")
        return steps.sorted()

    def _ladder_in_use(self, model):
        roots = self.env.companies._retention_root()
        steps = self.env[model].search([("company_id", "in", [*roots.ids, False])])
        own = steps.filtered("company_id").company_id
        return steps.filtered(lambda step: step.company_id or roots - own)
