from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerCorrectiveAction(models.Model):
    """A change to the system or to staff skills, and the proof that it helped.

    Once done, it waits for its check: the complaints of the same cause in as many
    days after it as before it, per purchase. It comes back to its owner when the
    rate did not fall.
    """

    _name = "customer.corrective.action"
    _description = "Corrective Action"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.guarded.mixin",
    ]
    _order = "state, date_deadline, id desc"

    name = fields.Char(required=True, tracking=True)
    description = fields.Html()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    kind = fields.Selection(
        [("system", "In the System"), ("skills", "In Staff Skills")],
        required=True,
        default="system",
        help="Whether the way of working changes, or what people are able to do.",
    )
    cause_id = fields.Many2one(
        "customer.complaint.cause",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        help="Empty: every product.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_deadline = fields.Date(string="Due", required=True, tracking=True)
    state = fields.Selection(
        [
            ("open", "To Do"),
            ("done", "Waiting for the Check"),
            ("unclear", "Effect Unclear"),
            ("effective", "Effective"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    done_on = fields.Date(string="In Force Since", copy=False, readonly=True)
    check_days = fields.Integer(
        string="Days Compared",
        default=90,
        help="The effect is checked this many days after the action, against as many "
        "days before it.",
    )
    check_on = fields.Date(compute="_compute_check_on", store=True, index=True)
    reopen_count = fields.Integer(
        string="Times Without Effect", readonly=True, copy=False
    )
    effect = fields.Json("Figures of the Effect", readonly=True, copy=False)
    effect_text = fields.Char(string="Effect", compute="_compute_effect_text")
    complaint_ids = fields.Many2many("customer.complaint")

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.depends("done_on", "check_days")
    def _compute_check_on(self):
        for action in self:
            action.check_on = action.done_on and (
                action.done_on + timedelta(days=action.check_days)
            )

    @api.depends("effect", "state", "check_on")
    @api.depends_context("lang")
    def _compute_effect_text(self):
        for action in self:
            action.effect_text = action._describe_effect()

    @api.constrains("check_days")
    def _check_check_days(self):
        if any(action.check_days < 7 for action in self):
            raise ValidationError(
                self.env._("Compare at least 7 days: fewer say nothing.")
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_guarded(vals, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        """Change a plan; how far it is, and whether it helped, follows by itself."""
        if not self.env.su:
            self._check_guarded(vals)
        return super().write(vals)

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: use the buttons of the corrective action. Whether it "
            "helped is found by comparing the complaints.",
            label,
        )

    # === ACTION METHODS === #

    def action_done(self):
        """The change is in force: from today on its effect is observed."""
        self._check_state("open", "unclear")
        for company, actions in self.grouped("company_id").items():
            today = company._retention_root()._retention_today()
            actions._move_to("done", done_on=today, effect=False)
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Take it up again."""
        self._check_state("done", "unclear", "effective", "cancelled")
        self._move_to("open", done_on=False)

    def action_cancel(self):
        """Nothing will be done."""
        self._check_state("open", "done", "unclear")
        self._move_to("cancelled")

    def _check_state(self, *origins):
        """Refuse what cannot be done in the state an action is in.

        :raise UserError: one of them is in another state
        """
        wrong = self.filtered(lambda action: action.state not in origins)
        if wrong:
            raise UserError(wrong[0]._wrong_state_message())

    def _wrong_state_message(self):
        """Say what an action is already, and the way on."""
        states = dict(self._fields["state"]._description_selection(self.env))
        facts = {"action": self.name, "state": states[self.state]}
        if self.state == "open":
            return self.env._("“%(action)s” is open already: go on with it.", **facts)
        return self.env._(
            "“%(action)s” is in the state “%(state)s”, in which this cannot be done. "
            "Press “Take Up Again” first.",
            **facts,
        )

    def _move_to(self, target, **values):
        """Change the state of actions that this person may change."""
        self.check_access("write")
        # sudo: customer.corrective.action - the verbs decide, not access to columns
        self.sudo().write({"state": target, **values})
