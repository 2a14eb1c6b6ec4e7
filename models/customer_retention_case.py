from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from .customer_churn_score import VALUE_CLASSES
from .customer_retention_play import CAUSES, KINDS

# Only code of this module can put this object into a context: a call from outside
# enters nothing that follows from what happens.
VERB = object()


class CustomerRetentionCase(models.Model):
    """One customer whom somebody tries to keep or to win back, and what came of it.

    A case belongs to a play; how long it is looked at follows from that. It ends when
    the customer buys, when the window is over, or when a person says so.
    """

    _name = "customer.retention.case"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.visible.mixin",
        "customer.guarded.mixin",
        "customer.account.mixin",
    ]
    _description = "Retention Case"
    _order = "state, value desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null", tracking=True
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_email = fields.Char(related="partner_id.email", string="Email")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        domain=[("share", "=", False)],
    )
    kind = fields.Selection(KINDS, readonly=True, index=True)
    play_id = fields.Many2one(
        "customer.retention.play",
        index=True,
        ondelete="restrict",
        help="Empty: the one that fits cause and value best.",
    )
    play_description = fields.Text(related="play_id.description")
    cause = fields.Selection(CAUSES, readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    event_id = fields.Many2one(
        "customer.churn.event",
        string="Loss",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    draw_id = fields.Many2one(
        "customer.retention.draw",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="customer_retention.group_manager",
    )
    is_automatic = fields.Boolean(string="Opened by Itself", readonly=True)
    override_reason = fields.Char(
        string="Why the Customer Is Not Left Alone",
        help="Chance decided to leave this customer alone. A manager may decide "
        "otherwise; the customer still counts as left alone.",
    )
    opened_on = fields.Date(readonly=True)
    window_until = fields.Date(
        string="Measured Until", readonly=True, help="Last day of the window."
    )
    value = fields.Monetary(
        readonly=True, help="Value at risk, or what was lost, when it was opened."
    )
    yearly_value = fields.Monetary(
        string="A Year's Worth", readonly=True, help="Offers are measured by it."
    )
    reason_text = fields.Char(
        string="Why",
        readonly=True,
        translate=True,
        help="What spoke for a loss on that day.",
    )

    # What came of it
    state = fields.Selection(
        [
            ("open", "Open"),
            ("kept", "Bought Again"),
            ("lost", "Lost"),
            ("let_go", "Let Go"),
            ("cancelled", "Cancelled"),
        ],
        string="Outcome",
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    closed_on = fields.Date(readonly=True)
    note = fields.Text(string="What We Learned")
    last_purchase_on = fields.Date(
        string="Last Purchase Before",
        readonly=True,
        help="What was bought later counts as kept, on the day of opening, too.",
    )
    reopened_after = fields.Date(
        string="Last Purchase Before Reopening",
        readonly=True,
        help="A case that was taken up again waits for a later purchase.",
    )
    next_purchase_on = fields.Date(string="Next Purchase", readonly=True)
    revenue_after = fields.Monetary(
        string="Bought Afterwards", readonly=True, help="Within the window, net."
    )
    offer_ids = fields.One2many("customer.retention.offer", "case_id", string="Offers")
    offer_cost = fields.Monetary(
        string="Offers Cost",
        readonly=True,
        help="Of what was approved, until the customer does not want it.",
    )
    net_margin = fields.Monetary(
        readonly=True,
        help="Margin of what was bought within the window, less what the offers "
        "cost. Whether it would have been bought anyway, the report on the effect "
        "says.",
    )

    _open_idx = models.Index("(company_id, partner_id) WHERE state = 'open'")

    @api.model
    def _default_company_id(self):
        return self.env.company._retention_root()

    @api.depends("partner_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for case in self:
            words = (kinds.get(case.kind), case.partner_id.display_name)
            case.display_name = " · ".join(word for word in words if word)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open cases: about the whole customer, with the play that fits.

        :raise UserError: there is a case already, or the customer is left alone
        """
        if self.env.context.get("customer_retention_case") is VERB:
            return super().create(vals_list)
        prepared = [self._prepare_entered(vals) for vals in vals_list]
        cases = super().create(prepared)
        cases._hold_accounts()
        for case in cases:
            case._check_first()
            case._check_approachable()
        cases._fill_in()
        cases._begin()
        return cases

    @api.model
    def _prepare_entered(self, vals):
        vals = {**self.default_get(["partner_id", "company_id"]), **vals}
        self._check_guarded(vals, is_new=True)
        if not vals.get("partner_id"):
            raise ValidationError(self.env._("Choose the customer the case is about."))
        return self._of_account(vals)

    def write(self, vals):
        """Change who works on a case and what is known; the rest follows.

        :raise UserError: something is among the values that follows
        """
        if self.env.context.get("customer_retention_case") is VERB:
            return super().write(vals)
        self._check_guarded(vals)
        fixed = vals.keys() & {"partner_id", "company_id", "play_id"}
        if any(case[name].id != vals[name] for case in self for name in fixed):
            raise UserError(
                self.env._(
                    "A case stays with its customer and its play, or its result would "
                    "say nothing. Cancel it and open another one."
                )
            )
        return super().write(vals)

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: it follows from what happens. Use the buttons of the "
            "case.",
            label,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_played(self):
        if any(case.partner_id for case in self):
            raise UserError(
                self.env._("A case is part of what we learn from. Cancel it instead.")
            )

    def _verb(self):
        """The same cases: what is written through them has been decided.

        The callers have checked who decides.
        """
        # sudo: customer.retention.case - the verbs decide, not access to columns
        return self.sudo().with_context(customer_retention_case=VERB)

    def _hold_accounts(self):
        """See cases that others open for the same customers at the same time."""
        for company, cases in self.grouped("company_id").items():
            self._hold(company, cases.partner_id.commercial_partner_id)

    @api.model
    def _hold(self, company, accounts):
        # sudo: customer.recovery.tally - its keys are made here
        tally = self.env["customer.recovery.tally"].sudo()
        tally._touch(f"case,{company.id},{account.id}" for account in accounts)

    # === CHECKS === #

    @api.constrains("user_id")
    def _check_user_id(self):
        """Customers with a portal account would be told of the case."""
        if any(case.user_id.share for case in self):
            raise ValidationError(
                self.env._("Choose a colleague: no portal user works on a case.")
            )

    def _check_first(self):
        """Work on a customer in one place."""
        account = self.partner_id.commercial_partner_id
        # sudo: customer.retention.case - whether there is one, whoever may see it
        others = self.sudo()._open_cases(self.company_id, account.ids, but=self)
        other = others.get(account.id)
        if other:
            raise UserError(
                self.env._(
                    "%(customer)s has an open case already, with %(user)s.",
                    customer=self.partner_id.display_name,
                    user=other.user_id.name or self.env._("nobody"),
                )
            )

    @api.model
    def _open_cases(self, company, account_ids, but=()) -> dict:
        """Return {customer id: open case}, one of whoever has become a contact of the
        customer since, too.

        :param but: a case that does not count
        """
        account_of = self.env["customer.account"]._members(account_ids)
        cases = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(account_of)),
                ("state", "=", "open"),
                ("id", "not in", list(but and but.ids)),
            ]
        )
        return {account_of[case.partner_id.id]: case for case in cases}

    def _check_approachable(self):
        """Respect what chance decided, unless a manager says why not."""
        is_manager = self.env.user.has_group("customer_retention.group_manager")
        if is_manager and self.override_reason:
            draw = self._draw_against(self.partner_id, self.company_id)
            draw._break(self.override_reason)
        self._check_not_left_alone(self.partner_id, self.company_id)

    @api.model
    def _draw_against(self, partner, company):
        """Return the draw by which nobody is to approach a customer today."""
        day = company._retention_today()
        draw = self.env["customer.retention.draw"]._running(partner, company, day)
        return draw.filtered(lambda one: one.is_held_out and not one.broken_reason)

    @api.model
    def _check_not_left_alone(self, partner, company):
        draw = self._draw_against(partner, company)
        if not draw:
            return
        raise UserError(
            self.env._(
                "%(customer)s is left alone until %(day)s, drawn at random: only so "
                "does anybody know whether our efforts help. A manager can decide "
                "otherwise and say why.",
                customer=partner.display_name,
                day=format_date(self.env, draw.until),
            )
        )

    # === BUSINESS === #

    def _window_of(self, day):
        return day + timedelta(days=self.play_id.window_days or 90)

    @api.autovacuum
    def _gc_cases(self):
        """Forget the cases of customers who have been deleted."""
        self.search([("partner_id", "=", False)]).unlink()
