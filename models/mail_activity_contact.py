from __future__ import annotations

from odoo import fields, models

from .customer_contact_log import CHANNELS, WRITTEN
from .mail_message import CONTACT_MODELS

# Documents of a customer on which somebody is in touch: {model: path to the contact}
DONE_MODELS = {**CONTACT_MODELS, "customer.retention.case": "partner_id"}
# What was the matter, where the kind of document tells.
PURPOSES = {"sale.order": "sale", "customer.retention.case": "retention"}


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    customer_contact_channel = fields.Selection(
        CHANNELS,
        string="Contact with the Customer",
        help="Activities of this type that are done on a contact, a sales order, an "
        "invoice or a retention case are recorded as contacts with the customer. "
        "Empty: they are not.",
    )


class MailActivity(models.Model):
    """What is done on a customer or a document of one is a contact on record."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        contacts = self._prepare_contacts(feedback)
        result = super()._action_done(feedback, attachment_ids)
        if contacts:
            # sudo: customer.contact.log - a fact, whether or not its author may read it
            self.env["customer.contact.log"].sudo().create(contacts)
        return result

    def _prepare_contacts(self, feedback) -> list[dict]:
        """Return values of the contacts that activities were."""
        of_customers = self.filtered(
            lambda activity: (
                activity.res_model in DONE_MODELS and activity._get_contact_channel()
            )
        )
        watching = of_customers and self.env["res.company"]._churn_roots()
        found = (one._prepare_contact(feedback, watching) for one in of_customers)
        return [values for values in found if values]

    def _prepare_contact(self, feedback, watching) -> dict | None:
        """Return values of the contact, None where nobody keeps a record of it."""
        # sudo: mail.thread - whose document it is, whoever did the activity
        document = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if not document:
            return None
        path = DONE_MODELS[self.res_model]
        partner = document if path == "id" else document[path]
        company = (document["company_id"] or self.env.company)._retention_root()
        if not partner or company not in watching:
            return None
        channel = self._get_contact_channel()
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            # the day it was done, none after the day everything is seen from
            "date": min(company._retention_calendar_day(), company._retention_today()),
            "user_id": self.env.uid,
            "channel": channel,
            "purpose": self._get_contact_purpose(),
            "result": "message" if channel in WRITTEN else "reached",
            "note": feedback or self.summary or "",
            "due_on": self.date_deadline,
        }

    def _get_contact_channel(self):
        """Return how somebody was in touch by this activity, False if nobody was."""
        return self.activity_type_id.customer_contact_channel

    def _get_contact_purpose(self) -> str:
        """Return what the contact was for, a purpose of the log."""
        return PURPOSES.get(self.res_model, "other")
