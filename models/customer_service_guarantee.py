from __future__ import annotations

import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CustomerServiceGuarantee(models.Model):
    """A promise with a price: when a deadline is broken, the customer gets something.

    The action comes about by itself, within the limits of what may happen without a
    person; beyond them, or where a person should look first, it waits for approval.
    """

    _name = "customer.service.guarantee"
    _description = "Service Guarantee"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    promise = fields.Text(
        translate=True, help="What is published, for example on the website."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    clock_kind = fields.Selection(
        selection="_selection_clock_kind",
        string="When This Is Late",
        required=True,
        default="answer",
    )
    policy_id = fields.Many2one(
        "customer.complaint.policy",
        string="Deadlines",
        ondelete="cascade",
        help="Only complaints with these deadlines. Empty: any.",
    )
    team_id = fields.Many2one("customer.complaint.team", help="Empty: every team.")
    date_from = fields.Date(
        string="Counts From",
        required=True,
        default=fields.Date.context_today,
        help="Only for complaints received from this day on.",
    )
    date_until = fields.Date(string="Until")
    type_id = fields.Many2one(
        "customer.recovery.type", string="They Get", required=True
    )
    amount = fields.Monetary(
        help="Fixed amount, or the least where there is a percentage."
    )
    percent = fields.Float(string="% of the Value", help="Of what is at stake.")
    amount_max = fields.Monetary(string="At Most", help="0: no upper end.")
    action_count = fields.Integer(string="Given", compute="_compute_action_count")

    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_max >= 0 AND percent >= 0 AND percent <= 100)",
        "Amounts are not negative, and a percentage is at most 100.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model
    def _selection_clock_kind(self):
        return self.env["customer.complaint"]._selection_clock_kind()

    def _compute_action_count(self):
        counts = dict(
            self.env["customer.recovery.action"]
            # sudo: customer.recovery.action - a figure, whoever may see the complaints
            .sudo()
            ._read_group(
                [("guarantee_id", "in", self.ids)], ["guarantee_id"], ["__count"]
            )
        )
        for guarantee in self:
            guarantee.action_count = counts.get(guarantee, 0)

    # === BUSINESS === #

    @api.model
    def _of(self, complaints, clock_kind):
        """Yield (guarantee, complaint) for complaints that a broken deadline is of."""
        guarantees = self.search(
            Domain("clock_kind", "=", clock_kind)
            & Domain("company_id", "in", complaints.company_id.ids)
        )
        for guarantee in guarantees:
            for complaint in complaints:
                if guarantee._covers(complaint):
                    yield guarantee, complaint

    def _covers(self, complaint):
        # the day of the company that promises, whoever looks
        here = self.with_context(tz=complaint._tz(complaint.company_id))
        day = fields.Datetime.context_timestamp(here, complaint.received_at).date()
        policies = complaint.clock_ids.filtered(
            lambda clock: clock.kind == self.clock_kind
        ).policy_id
        return (
            complaint.company_id == self.company_id
            and self.date_from <= day
            and (not self.date_until or day <= self.date_until)
            and (not self.team_id or complaint.team_id == self.team_id)
            and (not self.policy_id or self.policy_id in policies)
        )

    def _amount_for(self, complaint):
        """What a customer gets, in company currency."""
        value = complaint._remedy_situation().value
        amount = max(self.amount, value * self.percent / 100)
        if self.amount_max:
            amount = min(amount, self.amount_max)
        return self.currency_id.round(amount)

    def _prepare_action_values(self, complaint):
        return {
            "complaint_id": complaint.id,
            "type_id": self.type_id.id,
            "name": self.name,
            "amount": self._amount_for(complaint),
            "is_automatic": True,
            "guarantee_id": self.id,
        }


class CustomerComplaint(models.Model):
    """What a guarantee gives for a complaint."""

    _inherit = "customer.complaint"

    def _give_guarantee(self, clock_kind):
        """Give what is guaranteed for a broken deadline, as far as that works.

        Whoever finds a breach, with an answer to the customer or by a mail, has other
        things to do than to mend a guarantee that is set up wrongly: what cannot be
        given is left to the person who looks after the complaint.
        """
        error = self._try_guarantee(clock_kind)
        if error and len(self) == 1:
            self._tell_of_guarantee(error)
        elif error:
            # one of them cannot get it: find out which, the others do
            for complaint in self:
                complaint._give_guarantee(clock_kind)

    def _try_guarantee(self, clock_kind):
        """Return what went wrong with giving it, None if nothing did."""
        try:
            with self.env.cr.savepoint():
                self._guarantee_on_breach(clock_kind)
        except psycopg2.OperationalError:
            raise  # lost against another transaction: the whole is tried again
        except Exception as error:
            _logger.exception("Guarantee for complaints %s cannot be given", self.ids)
            return error
        return None

    def _tell_of_guarantee(self, error):
        """Leave a guarantee that cannot be given to a person."""
        reason = str(error) if isinstance(error, UserError) else ""
        self._ask_for_attention(
            lambda complaint: (
                complaint.env._("Give by hand what the service guarantee promises"),
                reason,
            )
        )

    def _guarantee_on_breach(self, clock_kind):
        """Give what is guaranteed for a broken deadline, once for each complaint.

        :param clock_kind: kind of the clock that was broken
        :return: the actions that came about
        """
        # Nobody decides this: the limits of what happens by itself count, not those
        # of whoever is at work when the breach is found.
        # sudo: customer.recovery.action - nobody decides, its own limits count
        complaints = self.with_user(SUPERUSER_ID).filtered(
            lambda one: one.active and not one.merged_into_id
        )
        actions = complaints.env["customer.recovery.action"]
        if not complaints:
            return actions
        guarantees = complaints.env["customer.service.guarantee"]
        values = [
            guarantee._prepare_action_values(complaint)
            for guarantee, complaint in guarantees._of(complaints, clock_kind)
            if guarantee not in complaint.action_ids.guarantee_id
        ]
        if not values:
            return actions
        return actions._create_automatic(values)


class CustomerRecoveryAction(models.Model):
    """A remedy that a guarantee gives, once for each complaint."""

    _inherit = "customer.recovery.action"

    _guarantee_unique = models.UniqueIndex(
        "(guarantee_id, complaint_id) WHERE guarantee_id IS NOT NULL",
        "A guarantee is given once for each complaint.",
    )

    @api.model
    def _create_automatic(self, vals_list):
        """Create actions that nobody has decided on, and give what may be given."""
        verb = self._verb()
        actions = verb.create(vals_list).with_env(self.env)
        for action in actions:
            action._submit(action)._carry_out_automatically()
        return actions


class CustomerComplaintClock(models.Model):
    """A broken promise tells the guarantees."""

    _inherit = "customer.complaint.clock"

    def _after_breach(self):
        """Give what was guaranteed for these deadlines."""
        result = super()._after_breach()
        for kind, clocks in self.grouped("kind").items():
            clocks.complaint_id._give_guarantee(kind)
        return result
