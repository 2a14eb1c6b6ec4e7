from odoo import api, models
from odoo.tools import SQL


class CustomerReferral(models.Model):
    """What was paid at the till rewards a referral like any other purchase."""

    _inherit = "customer.referral"

    @api.model
    def _paid_purchases_sql(self, accounts):
        return [
            *super()._paid_purchases_sql(accounts),
            self._paid_at_till_sql(accounts),
        ]

    @api.model
    def _paid_at_till_sql(self, accounts: SQL) -> SQL:
        """Orders of which something was kept; an invoiced one is left to its invoice.

        A refund names the lines it takes back.
        """
        return SQL(
            """
            SELECT account.account_id, company.root_id AS company_id, %(day)s AS date
              FROM pos_order pos
              JOIN %(accounts)s account ON account.partner_id = pos.partner_id
              JOIN %(companies)s company ON company.id = pos.company_id
              JOIN LATERAL (
                    SELECT sum(part.price_subtotal) AS amount
                      FROM (SELECT id FROM pos_order_line WHERE order_id = pos.id
                             UNION
                            SELECT refund.id FROM pos_order_line line
                              JOIN pos_order_line refund
                                ON refund.refunded_orderline_id = line.id
                             WHERE line.order_id = pos.id) family
                      JOIN pos_order_line part ON part.id = family.id
                      JOIN pos_order paid ON paid.id = part.order_id
                       AND paid.state IN ('paid', 'done')
              ) kept ON kept.amount > 0
             WHERE pos.state IN ('paid', 'done') AND pos.account_move IS NULL
            """,
            day=self.env["res.company"]._retention_day_sql(
                SQL("pos.date_order"), SQL("company.tz")
            ),
            accounts=accounts,
            companies=self.env["res.company"]._retention_companies_sql(),
        )
