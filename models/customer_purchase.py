from odoo import fields, models


class CustomerPurchase(models.Model):
    """What an account bought, one narrow row a document: a rebuildable cache."""

    _name = "customer.purchase"
    _description = "Customer Purchase"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, help="Local day in the company's time zone.")
    source = fields.Char(required=True, help="Technical name of the source.")
    res_id = fields.Integer(string="Document", required=True)
    amount = fields.Monetary(
        required=True,
        help="Net of taxes, in company currency; negative for credit notes.",
    )
    is_purchase = fields.Boolean(
        help="Counts as a purchase. Credit notes, down payments and documents "
        "without value change the revenue only.",
    )
    gap_days = fields.Integer(
        help="Days since the previous purchase day of the account; empty on the "
        "first one and on further purchases of the same day.",
    )

    _document_unique = models.Constraint(
        "UNIQUE(source, res_id)", "A document counts once."
    )
    _account_idx = models.Index("(partner_id, company_id, date)")
