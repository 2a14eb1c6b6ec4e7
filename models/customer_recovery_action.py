from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# What somebody approves. Changing it takes the approval away.
TERMS = frozenset(
    {
        "type_id",
        "amount",
        "percent",
        "cost",
        "product_id",
        "quantity",
        "invoice_id",
        "invoice_line_ids",
    }
)
# What only the verbs of this model write, with the value a new action has.
DECIDED = {
    "state": "proposed",
    "requested_by_id": False,
    "requested_at": False,
    "approver_id": False,
    "approval_activity_id": False,
    "approved_by_id": False,
    "approved_at": False,
    "approved_amount": 0.0,
    "verdict": False,
    "budget_team_id": False,
    "proposed_by_id": False,
    "decline_reason": False,
    "failure_reason": False,
    "done_at": False,
    "reversed_at": False,
    "reversed_by_id": False,
    "reversal_move_id": False,
    "reversal_reason": False,
    "answer": "none",
    "answer_note": False,
    "answered_at": False,
    "is_automatic": False,
    "guarantee_id": False,
    "account_id": False,
    "company_id": False,
    "kind": False,
    "credit_move_id": False,
    "order_id": False,
    "discount_line_id": False,
}
COMMITTED = ("approved", "done")

# Only code of this module can put this object into a context: a call from outside
# writes nothing that has to be decided.
VERB = object()


class CustomerRecoveryAction(models.Model):
    """One step of the plan to put a complaint right: what, who, when, what it costs.

    The state changes by verbs only, and nothing of value is approved beyond the limits
    of the person who approves, whichever way the call comes.
    """

    _name = "customer.recovery.action"
    _description = "Recovery Action"
    _order = "complaint_id, sequence, id"
    _check_company_auto = True

    # What it is
    complaint_id = fields.Many2one(
        "customer.complaint", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "customer.recovery.type",
        string="Action",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    kind = fields.Selection(related="type_id.kind", store=True, index=True)
    name = fields.Char(string="Details", help="What exactly the customer gets.")
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_account_id",
        store=True,
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        index=True,
    )

    # What it is worth
    amount = fields.Monetary(
        string="Value",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the customer gets, taxes included.",
    )
    percent = fields.Float(
        help="Discount on the next order; the value is the most it may come to."
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        readonly=False,
        help="What it costs us.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="The invoice that is refunded.",
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        string="Lines",
        domain="[('move_id', '=', invoice_id), ('display_type', '=', 'product')]",
        # Whoever may not read invoices refunds them as a whole, or an amount.
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
        help="Empty: the whole invoice.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")

    # Where it stands
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
    )
    proposed_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Who set what it is worth.",
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    requested_at = fields.Datetime(readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", string="Asked", readonly=True, copy=False, index="btree_not_null"
    )
    approval_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, ondelete="set null"
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    approved_amount = fields.Monetary(readonly=True, copy=False)
    verdict = fields.Json(readonly=True, copy=False)
    budget_team_id = fields.Many2one(
        "customer.complaint.team",
        string="From the Budget Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    decline_reason = fields.Char(readonly=True, copy=False)
    failure_reason = fields.Char(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    is_automatic = fields.Boolean(
        string="Automatic", readonly=True, copy=False, help="Made by a guarantee."
    )
    guarantee_id = fields.Many2one(
        "customer.service.guarantee", readonly=True, copy=False, ondelete="restrict"
    )

    _not_negative = models.Constraint(
        "CHECK(amount >= 0 AND amount < 'Infinity' AND cost >= 0 AND "
        "cost < 'Infinity' AND quantity >= 0 AND percent >= 0 AND percent <= 100)",
        "Amounts, costs and quantities are not negative, and a discount is at most "
        "100 %.",
    )
    _given_idx = models.Index(
        "(account_id, company_id, approved_at) WHERE state IN ('approved', 'done')"
    )

    # === COMPUTE === #

    @api.depends("complaint_id.account_id")
    def _compute_account_id(self):
        for action in self:
            if action.state not in COMMITTED:
                action.account_id = action.complaint_id.account_id

    @api.depends("complaint_id")
    def _compute_user_id(self):
        for action in self:
            action.user_id = action.complaint_id.user_id or self.env.user

    @api.depends("type_id")
    def _compute_date_due(self):
        today = fields.Date.context_today(self)
        for action in self:
            if action.type_id and not action.date_due:
                action.date_due = today + timedelta(days=action.type_id.days)

    @api.depends("kind")
    def _compute_invoice_id(self):
        for action in self:
            is_refund = action.kind == "refund"
            action.invoice_id = is_refund and action._default_invoice()

    @api.depends("kind")
    def _compute_product_id(self):
        for action in self:
            is_replacement = action.kind == "replacement"
            action.product_id = is_replacement and action.complaint_id.product_id

    @api.depends("kind", "invoice_id", "invoice_line_ids", "product_id", "quantity")
    def _compute_amount(self):
        for action in self:
            worth = action._document_worth()
            action.amount = action.amount if worth is None else worth

    @api.depends("amount", "kind", "product_id", "quantity")
    def _compute_cost(self):
        for action in self:
            action.cost = action._document_cost()

    def _default_invoice(self):
        """Return the invoice that a refund is about, as far as that is clear."""
        complaint = self.complaint_id
        # sudo: account.move - handlers refund invoices they may not open
        return complaint.move_id or complaint.order_id.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )[:1].sudo(False)

    def _document_worth(self):
        """What the customer gets by what was chosen; None: somebody says so."""
        if self.kind == "refund" and self.invoice_id:
            return self._refundable_amount()
        if self.kind == "replacement" and self.product_id:
            return self._product_worth("lst_price")
        return None

    def _document_cost(self):
        """What it costs us: goods what we pay for them, anything else its value."""
        if self.kind == "replacement" and self.product_id:
            return self._product_worth("standard_price")
        return self.amount or self.type_id.default_cost

    def _product_worth(self, price):
        """Return price × quantity of the product in company currency."""
        company = self.company_id or self.complaint_id.company_id
        # sudo: product.product - the cost is not everybody's to read
        product = self.product_id.sudo().with_company(company)
        today = fields.Date.context_today(self)
        return product.currency_id._convert(
            product[price] * self.quantity, company.currency_id, company, today
        )

    @api.depends("type_id", "name")
    def _compute_display_name(self):
        for action in self:
            action.display_name = action.name or action.type_id.name

    # === CRUD === #

    @api.model
    def _get_terms(self):
        """Names of the fields that somebody approves."""
        return TERMS

    @api.model
    def _get_decided(self):
        """{field that only verbs write: its value in a proposal}."""
        return DECIDED

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_proposal(vals) for vals in vals_list]
        actions = super().create(vals_list)
        actions._check_complaints_open()
        return actions

    def _prepare_proposal(self, vals):
        """Values of a new action: a proposal by whoever makes it.

        :raise UserError: the values claim that something has been decided
        """
        if self.env.context.get("customer_retention_recovery") is VERB:
            return {"proposed_by_id": self.env.uid, **vals}
        for name, initial in self._get_decided().items():
            if vals.get(name) and vals[name] != initial:
                raise UserError(self._refusal_message(name))
        # Nor does a default that the call brings along decide anything.
        decided = {**self._get_decided(), "proposed_by_id": self.env.uid}
        for computed in ("account_id", "company_id", "kind"):
            decided.pop(computed)
        return {**vals, **decided}

    def write(self, vals):
        """Change a proposal; new terms take an approval away.

        :raise UserError: something is among the values that has to be decided, or the
            terms of what has been carried out
        """
        if self.env.context.get("customer_retention_recovery") is VERB:
            return super().write(vals)
        for name in vals.keys() & self._get_decided().keys():
            raise UserError(self._refusal_message(name))
        complaint_id = vals.get("complaint_id")
        if complaint_id and any(one.complaint_id.id != complaint_id for one in self):
            raise UserError(
                self.env._(
                    "An action stays with its complaint. Cancel it and plan a new one."
                )
            )
        terms = self._get_terms() & vals.keys()
        if not terms:
            return super().write(vals)
        self._check_terms_open(terms)
        result = super().write(vals)
        self._set_proposed()
        return result

    @api.model
    def _refusal_message(self, name):
        label = self._fields[name]._description_string(self.env)
        return self.env._(
            "“%s” is not entered: it follows from what is decided. Use the buttons of "
            "the action.",
            label,
        )

    def _check_terms_open(self, names):
        """Refuse new terms once there is a document, or it is over.

        :param names: the terms that are to change
        """
        for action in self:
            if action.state in ("done", "cancelled") or action._documents():
                raise UserError(
                    self.env._(
                        "“%s” has been carried out or is over. Take it back first, or "
                        "plan another action.",
                        action.display_name,
                    )
                )

    def _check_complaints_open(self):
        """Plan nothing for a complaint that another one took over."""
        if any(action.complaint_id.merged_into_id for action in self):
            raise UserError(
                self.env._(
                    "This complaint was merged into another one. Plan the action there."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        """Keep what was given: deleting it would make room under the limits."""
        if any(action.state not in ("proposed", "waiting") for action in self):
            raise UserError(
                self.env._(
                    "What was decided for a customer is kept. Cancel the action "
                    "instead of deleting it."
                )
            )

    # === STATE === #

    def _decide(self, vals):
        """Write what follows from a decision.

        The callers have checked who decides; whoever may read an action may ask for it.
        """
        # sudo: customer.recovery.action - the verbs decide, not access to columns
        return self.sudo()._verb().write(vals)

    def _verb(self):
        """The same actions: what is written through them has been decided."""
        return self.with_context(customer_retention_recovery=VERB)

    def _update_state(self, allowed, target, **vals):
        """Let actions change their state if the present one allows it.

        :param allowed: states from which the change is possible
        :return: the actions that changed; those in the target state already are not
            among them
        :raise UserError: an action is in another state
        """
        changing = self.filtered(lambda action: action.state in allowed)
        wrong = (self - changing).filtered(lambda action: action.state != target)
        if wrong:
            raise UserError(wrong[0]._wrong_state_message(target))
        if changing:
            changing._decide({"state": target, **vals})
            changing._state_changed(target)
        return changing

    def _wrong_state_message(self, target):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "“%(name)s” is %(state)s; from there it does not become %(target)s.",
            name=self.display_name,
            state=states[self.state],
            target=states[target],
        )

    def _state_changed(self, target):
        """What follows from a new state, whoever brought it about."""
        if target != "waiting":
            self._close_approval()

    def _set_proposed(self):
        """Take an action back to the drawing board: somebody has to decide anew."""
        nothing = {
            name: DECIDED[name]
            for name in DECIDED
            if name.startswith(("approve", "requested", "decline", "failure"))
            or name in ("verdict", "budget_team_id")
        }
        nothing.pop("approval_activity_id", None)
        self._decide({"proposed_by_id": self.env.uid})
        self._update_state(
            ("proposed", "waiting", "approved", "failed"), "proposed", **nothing
        )

    def _set_done(self):
        done = self._update_state(
            ("approved",), "done", done_at=fields.Datetime.now(), failure_reason=False
        )
        done._log(lambda action: self.env._("Done: %s", action.display_name))
        done._after_done()
        return done

    def _after_done(self):
        """What follows from something that has been carried out."""

    def _set_failed(self, reason):
        failed = self._update_state(
            ("approved", "done"), "failed", failure_reason=reason, done_at=False
        )
        failed._log(
            lambda action: self.env._(
                "Failed: %(name)s. %(reason)s", name=action.display_name, reason=reason
            )
        )
        failed._after_failed()
        return failed

    def _after_failed(self):
        """What follows from something that did not work."""

    def _set_cancelled(self, **vals):
        """Call off what has not been carried out, or was taken back."""
        return self._update_state(
            ("proposed", "waiting", "approved", "done", "failed"), "cancelled", **vals
        )

    def _log(self, sentence):
        """Note in the conversation of each complaint; the customer does not see it."""
        for action in self:
            # sudo: customer.complaint - a note about what was decided here
            action.complaint_id.sudo()._message_log(body=sentence(action))

    # === ACTIONS === #

    def action_cancel(self):
        """Call off actions that have not been carried out."""
        self.check_access("write")
        for action in self:
            if action.state == "done" or action._documents():
                raise UserError(
                    self.env._(
                        "“%s” has been carried out. Take it back instead.",
                        action.display_name,
                    )
                )
        self._set_cancelled()

    def action_propose_again(self):
        """Start over with an action that failed or was called off before."""
        self.check_access("write")
        self._set_proposed()
