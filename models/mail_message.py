from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"
