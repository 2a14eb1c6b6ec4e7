from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain

from ..logic.churn_rates import NO_RATES, rates
from ..logic.repurchase import FEWEST


class CustomerChurnHistory(models.Model):
    """The figures at the top, each with its definition and what it counts."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_tiles(self, company, chosen, domain, revenue, sums) -> list[dict]:
        earlier = self._revenue_of(company, chosen, periods_ago=1)
        before = self._revenue_sums(earlier, domain)
        first_day = self._first_day(company)
        base = [
            self._is_whole(one._spans(company)[1], first_day)
            for one in (revenue, earlier)
        ]
        tiles = [
            self._customers_tile(revenue, domain, sums, before),
            self._acquisition_tile(revenue, domain, sums, before, base),
            self._retention_tile(revenue, domain, sums, before, base),
            self._revenue_tile(revenue, domain, sums, before, base),
            self._risk_tile(domain, company),
            self._clocks_tile(revenue, company, earlier),
            self._recovered_tile(revenue, company, earlier),
        ]
        return [tile for tile in tiles if tile]

    @staticmethod
    def _change(now, before):
        """Return by how much something changed, None where one side is unknown."""
        return None if now is None or before is None else now - before

    @api.model
    def _rates_of(self, sums, before, base) -> list:
        """Return the rates of a period and of the one before, where they have a base.

        :param base: whether all of the days they compare with are known
        """
        return [
            rates(self._counted(one)) if is_whole else NO_RATES
            for one, is_whole in zip((sums, before), base, strict=True)
        ]

    # === CUSTOMERS AND REVENUE === #

    @api.model
    def _customers_tile(self, revenue, domain, sums, before) -> dict:
        now = self._total(sums, "is_customer")
        bought = domain & Domain("is_customer", "=", 1)
        return {
            "key": "customers",
            "label": self.env._("Customers"),
            "help": self.env._(
                "Customers with a net revenue above zero in the period. The change is "
                "against the period before."
            ),
            "format": "integer",
            "value": now,
            "change": self._change(now, self._total(before, "is_customer")),
            "action": self._revenue_action(
                revenue, bought, self.env._("Customers"), search_default_group_step=1
            ),
        }

    @api.model
    def _acquisition_tile(self, revenue, domain, sums, before, base) -> dict:
        now, then = self._rates_of(sums, before, base)
        new = domain & Domain("step", "=", "new")
        return {
            "key": "acquisition",
            "label": self.env._("Acquisition"),
            "help": self.env._(
                "Customers who bought for the first time in the period, for each "
                "customer of the period before. Below the churn rate the company loses "
                "more customers than it wins."
            ),
            "format": "percentage",
            "value": now.acquisition,
            "change": self._change(now.acquisition, then.acquisition),
            "action": self._revenue_action(revenue, new, self.env._("Acquisition")),
        }

    @api.model
    def _retention_tile(self, revenue, domain, sums, before, base) -> dict:
        now, then = self._rates_of(sums, before, base)
        was = domain & Domain("was_customer", "=", 1)
        return {
            "key": "retention",
            "label": self.env._("Retention"),
            "help": self.env._(
                "Of the customers who bought in the period before, the share that "
                "bought again in this one. The rest is the churn rate."
            ),
            "format": "percentage",
            "value": now.retention,
            "change": self._change(now.retention, then.retention),
            "action": self._revenue_action(
                revenue, was, self.env._("Retention"), search_default_group_step=1
            ),
        }

    @api.model
    def _revenue_tile(self, revenue, domain, sums, before, base) -> dict:
        now, then = self._rates_of(sums, before, base)
        was = domain & Domain("revenue_base", ">", 0)
        return {
            "key": "revenue_retention",
            "label": self.env._("Revenue Retention"),
            "help": self.env._(
                "What the customers of the period before bring in this one, as a share "
                "of what they brought then. Above 100 % growth makes up for losses."
            ),
            "format": "percentage",
            "value": now.revenue_retention,
            "change": self._change(now.revenue_retention, then.revenue_retention),
            "action": self._revenue_action(
                revenue,
                was,
                self.env._("Revenue Retention"),
                search_default_group_step=1,
            ),
        }

    # === RISK === #

    @api.model
    def _risk_tile(self, domain, company) -> dict:
        now = self._value_at_risk(domain)
        today = company._retention_today()
        recorded = self._read_group(
            domain & Domain("month", "<", today.replace(day=1)),
            ["month:month"],
            ["value_at_risk:sum"],
            order="month:month desc",
            limit=1,
        )
        last = recorded[0][1] if recorded else None
        return {
            "key": "value_at_risk",
            "label": self.env._("Value at Risk"),
            "help": self.env._(
                "A year's worth of each customer × the probability to lose it, today. "
                "The change is against the end of last month."
            ),
            "format": "monetary",
            "value": now,
            "change": self._change(now, last),
            "lower_is_better": True,
            "action": self._risk_action(domain),
        }

    @api.model
    def _risk_action(self, domain: Domain) -> dict:
        """Return the customers at risk, by danger, with a total of all."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers at Risk"),
            "res_model": "customer.churn.score",
            "domain": list(domain),
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "context": {"search_default_group_danger": 1},
        }

    # === COMPLAINTS === #

    @api.model
    def _clocks_tile(self, revenue, company, earlier) -> dict | None:
        """Promises to customers that were kept, for those who may see complaints."""
        clocks = self.env["customer.complaint.clock"]
        if not (company.retention_use_complaints and clocks.has_access("read")):
            return None
        domain = self._clocks_domain(company, revenue)
        now = self._kept_share(domain)
        return {
            "key": "clocks",
            "label": self.env._("Deadlines Kept"),
            "help": self.env._(
                "Of the deadlines of complaints that were due in the period, the share "
                "that was kept: of all complaints you may see, whatever team, "
                "salesperson or segment is chosen."
            ),
            "format": "percentage",
            "value": now,
            "change": self._change(
                now, self._kept_share(self._clocks_domain(company, earlier))
            ),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("Deadlines Kept"),
                "res_model": "customer.complaint.clock",
                "domain": list(domain),
                "views": [(False, "list")],
                "context": {"search_default_group_state": 1},
            },
        }

    @api.model
    def _clocks_domain(self, company, revenue) -> Domain:
        now, _before = revenue._spans(company)
        return Domain(
            [
                ("company_id", "child_of", company.id),
                ("kind", "!=", "internal"),
                ("state", "in", ["kept", "broken"]),
            ]
        ) & company._retention_days_domain("deadline", now.first, now.last)

    @api.model
    def _kept_share(self, domain: Domain) -> float | None:
        clocks = self.env["customer.complaint.clock"]
        counts = dict(clocks._read_group(domain, ["state"], ["__count"]))
        total = sum(counts.values())
        return counts.get("kept", 0) / total if total else None

    @api.model
    def _recovered_tile(self, revenue, company, earlier) -> dict | None:
        """Who bought again within 90 days after a resolved complaint."""
        rows = self.env["customer.complaint.repurchase"]
        if not (company.retention_use_complaints and rows.has_access("read")):
            return None
        domain = self._recovered_domain(company, revenue)
        now = self._bought_again_share(domain)
        return {
            "key": "recovered",
            "label": self.env._("Recovered and Bought Again"),
            "help": self.env._(
                "Of the complaints you may see that were resolved in the period, the "
                "share after which the customer bought again within 90 days, as far "
                "as those are over. Not shown of fewer than %s complaints.",
                FEWEST,
            ),
            "format": "percentage",
            "value": now,
            "change": self._change(
                now, self._bought_again_share(self._recovered_domain(company, earlier))
            ),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("Bought Again"),
                "res_model": rows._name,
                "domain": list(domain),
                "views": [(False, "list"), (False, "pivot"), (False, "graph")],
                "context": {},
            },
        }

    @api.model
    def _recovered_domain(self, company, revenue) -> Domain:
        now, _before = revenue._spans(company)
        return Domain(
            [
                ("company_id", "=", company.id),
                ("is_over_90", "=", True),
                ("resolved_on", ">=", str(now.first)),
                ("resolved_on", "<=", str(now.last)),
            ]
        )

    @api.model
    def _bought_again_share(self, domain: Domain) -> float | None:
        rows = self.env["customer.complaint.repurchase"]
        ((count, bought),) = rows._read_group(domain, [], ["__count", "bought_90:sum"])
        return bought / count if count >= FEWEST else None
