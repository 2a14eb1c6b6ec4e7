from odoo import fields, models


class CustomerContactDay(models.Model):
    """Days on which people of both sides were in touch: a rebuildable cache."""

    _name = "customer.contact.day"
    _description = "Day of Human Contact"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)

    _day_unique = models.Constraint(
        "UNIQUE(partner_id, date)", "A day counts once."
    )
