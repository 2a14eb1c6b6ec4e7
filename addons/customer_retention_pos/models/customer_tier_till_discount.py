from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.customer_retention.models.loose_many2one import LooseMany2one


class CustomerTierTillDiscount(models.Model):
    """How much less a line at the till came to than without the tier of its customer:
    a cache, by the same rules as for orders.
    """

    _name = "customer.tier.till.discount"
    _inherit = "customer.tier.discount"
    _description = "Discount Given by a Tier at the Till"
    _order_model = "pos.order"

    line_id = LooseMany2one("pos.order.line")
    order_id = LooseMany2one("pos.order")

    # === LINES === #

    @api.model
    def _is_sold_sql(self):
        return SQL("(sale.state IN ('paid', 'done') AND sale.partner_id IS NOT NULL)")

    @api.model
    def _counts_sql(self):
        """Lines that settle an order belong to that order's row."""
        if "sale_order_origin_id" in self.env["pos.order.line"]._fields:
            return SQL("line.sale_order_origin_id IS NULL")
        return SQL("TRUE")

    @api.model
    def _basis_sql(self):
        return SQL(
            """concat_ws(' ', line.product_id, line.qty, line.price_unit,
                         COALESCE(line.discount, 0), line.price_subtotal,
                         sale.date_order)"""
        )

    def _priced_lines(self, order):
        till = order.config_id
        others = till.tip_product_id
        if "discount_product_id" in till._fields:
            others |= till.discount_product_id
        return order.lines.filtered(
            lambda line: line.product_id not in others and self._is_priced_by_list(line)
        )

    @api.model
    def _is_priced_by_list(self, line):
        data = line.extra_tax_data or {}
        return not (
            line.combo_parent_id
            or line.combo_line_ids
            or data.get("computation_key", "").startswith("global_discount,")
        )

    # === PRICES === #

    @api.model
    def _quantity(self, line):
        return line.qty

    def _pricelist_without(self, order):
        """Of pricelists that the till does not know it asks for none."""
        found = super()._pricelist_without(order)
        till = order.config_id
        return found if found in till._get_available_pricelists() else till.pricelist_id

    def _price_by(self, line, pricelist):
        order, product = line.order_id, line.product_id
        price = pricelist._get_product_price(
            product,
            abs(line.qty) or 1.0,
            currency=order.currency_id,
            uom=product.uom_id,
            date=order.date_order,
        )
        return product._get_tax_included_unit_price_from_price(
            price + line.price_extra,
            product_taxes=product.taxes_id._filter_taxes_by_company(order.company_id),
            fiscal_position=order.fiscal_position_id,
        )
