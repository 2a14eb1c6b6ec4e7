from odoo import api, models

from ..logic import incoming


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell complaints who wrote a message: only here its headers are at hand."""
        Complaint = self.env["customer.complaint"]
        if any(route[0] == Complaint._name for route in routes or ()):
            speaker = incoming.speaker(dict(message.items()))
            self = self.with_context(customer_complaint_speaker=speaker)
            routes = Complaint._reroute(routes)
        return super()._message_route_process(message, message_dict, routes)
