from odoo import fields, models
from odoo.tools import SQL


class CustomerCarePlan(models.Model):
    """Somebody asks whether what was delivered is as it should be."""

    _inherit = "customer.care.plan"

    trigger = fields.Selection(
        selection_add=[("delivered", "Delivery"), ("expected",)],
        ondelete={"delivered": "cascade"},
    )

    def _occasions_delivered_sql(self, company, today) -> SQL:
        """Return the days on which deliveries were made that customers had ordered."""
        return SQL(
            """
            SELECT account.account_id AS partner_id,
                   %(day)s AS occasion
              FROM stock_picking picking
              JOIN stock_picking_type type ON type.id = picking.picking_type_id
              JOIN sale_order sale ON sale.id = picking.sale_id
              JOIN %(accounts)s account ON account.partner_id = sale.partner_id
              JOIN %(companies)s company ON company.id = picking.company_id
             WHERE company.root_id = %(company)s AND type.code = 'outgoing'
               AND picking.state = 'done' AND picking.date_done >= %(since)s
            """,
            accounts=self.env["customer.account"]._customer_documents_sql(),
            companies=self.env["res.company"]._retention_companies_sql(),
            day=self.env["res.company"]._retention_day_sql(
                SQL("picking.date_done"), SQL("company.tz")
            ),
            company=company.id,
            since=self._due_since(today),
        )
