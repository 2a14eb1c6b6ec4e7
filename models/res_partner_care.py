from odoo import fields, models

from .customer_contact_log import CHANNELS
from .res_partner import USERS


class ResPartner(models.Model):
    """How a customer wants to be in touch, and to be addressed."""

    _inherit = "res.partner"

    customer_care_channel = fields.Selection(
        CHANNELS,
        string="Prefers",
        groups=USERS,
        help="How the customer likes to hear from us.",
    )
    customer_care_address = fields.Char(
        string="Address As",
        groups=USERS,
        help="The form of address the customer likes.",
    )
