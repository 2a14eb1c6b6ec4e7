from __future__ import annotations

from odoo import api, fields, models

from .customer_derived import DERIVED


class CustomerRelationship(models.Model):
    """Who was in touch with the customer last, and how it went."""

    _inherit = "customer.relationship"

    last_contact_text = fields.Char(
        string="Last Contact", compute="_compute_last_contact_text"
    )

    @api.depends("partner_id", "company_id", "last_contact_on")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_last_contact_text(self):
        contacts = self.env["customer.contact.log"]
        for company, rows in self.grouped("company_id").items():
            latest = contacts._last_contacts(company, rows.partner_id.ids)
            for row in rows:
                contact = latest.get(row.partner_id.id, contacts)
                row.last_contact_text = row._describe_last_contact(contact)

    def _describe_last_contact(self, contact):
        """Return in words when somebody was in touch last, False if nobody was.

        :param contact: the last one of the log; of a later conversation, in messages
            and done activities of before the log, only the day is known
        """
        seen = self.last_contact_on
        if contact and not (seen and seen > contact.date):
            return contact._describe()
        if not seen:
            return False
        days = (self.company_id._retention_today() - seen).days
        if days <= 0:
            return self.env._("today (conversation)")
        if days == 1:
            return self.env._("yesterday (conversation)")
        return self.env._("%(days)s days ago (conversation)", days=days)

    @api.model
    def _look_at_contacts(self, account_ids):
        """Evaluate customers anew of whom nothing has changed but contacts.

        Nobody waits for a job that is at work on a customer right now: it stays queued.
        """
        free = set(self._free_accounts(account_ids))
        others = [model for model in DERIVED if model != "customer.contact.day"]
        self._sync_and_evaluate(free, spared=dict.fromkeys(others, free))

    def action_open_contact_log(self):
        """Open the contacts with the customer, the last one first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts with %(name)s", name=self.display_name),
            "res_model": "customer.contact.log",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
