from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from .loose_many2one import LooseMany2one

# Orders looked at in one go.
BATCH = 200


class CustomerTierDiscount(models.Model):
    """How much less a line came to than without the tier of its customer: a cache.

    Kept apart from orders: nothing is computed while somebody confirms one. The job
    looks at orders at the prices of a tier, once, and again when they were changed.
    """

    _name = "customer.tier.discount"
    _inherit = "customer.visible.mixin"
    _description = "Discount Given by a Tier"
    _order = "date desc, id desc"
    _rec_name = "line_id"
    _log_access = False

    line_id = LooseMany2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    order_id = LooseMany2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
        help="The account of the order.",
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="set null")
    date = fields.Date(readonly=True, help="Local day of the order.")
    price_without = fields.Float(
        string="Price Without the Tier", readonly=True, help="Of a unit."
    )
    amount = fields.Monetary(
        readonly=True,
        help="What the line would have come to without the tier, less what it came to; "
        "net of taxes, in the currency of the company.",
    )
    computed_at = fields.Datetime(readonly=True)

    _account_idx = models.Index("(partner_id, company_id, date)")

    # === JOB === #

    @api.model
    def _cron_reckon(self, limit: int = BATCH) -> None:
        """Reckon what tiers gave on orders confirmed or changed since the last time."""
        left = self._orders_to_reckon(limit + 1)
        self._reckon(left[:limit])
        self.env["ir.cron"]._commit_progress(
            len(left[:limit]), remaining=max(0, len(left) - limit)
        )

    @api.model
    def _orders_to_reckon(self, limit: int) -> list[int]:
        """Return confirmed orders at the prices of a tier whose figures are stale."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.id FROM sale_order sale
                 WHERE sale.state = 'sale'
                   AND sale.pricelist_id IN (
                       SELECT pricelist_id FROM customer_tier
                        WHERE pricelist_id IS NOT NULL)
                   AND EXISTS (
                       SELECT FROM sale_order_line line
                        WHERE line.order_id = sale.id AND line.product_id IS NOT NULL
                          AND line.display_type IS NULL
                          AND line.is_downpayment IS NOT TRUE)
                   AND NOT EXISTS (
                       SELECT FROM customer_tier_discount known
                        WHERE known.order_id = sale.id
                          AND known.computed_at >= sale.write_date)
              ORDER BY sale.id LIMIT %s
                """,
                limit,
            )
        )
        return [order_id for (order_id,) in rows]

    # === RECKON === #

    @api.model
    def _reckon(self, order_ids: Iterable[int]) -> None:
        """Write the rows of some orders anew."""
        # sudo: sale.order - what tiers gave is reckoned by the job, whoever sold
        orders = self.env["sale.order"].sudo().browse(order_ids).exists()
        if not orders:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_tier_discount WHERE order_id = ANY(%s)",
                orders.ids,
            )
        )
        rows = [
            row
            for company, found in orders.grouped("company_id").items()
            for order in found.with_company(company)
            for row in self._prepare_rows(order)
        ]
        self._insert(rows)
        self.invalidate_model()

    def _prepare_rows(self, order) -> list[dict]:
        """Return the rows of an order: one a line, so that it is not asked again."""
        root = order.company_id._retention_root()
        account = order.partner_id.commercial_partner_id
        tier = self._tier_of(order, account)
        pricelist = self._pricelist_without(order.partner_id)
        rate, zone = order.currency_rate or 1.0, ZoneInfo(root.retention_tz or "UTC")
        rows = []
        for line in order.order_line:
            if line.display_type or line.is_downpayment or not line.product_id:
                continue
            without = self._price_without(line, pricelist)
            rows.append(
                {
                    "line_id": line.id,
                    "order_id": order.id,
                    "partner_id": account.id,
                    "company_id": root.id,
                    "tier_id": tier.id or None,
                    "date": order.date_order.replace(tzinfo=UTC)
                    .astimezone(zone)
                    .date(),
                    "price_without": without,
                    "amount": root.currency_id.round(self._given(line, without) / rate),
                }
            )
        return rows

    def _tier_of(self, order, account):
        """The tier whose prices an order has."""
        # sudo: customer.tier - which tier gave a discount, whoever may see it
        tiers = self.env["customer.tier"].sudo().with_context(active_test=False)
        found = tiers.search([("pricelist_id", "=", order.pricelist_id.id)])
        if len(found) < 2:
            return found
        # sudo: customer.tier.membership - whoever may see the tier of the customer
        rows = self.env["customer.tier.membership"].sudo()._by_account(account)
        member = rows.get(account.id)
        return member.tier_id if member and member.tier_id in found else found[:1]

    def _given(self, line, without: float) -> float:
        """Return what a line came to less than at another unit price, net of taxes."""
        paid = line.price_unit * (1 - (line.discount or 0.0) / 100)
        gross = paid * line.product_uom_qty
        net_share = line.price_subtotal / gross if gross else 1.0
        return (without - paid) * line.product_uom_qty * net_share

    def _price_without(self, line, pricelist) -> float:
        """Return the unit price of a line by another pricelist, in its currency."""
        order = line.order_id
        return pricelist._get_product_price(
            line.product_id,
            line.product_uom_qty,
            currency=order.currency_id,
            uom=line.product_uom_id,
            date=order.date_order,
        )

    def _pricelist_without(self, partner):
        """The pricelist a customer would have without any tier."""
        pricelists = self.env["product.pricelist"]
        found = pricelists._pricelists_without_tiers([partner.id])
        return found.get(partner.id, pricelists)

    @api.model
    def _insert(self, rows: list[dict]) -> None:
        if not rows:
            return
        names = list(rows[0])
        values = SQL(", ").join(
            SQL(
                "(%s, now() AT TIME ZONE 'UTC')",
                SQL(", ").join(SQL("%s", row[name]) for name in names),
            )
            for row in rows
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_tier_discount (%s, computed_at) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                values,
            )
        )
