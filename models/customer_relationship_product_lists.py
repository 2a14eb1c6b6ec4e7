from __future__ import annotations

from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools.misc import format_date, formatLang

from .customer_relationship_products import MOST_PRODUCTS

# A product is overdue when its last purchase is longer ago than this many of its
# usual intervals: a little late is no news.
OVERDUE_INTERVALS = 1.5


class CustomerRelationship(models.Model):
    """The products of a customer as the lists of the form, in the reader's words."""

    _inherit = "customer.relationship"

    @api.model
    def _product_names(self, insights):
        """Names of the products that are going to be shown: ``{id: name}``."""
        ids = {
            one.product_id
            for insight in insights.values()
            for one in (
                *insight.bought[:MOST_PRODUCTS],
                *insight.offered[:MOST_PRODUCTS],
            )
        }
        # sudo: product.product - names on documents of a customer one may see
        products = self.env["product.product"].sudo().browse(sorted(ids))
        return {product.id: product.display_name for product in products}

    # === RENDER === #

    def _insight_top_products(self, insight, names, as_of: date):
        """The products with the highest revenue, each with its own rhythm."""
        return [
            self._insight_top_product(one, names, as_of)
            for one in insight.bought[:MOST_PRODUCTS]
        ]

    def _insight_top_product(self, one, names, as_of):
        usual = one.usual_interval()
        wording = self.env["customer.rule.wording"]
        interval = usual and self.env._(
            "every %(days)s", days=wording._format_days(usual)
        )
        return {
            "product_id": one.product_id,
            "name": names[one.product_id],
            "times": one.times,
            "quantity_text": self._format_quantity(one.quantity),
            "amount_text": self._format_money(one.amount),
            "last_text": format_date(self.env, one.last),
            "interval_text": interval or "",
            "overdue": bool(usual)
            and (as_of - one.last).days > OVERDUE_INTERVALS * usual,
        }

    def _insight_offered(self, insight, names):
        """What was offered, the latest offer first, and never bought."""
        return [
            {
                "product_id": one.product_id,
                "name": names[one.product_id],
                "last_text": format_date(self.env, one.last),
                "times": one.times,
                "amount_text": self._format_money(one.amount),
            }
            for one in insight.offered[:MOST_PRODUCTS]
        ]

    def _insight_categories(self, insight):
        """Revenue by category, the highest first."""
        amounts, last = defaultdict(float), {}
        for one in insight.bought:
            amounts[one.categ_id] += one.amount
            last[one.categ_id] = max(one.last, last.get(one.categ_id, one.last))
        amounts.pop(None, None)
        # sudo: product.category - as of products
        categories = self.env["product.category"].sudo().browse(amounts)
        return [
            {
                "categ_id": category.id,
                "name": category.display_name,
                "amount_text": self._format_money(amounts[category.id]),
                "last_text": format_date(self.env, last[category.id]),
            }
            for category in categories.sorted(lambda one: -amounts[one.id])
        ]

    def _format_quantity(self, quantity):
        whole = round(quantity, 2).is_integer()
        return formatLang(self.env, quantity, digits=0 if whole else 2)
