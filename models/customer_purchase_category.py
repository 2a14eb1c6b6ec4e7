from odoo import fields, models


class CustomerPurchaseCategory(models.Model):
    """Product categories an account bought from, by day: a rebuildable cache."""

    _name = "customer.purchase.category"
    _description = "Category Purchased"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    categ_id = fields.Many2one(
        "product.category", string="Category", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)

    _account_idx = models.Index("(partner_id, company_id, date)")
