from __future__ import annotations

from odoo import api, models

from .customer_complaint_lifecycle import RECORDING


class CustomerComplaint(models.Model):
    """Columns that follow from what happens are written by verbs, by nobody else.

    To the screens such a field is read-only; here it is for every other way, too: a
    call from outside, an import, a default that a call brings along. The verbs write
    with more rights, or while they record an event.
    """

    _inherit = "customer.complaint"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_unguarded(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_unguarded(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _check_unguarded(self, vals):
        """Refuse values of what only verbs write.

        :raise UserError: says which of them
        """
        recording = self.env.context.get("customer_complaint_event") is RECORDING
        if self.env.su or recording:
            return
        self._check_guarded(vals)

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: dates, status and the like follow from what "
            "happens to a complaint. Use the buttons, or move it to another stage.",
            label,
        )
