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
    _inherit = ["customer.guarded.mixin"]
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

    _given_idx = models.Index(
        "(account_id, company_id, approved_at) WHERE state IN ('approved', 'done')"
    )

    # === COMPUTE === #

    @api.depends("complaint_id.account_id", "state")
    def _compute_account_id(self):
        for action in self:
            # what was given to somebody unknown counts for them once they are known
            is_unknown = action.state == "done" and not action.account_id
            if action.state not in COMMITTED or is_unknown:
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

    @api.depends("type_id", "name")
    def _compute_display_name(self):
        for action in self:
            action.display_name = action.name or action.type_id.name

    # === CRUD === #

    @api.model
    def _get_terms(self):
        """Names of the fields that somebody approves."""
        return TERMS

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
        self._check_guarded(vals, is_new=True)
        entered = {name: vals[name] for name in vals.keys() - self._guarded_fields()}
        return {**entered, "proposed_by_id": self.env.uid}

    def write(self, vals):
        """Change a proposal; new terms take an approval away.

        :raise UserError: something is among the values that has to be decided, or the
            terms of what has been carried out
        """
        if self.env.context.get("customer_retention_recovery") is VERB:
            return super().write(vals)
        self._check_guarded(vals)
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
    def _guarded_message(self, label):
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
