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
    looks at lines at the prices of a tier, once, and again when they were changed;
    what else happens to an order does not bring prices of a later day into it. What
    was cancelled gave nothing.
    """

    _name = "customer.tier.discount"
    _inherit = "customer.visible.mixin"
    _description = "Discount Given by a Tier"
    _order = "date desc, id desc"
    _rec_name = "line_id"
    _log_access = False
    # Where lines come from; heirs reckon what was sold elsewhere.
    _order_model = "sale.order"

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
    basis = fields.Char(
        readonly=True,
        exportable=False,
        help="What the line said when it was looked at: tells whether it was changed.",
    )
    computed_at = fields.Datetime(readonly=True)

    _account_idx = models.Index("(partner_id, company_id, date)")

    # === JOB === #

    @api.model
    def _cron_reckon(self, limit: int = BATCH) -> None:
        """Reckon what tiers gave on orders that were confirmed, changed or cancelled
        since the last time.
        """
        left = self._orders_to_reckon(limit + 1)
        self._reckon(left[:limit])
        self.env["ir.cron"]._commit_progress(
            len(left[:limit]), remaining=max(0, len(left) - limit)
        )

    @api.model
    def _orders_to_reckon(self, limit: int) -> list[int]:
        """Return orders whose figures are stale: lines without one, or with that of
        what they were; figures of what is no order any more.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.id FROM %(orders)s sale
                 WHERE %(is_sold)s
                   AND sale.pricelist_id IN (
                       SELECT pricelist_id FROM customer_tier
                        WHERE pricelist_id IS NOT NULL)
                   AND EXISTS (
                       SELECT FROM %(lines)s line
                        WHERE line.order_id = sale.id AND line.product_id IS NOT NULL
                          AND %(counts)s
                          AND NOT EXISTS (
                              SELECT FROM %(known)s known
                               WHERE known.line_id = line.id
                                 AND known.basis = %(basis)s))
                 UNION
                SELECT known.order_id FROM %(known)s known
                  JOIN %(orders)s sale
                    ON sale.id = known.order_id AND NOT %(is_sold)s
              ORDER BY id LIMIT %(limit)s
                """,
                **self._tables(),
                limit=limit,
            )
        )
        return [order_id for (order_id,) in rows]

    @api.model
    def _tables(self) -> dict[str, SQL]:
        """Return the tables of rows, orders and lines, and the conditions on them."""
        orders = self.env[self._order_model]
        return {
            "known": SQL.identifier(self._table),
            "orders": SQL.identifier(orders._table),
            "lines": SQL.identifier(f"{orders._table}_line"),
            "is_sold": self._is_sold_sql(),
            "counts": self._counts_sql(),
            "basis": self._basis_sql(),
        }

    @api.model
    def _is_sold_sql(self) -> SQL:
        """Return whether an order ``sale`` is one."""
        return SQL("sale.state = 'sale'")

    @api.model
    def _counts_sql(self) -> SQL:
        """Return whether a ``line`` with a product is to have a row."""
        return SQL("line.display_type IS NULL AND line.is_downpayment IS NOT TRUE")

    @api.model
    def _basis_sql(self) -> SQL:
        """Return what a ``line`` of an order ``sale`` says, as far as it matters."""
        return SQL(
            """concat_ws(' ', line.product_id, line.product_uom_id,
                         line.product_uom_qty, line.price_unit,
                         COALESCE(line.discount, 0), line.price_subtotal,
                         sale.date_order)"""
        )

    # === RECKON === #

    @api.model
    def _reckon(self, order_ids: Iterable[int]) -> None:
        """Write the rows of some orders: of lines that are new or were changed."""
        # sudo: sale.order - what tiers gave is reckoned by the job, whoever sold
        orders = self.env[self._order_model].sudo().browse(order_ids).exists()
        if not orders:
            return
        self._forget_stale(orders)
        tiers = self._tiers_of(orders)
        rows = [
            row
            for company, found in self._lines_to_reckon(orders).items()
            for order, lines in found.grouped("order_id").items()
            for row in self.with_company(company)._prepare_rows(
                order, lines, tiers.get(order.id)
            )
        ]
        self._insert(rows)
        self.invalidate_model()

    @api.model
    def _forget_stale(self, orders) -> None:
        """Delete the rows of lines that are not what they were."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM %(known)s known
                 WHERE known.order_id = ANY(%(ids)s) AND NOT EXISTS (
                       SELECT FROM %(lines)s line
                         JOIN %(orders)s sale ON sale.id = line.order_id
                        WHERE line.id = known.line_id AND %(is_sold)s
                          AND known.basis = %(basis)s)
                """,
                **self._tables(),
                ids=orders.ids,
            )
        )
        self.invalidate_model()

    def _lines_to_reckon(self, orders) -> dict:
        """Return {company: lines without a row, as seen from there}."""
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id FROM %(lines)s line
                     JOIN %(orders)s sale ON sale.id = line.order_id
                    WHERE sale.id = ANY(%(ids)s) AND line.product_id IS NOT NULL
                      AND %(is_sold)s AND %(counts)s AND NOT EXISTS (
                          SELECT FROM %(known)s known WHERE known.line_id = line.id)
                 ORDER BY line.id""",
                **self._tables(),
                ids=orders.ids,
            )
        )
        # sudo: sale.order.line - what tiers gave is reckoned by the job, whoever sold
        lines = self.env[f"{self._order_model}.line"].sudo()
        return {
            company: found.with_company(company)
            for company, found in lines.browse(line_id for (line_id,) in rows)
            .grouped("company_id")
            .items()
        }

    def _prepare_rows(self, order, lines, tier_id) -> list[dict]:
        """Return the rows of some lines: one each, so that it is not asked again."""
        root = order.company_id._retention_root()
        zone = ZoneInfo(root.retention_tz or "UTC")
        priced = self._priced_lines(order) if tier_id else lines.browse()
        pricelist = self._pricelist_without(order)
        same = {
            "order_id": order.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "company_id": root.id,
            "tier_id": tier_id,
            "date": order.date_order.replace(tzinfo=UTC).astimezone(zone).date(),
        }
        return [
            {
                **same,
                "line_id": line.id,
                **self._prepare_amounts(root, line, pricelist, line in priced),
            }
            for line in lines
        ]

    def _prepare_amounts(self, root, line, pricelist, is_priced: bool) -> dict:
        """Return what a tier gave on a line: nothing where it made no price."""
        if not is_priced:
            return {"price_without": None, "amount": 0.0}
        without = self._price_by(line, pricelist)
        given = self._given(line, without) / (line.order_id.currency_rate or 1.0)
        return {"price_without": without, "amount": root.currency_id.round(given)}

    @api.model
    def _insert(self, rows: list[dict]) -> None:
        if not rows:
            return
        names, tables = list(rows[0]), self._tables()
        values = SQL(", ").join(
            SQL(
                "(%s, (%s), now() AT TIME ZONE 'UTC')",
                SQL(", ").join(SQL("%s", row[name]) for name in names),
                SQL(
                    "SELECT %(basis)s FROM %(lines)s line"
                    " JOIN %(orders)s sale ON sale.id = line.order_id"
                    " WHERE line.id = %(line)s",
                    **tables,
                    line=row["line_id"],
                ),
            )
            for row in rows
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, basis, computed_at) VALUES %s",
                tables["known"],
                SQL(", ").join(map(SQL.identifier, names)),
                values,
            )
        )
