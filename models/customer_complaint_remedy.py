from odoo import fields, models


class CustomerComplaintRemedy(models.Model):
    """Something that complainers want."""

    _name = "customer.complaint.remedy"
    _description = "Remedy Sought"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
