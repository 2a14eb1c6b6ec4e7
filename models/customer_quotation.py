from odoo import fields, models


class CustomerQuotation(models.Model):
    """The days on which a quotation was open: a rebuildable cache.

    A quotation is open from the day it was made until the day it was confirmed
    or ran out, that day not included. Cancelled ones are left out: core does not
    keep the day they were cancelled.
    """

    _name = "customer.quotation"
    _description = "Quotation Period"
    _order = "opened_on desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    opened_on = fields.Date(required=True)
    closed_on = fields.Date()
    amount = fields.Monetary(required=True)

    _order_unique = models.Constraint(
        "UNIQUE(order_id)", "A quotation counts once."
    )
