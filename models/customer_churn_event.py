from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .customer_churn_reason import NATURE_HELP, NATURES
from .customer_churn_score import VALUE_CLASSES

# Only code of this module can put this object into a context: a call from outside
# enters nothing that follows from documents.
ENGINE = object()


class CustomerChurnEvent(models.Model):
    """That a customer left: when, why as far as known, what it cost, and the return.

    The condition tells by itself that somebody is lost; a person may declare it
    before. Why is added by whoever hears it. A later purchase takes the loss back,
    and what was found out stays.
    """

    _name = "customer.churn.event"
    _inherit = [
        "customer.visible.mixin",
        "customer.guarded.mixin",
        "customer.churn.row.mixin",
    ]
    _description = "Lost Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(
        "res.users",
        compute="_compute_salesperson_id",
        search="_search_salesperson_id",
    )
    segment_id = fields.Many2one(
        "customer.segment",
        compute="_compute_segment_id",
        search="_search_segment_id",
    )

    # That it happened
    date = fields.Date(
        string="Lost On", required=True, default=lambda self: self._default_date()
    )
    source = fields.Selection(
        [("inferred", "By the Condition"), ("declared", "Declared")],
        string="Known",
        required=True,
        default="declared",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Declared By", readonly=True)
    state = fields.Selection(
        [("lost", "Lost"), ("returned", "Came Back"), ("void", "Was No Loss")],
        required=True,
        default="lost",
        readonly=True,
        index=True,
    )
    last_purchase_on = fields.Date(string="Last Purchase", readonly=True)
    lost_revenue = fields.Monetary(
        readonly=True, help="Net revenue of the 12 months up to the last purchase."
    )
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)

    # Why
    reason_ids = fields.Many2many(
        "customer.churn.reason", "customer_churn_event_reason_rel", string="Reasons"
    )
    main_reason_id = fields.Many2one(
        "customer.churn.reason",
        index="btree_not_null",
        ondelete="restrict",
    )
    reason_group = fields.Selection(related="main_reason_id.group", store=True)
    decided_by = fields.Selection(
        [("customer", "The Customer (active)"), ("company", "Us (passive)")],
        string="Ended By",
        required=True,
        help="Passive: we ended it, for bad debts or for what was said about us.",
    )
    nature = fields.Selection(
        NATURES,
        compute="_compute_character",
        store=True,
        readonly=False,
        help=NATURE_HELP,
    )
    is_avoidable = fields.Boolean(
        string="Avoidable", compute="_compute_character", store=True, readonly=False
    )
    competitor = fields.Char(help="Who got the customer.")
    words = fields.Text(string="What They Said")

    # The return
    returned_on = fields.Date(readonly=True, help="Day of the first purchase after it.")
    days_away = fields.Integer(
        readonly=True, aggregator="avg", help="From the last purchase to the return."
    )

    _account_idx = models.Index("(partner_id, company_id, date)")
    _open_idx = models.Index("(company_id, date) WHERE state = 'lost'")
    # A few among many; every score asks for its own.
    _declared_idx = models.Index(
        "(partner_id, company_id) WHERE source = 'declared' AND state <> 'void'"
    )

    @api.model
    def _default_company_id(self):
        return self.env.company._retention_root()

    @api.model
    def _default_date(self):
        return self.env.company._retention_root()._retention_today()

    # === COMPUTE === #

    @api.depends("partner_id", "company_id")
    def _compute_salesperson_id(self):
        rows = self._relationships()
        for event in self:
            row = rows.get(event._account_key())
            event.salesperson_id = row.user_id if row else event.partner_id.user_id

    def _search_salesperson_id(self, operator, value):
        return self._search_by_relationship("user_id", operator, value)

    @api.depends("partner_id", "company_id")
    def _compute_segment_id(self):
        rows, empty = self._relationships(), self.env["customer.relationship"]
        for event in self:
            event.segment_id = rows.get(event._account_key(), empty).segment_id

    def _search_segment_id(self, operator, value):
        return self._search_by_relationship("segment_id", operator, value)

    @api.depends("main_reason_id")
    def _compute_character(self):
        """As the main reason proposes, until somebody says otherwise."""
        for event in self:
            reason = event.main_reason_id
            event.nature = reason.nature or event.nature
            event.is_avoidable = reason.is_avoidable if reason else event.is_avoidable

    # === CONSTRAINTS === #

    @api.constrains("date", "company_id")
    def _check_date(self):
        for event in self:
            if event.date > event.company_id._retention_today():
                raise ValidationError(
                    self.env._(
                        "A customer is lost today at the latest. Enter today, or the "
                        "day of the last purchase."
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Declare losses: about the whole customer, by whoever does.

        :raise UserError: the customer is recorded as lost already
        """
        if self.env.context.get("customer_churn_engine") is ENGINE:
            return super().create(vals_list)
        events = super().create([self._prepare_declared(vals) for vals in vals_list])
        events._include_main_reasons()
        for event in events:
            if event._open_of(event.partner_id, event.company_id) - event:
                raise UserError(
                    self.env._(
                        "%s is recorded as lost already. Add there what you know.",
                        event.partner_id.display_name,
                    )
                )
        events._sync_declared()
        return events

    @api.model
    def _prepare_declared(self, vals):
        known = self.default_get(["partner_id", "company_id", "date"])
        # No default of the field: forms ask, so that looking at one declares nothing.
        vals = {"decided_by": "customer", **known, **vals}
        self._check_guarded(vals, is_new=True)
        if not vals.get("partner_id"):
            raise ValidationError(self.env._("Choose the customer who left."))
        return {
            **self._of_account(vals),
            "source": "declared",
            "user_id": self.env.uid,
        }

    def write(self, vals):
        """Add what is known about a loss; the fact itself stays.

        :raise UserError: who left, where or when is among the values
        """
        if self.env.context.get("customer_churn_engine") is ENGINE:
            return super().write(vals)
        self._check_guarded(vals)
        if vals.keys() & {"partner_id", "company_id", "date"}:
            raise UserError(
                self.env._(
                    "Who left, and when, stays as it was recorded. Say that it was no "
                    "loss and declare another one instead."
                )
            )
        result = super().write(vals)
        self._include_main_reasons()
        if "main_reason_id" in vals:
            self._keep_chosen_reason()
        return result

    def _engine(self):
        return self.with_context(customer_churn_engine=ENGINE)

    # === ACTIONS === #

    def action_void(self):
        """Say that the customer had not been lost; what was written down stays."""
        self.check_access("write")
        if any(event.source != "declared" for event in self):
            raise UserError(
                self.env._(
                    "The condition says that the customer is lost. Pin the condition "
                    "of the relationship if you know better."
                )
            )
        self._engine().write({"state": "void"})
        for company, events in self.grouped("company_id").items():
            self.env["customer.churn.score"]._follow_losses(
                company, events.partner_id.ids
            )
        return True

    @api.autovacuum
    def _gc_events(self):
        """Forget the losses of customers who have been deleted."""
        self.search([("partner_id", "=", False)]).unlink()
