from odoo import fields, models


class CustomerAccountGroupMember(models.Model):
    """A customer that counts, in part or in whole, towards the tier of its group."""

    _name = "customer.account.group.member"
    _description = "Member of a Group of Customers"
    _order = "group_id, id"
    _rec_name = "partner_id"

    group_id = fields.Many2one(
        "customer.account.group", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    share = fields.Float(
        string="Counts (%)", default=100.0, help="Part of this customer that counts."
    )
    date_from = fields.Date(string="From", help="Purchases from this day on count.")
    date_until = fields.Date(string="Until", help="Last day that counts.")
