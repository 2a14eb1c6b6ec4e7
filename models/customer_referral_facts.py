from __future__ import annotations

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.history import Track
from ..logic.referral import Brought, referral_tracks
from .bulk_load import int_array
from .customer_relationship_facts import FactQuestion

COLUMNS = ("referral_count", "referral_revenue_12m")


class CustomerRelationship(models.Model):
    """Facts about the customers somebody brought, which rules may name.

    `logic.referral` is their definition; here they are aggregated from referrals and
    purchases, for many accounts at once.
    """

    _inherit = "customer.relationship"

    referral_count = fields.Integer(
        string="Customers Brought",
        readonly=True,
        help="Those who have bought.",
    )
    referral_revenue_12m = fields.Monetary(
        string="Their Revenue in 12 Months", readonly=True
    )

    # === SQL === #

    @api.model
    def _added_fact_columns(self):
        return (*super()._added_fact_columns(), *COLUMNS)

    def _fact_sources(self, question: FactQuestion) -> dict[str, SQL]:
        return {
            **super()._fact_sources(question),
            "referred": self._referral_facts_sql(question),
        }

    def _known_facts_sql(self) -> SQL:
        return SQL(
            """%s,
            COALESCE(referred.number, 0) AS referral_count,
            COALESCE(referred.revenue, 0) AS referral_revenue_12m""",
            super()._known_facts_sql(),
        )

    def _referral_facts_sql(self, question: FactQuestion) -> SQL:
        """Count who was brought and has bought, and what they bought in 12 months."""
        return SQL(
            """
            SELECT link.referrer_id AS partner_id,
                   count(DISTINCT link.id) FILTER (
                       WHERE bought.is_purchase AND bought.date <= %(as_of)s) AS number,
                   sum(bought.amount) FILTER (
                       WHERE bought.date > %(year)s AND bought.date <= %(as_of)s)
                       AS revenue,
                   LEAST(min(bought.date) FILTER (WHERE bought.date > %(as_of)s),
                         min(bought.date) FILTER (
                             WHERE bought.date > %(year)s AND bought.date <= %(as_of)s)
                             + %(days)s) AS turns_on
              FROM (%(links)s) link
              JOIN customer_purchase bought
                ON bought.partner_id = link.partner_id
               AND bought.company_id = %(company)s AND bought.date >= link.date
             WHERE %(referrers)s
          GROUP BY link.referrer_id
            """,
            **self._window_parameters(question),
            referrers=question.scope.condition(SQL("link.referrer_id")),
            links=self.env["customer.referral"]._links_sql(question.company_id),
        )

    # === TRACKS === #

    @api.model
    def _gather_tracks(
        self, company, partner_ids: list[int], facts: frozenset[str]
    ) -> dict[int, list[Track]]:
        tracks = super()._gather_tracks(company, partner_ids, facts)
        if facts.isdisjoint(COLUMNS):
            return tracks
        brought = self._gather_brought(company, partner_ids)
        return {
            partner_id: [
                *tracks.get(partner_id, ()),
                *referral_tracks(brought.get(partner_id, ())),
            ]
            for partner_id in partner_ids
        }

    @api.model
    def _gather_brought(
        self, company, partner_ids: list[int]
    ) -> dict[int, list[Brought]]:
        """Return {account: customers it brought, with their purchases}; one query."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT link.referrer_id, link.date,
                       array_agg(bought.date ORDER BY bought.id),
                       array_agg(bought.amount::float8 ORDER BY bought.id),
                       array_agg(bought.is_purchase ORDER BY bought.id)
                  FROM (%s) link
                  JOIN customer_purchase bought
                    ON bought.partner_id = link.partner_id AND bought.company_id = %s
                 WHERE link.referrer_id = ANY(%s)
              GROUP BY link.referrer_id, link.id, link.date
                """,
                self.env["customer.referral"]._links_sql(company.id),
                company.id,
                int_array(partner_ids),
            )
        )
        brought: dict[int, list[Brought]] = defaultdict(list)
        for referrer_id, since, days, amounts, purchases in rows:
            documents = zip(days, amounts, purchases, strict=True)
            brought[referrer_id].append(Brought(since, tuple(documents)))
        return brought

    # === EVALUATION === #

    @api.model
    def _sync_documents(self, scope, tell=True, spared=None, orders=None):
        """What somebody buys is news about who brought them, too."""
        changed = super()._sync_documents(
            scope, tell=tell, spared=spared, orders=orders
        )
        if changed:
            self.env["customer.referral"]._queue_referrers(changed)
        return changed


class CustomerReferral(models.Model):
    """Has those evaluated who brought customers to whom something happened."""

    _inherit = "customer.referral"

    @api.model
    def _queue_referrers(self, account_ids):
        """Queue who brought some accounts, in one query."""
        referrers = self.env.execute_query(
            SQL(
                """SELECT DISTINCT referral.referrer_id FROM customer_referral referral
                     JOIN %s account ON account.partner_id = referral.partner_id
                    WHERE account.account_id = ANY(%s)
                      AND referral.state <> 'refused'
                      AND referral.referrer_id IS NOT NULL""",
                self.env["customer.account"]._mapping_sql(),
                int_array(account_ids),
            )
        )
        # sudo: customer.relationship.queue - only ids are written down
        queue = self.env["customer.relationship.queue"].sudo()
        queue._enqueue([one for (one,) in referrers], "decision")
