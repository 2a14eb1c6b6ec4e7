from __future__ import annotations

from datetime import date

from odoo import models

from ..logic.tier import Entry
from .customer_tier_counting import MONEY_METRICS, Counting, Rate


class CustomerTierLadder(models.Model):
    """What a quotation would add to the measures of a ladder: as its order will."""

    _inherit = "customer.tier.ladder"

    def _quotation_entries(
        self, order, countings: tuple[Counting, ...], day: date, share: float = 1.0
    ) -> list[Entry]:
        """Return what an unconfirmed order adds to each measure when it is bought.

        :param countings: the present ways of counting
        :param share: part of the customer that counts for its group
        """
        self.ensure_one()
        entries = []
        for counting in countings:
            value = self._quotation_value(order, counting, day) * share
            if value > 0:
                document = ("quotation", order._origin.id, 1.0, share)
                entries.append(Entry(counting.key, day, day, value, document))
        return entries

    def _quotation_value(self, order, counting: Counting, day: date) -> float:
        lines = order.order_line.filtered(
            lambda line: self._line_counts(line, counting)
        )
        if counting.metric in ("purchases", "purchase_days"):
            return float(sum(lines.mapped("price_subtotal")) > 0)
        value = sum(self._line_worth(line, counting, day) for line in lines)
        if counting.metric not in MONEY_METRICS:
            return value
        # sudo: res.currency - the ladder's, in which everybody's purchases count
        currency = self.env["res.currency"].sudo().browse(counting.currency_id)
        company = order.company_id or self.env.company
        return (order.currency_id or currency)._convert(
            value, currency, company, day, round=False
        )

    def _line_counts(self, line, counting: Counting) -> bool:
        """Tell whether a line counts: the right category, nothing left out."""
        if line.display_type or line.is_downpayment:
            return False
        if not counting.counts_shipping and line["is_delivery"]:
            return False
        if line.product_id.id in counting.excluded_product_ids:
            return False
        category = line.product_id.categ_id
        if self._is_in(category, counting.excluded_category_ids):
            return False
        return not counting.category_ids or self._is_in(category, counting.category_ids)

    def _line_worth(self, line, counting: Counting, day: date) -> float:
        if counting.metric == "units":
            unit = line.product_uom_id
            quantity = line.product_uom_qty
            if not unit or not line.product_id:
                return quantity
            return unit._compute_quantity(quantity, line.product_id.uom_id, round=False)
        if counting.metric == "margin":
            knows_margin = self.env["customer.tier.entry"]._knows_margin()
            return line.margin if knows_margin else 0.0
        if counting.metric == "points":
            return line.price_subtotal * self._points_rate(line, counting.rates, day)
        return line.price_subtotal

    def _points_rate(self, line, rates: tuple[Rate, ...], day: date) -> float:
        """Return the highest rate of those that apply; 1 where there are none."""
        if not rates:
            return 1.0
        category, today = line.product_id.categ_id, day.isoformat()
        applying = [
            rate.rate
            for rate in rates
            if (not rate.category_ids or self._is_in(category, rate.category_ids))
            and (not rate.starts or rate.starts <= today)
            and (not rate.until or today <= rate.until)
        ]
        return max(applying, default=0.0)

    @staticmethod
    def _is_in(category, category_ids: tuple[int, ...]) -> bool:
        """Tell whether a category is one of these or below them."""
        if not category or not category_ids:
            return False
        # sudo: product.category - what counts does not depend on who asks
        path = category.sudo().parent_path or ""
        return bool(set(map(int, path.split("/")[:-1])) & set(category_ids))
