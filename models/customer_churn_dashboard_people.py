from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..logic.today import week_start
from .mail_activity_contact import DONE_MODELS

SEE_EVERYBODY = (
    "customer_retention.group_manager",
    "sales_team.group_sale_salesman_all_leads",
)


class CustomerChurnHistory(models.Model):
    """What each person did this week for customers to stay."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_more(self, company, chosen, domain) -> dict:
        more = super()._dashboard_more(company, chosen, domain)
        return {**more, "people": self._dashboard_people(company, chosen, domain)}

    @api.model
    def _dashboard_people(self, company, chosen, domain) -> dict:
        """Return a row a person: contacts, activities, promises and revenue kept."""
        today = company._retention_today()
        monday = week_start(today)
        whose = self._people_domain(chosen)
        rows: dict = defaultdict(dict)
        for found in (
            self._people_contacts(company, monday, today, whose),
            self._people_activities(company, monday, today, whose),
            self._people_promises(company, monday, today, whose),
            self._people_revenue(company, chosen, domain),
        ):
            for user_id, figures in found.items():
                rows[user_id].update(figures)
        # sudo: res.users - the names of those whose rows the reader sees
        users = self.env["res.users"].sudo().browse(rows).exists()
        return {
            "since": str(monday),
            "until": str(today),
            "rows": [
                {"id": user.id, "name": user.name, **rows[user.id]}
                for user in users.sorted("name")
            ],
        }

    @api.model
    def _people_domain(self, chosen: dict) -> Domain:
        """Return whose work is shown: of the team or the person that is chosen, and
        never of more people than those whose customers the reader sees.
        """
        domain = Domain("user_id", "!=", False)
        reader = self.env.user
        if not any(reader.has_group(group) for group in SEE_EVERYBODY):
            domain &= Domain("user_id", "in", reader._retention_salesperson_ids())
        if chosen["team"]:
            domain &= Domain("user_id", "in", self._team_members(chosen["team"]))
        if chosen["user"]:
            domain &= Domain("user_id", "=", chosen["user"])
        return domain

    @api.model
    def _people_contacts(self, company, monday, today, whose: Domain) -> dict:
        contacts = self.env["customer.contact.log"]
        rows = contacts._read_group(
            whose
            & Domain("company_id", "=", company.id)
            & Domain("date", ">=", monday)
            & Domain("date", "<=", today),
            ["user_id", "is_late"],
            ["__count"],
        )
        found: dict = defaultdict(lambda: {"contacts": 0, "contacts_late": 0})
        for user, is_late, count in rows:
            found[user.id]["contacts"] += count
            found[user.id]["contacts_late"] += count if is_late else 0
        return found

    @api.model
    def _people_activities(self, company, monday, today, whose: Domain) -> dict:
        """Return the customers with whom each person has something to do this week,
        on the contact or a document, and with whom it is late; of those one sees.
        """
        due = (
            whose
            & Domain("res_model", "in", list(DONE_MODELS))
            & Domain("date_deadline", "<", monday + timedelta(days=7))
        )
        # sudo: mail.activity - of customers one sees, also who may not write contacts
        planned = self.env["mail.activity"].sudo()._search(due)
        rows = self.env.execute_query(
            self._planned_customers_sql(company, planned.subselect(), today)
        )
        return {
            user_id: {
                "due": len(due_ids),
                "late": len(late_ids or ()),
                "due_ids": due_ids,
                "late_ids": late_ids or [],
            }
            for user_id, due_ids, late_ids in rows
        }

    @api.model
    def _planned_customers_sql(self, company, planned: SQL, today) -> SQL:
        """Return a row a person: relationships with something to do, and late ones."""
        seen = self.env["customer.relationship"]._search(
            [("company_id", "=", company.id)]
        )
        return SQL(
            """
            SELECT activity.user_id, array_agg(DISTINCT row.id),
                   array_agg(DISTINCT row.id) FILTER (
                       WHERE activity.date_deadline < %(today)s)
              FROM mail_activity activity
         LEFT JOIN customer_retention_case fight
                ON fight.id = activity.res_id AND fight.company_id = %(company)s
               AND activity.res_model = 'customer.retention.case'
         LEFT JOIN sale_order sale
                ON sale.id = activity.res_id AND activity.res_model = 'sale.order'
         LEFT JOIN account_move move
                ON move.id = activity.res_id AND activity.res_model = 'account.move'
         LEFT JOIN %(companies)s place
                ON place.id = COALESCE(sale.company_id, move.company_id)
              JOIN %(members)s member
                ON member.partner_id = CASE activity.res_model
                   WHEN 'res.partner' THEN activity.res_id
                   ELSE COALESCE(fight.partner_id, sale.partner_id, move.partner_id) END
              JOIN customer_relationship row
                ON row.partner_id = member.account_id
             WHERE activity.id IN %(planned)s AND row.id IN %(seen)s
               AND COALESCE(place.root_id, %(company)s) = %(company)s
          GROUP BY activity.user_id
            """,
            company=company.id,
            today=today,
            companies=self.env["res.company"]._retention_companies_sql(),
            members=self.env["customer.account"]._mapping_sql(),
            planned=planned,
            seen=seen.subselect(),
        )

    @api.model
    def _people_promises(self, company, monday, today, whose: Domain) -> dict:
        """Return the deadlines of complaints of the week, for who may see them."""
        clocks = self.env["customer.complaint.clock"]
        if not (company.retention_use_complaints and clocks.has_access("read")):
            return {}
        rows = clocks.search_fetch(
            self._week_clocks(company, monday, today)
            & Domain("complaint_id", "any", whose),
            ["state", "complaint_id"],
        )
        found: dict = defaultdict(lambda: {"promises": 0, "promises_kept": 0})
        for clock in rows:
            figures = found[clock.complaint_id.user_id.id]
            figures["promises"] += 1
            figures["promises_kept"] += clock.state == "kept"
        return found

    @api.model
    def _week_clocks(self, company, monday, today) -> Domain:
        """Return the condition on decided deadlines of complaints of the week."""
        return (
            Domain("company_id", "child_of", company.id)
            & Domain("kind", "!=", "internal")
            & Domain("state", "in", ["kept", "broken"])
            & company._retention_days_domain("deadline", monday, today)
        )

    @api.model
    def _people_revenue(self, company, chosen, domain) -> dict:
        """Return how much of the revenue of the period before each person kept."""
        revenue = self._revenue_of(company, chosen)
        rows = revenue._read_group(
            domain & Domain("user_id", "!=", False),
            ["user_id"],
            ["revenue_before:sum", "revenue_kept:sum", "is_customer:sum"],
        )
        return {
            user.id: {
                "customers": customers,
                "revenue_kept": kept,
                "revenue_share": kept / before if before > 0 else None,
            }
            for user, before, kept, customers in rows
        }
