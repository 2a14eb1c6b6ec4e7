from __future__ import annotations

from odoo import api, fields, models


class CustomerRelationship(models.Model):
    """Who was in touch with the customer last, and how it went."""

    _inherit = "customer.relationship"

    last_contact_text = fields.Char(
        string="Last Contact", compute="_compute_last_contact_text"
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_last_contact_text(self):
        contacts = self.env["customer.contact.log"]
        for company, rows in self.grouped("company_id").items():
            latest = contacts._last_contacts(company, rows.partner_id.ids)
            for row in rows:
                contact = latest.get(row.partner_id.id)
                row.last_contact_text = contact._describe() if contact else False

    def action_open_contact_log(self):
        """Open the contacts with the customer, the last one first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts with %(name)s", name=self.display_name),
            "res_model": "customer.contact.log",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
