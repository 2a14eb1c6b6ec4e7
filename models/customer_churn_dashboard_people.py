from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

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
            self._people_activities(monday, today, whose),
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
                {
                    "id": user.id,
                    "name": user.name,
                    **rows[user.id],
                    "actions": self._people_actions(
                        company, chosen, domain, whose & Domain("user_id", "=", user.id)
                    ),
                }
                for user in users.sorted("name")
            ],
        }

    @api.model
    def _people_actions(self, company, chosen, domain, whose: Domain) -> dict:
        """Return what the figures of a person open."""
        today = company._retention_today()
        monday = week_start(today)
        contacts = whose & self._contacts_of_week(company, monday, today)
        due = whose & self._activities_of_week(monday)
        revenue = self._revenue_of(company, chosen)
        his = domain & whose
        return {
            "contacts": self._people_action(
                self.env._("Contacts"), "customer.contact.log", contacts
            ),
            "contacts_late": self._people_action(
                self.env._("Done Late"),
                "customer.contact.log",
                contacts & Domain("is_late", "=", True),
            ),
            "due": self._people_action(self.env._("To Do"), "mail.activity", due),
            "late": self._people_action(
                self.env._("Overdue"),
                "mail.activity",
                due & Domain("date_deadline", "<", str(today)),
            ),
            "promises": self._people_action(
                self.env._("Deadlines Kept"),
                "customer.complaint.clock",
                self._promises_of_week(company, monday, today, whose),
                search_default_group_state=1,
            ),
            "customers": self._revenue_action(
                revenue, his & Domain("is_customer", "=", 1), self.env._("Customers")
            ),
            "revenue": self._revenue_action(
                revenue,
                his & Domain("was_customer", "=", 1),
                self.env._("Revenue Kept"),
                search_default_group_step=1,
            ),
        }

    @api.model
    def _people_action(self, name: str, model: str, domain: Domain, **context) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
            "context": context,
        }

    @api.model
    def _contacts_of_week(self, company, monday, today) -> Domain:
        week = Domain("date", ">=", str(monday)) & Domain("date", "<=", str(today))
        return Domain("company_id", "=", company.id) & week

    @api.model
    def _activities_of_week(self, monday) -> Domain:
        """Return what there is to do with customers up to the end of the week."""
        sunday = monday + timedelta(days=6)
        with_customers = Domain("res_model", "in", list(DONE_MODELS))
        return with_customers & Domain("date_deadline", "<=", str(sunday))

    @api.model
    def _promises_of_week(self, company, monday, today, whose: Domain) -> Domain:
        return Domain(
            [
                ("company_id", "child_of", company.id),
                ("kind", "!=", "internal"),
                ("state", "in", ["kept", "broken"]),
                ("deadline", ">=", str(monday)),
                ("deadline", "<=", f"{today} 23:59:59"),
                ("complaint_id", "any", list(whose)),
            ]
        )

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
            whose & self._contacts_of_week(company, monday, today),
            ["user_id", "is_late"],
            ["__count"],
        )
        found: dict = defaultdict(lambda: {"contacts": 0, "contacts_late": 0})
        for user, is_late, count in rows:
            found[user.id]["contacts"] += count
            found[user.id]["contacts_late"] += count if is_late else 0
        return found

    @api.model
    def _people_activities(self, monday, today, whose: Domain) -> dict:
        """Return what there is to do with customers this week, and what is late."""
        due = whose & self._activities_of_week(monday)
        activities = self.env["mail.activity"]
        late = due & Domain("date_deadline", "<", today)
        number_late = dict(activities._read_group(late, ["user_id"], ["__count"]))
        return {
            user.id: {"due": number, "late": number_late.get(user, 0)}
            for user, number in activities._read_group(due, ["user_id"], ["__count"])
        }

    @api.model
    def _people_promises(self, company, monday, today, whose: Domain) -> dict:
        """Return the deadlines of complaints of the week, for who may see them."""
        clocks = self.env["customer.complaint.clock"]
        if not (company.retention_use_complaints and clocks.has_access("read")):
            return {}
        rows = clocks.search_fetch(
            self._promises_of_week(company, monday, today, whose),
            ["state", "complaint_id"],
        )
        found: dict = defaultdict(lambda: {"promises": 0, "promises_kept": 0})
        for clock in rows:
            figures = found[clock.complaint_id.user_id.id]
            figures["promises"] += 1
            figures["promises_kept"] += clock.state == "kept"
        return found

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
