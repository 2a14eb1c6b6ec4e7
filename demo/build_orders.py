"""Makes orders and quotations in the order of their days."""

from __future__ import annotations

from datetime import datetime
from datetime import time as clock

import pytz

from odoo.fields import Command
from odoo.tools import SQL, split_every

from .build_records import BATCH, TIME_ZONES, Records
from .plan_records import Order


class OrderBuilder(Records):
    """Orders and quotations."""

    def make_orders(self) -> None:
        """Orders and quotations in the order of their days."""
        planned = sorted(self.plan.orders, key=lambda order: (order.day, order.key))
        delivered = {invoice.order for invoice in self.plan.invoices}
        for batch in split_every(BATCH, planned, list):
            records = self.env["sale.order"].create(
                [self.prepare_order(order, order.key in delivered) for order in batch]
            )
            for order, record in zip(batch, records, strict=True):
                self.orders[order.key] = record
            self.env.flush_all()
        # people made the quotations before they were confirmed, not today
        self.env.cr.execute(
            SQL(
                """UPDATE sale_order
                      SET create_date = date_order - interval '3 days' * (id %% 4)
                    WHERE id = ANY(%s)""",
                [record.id for record in self.orders.values()],
            )
        )
        self.env.invalidate_all()

    def prepare_order(self, order: Order, delivered: bool) -> dict[str, object]:
        company = self.companies[order.company]
        pricelist = self.get_tier_pricelist(order.tier)
        if order.currency:
            pricelist = self.get_pricelist(order.company, order.currency)
        lines = self.prepare_lines(order, delivered)
        moment = datetime.combine(order.day, clock(9 + len(lines), len(order.key) * 3))
        local = pytz.timezone(TIME_ZONES[order.company]).localize(moment)
        return {
            "partner_id": self.partners[order.contact or order.customer].id,
            "company_id": company.id,
            "pricelist_id": pricelist.id,
            "fiscal_position_id": False,
            "date_order": local.astimezone(pytz.utc).replace(tzinfo=None),
            "validity_date": order.valid_until,
            "state": order.state,
            "user_id": self.users[order.salesperson].id,
            "team_id": self.teams[order.company].id,
            "require_signature": False,
            "require_payment": False,
            "order_line": lines,
        }

    def prepare_lines(self, order: Order, delivered: bool) -> list[Command]:
        rate = self.get_rate(order)
        return [
            Command.create(
                {
                    "product_id": self.products[line.product].id,
                    "name": line.product,
                    "product_uom_qty": line.quantity,
                    "qty_delivered": line.quantity if delivered else 0.0,
                    "price_unit": round(line.price * rate, 2),
                    "discount": 0.0,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": False,
                }
            )
            for line in order.lines
        ]

    def get_rate(self, order: Order) -> float:
        """What one unit of the company's currency is worth in that of the order."""
        key = (order.company, order.currency, order.day.replace(day=1))
        return self.plan.rates.get(key, 1.0)
