from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_recovery_limit import LEVEL_NAMES

KINDS = [
    ("discount", "Discount"),
    ("price", "Better Price"),
    ("gift", "Gift"),
    ("service", "Free Service"),
    ("terms", "Payment Terms"),
    ("other", "Other"),
]
COMMITTED = ("approved", "given")
# What somebody approves. Changing it takes the approval away.
TERMS = frozenset({"kind", "name", "amount", "cost"})
VERB = object()


class CustomerRetentionOffer(models.Model):
    """What a customer is offered to stay: worth so much, at so much cost to us.

    Nothing is approved beyond what the person who approves may give; the limits are
    those of recovery, and both count together.
    """

    _name = "customer.retention.offer"
    _inherit = ["customer.visible.mixin", "customer.guarded.mixin"]
    _description = "Retention Offer"
    _order = "case_id, id"

    case_id = fields.Many2one(
        "customer.retention.case", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id", store=True, index=True, string="Customer"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="discount")
    name = fields.Char(string="Offer", required=True, help="What the customer gets.")
    amount = fields.Monetary(string="Worth", help="To the customer.")
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        readonly=False,
        help="To us: as much as it is worth, until you enter something else. It counts "
        "as a cost of the case from the approval on.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("given", "Accepted"),
            ("refused", "Not Wanted"),
            ("declined", "Declined"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", string="Asked", readonly=True, copy=False
    )
    approval_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, ondelete="set null"
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    approved_amount = fields.Monetary(
        readonly=True, copy=False, help="What the limits count."
    )
    approved_cost = fields.Monetary(readonly=True, copy=False)
    approved_level = fields.Selection(LEVEL_NAMES, readonly=True, copy=False)

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND cost >= 0)", "An offer is not worth less than nothing."
    )
    _given_idx = models.Index(
        "(partner_id, company_id, approved_at) WHERE state IN ('approved', 'given')"
    )

    @api.depends("amount")
    def _compute_cost(self):
        for offer in self:
            offer.cost = offer.amount

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals, is_new=True)
        offers = super().create(
            [{**vals, "proposed_by_id": self.env.uid} for vals in vals_list]
        )
        offers.case_id._check_still_open()
        return offers

    def write(self, vals):
        """Change a proposal; new terms take an approval away."""
        if self.env.context.get("customer_retention_offer") is VERB:
            return super().write(vals)
        self._check_guarded(vals)
        if "case_id" in vals and any(one.case_id.id != vals["case_id"] for one in self):
            raise UserError(self.env._("An offer stays with its case."))
        changed = TERMS & vals.keys()
        if changed and any(offer.state in COMMITTED for offer in self):
            raise UserError(
                self.env._(
                    "What was approved stays as it is. Say that it is not wanted and "
                    "propose another offer."
                )
            )
        result = super().write(vals)
        if changed:
            self._verb().write({"state": "proposed", "proposed_by_id": self.env.uid})
        return result

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: it follows from what is decided. Use the buttons of "
            "the offer.",
            label,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(offer.state not in ("proposed", "waiting") for offer in self):
            raise UserError(
                self.env._("What was decided for a customer is kept: it counts.")
            )

    def _verb(self):
        """The same offers: what is written through them has been decided."""
        # sudo: customer.retention.offer - the verbs decide, not access to columns
        return self.sudo().with_context(customer_retention_offer=VERB)

    # === ACTIONS === #

    def action_submit(self):
        """Approve what is within the own limit, ask the next one up for the rest."""
        self.check_access("write")
        for offer in self:
            offer._check_state("proposed", "waiting")
            offer.case_id._check_still_open()
            verdict = offer._judge()
            if verdict.is_within:
                offer._approve(verdict)
            else:
                offer._ask(verdict)
        return True

    def action_approve(self):
        """Approve what somebody asks for.

        :raise UserError: it is beyond the limit of this person
        """
        self.check_access("read")
        for offer in self:
            offer._check_state("proposed", "waiting")
            verdict = offer._judge()
            if not verdict.is_within:
                raise UserError(offer._verdict_sentence(verdict))
            offer._approve(verdict)
        return True

    def action_decline(self):
        """Turn a request down, as whoever might approve it."""
        self.check_access("read")
        for offer in self:
            offer._check_state("proposed", "waiting")
            if offer.approver_id != self.env.user and not offer._judge().is_within:
                raise UserError(offer._verdict_sentence(offer._judge()))
            offer._close_request()
            offer._decide("declined")
        return True

    def action_given(self):
        """The customer takes it."""
        self.check_access("write")
        for offer in self:
            offer._check_state("approved")
            offer._decide("given")
        return True

    def action_refused(self):
        """The customer does not want it: it costs nothing then."""
        self.check_access("write")
        for offer in self:
            offer._check_state("approved", "given", "proposed", "waiting")
            offer._close_request()
            offer._decide("refused")
        return True

    # === BUSINESS === #

    def _check_state(self, *allowed):
        self.ensure_one()
        if self.state not in allowed:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s already.",
                    name=self.name,
                    state=states[self.state],
                )
            )

    def _decide(self, state, **values):
        self._verb().write({"state": state, **values})
        states = dict(self._fields["state"]._description_selection(self.env))
        # sudo: customer.retention.case - a note about what was decided here
        self.sudo().case_id._message_log(
            body=self.env._(
                "Offer “%(name)s”: %(state)s.", name=self.name, state=states[state]
            )
        )
        # sudo: customer.retention.case - what offers cost follows from what is decided
        self.sudo().case_id._count_offers()

    def _worth(self):
        """What limits are about: the larger of worth and cost."""
        return max(self.amount or 0.0, self.cost or 0.0)

    def _year_ago(self):
        return fields.Datetime.now() - timedelta(days=365)


class CustomerRetentionCase(models.Model):
    """What the offers of a case come to."""

    _inherit = "customer.retention.case"

    def _check_still_open(self):
        for case in self:
            if case.state != "open":
                raise UserError(
                    self.env._("The case is closed. Open it again to make an offer.")
                )

    def _count_offers(self):
        for case in self:
            given = case.offer_ids.filtered(lambda offer: offer.state in COMMITTED)
            case._verb().write({"offer_cost": sum(given.mapped("approved_cost"))})
            case._count_margin()
