from odoo import api, fields, models
from odoo.exceptions import UserError

from ..logic.regular import next_update
from ..models.customer_complaint_promise_book import PromiseBook
from ..models.customer_complaint_regular import UPDATE_UNITS

# Somebody who is told less often is not told regularly.
MOST = 999


class CustomerComplaintPromise(models.TransientModel):
    """Until when the customer hears from us: a promise with a clock."""

    _name = "customer.complaint.promise"
    _description = "Promise an Update"
    _inherit = ["customer.complaint.dialog"]

    every = fields.Integer(
        string="And Then Every",
        default=lambda self: self._default_of_complaint("update_every"),
        help="0: this once. Otherwise each answer promises the next update, until the "
        "decision is communicated.",
    )
    unit = fields.Selection(
        UPDATE_UNITS,
        required=True,
        default=lambda self: self._default_of_complaint("update_unit") or "hours",
    )
    until = fields.Datetime(
        string="The Customer Hears from Us By",
        compute="_compute_until",
        store=True,
        readonly=False,
        required=True,
    )
    reason = fields.Char(string="What About")

    @api.model
    def _default_of_complaint(self, name):
        """What is promised regularly so far, where the dialog is about one."""
        complaint = self._default_complaint_ids()
        return len(complaint) == 1 and complaint[name]

    @api.depends("every", "unit")
    def _compute_until(self):
        """Propose the first moment of a repetition."""
        now = fields.Datetime.now()
        for dialog in self:
            complaint = dialog.complaint_ids._origin[:1]
            if not complaint or dialog.every <= 0 or not dialog.unit:
                dialog.until = dialog.until
                continue
            time = PromiseBook(complaint).time(complaint, now)
            dialog.until = next_update(now, min(dialog.every, MOST), dialog.unit, time)

    def action_promise(self):
        """Record the promise."""
        self.ensure_one()
        if self.until <= fields.Datetime.now():
            raise UserError(self.env._("Promise a moment that is still to come."))
        if not 0 <= self.every <= MOST:
            raise UserError(self.env._("Choose a number from 0 to %s.", MOST))
        self.complaint_ids.check_access("write")
        self.complaint_ids._record_event(
            "promised",
            until=self.until,
            reason=self.reason or None,
            every=(self.every, self.unit) if self.every else None,
        )
        return {"type": "ir.actions.act_window_close"}
