from odoo import models


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    def _start_clocks(self):
        pass

    def _clocks_on_event(self, event, at, **details):
        pass
