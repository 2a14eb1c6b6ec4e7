from odoo import fields, models


class CustomerAccountGroup(models.Model):
    """Companies of one group, or people of one household, that qualify together."""

    _name = "customer.account.group"
    _description = "Group of Customers"
    _order = "name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [("companies", "Group of companies"), ("household", "Household")],
        required=True,
        default="companies",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: in every company."
    )
    lead_id = fields.Many2one(
        "res.partner",
        string="Head",
        index=True,
        ondelete="set null",
        help="Holds the membership; every member enjoys the tier.",
    )
    member_ids = fields.One2many("customer.account.group.member", "group_id")
