from __future__ import annotations

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

# Bars of the Pareto chart; the others are one bar together.
MOST_REASONS = 8


class CustomerChurnHistory(models.Model):
    """Why customers left, in money, and the cases of each person."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_more(self, company, chosen, domain) -> dict:
        more = super()._dashboard_more(company, chosen, domain)
        span = self._revenue_of(company, chosen)._spans(company)[0]
        return {
            **more,
            "reasons": self._dashboard_reasons(self._losses(chosen, span)),
        }

    # === REASONS === #

    @api.model
    def _losses(self, chosen, span) -> Domain:
        """Return the condition on losses of a period, of the customers chosen: those
        that stand, not of whoever came back.
        """
        lost = self._filter_domain(chosen, user="salesperson_id")
        lost &= Domain("state", "=", "lost")
        lost &= Domain("date", ">=", str(span.first))
        lost &= Domain("date", "<=", str(span.last))
        return lost

    @api.model
    def _dashboard_reasons(self, lost: Domain) -> list[dict]:
        """Return the main reasons of losses, most money first.

        Each with its share of the money that went, added up from the first one.
        """
        events = self.env["customer.churn.event"]
        rows = [
            (reason, revenue or 0.0, count)
            for reason, revenue, count in events._read_group(
                lost, ["main_reason_id"], ["lost_revenue:sum", "__count"]
            )
        ]
        rows.sort(key=lambda row: (-row[1], -row[2]))
        bars = [
            self._reason_bar(lost, reason, revenue, count)
            for reason, revenue, count in rows[:MOST_REASONS]
        ]
        if rows[MOST_REASONS:]:
            bars.append(self._other_reasons_bar(lost, rows[MOST_REASONS:]))
        total, so_far = sum(bar["amount"] for bar in bars), 0.0
        for bar in bars:
            so_far += bar["amount"]
            bar["cumulated"] = so_far / total if total else 0.0
        return bars

    @api.model
    def _reason_bar(self, lost: Domain, reason, amount, count) -> dict:
        label = reason.display_name or self.env._("Not known")
        return {
            "label": label,
            "amount": amount,
            "customers": count,
            "action": self._events_action(
                lost & Domain("main_reason_id", "=", reason.id), label
            ),
        }

    @api.model
    def _other_reasons_bar(self, lost: Domain, rows) -> dict:
        ids = [reason.id for reason, _amount, _count in rows]
        return {
            "label": self.env._("Others"),
            "amount": sum(amount for _reason, amount, _count in rows),
            "customers": sum(count for _reason, _amount, count in rows),
            "action": self._events_action(
                lost & Domain("main_reason_id", "in", ids), self.env._("Others")
            ),
        }

    @api.model
    def _events_action(self, domain: Domain, name: str) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "customer.churn.event",
            "domain": list(domain),
            "views": [(False, "list"), (False, "form")],
            "context": {},
        }

    # === PEOPLE === #

    @api.model
    def _dashboard_people(self, company, chosen, domain) -> dict:
        people = super()._dashboard_people(company, chosen, domain)
        found = self._people_cases(company, chosen)
        for row in people["rows"]:
            row.update(found.get(row["id"], {}))
        return people

    @api.model
    def _people_cases(self, company, chosen) -> dict:
        """Return the open cases of each person, and what became of the others."""
        rows = self.env["customer.retention.case"]._read_group(
            self._people_domain(chosen) & self._period_cases(company, chosen),
            ["user_id", "state"],
            ["__count"],
        )
        found: dict = defaultdict(
            lambda: {"cases": 0, "cases_open": 0, "cases_kept": 0, "cases_lost": 0}
        )
        names = {"open": "cases_open", "kept": "cases_kept", "lost": "cases_lost"}
        for user, state, count in rows:
            figures = found[user.id]
            figures["cases"] += count
            if state in names:
                figures[names[state]] += count
        return found

    @api.model
    def _period_cases(self, company, chosen) -> Domain:
        """Return the condition on cases that are open or were closed in the period."""
        span = self._revenue_of(company, chosen)._spans(company)[0]
        closed = Domain("closed_on", ">=", str(span.first))
        closed &= Domain("closed_on", "<=", str(span.last))
        return Domain("company_id", "=", company.id) & (
            Domain("state", "=", "open") | closed
        )
