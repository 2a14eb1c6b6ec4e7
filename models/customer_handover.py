from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from .retries import each_apart

REASONS = [
    ("leave", "Leave"),
    ("departure", "Departure"),
    ("rotation", "Rotation"),
    ("other", "Other"),
]
STATES = [("draft", "Preparing"), ("done", "Handed Over"), ("returned", "Given Back")]


class CustomerHandover(models.Model):
    """Customers who get another account manager: prepared, done, and looked back on.

    Salespeople hand over their own customers, leaders those of their team, managers
    anybody's. What was handed over stays on record, to see what was lost by it.
    """

    _name = "customer.handover"
    _inherit = "customer.guarded.mixin"
    _description = "Hand-over of Customers"
    _order = "date desc, id desc"
    _rec_name = "from_user_id"

    from_user_id = fields.Many2one(
        "res.users",
        string="From",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    to_user_id = fields.Many2one(
        "res.users",
        string="To",
        index=True,
        domain="[('share', '=', False), ('company_ids', 'child_of', company_id)]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company._retention_root(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Selection(REASONS, required=True, default="rotation")
    date = fields.Date(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company._retention_root()._retention_today(),
    )
    date_back = fields.Date(
        string="Back On",
        help="On this day the customers go back to whom they came from.",
    )
    note = fields.Text(help="For the successor: what holds for all of these customers.")
    with_quotations = fields.Boolean(
        string="Open Quotations, Too",
        default=True,
        help="Quotations that are still open go along with the customers.",
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False
    )
    user_id = fields.Many2one(
        "res.users",
        string="Prepared By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    line_ids = fields.One2many(
        "customer.handover.line", "handover_id", string="Customers"
    )
    customer_count = fields.Integer(
        string="Number of Customers", compute="_compute_outcome"
    )
    value = fields.Monetary(
        string="A Year's Worth",
        compute="_compute_outcome",
        help="What the customers brought in the twelve months before.",
    )
    lost_count = fields.Integer(string="Lost since Then", compute="_compute_outcome")
    lost_value = fields.Monetary(
        string="Lost, a Year's Worth", compute="_compute_outcome"
    )
    bought_count = fields.Integer(string="Bought Again", compute="_compute_outcome")
    waiting_count = fields.Integer(string="Not Yet", compute="_compute_outcome")
    before_count = fields.Integer(
        string="Lost Before",
        compute="_compute_outcome",
        help="Counted as lost on the day of the hand-over, and has not come back.",
    )

    is_received = fields.Boolean(
        compute="_compute_is_received",
        search="_search_is_received",
        exportable=False,
        help="You get all of the customers, or one of them.",
    )
    may_hand_over = fields.Boolean(compute="_compute_may_hand_over", exportable=False)

    @api.depends("to_user_id", "line_ids.to_user_id")
    @api.depends_context("uid")
    def _compute_is_received(self):
        # sudo: customer.handover - whether its reader gets somebody
        received = self.sudo().search(
            [("id", "in", self._origin.ids), ("is_received", "=", True)]
        )
        for handover in self:
            handover.is_received = handover._origin.id in received._ids

    def _search_is_received(self, operator, value):
        """Through a statement: rules that read the lines would show others', too."""
        if operator != "in":
            return NotImplemented
        # sudo: customer.handover.line - who gets a customer decides who sees the line
        lines = self.env["customer.handover.line"].sudo()
        own = lines._search([("to_user_id", "=", self.env.uid)])
        return Domain("to_user_id", "=", self.env.uid) | Domain(
            "id", "in", own.subselect("handover_id")
        )

    @api.depends("from_user_id")
    @api.depends_context("uid")
    def _compute_may_hand_over(self):
        for handover in self:
            handover.may_hand_over = not handover._foreign()

    @api.depends("line_ids.outcome", "line_ids.yearly_value")
    def _compute_outcome(self):
        for handover in self:
            lines = handover.line_ids
            lost = lines.filtered(lambda line: line.outcome == "lost")
            handover.customer_count = len(lines)
            handover.value = sum(lines.mapped("yearly_value"))
            handover.lost_count = len(lost)
            handover.lost_value = sum(lost.mapped("yearly_value"))
            outcomes = lines.mapped("outcome")
            handover.bought_count = outcomes.count("bought")
            handover.waiting_count = outcomes.count("waiting")
            handover.before_count = outcomes.count("before")

    @api.constrains("from_user_id", "to_user_id")
    def _check_users(self):
        if any(one.from_user_id == one.to_user_id for one in self):
            raise ValidationError(
                self.env._("Choose somebody else as the new account manager.")
            )
        if any(one.to_user_id.share for one in self):
            raise ValidationError(
                self.env._("Choose a colleague as the new account manager.")
            )

    @api.constrains("date", "date_back", "reason")
    def _check_date_back(self):
        for handover in self:
            if handover.date_back and handover.date_back <= handover.date:
                raise ValidationError(
                    self.env._("The customers go back on a day after the hand-over.")
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Drafts by their true author."""
        if not self.env.su:
            for vals in vals_list:
                self._check_guarded(vals, is_new=True)
        handovers = super().create(vals_list)
        handovers._check_may_hand_over()
        return handovers

    def write(self, vals):
        """What was done stays as it was."""
        if not self.env.su:
            self._check_guarded(vals)
            self._check_draft()
        result = super().write(vals)
        self._check_may_hand_over()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(self._done_message())

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: it follows from what is done. Use the buttons of the "
            "hand-over.",
            label,
        )

    @api.model
    def _done_message(self):
        return self.env._("A hand-over stays on record. Prepare another one instead.")

    def _check_may_hand_over(self):
        """Whoever looks after the customers, leads who does, or is a manager.

        :raise AccessError: somebody else
        """
        if self._foreign():
            raise AccessError(
                self.env._(
                    "You hand over your own customers and those of your team. Ask a "
                    "manager for others."
                )
            )

    def _foreign(self):
        """Return hand-overs of customers whom somebody else looks after."""
        if self.env.su or self.env.user.has_group("customer_retention.group_manager"):
            return self.browse()
        allowed = self.env.user._retention_salesperson_ids()
        return self.filtered(lambda one: one.from_user_id.id not in allowed)

    # === ACTIONS === #

    def action_take_all(self):
        """Put all customers of the account manager on the list."""
        self.ensure_one()
        self._check_draft()
        known = self.line_ids.partner_id
        rows = self._portfolio().filtered(lambda row: row.partner_id not in known)
        self.line_ids = [
            Command.create({"partner_id": row.partner_id.id}) for row in rows
        ]
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "%(name)s looks after no customer in this company.",
                    name=self.from_user_id.name,
                )
            )

    def _portfolio(self):
        """Return the relationships with the customers to be handed over."""
        return self.env["customer.relationship"].search(
            Domain("user_id", "=", self.from_user_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )

    def action_hand_over(self):
        """Give the customers to their new account managers, and plan introductions."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        self._check_may_hand_over()
        self._check_lines()
        self.line_ids._remember_worth()
        for successor, lines in self.line_ids.grouped("successor_id").items():
            lines._give_to(self.from_user_id, successor)
        self.line_ids._plan_introductions()
        today = self.company_id._retention_today()
        # sudo: customer.handover - its own step, by whom it may be taken
        self.sudo().write({"state": "done", "date": today})

    def _check_lines(self):
        """Everybody has a successor, and is still a customer of the account manager."""
        if not self.line_ids:
            raise UserError(self.env._("Put at least one customer on the list."))
        for line in self.line_ids:
            if not line.successor_id or line.successor_id == self.from_user_id:
                raise UserError(
                    self.env._(
                        "Choose who looks after %(name)s from now on.",
                        name=line.partner_id.display_name,
                    )
                )
        self._check_successors()
        strangers = self.line_ids.partner_id - self._portfolio().partner_id
        if strangers:
            raise UserError(
                self.env._(
                    "%(from_user)s does not look after %(name)s.",
                    from_user=self.from_user_id.name,
                    name=strangers[0].display_name,
                )
            )

    def _check_successors(self):
        """Whoever gets customers works in their company, or would not see them."""
        for successor in self.line_ids.successor_id:
            # sudo: res.users - in which companies a colleague works
            companies = successor.sudo().company_ids
            if self.company_id not in companies._retention_root():
                raise UserError(
                    self.env._(
                        "%(user)s does not work in %(company)s, and would not see the "
                        "customers. Choose somebody else.",
                        user=successor.name,
                        company=self.company_id.name,
                    )
                )

    def action_give_back(self):
        """Return the customers who are still with the deputy."""
        self.check_access("read")
        self._check_may_hand_over()
        if any(handover.state != "done" for handover in self):
            raise UserError(self.env._("Only what was handed over is given back."))
        self._give_back()

    def _give_back(self):
        for handover in self:
            # sudo: customer.handover.line - all of them, also of whom others look after
            given = handover.sudo().line_ids
            for successor, lines in given.grouped("successor_id").items():
                # sudo: customer.relationship - still with whom they were handed to
                rows = self.env["customer.relationship"].sudo()
                kept = rows.search(
                    [
                        ("partner_id", "in", lines.partner_id.ids),
                        ("company_id", "=", handover.company_id.id),
                        ("user_id", "=", successor.id),
                    ]
                ).partner_id
                lines.filtered(
                    lambda line, kept=kept: line.partner_id in kept
                )._give_to(successor, handover.from_user_id)
        # sudo: customer.handover - its own step, by whom it may be taken
        self.sudo().write({"state": "returned"})

    # === JOB === #

    @api.model
    def _cron_give_back(self) -> None:
        """Give back what was handed over for a leave that has ended.

        A hand-over is a commit: whatever interrupts the job, the next start goes on.
        """
        each_apart(self.env, self._due_back(), lambda handover: handover._give_back())

    @api.model
    def _due_back(self):
        """Return what is to be given back, to those who are still there."""
        due = self.browse()
        for company in self.env["res.company"]._churn_roots():
            due |= self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "done"),
                    ("date_back", "<=", company._retention_today()),
                    ("from_user_id.active", "=", True),
                ]
            )
        return due
