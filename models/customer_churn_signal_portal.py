from __future__ import annotations

from datetime import date

from odoo import fields, models
from odoo.tools import SQL

from ..logic.facts import YEAR_DAYS

# Whoever has not been there for longer has other ways: nothing warns any more.
KNOWN_DAYS = 2 * YEAR_DAYS


class CustomerChurnSignal(models.Model):
    """When somebody of a customer was on the portal last, logged in."""

    _inherit = "customer.churn.signal"

    portal_seen_on = fields.Date(
        string="Last on the Portal",
        readonly=True,
        help="The day anybody of the customer was logged in last, within two years.",
    )

    def _signal_fields(self):
        return (*super()._signal_fields(), "portal_seen_on")

    def _signal_sources(self, company, as_of, scope):
        return {
            **super()._signal_sources(company, as_of, scope),
            "portal": self._portal_visits_sql(company, as_of, scope),
        }

    def _signal_columns_sql(self):
        return SQL("%s, portal.portal_seen_on", super()._signal_columns_sql())

    def _portal_visits_sql(self, company, as_of: date, scope) -> SQL:
        """Return the last day on the portal: a login, or what a session did later.

        Core keeps the last one only. So nothing is known of a past day: of who came
        back since then it would say nothing, of who stayed away everything, and weights
        would be learned from what nobody could know.
        """
        if as_of < company._retention_today():
            return SQL(
                "SELECT NULL::int AS partner_id, NULL::date AS portal_seen_on"
                " WHERE FALSE"
            )
        return SQL(
            """
            SELECT account.account_id AS partner_id,
                   max(visit.day) AS portal_seen_on
              FROM %(accounts)s account
              JOIN res_users customer ON customer.partner_id = account.partner_id
               AND customer.share
        CROSS JOIN LATERAL (SELECT GREATEST(
                       (SELECT max(create_date) FROM res_users_log
                         WHERE create_uid = customer.id),
                       (SELECT max(last_activity) FROM res_device_log
                         WHERE user_id = customer.id)) AS moment OFFSET 0) latest
        CROSS JOIN LATERAL (SELECT %(day)s AS day OFFSET 0) visit
             WHERE visit.day > %(as_of)s::date - %(known)s AND visit.day <= %(as_of)s
          GROUP BY account.account_id
            """,
            accounts=self.env["customer.account"]._mapping_sql(scope),
            day=company._retention_day_sql(SQL("latest.moment")),
            as_of=as_of,
            known=KNOWN_DAYS,
        )
