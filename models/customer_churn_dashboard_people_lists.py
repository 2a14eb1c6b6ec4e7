from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerChurnHistory(models.Model):
    """What each figure of a person counts."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_people(self, company, chosen, domain) -> dict:
        people = super()._dashboard_people(company, chosen, domain)
        for row in people["rows"]:
            whose = Domain("user_id", "=", row["id"])
            row["lists"] = {
                **self._work_lists(row, company, whose, people),
                **self._period_lists(row, company, whose, chosen, domain),
            }
        return people

    @api.model
    def _work_lists(self, row: dict, company, whose: Domain, people: dict) -> dict:
        """Return the lists of what was done and is to be done in the week."""
        since, until = people["since"], people["until"]
        contacts = whose & Domain("company_id", "=", company.id)
        contacts &= Domain("date", ">=", since) & Domain("date", "<=", until)
        clocks = self._week_clocks(company, *map(fields.Date.to_date, (since, until)))
        due = Domain("id", "in", row.pop("due_ids", []))
        late = Domain("id", "in", row.pop("late_ids", []))
        return {
            name: self._people_list(row, model, found)
            for name, model, found in (
                ("contacts", "customer.contact.log", contacts),
                (
                    "contacts_late",
                    "customer.contact.log",
                    contacts & Domain("is_late", "=", True),
                ),
                ("due", "customer.relationship", due),
                ("late", "customer.relationship", late),
                (
                    "promises",
                    "customer.complaint.clock",
                    clocks & Domain("complaint_id", "any", whose),
                ),
            )
        }

    @api.model
    def _period_lists(self, row: dict, company, whose, chosen, domain) -> dict:
        """Return the lists of cases and of revenue in the period."""
        revenue, name = self._revenue_of(company, chosen), row["name"]
        bought = domain & whose & Domain("is_customer", "=", 1)
        kept = domain & whose & Domain("revenue_kept", ">", 0)
        cases = whose & self._period_cases(company, chosen)
        return {
            "cases": self._people_list(row, "customer.retention.case", cases),
            "customers": self._revenue_action(revenue, bought, name),
            "revenue_kept": self._revenue_action(revenue, kept, name),
        }

    @staticmethod
    def _people_list(row: dict, model: str, domain: Domain) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": row["name"],
            "res_model": model,
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
            "context": {},
        }
