from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..logic.churn_rates import month_end, month_of

TEMPLATE = "customer_retention.customer_churn_month"
LINES = 8


class CustomerChurnMonth(models.AbstractModel):
    """One page about a month, for the meeting of those who run the company."""

    _name = "report.customer_retention.customer_churn_month"
    _description = "Retention of a Month"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the figures of a month as the reader may see them.

        :param docids: rows of the history; those of the first one's month are printed
        :param data: instead ``company`` and ``month``; the last month that is over and
            the reader's company where nothing is said
        """
        history = self.env["customer.churn.history"]
        history.check_access("read")
        row = history.browse(docids or [])[:1].exists()
        company = row.company_id or self._company(data or {})
        months = history._dashboard_months(self._domain(company), company)
        month = row.month or self._month(data or {}, company, months)
        shown = [one for one in months if one["month"] <= str(month)]
        return {
            "doc_ids": docids,
            "doc_model": history._name,
            "company": company,
            "whose": self._whose(),
            "month": month,
            "figures": self._figures(shown[-2:], company),
            "is_provisional": any(one["is_provisional"] for one in shown[-1:]),
            "bridge": self._bridge(company, month),
            "is_recent": self._is_recent(company, month),
            "today": company._retention_today(),
            "at_risk": self._at_risk(company, month),
            "lost": self._lost(company, month),
        }

    @api.model
    def _company(self, data: dict):
        filters = self.env["customer.churn.history"]._read_filters(data)
        return self.env["res.company"].browse(filters["company"])

    @api.model
    def _whose(self) -> str:
        """Say whose customers are counted where that is not everybody."""
        user = self.env.user
        if user._sees_all_customers():
            return ""
        return self.env._("Only the customers whom %s sees", user.name)

    @api.model
    def _domain(self, company) -> Domain:
        return Domain("company_id", "=", company.id)

    @api.model
    def _month(self, data: dict, company, months: list[dict]):
        """Return the first day of the month to print."""
        recorded = {one["month"] for one in months}
        if data.get("month") in recorded:
            return fields.Date.to_date(data["month"])
        present = month_of(company._retention_today())
        last = month_of(present - timedelta(days=1))
        return last if str(last) in recorded else present

    # === FIGURES === #

    @api.model
    def _figures(self, months: list[dict], company) -> list[dict]:
        """Return the figures of a month with their change against the one before."""
        if not months:
            return []
        now, before = months[-1], months[0] if len(months) > 1 else None
        return [
            {
                "label": label,
                "text": self._format(value(now), kind, company),
                "change": self._change(value, kind, now, before, company),
            }
            for label, kind, value in self._figure_kinds()
        ]

    @api.model
    def _figure_kinds(self) -> list[tuple]:
        return [
            (self.env._("Customers"), "integer", lambda one: one["customers"]),
            (self.env._("Retention"), "share", lambda one: one["rates"]["retention"]),
            (
                self.env._("Revenue Retention"),
                "share",
                lambda one: one["rates"]["revenue_retention"],
            ),
            (self.env._("New Customers"), "integer", lambda one: one["customers_new"]),
            (
                self.env._("Customers Lost"),
                "integer",
                lambda one: one["customers_lost"],
            ),
            (self.env._("Value at Risk"), "money", lambda one: one["value_at_risk"]),
        ]

    @api.model
    def _change(self, value, kind, now, before, company) -> str:
        if before is None or value(now) is None or value(before) is None:
            return ""
        change = value(now) - value(before)
        sign = "+" if change > 0 else "−" if change < 0 else "±"
        if kind == "share":
            points = formatLang(self.env, abs(change) * 100, digits=1)
            return self.env._("%(change)s points", change=sign + points)
        return sign + self._format(abs(change), kind, company)

    @api.model
    def _format(self, value, kind: str, company) -> str:
        if value is None:
            return "–"
        if kind == "money":
            return self._money(value, company)
        if kind == "share":
            number = formatLang(self.env, value * 100, digits=1)
            return self.env._("%(number)s%%", number=number)
        return formatLang(self.env, value, digits=0)

    @api.model
    def _money(self, value, company) -> str:
        whole = company.currency_id.round(value or 0.0)
        return formatLang(self.env, whole, currency_obj=company.currency_id)

    # === BRIDGE AND LISTS === #

    @api.model
    def _bridge(self, company, month) -> list[dict]:
        """Return the bridge of 12 months up to the end of the month, with bars."""
        history = self.env["customer.churn.history"]
        revenue = self.env["customer.churn.revenue"].with_context(
            churn_months=12, churn_until=str(month_end(month))
        )
        domain = self._domain(company)
        sums = history._revenue_sums(revenue, domain)
        bridge = history._dashboard_bridge(revenue, domain, sums)
        rows = [(self.env._("12 months before"), bridge["start"], None)]
        rows += [(s["label"], s["amount"], s["customers"]) for s in bridge["steps"]]
        rows.append((self.env._("12 months now"), bridge["end"], None))
        most = max((abs(amount or 0) for _label, amount, _number in rows), default=0)
        return [
            {
                "label": label,
                "text": self._money(amount, company),
                "customers": self._customers(number),
                "width": round(100 * abs(amount or 0) / most) if most else 0,
                "color": self._bar_color(amount or 0, number),
            }
            for label, amount, number in rows
        ]

    @api.model
    def _customers(self, number: int | None) -> str:
        if number is None:
            return ""
        if number == 1:
            return self.env._("1 customer")
        return self.env._("%s customers", self._format(number, "integer", None))

    @staticmethod
    def _bar_color(amount: float, customers: int | None) -> str:
        if customers is None:
            return "#6c757d"
        return "#dc3545" if amount < 0 else "#28a745"

    @api.model
    def _is_recent(self, company, month) -> bool:
        """Whether the month is this one or the last: those are talked of today."""
        return month_end(month) >= month_of(company._retention_today()) - timedelta(1)

    @api.model
    def _at_risk(self, company, month) -> list[dict]:
        """Return who is at risk today and why, or who was at the end of an old month,
        most money first.
        """
        if not self._is_recent(company, month):
            return self._was_at_risk(company, month_end(month))
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", company.id), ("value_at_risk", ">", 0)], limit=LINES
        )
        return [
            {
                "name": score.partner_id.display_name,
                "money": self._money(score.value_at_risk, company),
                "reason": score.reason_text,
                "user": score.user_id.name or "",
            }
            for score in scores
        ]

    @api.model
    def _was_at_risk(self, company, day) -> list[dict]:
        scores = self.env["customer.churn.score"]
        seen = scores._search([("company_id", "=", company.id)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT past.partner_id, past.value_at_risk FROM (%s) past
                 WHERE past.value_at_risk > 0 AND past.partner_id IN %s
              ORDER BY past.value_at_risk DESC, past.partner_id LIMIT %s
                """,
                scores._past_scores_sql(company, day),
                seen.subselect("partner_id"),
                LINES,
            )
        )
        partners = self.env["res.partner"]
        return [
            {
                "name": partners.browse(partner_id).display_name,
                "money": self._money(money, company),
            }
            for partner_id, money in rows
        ]

    @api.model
    def _lost(self, company, month) -> list[dict]:
        """Return who bought in the 12 months before and not since, most money first."""
        rows = (
            self.env["customer.churn.revenue"]
            .with_context(churn_months=12, churn_until=str(month_end(month)))
            .search(
                [
                    ("company_id", "=", company.id),
                    ("step", "=", "lost"),
                    ("partner_id", "!=", False),
                ],
                order="change, id",
                limit=LINES,
            )
        )
        return [
            {
                "name": row.partner_id.display_name,
                "money": self._money(row.revenue_before, company),
                "user": row.user_id.name or "",
            }
            for row in rows
        ]
