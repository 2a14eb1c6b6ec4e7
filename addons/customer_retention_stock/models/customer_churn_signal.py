from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.customer_retention.logic.facts import YEAR_DAYS

FEWEST_DELIVERIES = 2


class CustomerChurnSignal(models.Model):
    """Deliveries that came late warn, too."""

    _inherit = "customer.churn.signal"

    late_share = fields.Float(
        string="Late Deliveries",
        readonly=True,
        aggregator="avg",
        help="Part of the deliveries of 12 months that were done after the day that "
        "had been promised.",
    )

    def _signal_fields(self):
        return (*super()._signal_fields(), "late_share")

    def _signal_sources(self, company, as_of, scope):
        return {
            **super()._signal_sources(company, as_of, scope),
            "delivered": self._deliveries_sql(company, as_of, scope),
        }

    def _signal_columns_sql(self):
        return SQL("%s, delivered.late_share", super()._signal_columns_sql())

    def _deliveries_sql(self, company, as_of, scope) -> SQL:
        """Return the part of deliveries that were late; of one alone nothing."""
        companies, zone = self.env["res.company"], SQL("company.tz")
        return SQL(
            """
            SELECT account.account_id AS partner_id, CASE WHEN count(*) >= %(fewest)s
                   THEN avg((%(done_on)s > %(promised_on)s)::int) END AS late_share
              FROM %(accounts)s account
              JOIN stock_picking picking ON picking.partner_id = account.partner_id
              JOIN stock_picking_type type ON type.id = picking.picking_type_id
              JOIN %(companies)s company ON company.id = picking.company_id
             WHERE company.root_id = %(company)s AND type.code = 'outgoing'
               AND picking.state = 'done' AND picking.date_deadline IS NOT NULL
               AND %(done_on)s <= %(as_of)s
               AND %(done_on)s > %(as_of)s::date - %(year)s
          GROUP BY account.account_id
            """,
            fewest=FEWEST_DELIVERIES,
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=companies._retention_companies_sql(),
            done_on=companies._retention_day_sql(SQL("picking.date_done"), zone),
            promised_on=companies._retention_day_sql(
                SQL("picking.date_deadline"), zone
            ),
            company=company.id,
            as_of=as_of,
            year=YEAR_DAYS,
        )


class CustomerChurnWeight(models.Model):
    """Late deliveries are weighed like every other signal."""

    _inherit = "customer.churn.weight"

    signal = fields.Selection(
        selection_add=[("late", "Late deliveries")], ondelete={"late": "cascade"}
    )


class CustomerChurnScore(models.Model):
    """Says what late deliveries cost."""

    _inherit = "customer.churn.score"

    def _signal_values(self):
        return {**super()._signal_values(), "late": self.signal_id.late_share}

    def _signal_value_sql(self, code, as_of):
        if code == "late":
            return SQL("signal.late_share::float8")
        return super()._signal_value_sql(code, as_of)

    def _describe_late_signal(self, share):
        return self.env._(
            "%(percent)s %% of the year's deliveries came late",
            percent=round(100 * share),
        )
