from odoo import api, fields, models


class CustomerRecoveryAction(models.Model):
    """What an action is worth to the customer, and what it costs us."""

    _inherit = "customer.recovery.action"

    amount = fields.Monetary(
        string="Value",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the customer gets, taxes included.",
    )
    percent = fields.Float(
        help="Discount on the next order; the value is the most it may come to."
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        readonly=False,
        help="What it costs us.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="The invoice that is refunded.",
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        string="Lines",
        domain="[('move_id', '=', invoice_id), ('display_type', '=', 'product')]",
        # Whoever may not read invoices refunds them as a whole, or an amount.
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
        help="Empty: the whole invoice.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")

    _not_negative = models.Constraint(
        "CHECK(amount >= 0 AND amount < 'Infinity' AND cost >= 0 AND "
        "cost < 'Infinity' AND quantity >= 0 AND percent >= 0 AND percent <= 100)",
        "Amounts, costs and quantities are not negative, and a discount is at most "
        "100 %.",
    )

    @api.depends("kind")
    def _compute_invoice_id(self):
        for action in self:
            is_refund = action.kind == "refund"
            action.invoice_id = is_refund and action._default_invoice()

    @api.depends("kind")
    def _compute_product_id(self):
        kinds = self._goods_kinds()
        for action in self:
            is_about_goods = action.kind in kinds
            action.product_id = is_about_goods and action.complaint_id.product_id

    @api.depends("kind", "invoice_id", "invoice_line_ids", "product_id", "quantity")
    def _compute_amount(self):
        for action in self:
            worth = action._document_worth()
            action.amount = action.amount if worth is None else worth

    @api.depends("amount", "kind", "product_id", "quantity")
    def _compute_cost(self):
        for action in self:
            action.cost = action._document_cost()

    @api.model
    def _goods_kinds(self):
        """Return the kinds that are about the product of the complaint."""
        return {"replacement"}

    def _default_invoice(self):
        """Return the invoice that a refund is about, as far as that is clear."""
        complaint = self.complaint_id
        # sudo: account.move - handlers refund invoices they may not open
        posted = complaint.order_id.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        # sudo: account.move - found with more rights, used with one's own
        return complaint.move_id or posted[:1].sudo(False)

    def _document_worth(self):
        """What the customer gets by what was chosen; None: somebody says so."""
        if self.kind == "refund" and self.invoice_id:
            return self._refundable_amount()
        if self.kind == "replacement" and self.product_id:
            return self._product_worth("lst_price")
        return None

    def _document_cost(self):
        """What it costs us: goods what we pay for them, anything else its value."""
        if self.kind == "replacement" and self.product_id:
            return self._product_worth("standard_price")
        return self.amount or self.type_id.default_cost

    def _product_worth(self, price):
        """Return price × quantity of the product in company currency."""
        company = self.company_id or self.complaint_id.company_id
        # sudo: product.product - the cost is not everybody's to read
        product = self.product_id.sudo().with_company(company)
        today = fields.Date.context_today(self)
        return product.currency_id._convert(
            product[price] * self.quantity, company.currency_id, company, today
        )
