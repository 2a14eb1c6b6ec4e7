from odoo import fields, models


class CustomerComplaintTag(models.Model):
    """A word by which people find complaints again."""

    _name = "customer.complaint.tag"
    _description = "Complaint Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_unique = models.Constraint("UNIQUE(name)", "This tag exists already.")
