from odoo import api, fields, models

from .customer_contact_log import CHANNELS
from .res_partner import USERS


class ResPartner(models.Model):
    """How a customer likes to hear from the company of the reader."""

    _inherit = "res.partner"

    customer_care_channel = fields.Selection(
        CHANNELS,
        string="Prefers",
        compute="_compute_customer_care",
        inverse="_inverse_customer_care_channel",
        groups=USERS,
        help="How the customer likes to hear from us.",
    )
    customer_care_address = fields.Char(
        string="Address As",
        compute="_compute_customer_care",
        inverse="_inverse_customer_care_address",
        groups=USERS,
        help="The form of address the customer likes.",
    )

    @api.depends_context("uid", "company")
    def _compute_customer_care(self):
        preferences = self.env["customer.care.preference"]
        company = self.env.company._retention_root()
        found = preferences._of_partners(self._origin, company)
        for partner in self:
            preference = found.get(partner._origin.id, preferences)
            partner.customer_care_channel = preference.channel
            partner.customer_care_address = preference.address

    def _inverse_customer_care_channel(self):
        self._record_preference("channel", "customer_care_channel")

    def _inverse_customer_care_address(self):
        self._record_preference("address", "customer_care_address")

    def _record_preference(self, name, field_name):
        preferences = self.env["customer.care.preference"]
        company = self.env.company._retention_root()
        found = preferences._of_partners(self, company)
        for partner in self:
            value = partner[field_name]
            preference = found.get(partner.id)
            if preference:
                preference[name] = value
            elif value:
                preferences.create(
                    {
                        "partner_id": partner.id,
                        "company_id": company.id,
                        name: value,
                    }
                )
