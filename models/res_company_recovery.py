from odoo import fields, models


class ResCompany(models.Model):
    """What a company needs to put things right."""

    _inherit = "res.company"

    recovery_goodwill_product_id = fields.Many2one(
        "product.product",
        string="Goodwill Product",
        domain="[('type', '=', 'service')]",
        help="Stands on credit notes for goodwill, and so chooses their account.",
    )
    recovery_guide_minimum = fields.Integer(
        string="Cases for a Guide",
        default=10,
        help="How many comparable complaints it takes before the guide goes by what "
        "their customers got.",
    )

    def _recovery_goodwill_product(self):
        """Return the product of goodwill credit notes."""
        self.ensure_one()
        return self.recovery_goodwill_product_id or self._recovery_product(
            "product_recovery_goodwill", self.env._("Goodwill after a complaint")
        )

    def _recovery_discount_product(self):
        """Return the product of discounts: the one Sales uses, if there is one."""
        self.ensure_one()
        return self.sale_discount_product_id or self._recovery_product(
            "product_recovery_discount", self.env._("Discount after a complaint")
        )

    def _recovery_product(self, xmlid, name):
        """Return a service of ours, made anew when somebody deleted it."""
        product = self.env.ref(f"customer_retention.{xmlid}", raise_if_not_found=False)
        if product and product.active:
            return product
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 0.0,
                "sale_ok": False,
                "purchase_ok": False,
                "taxes_id": False,
            }
        )
