from odoo import api, models
from odoo.tools import SQL


class CustomerPurchase(models.Model):
    """Adds the orders of the point of sale as a source."""

    _inherit = "customer.purchase"

    @api.model
    def _get_sources(self):
        return {**super()._get_sources(), "pos": "pos.order"}

    def _get_source_pos_sql(self, scope):
        """Paid orders, net of what another source counts already.

        * Where invoices count, an invoiced order is left to its invoice.
        * Where orders count, lines that settle a sale order are left to that order.
        """
        settled = SQL("0")
        if "sale_order_origin_id" in self.env["pos.order.line"]._fields:
            settled = SQL(
                """CASE WHEN company.source = 'order' THEN (
                    SELECT COALESCE(SUM(line.price_subtotal), 0)
                      FROM pos_order_line line
                     WHERE line.order_id = pos.id
                       AND line.sale_order_origin_id IS NOT NULL
                ) ELSE 0 END"""
            )
        return SQL(
            """
            SELECT res_id, partner_id, company_id, date,
                   round(net / rate, decimals) AS amount, net > 0 AS is_purchase
              FROM (
                SELECT pos.id AS res_id, account.account_id AS partner_id,
                       company.root_id AS company_id, company.decimals,
                       %(day)s AS date,
                       pos.amount_total - pos.amount_tax - %(settled)s AS net,
                       COALESCE(NULLIF(pos.currency_rate, 0), 1) AS rate
                  FROM pos_order pos
                  JOIN %(accounts)s account ON account.partner_id = pos.partner_id
                  JOIN %(companies)s company ON company.id = pos.company_id
                 WHERE pos.state IN ('paid', 'done')
                   AND (company.source = 'order' OR pos.account_move IS NULL)
              ) counted
            """,
            settled=settled,
            day=self.env["res.company"]._retention_day_sql(
                SQL("pos.date_order"), SQL("company.tz")
            ),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
        )

    def _get_line_table(self, source):
        if source == "pos":
            return "pos_order_line", "order_id"
        return super()._get_line_table(source)
