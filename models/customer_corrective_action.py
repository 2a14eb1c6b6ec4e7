from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..logic.effect import Effect, Rate, judge


class CustomerCorrectiveAction(models.Model):
    """A change to the system or to staff skills, and the proof that it helped.

    Once done, it waits for its check: the complaints of the same cause in as many
    days after it as before it, per purchase. It comes back to its owner when the
    rate did not fall.
    """

    _name = "customer.corrective.action"
    _description = "Corrective Action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    reopen_count = fields.Integer(string="Times Without Effect", readonly=True)
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

    # === ACTION METHODS === #

    def action_done(self):
        """The change is in force: from today on its effect is observed."""
        today = self.env.company._retention_root()._retention_today()
        self._move_to(("open", "unclear"), "done", done_on=today, effect=False)
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Take it up again."""
        states = ("done", "unclear", "effective", "cancelled")
        self._move_to(states, "open", done_on=False)

    def action_cancel(self):
        """Nothing will be done."""
        self._move_to(("open", "done", "unclear"), "cancelled")

    def _move_to(self, origins, target, **values):
        """Change the state of those that are in one of the states ``origins``.

        :raise UserError: one of them is not
        """
        wrong = self.filtered(lambda action: action.state not in origins)
        if wrong:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(action)s” is in the state “%(state)s”, in which this cannot "
                    "be done.",
                    action=wrong[0].name,
                    state=states[wrong[0].state],
                )
            )
        self.write({"state": target, **values})

    # === EFFECT === #

    @api.model
    def _cron_check_effects(self):
        """Check the actions whose time has come, one a transaction."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            due = self.search(
                [
                    ("state", "=", "done"),
                    ("check_on", "<=", company._retention_today()),
                    ("company_id", "child_of", company.id),
                ]
            )
            for number, action in enumerate(due, start=1):
                action._check_effect()
                if not self.env["ir.cron"]._commit_progress(
                    1, remaining=len(due) - number
                ):
                    return

    def _check_effect(self):
        """Compare the periods; take the action up again when it did not help."""
        self.ensure_one()
        effect = judge(self._get_rate(after=False), self._get_rate(after=True))
        values = {"effect": self._effect_values(effect)}
        if effect.code == "effective":
            self.write({**values, "state": "effective"})
            return
        if effect.code == "ineffective":
            count = self.reopen_count + 1
            self.write({**values, "state": "open", "reopen_count": count})
            summary = self.env._("Without effect: find the cause again")
        else:
            self.write({**values, "state": "unclear"})
            summary = self.env._("Decide whether this has helped")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.effect_text,
            user_id=self.owner_id.id,
        )

    def _get_rate(self, after: bool) -> Rate:
        """Complaints of the cause and purchases, in one of the two periods."""
        days = timedelta(days=self.check_days)
        start = self.done_on if after else self.done_on - days
        root = self.company_id._retention_root()
        domain = [
            ("kind", "=", "complaint"),
            ("main_cause_id", "child_of", self.cause_id.id),
            ("company_id", "child_of", root.id),
            ("received_at", ">=", start),
            ("received_at", "<", start + days),
        ]
        if self.product_id:
            domain.append(("product_id", "=", self.product_id.id))
        # sudo: customer.complaint - only counts, whoever may see whose complaints
        complaints = self.env["customer.complaint"].sudo()
        events = complaints.with_context(active_test=False).search_count(domain)
        occasions = (
            self.env["customer.purchase"]
            # sudo: customer.purchase - a count, whoever may see whose purchases
            .sudo()
            .search_count(
                [
                    ("company_id", "=", root.id),
                    ("is_purchase", "=", True),
                    ("date", ">=", start),
                    ("date", "<", start + days),
                ]
            )
        )
        return Rate(events, occasions)

    @api.model
    def _effect_values(self, effect: Effect) -> dict:
        return {
            "code": effect.code,
            "before": [effect.before.events, effect.before.occasions],
            "after": [effect.after.events, effect.after.occasions],
            "doubt": effect.doubt,
        }

    def _describe_effect(self) -> str:
        """What the check found, or when it will be, in a sentence."""
        self.ensure_one()
        if self.state == "done":
            return self.env._(
                "The effect will be checked on %(date)s.",
                date=format_date(self.env, self.check_on),
            )
        if not self.effect:
            return ""
        before, after = self.effect["before"], self.effect["after"]
        facts = self.env._(
            "%(days)s days before: %(before)s complaints in %(bought_before)s "
            "purchases; %(days)s days after: %(after)s in %(bought_after)s.",
            days=self.check_days,
            before=before[0],
            bought_before=before[1],
            after=after[0],
            bought_after=after[1],
        )
        return f"{self._describe_verdict(self.effect['code'])} {facts}"

    @api.model
    def _describe_verdict(self, code: str) -> str:
        return {
            "effective": self.env._("It helped."),
            "ineffective": self.env._("It did not help."),
            "unclear": self.env._(
                "Fewer complaints, but less so than wanted, or perhaps by chance."
            ),
            "too_few": self.env._("Too few complaints before it to tell."),
            "no_occasions": self.env._("Nothing was bought in one of the periods."),
        }[code]
