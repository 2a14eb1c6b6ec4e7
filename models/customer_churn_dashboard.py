from __future__ import annotations

from dataclasses import asdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..logic.churn_rates import (
    NO_RATES,
    PERIODS,
    Counted,
    is_provisional,
    month_end,
    month_of,
    rates,
    spans,
)

CHURN_USERS = "customer_retention.group_user"
MONTHS_SHOWN = 24
FILTERS = ("company", "team", "user", "segment")


class CustomerChurnHistory(models.Model):
    """The dashboard: everything it shows, in one answer, as its reader may see it."""

    _inherit = "customer.churn.history"

    @api.model
    @api.readonly
    def get_dashboard(self, filters: dict | None = None) -> dict:
        """Return the figures of the dashboard.

        :param filters: ``company``, ``team``, ``user``, ``segment`` (ids) and
            ``period`` (a key of ``logic.churn_rates.PERIODS``); what is not known or
            not allowed is left out
        :return: ``filters`` as they were understood, ``options`` to choose from,
            ``tiles``, ``bridge``, ``months`` and ``grade``; money in the currency of
            the company; each figure with the action that shows what it counts
        """
        self.check_access("read")
        chosen = self._read_filters(filters)
        company = self.env["res.company"].browse(chosen["company"])
        revenue = self._revenue_of(company, chosen)
        domain = self._filter_domain(chosen)
        sums = self._revenue_sums(revenue, domain)
        return {
            "filters": chosen,
            "options": self._filter_options(company),
            "company": {
                "id": company.id,
                "name": company.name,
                "currency_id": company.currency_id.id,
            },
            "spans": self._describe_spans(revenue, company),
            "tiles": self._dashboard_tiles(company, chosen, domain, revenue, sums),
            "bridge": self._dashboard_bridge(revenue, domain, sums),
            "months": self._dashboard_months(domain, company),
            "grade": self._dashboard_grade(company),
            **self._dashboard_more(company, chosen, domain),
        }

    @api.model
    def _dashboard_more(self, company, chosen: dict, domain: Domain) -> dict:
        """Return what other parts of the product add to the dashboard."""
        return {}

    # === FILTERS === #

    @api.model
    def _read_filters(self, filters) -> dict:
        """Return the filters that make sense; the company is always there."""
        given = filters if isinstance(filters, dict) else {}
        numbers = {
            name: value
            for name in FILTERS
            if isinstance(value := given.get(name), int)
            and not isinstance(value, bool)
            and 0 < value < 2**31
        }
        companies = self.env.companies._retention_root()
        if numbers.get("company") not in companies.ids:
            numbers["company"] = self.env.company._retention_root().id
        period = given.get("period")
        known = isinstance(period, str) and period in PERIODS
        return {
            **dict.fromkeys(FILTERS, False),
            **numbers,
            "period": period if known else "year",
        }

    @api.model
    def _filter_domain(self, chosen: dict, user: str = "user_id") -> Domain:
        """Return the condition on rows with company, salesperson and segment.

        :param user: name of the field that says who the salesperson is
        """
        domain = Domain("company_id", "=", chosen["company"])
        if chosen["team"]:
            domain &= Domain(user, "in", self._team_members(chosen["team"]))
        if chosen["user"]:
            domain &= Domain(user, "=", chosen["user"])
        if chosen["segment"]:
            domain &= Domain("segment_id", "=", chosen["segment"])
        return domain

    @api.model
    def _team_members(self, team_id: int) -> list[int]:
        # sudo: crm.team - who is in a team is no secret; rows keep their own rules
        return self.env["crm.team"].sudo().browse(team_id).exists().member_ids.ids

    @api.model
    def _filter_options(self, company) -> dict:
        # sudo: crm.team - the names of teams, which every employee may choose from
        every_team = self.env["crm.team"].sudo()
        teams = every_team.search([("company_id", "in", [company.id, False])])
        segments = self.env["customer.segment"].search(
            [("company_id", "in", [company.id, False])]
        )
        rows = self._read_group(
            [("company_id", "=", company.id), ("user_id", "!=", False)], ["user_id"]
        )
        users = self.env["res.users"].union(*(user for (user,) in rows))
        users = users.sudo()  # sudo: res.users - the names of those whose rows are seen
        return {
            "teams": [[team.id, team.name] for team in teams],
            "segments": [[segment.id, segment.name] for segment in segments],
            "users": [[user.id, user.name] for user in users.sorted("name")],
        }

    # === TWO PERIODS === #

    @api.model
    def _revenue_of(self, company, chosen: dict, periods_ago: int = 0):
        """Return the model of two periods; the company's period, or one before it."""
        revenue = self.env["customer.churn.revenue"].with_context(
            churn_months=PERIODS[chosen["period"]], churn_until=False
        )
        for _period in range(periods_ago):
            _now, before = revenue._spans(company)
            revenue = revenue.with_context(churn_until=str(before.last))
        return revenue

    @api.model
    def _revenue_sums(self, revenue, domain: Domain) -> dict:
        """Return ``{step: {figure: sum}}`` of two periods.

        Those who are not profiled stand together in one row, which counts as nobody.
        """
        figures = (
            *("revenue_before", "revenue", "change", "revenue_kept", "revenue_again"),
            *("revenue_base", "is_customer", "was_customer", "is_kept"),
        )
        rows = revenue._read_group(
            domain, ["step"], [f"{name}:sum" for name in figures] + ["partner_id:count"]
        )
        return {
            step: dict(zip((*figures, "count"), sums, strict=True))
            for step, *sums in rows
        }

    @staticmethod
    def _total(sums: dict, figure: str):
        return sum(step[figure] or 0 for step in sums.values())

    @api.model
    def _counted(self, sums: dict) -> Counted:
        return Counted(
            customers=self._total(sums, "was_customer"),
            kept=self._total(sums, "is_kept"),
            revenue=self._total(sums, "revenue_base"),
            again=self._total(sums, "revenue_again"),
            kept_revenue=self._total(sums, "revenue_kept"),
            new=sums.get("new", {}).get("count", 0),
        )

    @api.model
    def _describe_spans(self, revenue, company) -> dict:
        now, before = revenue._spans(company)
        return {
            name: [str(span.first), str(span.last)]
            for name, span in (("now", now), ("before", before))
        }

    @api.model
    def _revenue_action(self, revenue, domain: Domain, name: str, **context) -> dict:
        """Return the action that lists customers with their two periods."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": revenue._name,
            "domain": list(domain),
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "context": {
                "churn_months": revenue.env.context["churn_months"],
                "churn_until": revenue.env.context["churn_until"],
                **context,
            },
        }

    # === MONTHS === #

    @api.model
    def _dashboard_months(self, domain: Domain, company) -> list[dict]:
        """Return what was recorded of the last months, the earliest first."""
        figures = (
            *("customers", "customers_before", "customers_kept", "customers_new"),
            *("customers_lost", "customers_back", "revenue", "revenue_before"),
            *("revenue_again", "revenue_kept", "value_at_risk", "margin"),
        )
        rows = self._read_group(
            domain,
            ["month:month"],
            ["recorded_on:min", *(f"{name}:sum" for name in figures)],
            order="month:month desc",
            limit=MONTHS_SHOWN,
        )
        months = []
        first_day, today = self._first_day(company), company._retention_today()
        for month, recorded_on, *sums in reversed(rows):
            found = dict(zip(figures, sums, strict=True))
            if month == month_of(today):  # this month ends today: as it is right now
                found["value_at_risk"] = self._value_at_risk(domain)
            counted = Counted(
                found["customers_before"],
                found["customers_kept"],
                found["revenue_before"],
                found["revenue_again"],
                found["revenue_kept"],
            )
            end = min(month_end(month), today)
            whole = self._is_whole(spans(end, 12)[1], first_day)
            months.append(
                {
                    "month": str(month),
                    "action": self._month_action(domain, month),
                    "is_provisional": is_provisional(month, recorded_on or month),
                    **found,
                    "rates": asdict(rates(counted) if whole else NO_RATES),
                }
            )
        return months

    @api.model
    def _month_action(self, domain: Domain, month) -> dict:
        """Return the action that lists what was recorded of a month."""
        return {
            "type": "ir.actions.act_window",
            "name": format_date(self.env, month, date_format="MMMM y"),
            "res_model": self._name,
            "domain": list(domain & Domain("month", "=", str(month))),
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
        }

    @api.model
    def _value_at_risk(self, domain: Domain) -> float:
        """Return the money at risk as it is scored now."""
        scores = self.env["customer.churn.score"]
        ((now,),) = scores._read_group(domain, [], ["value_at_risk:sum"])
        return now or 0.0

    @api.model
    def _first_day(self, company):
        """Return the first day of the month in which anybody bought first, or None."""
        # sudo: customer.relationship - since when there is something to compare with
        rows = self.env["customer.relationship"].sudo().with_context(active_test=False)
        ((day,),) = rows._read_group(
            [("company_id", "=", company.id)], [], ["first_purchase_on:min"]
        )
        return day.replace(day=1) if day else None

    @staticmethod
    def _is_whole(span, first_day) -> bool:
        """Whether a period lies where purchases are known: part of a year is none."""
        return bool(first_day and span.first >= first_day)

    # === GRADE === #

    @api.model
    def _dashboard_grade(self, company) -> dict | bool:
        """Return the grade of the forecast for all customers, or False."""
        model = (
            self.env["customer.churn.model"]
            ._in_force(company, company._retention_today())
            .get(0)
        )
        if not model:
            return False
        return {
            "id": model.id,
            "sentence": model.sentence,
            "ranks_by": model.ranks_by,
            "model_auc": model.model_auc,
            "recency_auc": model.recency_auc,
            "reliability": model.reliability or [],
            "reliability_text": model.reliability_text,
            "fitted_on": fields.Date.to_string(model.fitted_on),
        }
