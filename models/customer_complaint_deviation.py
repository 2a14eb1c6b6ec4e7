from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from .customer_complaint import EMPLOYEES

SENIOR_ACTIVITY = "customer_retention.mail_activity_type_complaint_deviation"


class CustomerComplaint(models.Model):
    """A second failure weighs more than the first: somebody senior takes it.

    It is a second failure when the same customer complains again about the same thing
    within the company's window, or when the recovery itself did not work.
    """

    _inherit = "customer.complaint"

    deviation = fields.Selection(
        [
            ("category", "The Same Cause Again"),
            ("product", "The Same Product Again"),
            ("order", "The Same Order Again"),
            ("recovery_failed", "The Recovery Failed"),
        ],
        string="Second Failure",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=EMPLOYEES,
    )
    deviation_of_id = fields.Many2one(
        "customer.complaint",
        string="After",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=EMPLOYEES,
        help="The complaint about the first failure.",
    )
    deviation_text = fields.Char(
        string="Second Failure Explained",
        compute="_compute_deviation_text",
        groups=EMPLOYEES,
    )

    @api.depends("deviation", "deviation_of_id")
    @api.depends_context("lang")
    def _compute_deviation_text(self):
        words = self._deviation_words()
        for complaint in self:
            if not complaint.deviation:
                complaint.deviation_text = False
            elif complaint.deviation_of_id:
                complaint.deviation_text = self.env._(
                    "%(what)s, after %(number)s.",
                    what=words[complaint.deviation],
                    # sudo: customer.complaint - a number, not what it says
                    number=complaint.deviation_of_id.sudo().name,
                )
            else:
                complaint.deviation_text = f"{words[complaint.deviation]}."

    @api.model
    def _deviation_words(self):
        """Return {deviation: how a sentence about it begins}."""
        return {
            "category": self.env._("The same cause again"),
            "product": self.env._("The same product again"),
            "order": self.env._("The same order again"),
            "recovery_failed": self.env._("The recovery failed"),
        }

    # === BUSINESS === #

    def _begin(self):
        result = super()._begin()
        self._notice_second_failures()
        return result

    def _notice_second_failures(self):
        """Find what happens again to the same customer, and hand it up."""
        # sudo: customer.complaint - all complaints of the customer count
        new = self.sudo().filtered(
            lambda one: one.kind == "complaint" and one.account_id
        )
        earlier = new._gather_before()
        for complaint in new:
            for other in earlier.get((complaint.account_id, complaint.company_id), ()):
                reason = complaint._repeats(other)
                if reason:
                    complaint._deviate(reason, other)
                    break

    def _gather_before(self):
        """Return {(customer, company): complaints within the window, newest first}."""
        days = max(self.company_id.mapped("complaint_repeat_days"), default=0)
        if not days or not self:
            return {}
        others = self.with_context(active_test=False).search(
            self._earlier_domain(days), order="received_at desc, id desc"
        )
        earlier = defaultdict(list)
        for other in others:
            earlier[other.account_id, other.company_id].append(other)
        return earlier

    def _repeats(self, other):
        """Return what is the same as in an earlier complaint; None if nothing is."""
        window = timedelta(self.company_id.complaint_repeat_days)
        is_earlier = (other.received_at, other.id) < (self.received_at, self.id)
        if not is_earlier or other.received_at < self.received_at - window:
            return None
        if other in (self.split_from_id, self.follow_up_of_id):
            return None
        for reason, name in (
            ("order", "order_id"),
            ("product", "product_id"),
            ("category", "category_id"),
        ):
            if self[name] and self[name] == other[name]:
                return reason
        return None

    def _deviate(self, reason, first=None):
        """Record a second failure: more serious, and with somebody senior."""
        for complaint in self.filtered(lambda one: not one.deviation):
            complaint.write(
                {"deviation": reason, "deviation_of_id": first.id if first else False}
            )
            complaint._raise_for_deviation(reason)
            complaint._hand_up()

    def _raise_for_deviation(self, reason):
        """Make a failed recovery one step more serious; repetition is by the rules."""
        if reason != "recovery_failed":
            return
        order = [severity for severity, _name in self._fields["severity"].selection]
        step = min(order.index(self.severity) + 1, len(order) - 1)
        if order[step] != self.severity:
            self.write({"severity": order[step], "severity_set_by_person": True})

    def _hand_up(self):
        """Let the manager of the team own it, as far as that is possible."""
        manager = self.team_id.manager_id
        if not manager.active or not self._can_handle(manager):
            return
        if self.user_id != manager:
            self.user_id = manager
            self.activity_schedule(
                SENIOR_ACTIVITY,
                user_id=manager.id,
                summary=self.env._("Second failure"),
                note=self.deviation_text,
            )
