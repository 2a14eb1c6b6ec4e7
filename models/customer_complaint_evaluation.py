from odoo import api, fields, models

from .customer_complaint_facts import OPEN_AFTER
from .customer_relationship_queue import (
    CustomerRelationshipQueue as RelationshipQueue,
)

# Changing one of these changes what complaints say about a customer, past included.
DECIDING_FIELDS = {"kind", "partner_id", "received_at", "merged_into_id", "company_id"}


class CustomerRelationshipQueue(models.Model):
    """Complaints are a reason to look at a customer again, from its first day on."""

    _inherit = "customer.relationship.queue"
    _known_only_reasons = (
        *RelationshipQueue._known_only_reasons,
        "complaint",
    )
    _forced_reasons = (*RelationshipQueue._forced_reasons, "complaint")

    reason = fields.Selection(
        selection_add=[("complaint", "Complaint")], ondelete={"complaint": "cascade"}
    )


class CustomerComplaint(models.Model):
    """Has customers evaluated again when something happens to their complaints."""

    _inherit = "customer.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._queue_accounts()
        return complaints

    def write(self, vals):
        if DECIDING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        former = self.account_id.ids
        result = super().write(vals)
        self._queue_accounts(former)
        return result

    def unlink(self):
        former = self.account_id.ids
        result = super().unlink()
        self.browse()._queue_accounts(former)
        return result

    def _log_event(self, event, dates, note=None):
        result = super()._log_event(event, dates, note)
        if event in OPEN_AFTER:
            self._queue_accounts()
        return result

    def _queue_accounts(self, more_ids=()):
        """Mark the customers of complaints that count.

        :param more_ids: customers they belonged to before
        """
        # sudo: customer.complaint - whose they are; only ids are written down
        own = self.sudo().filtered(lambda one: one.kind == "complaint").account_id.ids
        # sudo: customer.relationship.queue - only ids are written down
        queue = self.env["customer.relationship.queue"].sudo()
        queue._enqueue({*own, *more_ids}, "complaint")


class CustomerComplaintSurvey(models.Model):
    """An answer says something about the customer, too."""

    _inherit = "customer.complaint.survey"

    def _rate_complaint(self):
        result = super()._rate_complaint()
        self.complaint_id._queue_accounts()
        return result
