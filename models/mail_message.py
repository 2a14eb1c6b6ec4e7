from __future__ import annotations

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import MissingError

# Documents on which people of both sides are in touch: {model: path to the contact}
CONTACT_MODELS = {
    "res.partner": "id",
    "sale.order": "partner_id",
    "account.move": "partner_id",
}
HUMAN_TYPES = ("comment", "email", "email_outgoing")


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["customer.held.mixin", "mail.message"]

    _held_content = frozenset(
        {
            "body",
            "subject",
            "date",
            "model",
            "res_id",
            "author_id",
            "email_from",
            "attachment_ids",
        }
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the last contact of customers whom somebody has just talked to."""
        documents = self._documents_of_contact(vals_list)
        messages = super().create(vals_list)
        for model, res_ids in documents.items():
            self.env["customer.relationship.queue"]._enqueue(
                self._contact_partner_ids(model, res_ids), "contact"
            )
        return messages

    @api.model
    def _documents_of_contact(self, vals_list: list[dict]) -> dict[str, set[int]]:
        """Return the documents of messages that can be a human contact, by model."""
        documents = defaultdict(set)
        for vals in vals_list:
            if vals.get("model") in CONTACT_MODELS and self._is_human_contact(vals):
                documents[vals["model"]].add(vals.get("res_id"))
        return documents

    @api.model
    def _is_human_contact(self, vals: dict) -> bool:
        """Return False for what is surely none; the evaluation decides on the rest.

        Tracked values, notifications, internal notes and what the system itself
        says are none; an activity that somebody has done is one.
        """
        xmlid = self.env["ir.model.data"]._xmlid_to_res_id
        if not vals.get("res_id") or vals.get("author_id") == xmlid(
            "base.partner_root"
        ):
            return False
        return bool(vals.get("mail_activity_type_id")) or (
            vals.get("message_type", "comment") in HUMAN_TYPES
            and not vals.get("is_internal")
            and vals.get("subtype_id") != xmlid("mail.mt_note")
        )

    @api.model
    def _contact_partner_ids(self, model: str, res_ids: set[int]) -> list[int]:
        """Return the contacts of these documents, those that are gone left out."""
        # sudo: mail.thread - whom a message is about matters, not who may read it
        records = self.env[model].sudo().browse(res_ids)
        path = CONTACT_MODELS[model]
        try:
            return records.mapped(path) if path == "id" else records[path].ids
        except MissingError:
            return records.exists()[path].ids
