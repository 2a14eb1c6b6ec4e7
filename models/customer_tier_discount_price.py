from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class CustomerTierDiscount(models.Model):
    """What a tier has to do with the price of a line, and what not.

    A tier gave what its pricelist takes off the prices the customer has without it,
    to a customer who was in the tier. What a seller took off by hand, deliveries,
    rewards and discounts on a whole order are no gifts of the tier.
    """

    _inherit = "customer.tier.discount"

    # === LINES === #

    def _priced_lines(self, order):
        """Return the lines whose prices come from the pricelist of the order."""
        discount_product = order.company_id.sale_discount_product_id
        return order._get_update_prices_lines().filtered(
            lambda line: (
                line.product_id
                and line.product_id != discount_product
                and self._is_priced_by_list(line)
            )
        )

    @api.model
    def _is_priced_by_list(self, line) -> bool:
        """Whether core asks a pricelist for the price of a line; parts of a combo share
        the price of the whole, and costs are charged on as they are.
        """
        return not (
            line.is_downpayment
            or line._is_global_discount()
            or line.product_type == "combo"
            or line.combo_item_id
            or (line.is_expense and line.product_id.expense_policy == "cost")
        )

    # === PRICES === #

    def _given(self, line, without: float) -> float:
        """Return what a line came to less by the tier, net of taxes.

        That is up to the price of the tier: whoever sold below it gave the rest.
        """
        paid = line.price_unit * (1 - (line.discount or 0.0) / 100)
        gross = paid * self._quantity(line)
        net_share = line.price_subtotal / gross if gross else 1.0
        promised = without - self._price_by(line, line.order_id.pricelist_id)
        least, most = sorted((0.0, promised))
        given = min(max(without - paid, least), most)
        return given * self._quantity(line) * net_share

    def _price_by(self, line, pricelist) -> float:
        """Return the unit price of a line by a pricelist, taxes as on the order."""
        order = line.order_id
        product = line.product_id.with_context(**line._get_product_price_context())
        price = pricelist._get_product_price(
            product,
            line.product_uom_qty or 1.0,
            currency=order.currency_id,
            uom=line.product_uom_id,
            date=order.date_order,
        )
        return line.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
                line.company_id
            ),
            fiscal_position=order.fiscal_position_id,
        )

    def _pricelist_without(self, order):
        """The pricelist the customer of an order would have without any tier."""
        pricelists = self.env["product.pricelist"]
        found = pricelists._pricelists_without_tiers([order.partner_id.id])
        return found.get(order.partner_id.id, pricelists)

    @api.model
    def _quantity(self, line) -> float:
        return line.product_uom_qty

    # === TIERS === #

    @api.model
    def _tiers_of(self, orders) -> dict[int, int]:
        """Return {order: tier} of those at the prices of a tier that the customer had
        while it was quoted, or on the day of the order; one query for a company.

        The pricelist alone proves nothing: a seller may choose it for anybody.
        """
        found = {}
        for root, sold in orders.grouped(
            lambda order: order.company_id._retention_root()
        ).items():
            found.update(self.env.execute_query(self._tiers_of_sql(root, sold)))
        return found

    @api.model
    def _tiers_of_sql(self, root, orders) -> SQL:
        """Return (order, tier): one whose prices these are, the company's own first.

        A quotation keeps its prices when the tier changes before it is confirmed.
        """
        log = self.env["customer.tier.transition"]
        log.flush_model()
        return SQL(
            """
            WITH head AS (SELECT * FROM %(heads)s known), asked AS (
                SELECT sale.id, sale.pricelist_id, account.account_id,
                       %(until)s AS until, LEAST(%(until)s, %(since)s) AS since
                  FROM %(sales)s sale
                  JOIN %(mapping)s account ON account.partner_id = sale.partner_id
                 WHERE sale.id = ANY(%(orders)s))
            SELECT DISTINCT ON (asked.id) asked.id, tier.id
              FROM asked
              JOIN customer_tier tier ON tier.pricelist_id = asked.pricelist_id
              JOIN customer_tier_ladder ladder ON ladder.id = tier.ladder_id
               AND COALESCE(ladder.company_id = %(company)s, TRUE)
         LEFT JOIN head
                ON head.account_id = asked.account_id AND ladder.rolls_up_groups
               AND (head.is_shared OR ladder.company_id IS NOT NULL)
               AND COALESCE(head.date_from <= asked.until, TRUE)
               AND COALESCE(head.date_until >= asked.since, TRUE)
              JOIN customer_tier_transition log
                ON log.partner_id = COALESCE(head.head_id, asked.account_id)
               AND log.ladder_id = ladder.id AND log.to_tier_id = tier.id
               AND log.date <= asked.until AND %(stands)s
             WHERE NOT EXISTS (
                   SELECT FROM customer_tier_transition later
                    WHERE later.partner_id = log.partner_id
                      AND later.ladder_id = log.ladder_id
                      AND (later.date, later.id) > (log.date, log.id)
                      AND later.date < asked.since AND %(later_stands)s)
          ORDER BY asked.id, ladder.company_id NULLS LAST, ladder.sequence,
                   log.date DESC, log.id DESC
            """,
            heads=self.env["customer.account.group"]._heads_sql(root),
            mapping=self.env["customer.account"]._mapping_sql(),
            sales=SQL.identifier(orders._table),
            orders=orders.ids,
            until=root._retention_day_sql(SQL("sale.date_order")),
            since=root._retention_day_sql(SQL("sale.create_date")),
            company=root.id,
            stands=log._stands_sql("log"),
            later_stands=log._stands_sql("later"),
        )
