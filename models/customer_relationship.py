from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_derived import LooseMany2one
from .customer_fit import ANSWERS

# Only code of this module can put this object into a context: a call from outside
# cannot pretend to be the engine.
ENGINE = object()

# What may be written from outside becomes a decision: {column: (axis, target)}.
DECIDED = {
    "stage_id": ("position", "stage_id"),
    "condition_id": ("condition", "condition_id"),
}

# Facts that change by the clock: the SQL of each over the row, the company's day
# and the columns.
CLOCK_FACTS = {
    "days_since_last": "(%(today)s - %(row)s.last_purchase_on)",
    "days_since_first": "(%(today)s - %(row)s.first_purchase_on)",
    "days_since_contact": "(%(today)s - %(row)s.last_contact_on)",
    "overdue_ratio": "((%(today)s - %(row)s.last_purchase_on)"
    " / NULLIF(%(row)s.usual_interval, 0))",
    "revenue_change": "((%(row)s.revenue_12m / NULLIF("
    "GREATEST(%(row)s.revenue_prev_12m, 0), 0))::float8 - 1)",
}

# Facts that customers who never bought do not have: the latest or greatest first
# must not begin with those.
NULLS_LAST = {
    *CLOCK_FACTS,
    "first_purchase_on",
    "last_purchase_on",
    "usual_interval",
    "average_basket",
    "interval_median",
    "interval_mean",
    "last_gap_days",
    "last_gap_ratio",
    "expected_next_on",
    "first_quotation_on",
    "last_contact_on",
}


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
        index=True,
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
        index=True,
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
        index=True,
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

    # Facts that change by the clock
    days_since_last = fields.Integer(
        string="Days since Last Purchase",
        compute="_compute_clock_facts",
        search="_search_days_since_last",
        aggregator="avg",
    )
    days_since_first = fields.Integer(
        string="Days since First Purchase",
        compute="_compute_clock_facts",
        search="_search_days_since_first",
        aggregator="avg",
    )
    days_since_contact = fields.Integer(
        string="Days since Last Contact",
        compute="_compute_clock_facts",
        search="_search_days_since_contact",
        aggregator="avg",
    )
    overdue_ratio = fields.Float(
        string="Days since Last Purchase ÷ Usual Interval",
        compute="_compute_clock_facts",
        search="_search_overdue_ratio",
        aggregator="avg",
        help="Days since the last purchase ÷ the usual interval. 2 means: twice "
        "as long as usual.",
    )
    revenue_change = fields.Float(
        string="Change of Revenue",
        compute="_compute_clock_facts",
        search="_search_revenue_change",
        aggregator="avg",
        help="Revenue of the last 12 months ÷ the 12 months before, less one.",
    )

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
    _user_revenue_idx = models.Index(
        "(user_id, revenue_12m DESC, id DESC) INCLUDE (company_id, active)"
    )

    # === COMPUTE AND SEARCH === #

    @api.depends_context("company")
    @api.depends(
        "first_purchase_on",
        "last_purchase_on",
        "last_contact_on",
        "usual_interval",
        "revenue_12m",
        "revenue_prev_12m",
    )
    def _compute_clock_facts(self):
        today = {company: company._retention_today() for company in self.company_id}
        for row in self:
            day = today.get(row.company_id)
            since_last = _days(row.last_purchase_on, day)
            before = row.revenue_prev_12m
            row.days_since_last = since_last
            row.days_since_first = _days(row.first_purchase_on, day)
            row.days_since_contact = _days(row.last_contact_on, day)
            row.overdue_ratio = (
                since_last / row.usual_interval if row.usual_interval else 0.0
            )
            row.revenue_change = row.revenue_12m / before - 1 if before > 0 else 0.0

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let facts that change by the clock be searched, sorted and aggregated."""
        if field_expr not in CLOCK_FACTS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return SQL(
            CLOCK_FACTS[field_expr],  # pylint: disable=sql-injection
            row=SQL.identifier(alias),
            today=self._today_sql(alias),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort customers of whom a fact is not known behind all others."""
        is_descending = direction.code.upper() == "DESC"
        if is_descending and not nulls.code and field_name in NULLS_LAST:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _today_sql(self, alias: str) -> SQL:
        """Return the evaluation day of a row's company as an SQL expression."""
        days = (
            self.env["res.company"]
            ._retention_roots()
            .grouped(lambda root: root._retention_today())
        )
        if len(days) == 1:
            return SQL("%s::date", next(iter(days)))
        cases = SQL(" ").join(
            SQL(
                "WHEN %s = ANY(%s) THEN %s::date",
                SQL.identifier(alias, "company_id"),
                roots.ids,
                day,
            )
            for day, roots in days.items()
        )
        return (
            SQL("CASE %s ELSE %s::date END", cases, fields.Date.today())
            if days
            else SQL("%s::date", fields.Date.today())
        )

    def _search_clock_fact(self, name, operator, value):
        symbols = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
        if operator in symbols:
            number = self._clock_number(value)
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s %s %s",
                    model._field_to_sql(alias, name, query),
                    SQL(symbols[operator]),
                    number,
                )
            )
        if operator in ("in", "not in"):
            return self._search_clock_fact_in(name, operator, set(value))
        return NotImplemented

    def _search_clock_fact_in(self, name, operator, values):
        """Values and "not set" (False), which stands for customers without it."""
        numbers = [self._clock_number(value) for value in values if value is not False]
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s = ANY(%s::float8[]), %s)",
                model._field_to_sql(alias, name, query),
                numbers,
                False in values,
            )
        )
        return domain if operator == "in" else ~domain

    @api.model
    def _clock_number(self, value):
        """The number that is searched for.

        :raise UserError: it is none
        """
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._("“%(value)s” is not a number to search for.", value=value)
            ) from error

    def _search_days_since_last(self, operator, value):
        return self._search_clock_fact("days_since_last", operator, value)

    def _search_days_since_first(self, operator, value):
        return self._search_clock_fact("days_since_first", operator, value)

    def _search_days_since_contact(self, operator, value):
        return self._search_clock_fact("days_since_contact", operator, value)

    def _search_overdue_ratio(self, operator, value):
        return self._search_clock_fact("overdue_ratio", operator, value)

    def _search_revenue_change(self, operator, value):
        return self._search_clock_fact("revenue_change", operator, value)

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every position of the ladders in use, also those without customers."""
        return (stages | self._ladder_in_use("customer.relationship.stage")).sorted()

    @api.model
    def _read_group_condition_ids(self, conditions, domain):
        steps = conditions | self._ladder_in_use("customer.relationship.condition")
        return steps.sorted()

    def _ladder_in_use(self, model):
        # sudo: res.company - the ladder belongs to the root of the user's branches
        roots = self.env.companies._retention_root()
        steps = self.env[model].search([("company_id", "in", [*roots.ids, False])])
        own = steps.filtered("company_id").company_id
        return steps.filtered(lambda step: step.company_id or roots - own)

    # === CRUD === #

    def write(self, vals):
        """A position or condition written by a person becomes a decision; the engine
        writes what it found out. Everything else is refused.
        """
        if self.env.context.get("customer_retention_engine") is ENGINE:
            return super().write(vals)
        # An import names the row by its id, among the values.
        refused = sorted(vals.keys() - DECIDED.keys() - {"id"})
        if refused:
            raise UserError(
                self.env._(
                    "%(fields)s cannot be changed here: it is worked out from the "
                    "documents. Change the order or invoice, or pin the position or "
                    "condition.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        if name in self._fields
                        else name
                        for name in refused
                    ),
                )
            )
        self._check_decided(vals)
        self._pin_from_values(vals)
        return True

    def _check_decided(self, vals):
        """Refuse to empty a position or condition: that decides nothing."""
        for column in DECIDED:
            if column in vals and not vals[column]:
                raise UserError(
                    self.env._(
                        "%(field)s cannot be emptied. To let the rules decide again, "
                        "end the pin under “Decisions”.",
                        field=self._fields[column]._description_string(self.env),
                    )
                )

    def _pin_from_values(self, vals):
        """Turn a drag or an import into decisions, with a reason that says so."""
        self.env["customer.relationship.pin"].create(
            [
                {
                    "partner_id": row.partner_id.id,
                    "company_id": row.company_id.id,
                    "axis": axis,
                    target: vals[column],
                    "reason": self.env._("Set by hand"),
                }
                for row in self
                for column, (axis, target) in DECIDED.items()
                if vals.get(column) and vals[column] != row[column].id
            ]
        )

    def _write_verdict(self, vals):
        """Write what the engine decided, through the ORM."""
        return self.with_context(customer_retention_engine=ENGINE).write(vals)


def _days(start, end) -> int:
    return (end - start).days if start and end else 0
