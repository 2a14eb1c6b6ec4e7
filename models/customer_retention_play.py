from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..logic.retention import Play, Situation, cause_of, choose
from .bounds import check_bounds
from .customer_churn_score import VALUE_CLASSES

KINDS = [("save", "Keep"), ("win_back", "Win Back")]
CAUSES = [
    ("service", "Service Failure and Recovery"),
    ("value", "Value Proposition"),
    ("other", "Other"),
    ("bad_faith", "Bad Faith"),
    ("silent", "Silent for Long"),
    ("unknown", "Not Known"),
]

# Somebody is approached, and a window has days.
BOUNDS = {
    "hold_out_share": (0, 99),
    "window_days": (1, 3650),
    "cooldown_days": (0, 3650),
    "offer_limit": (0, 100),
}


class CustomerRetentionPlay(models.Model):
    """What to do about customers who leave: by cause and value.

    A part of those it is for is left alone at random, so that its effect is known.
    """

    _name = "customer.retention.play"
    _description = "Retention Play"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    kind = fields.Selection(
        KINDS,
        required=True,
        default="save",
        help="Keep: before the customer is lost. Win back: afterwards.",
    )
    cause = fields.Selection(CAUSES, help="Empty: whatever the cause.")
    reason_ids = fields.Many2many(
        "customer.churn.reason",
        "customer_retention_play_reason_rel",
        string="Reasons",
        help="Only for customers who left for one of these, or for a part of one. "
        "Empty: for any reason.",
    )
    value_class = fields.Selection(VALUE_CLASSES, help="Empty: every customer.")
    description = fields.Text(
        translate=True, help="What whoever plays it should know before the first call."
    )
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Steps",
        domain="[('res_model', '=', 'customer.retention.case')]",
        help="Planned as soon as the case is opened.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Mail",
        domain="[('model', '=', 'customer.retention.case')]",
        help="Sent to the customer when the case is opened, unless they do not want "
        "mails.",
    )
    is_automatic = fields.Boolean(
        string="Opened by Itself",
        default=True,
        help="For the customers with the most money at risk, as many as the team can "
        "take on. Otherwise people open its cases.",
    )
    hold_out_share = fields.Float(
        string="Left Alone (%)",
        default=10.0,
        help="Part of the customers it is for that nobody approaches, drawn at random. "
        "Without them nobody knows whether the play helps.",
    )
    window_days = fields.Integer(
        string="Measured After (days)",
        default=90,
        help="Who bought within so many days counts as kept. Whoever is left alone is "
        "so until then.",
    )
    cooldown_days = fields.Integer(
        string="Not Again Within (days)",
        default=180,
        help="A customer gets no other case so soon after the last one.",
    )
    offer_limit = fields.Float(
        string="Offers up to (% of Value)",
        default=20.0,
        help="What offers of a case may cost, as a part of a year's worth of the "
        "customer. 0: nothing is offered.",
    )
    protects = fields.Boolean(
        string="Prepayment and Sale Warning",
        help="Against bad faith: the case proposes immediate payment and a warning on "
        "new quotations.",
    )
    case_count = fields.Integer(compute="_compute_case_count")
    effect_text = fields.Char(
        string="Effect",
        compute="_compute_effect_text",
        groups="customer_retention.group_manager",
    )

    _numbers_positive = models.Constraint(
        "CHECK(window_days > 0 AND cooldown_days >= 0 AND offer_limit >= 0"
        " AND hold_out_share >= 0 AND hold_out_share < 100)",
        "A window has days, and somebody is approached: leave alone less than 100 %.",
    )

    @api.depends("kind")
    def _compute_case_count(self):
        cases = self.env["customer.retention.case"]
        counts = dict(
            cases._read_group([("play_id", "in", self.ids)], ["play_id"], ["__count"])
        )
        for play in self:
            play.case_count = counts.get(play, 0)

    @api.depends("hold_out_share")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_effect_text(self):
        company = self.env.company._retention_root()
        for play in self:
            play.effect_text = self.env["customer.retention.draw"]._effect_sentence(
                company, [("play_id", "=", play.id)]
            )

    @api.constrains(*BOUNDS)
    def _check_numbers(self):
        check_bounds(self, BOUNDS)

    @api.constrains("activity_plan_id", "company_id")
    def _check_plan(self):
        for play in self:
            if play.activity_plan_id.company_id not in (
                play.company_id,
                self.env["res.company"],
            ):
                raise ValidationError(
                    self.env._(
                        "The steps belong to another company than the play. Choose an "
                        "activity plan of the same company, or one for all companies."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_played(self):
        played = [("play_id", "in", self.ids)]
        for name in ("case", "draw", "campaign"):
            # sudo: customer.retention.play - played is played, whoever sees it
            records = self.env[f"customer.retention.{name}"].sudo()
            if records.search_count(played, limit=1):
                raise UserError(
                    self.env._(
                        "Customers were drawn for this play or have a case of it, so "
                        "it cannot be deleted. Archive it instead: what it brought "
                        "stays readable."
                    )
                )

    # === ACTIONS === #

    def action_open_cases(self):
        """Open the cases of this play."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_retention_case_action"
        )
        action["domain"] = [("play_id", "=", self.id)]
        action["context"] = {"default_play_id": self.id}
        return action

    # === BUSINESS === #

    @api.model
    def _rows(self, company):
        """Return the plays a company has."""
        # sudo: customer.retention.play - chosen by rules, whoever causes it
        return self.sudo().search([("company_id", "in", (False, company.id))])

    def _choose(self, situation: Situation, silent_days: int):
        """Return the play among these that fits best, none if none does."""
        by_key = {play.id: play for play in self}
        chosen = choose(
            (play._as_logic() for play in self), situation, silent_days or 10**6
        )
        return by_key[chosen.key] if chosen else self.browse()

    def _as_logic(self) -> Play:
        return Play(
            self.id,
            self.kind,
            self.cause or None,
            self.value_class or None,
            frozenset(self.reason_ids.ids),
        )

    @api.model
    def _cause_of(self, situation: Situation, silent_days: int) -> str:
        return cause_of(situation, silent_days or 10**6)

    def _takes_time(self) -> bool:
        """Whether a person has something to do in such a case."""
        return bool(self.activity_plan_id)
