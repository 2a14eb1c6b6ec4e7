from __future__ import annotations

from datetime import date, timedelta
from math import isfinite

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import format_date

METRICS = ("revenue", "purchases", "purchase_days")
WINDOWS = ("rolling", "calendar", "lifetime")
PERIOD_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
MOST_TIERS = 12
MOST_MONTHS = 120
# Colors and icons of the tiers that are set up, the lowest first.
LOOKS = ((2, "fa-star-o"), (0, "fa-star-half-o"), (3, "fa-star"), (8, "fa-diamond"))


class CustomerTierSetup(models.AbstractModel):
    """Set up a ladder from what a company's own customers bought."""

    _name = "customer.tier.setup"
    _description = "Set-up of Tiers"

    # === DISTRIBUTION === #

    @api.model
    @api.readonly
    def get_distribution(self, metric="revenue", window="rolling", months=12):
        """Return how a figure is distributed over the customers of the company.

        A figure is counted by its three leading digits, so that the answer is short
        however many customers there are, and thresholds of as many digits are exact.

        :param metric: ``revenue``, ``purchases`` or ``purchase_days``
        :param window: ``rolling`` for the last ``months``, ``calendar`` for the last
            complete year, ``lifetime``
        :return: ``buckets``, lists of the lowest figure, the number of customers and
            their revenue, ascending; ``members`` and ``revenue`` of all of them;
            ``idle``, how many bought before and have no figure in the window, whom a
            tier from 0 takes as well; ``currency_id``; ``window_text``; names of the
            ``ladders`` there are
        """
        self.env["customer.tier.ladder"].check_access("create")
        self._check_choices(metric, window, months)
        root = self.env.company._retention_root()
        first, last = self._window_days(root._retention_today(), window, months)
        buckets, idle = self._read_buckets(root, metric, first, last)
        ladders = self.env["customer.tier.ladder"].search(
            [("company_id", "in", (root.id, False))]
        )
        return {
            "buckets": buckets,
            "members": sum(count for _value, count, _revenue in buckets),
            "revenue": sum(revenue for _value, _count, revenue in buckets),
            "idle": idle,
            "currency_id": root.currency_id.id,
            "window_text": self._describe_days(first, last),
            "ladders": ladders.mapped("name"),
        }

    @api.model
    def _check_choices(self, metric, window, months):
        if metric not in METRICS or window not in WINDOWS:
            raise UserError(self.env._("Choose what is counted, and over which time."))
        if not isinstance(months, int) or not 1 <= months <= MOST_MONTHS:
            raise UserError(self.env._("Choose between 1 and %s months.", MOST_MONTHS))

    @api.model
    def _window_days(self, today, window, months) -> tuple[date | None, date]:
        """Return the first and the last day whose purchases count."""
        if window == "lifetime":
            return None, today
        if window == "calendar":
            january = today.replace(month=1, day=1)
            return january - relativedelta(years=1), january - timedelta(days=1)
        return today - relativedelta(months=months) + timedelta(days=1), today

    @api.model
    def _describe_days(self, first, last) -> str:
        words = {"last": format_date(self.env, last)}
        if not first:
            return self.env._("until %(last)s", **words)
        return self.env._(
            "%(first)s to %(last)s", first=format_date(self.env, first), **words
        )

    @api.model
    def _read_buckets(self, root, metric, first, last) -> tuple[list[list[float]], int]:
        """Return ``[[lowest figure, customers, revenue]]`` and the customers without a
        figure: one statement for all.
        """
        self.env["customer.purchase"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH step AS (
                    SELECT value, revenue, has_bought, CASE WHEN value > 0 THEN
                           GREATEST(power(10, floor(log(value::numeric)) - 2), 0.01)
                               ::float8 END AS size
                      FROM %s figure
                )
                SELECT floor(value / size + 1e-9) * size AS bucket,
                       COUNT(*), SUM(revenue)
                  FROM step WHERE size IS NOT NULL OR (
                       has_bought AND COALESCE(value, 0) = 0)
              GROUP BY 1 ORDER BY 1
                """,
                self._figures_sql(root, metric, first, last),
            )
        )
        idle = sum(count for value, count, _money in rows if value is None)
        return [
            [round(value, 2), count, round(money, 2)]
            for value, count, money in rows
            if value is not None
        ], idle

    @api.model
    def _figures_sql(self, root, metric, first, last) -> SQL:
        """Return a relation of all who bought until ``last``, with what counts of it.

        Columns: ``value`` and ``revenue`` of the window, ``has_bought`` at any time.
        Whoever is in a group counts with its head.
        """
        in_window = SQL("purchase.date >= COALESCE(%s::date, purchase.date)", first)
        figures = {
            "revenue": SQL("SUM(purchase.amount * COALESCE(head.share, 1))"),
            "purchases": SQL("COUNT(*)"),
            "purchase_days": SQL("COUNT(DISTINCT purchase.date)"),
        }
        counts = SQL("TRUE") if metric == "revenue" else SQL("purchase.is_purchase")
        return SQL(
            """(
            SELECT %(figure)s FILTER (WHERE %(in_window)s AND %(counts)s)::float8
                       AS value,
                   SUM(purchase.amount) FILTER (WHERE %(in_window)s)::float8
                       AS revenue,
                   bool_or(purchase.is_purchase) AS has_bought
              FROM customer_purchase purchase
              JOIN res_partner partner ON partner.id = purchase.partner_id
         LEFT JOIN %(heads)s head
                ON head.account_id = purchase.partner_id
               AND purchase.date >= COALESCE(head.date_from, purchase.date)
               AND purchase.date <= COALESCE(head.date_until, purchase.date)
             WHERE purchase.company_id = %(company)s AND partner.active
               AND purchase.date <= %(last)s
             GROUP BY COALESCE(head.head_id, purchase.partner_id)
            )""",
            figure=figures[metric],
            in_window=in_window,
            counts=counts,
            heads=self.env["customer.account.group"]._heads_sql(root),
            company=root.id,
            last=last,
        )

    # === LADDER === #

    @api.model
    def create_ladder(self, values):
        """Create a ladder from what was chosen, and return its id.

        :param values: ``name``, ``metric``, ``window``, ``months``, ``keep_percent``
            of a threshold that keeps a tier, and ``tiers``, the lowest first: lists
            of name and threshold
        :raise UserError: there is no tier, or a threshold is not above the one below
        """
        self.env["customer.tier.ladder"].check_access("create")
        metric, window = values.get("metric"), values.get("window")
        self._check_choices(metric, window, values.get("months"))
        tiers = self._check_tiers(values.get("tiers"))
        name = str(values.get("name") or "").strip()
        root = self.env.company._retention_root()
        ladder = self.env["customer.tier.ladder"].create(
            {
                "name": name or self.env._("Customer Program"),
                "company_id": root.id,
                "currency_id": root.currency_id.id,
                "measure_ids": [Command.create(self._prepare_measure(metric))],
                "tier_ids": [
                    Command.create(vals)
                    for vals in self._prepare_tiers(tiers, values.get("keep_percent"))
                ],
                **self._prepare_policy(window, values["months"]),
            }
        )
        return ladder.id

    @api.model
    def _check_tiers(self, tiers) -> list[tuple[str, float]]:
        """Return the tiers as names and thresholds.

        :raise UserError: they make no ladder
        """
        if not tiers or len(tiers) > MOST_TIERS:
            raise UserError(
                self.env._("A ladder has between 1 and %s tiers.", MOST_TIERS)
            )
        found = [(str(name or "").strip(), float(value)) for name, value in tiers]
        if not all(name for name, _value in found):
            raise UserError(self.env._("Give every tier a name."))
        values = [value for _name, value in found]
        if not all(isfinite(value) and value >= 0 for value in values):
            raise UserError(self.env._("A threshold is a number, and not negative."))
        if any(low >= high for low, high in zip(values, values[1:], strict=False)):
            raise UserError(self.env._("Each tier takes more than the one below it."))
        return found

    @api.model
    def _prepare_measure(self, metric):
        measures = self.env["customer.tier.measure"]
        labels = dict(measures._fields["metric"]._description_selection(self.env))
        return {"name": labels[metric], "metric": metric}

    @api.model
    def _prepare_tiers(self, tiers, keep_percent):
        keep = keep_percent if isinstance(keep_percent, int | float) else 100
        keep = min(max(keep, 0), 100) / 100
        for number, (name, threshold) in enumerate(tiers):
            color, icon = LOOKS[min(number, len(LOOKS) - 1)]
            yield {
                "name": name,
                "sequence": 10 * (number + 1),
                "color": color,
                "icon": icon,
                "threshold": threshold,
                "keep_threshold": round(keep * threshold, 2) if keep < 1 else 0.0,
            }

    @api.model
    def _prepare_policy(self, window, months):
        """What suits a window: customers keep what they earned for a fair time."""
        policies = {
            "rolling": {"window_months": months, "validity": "met", "grace_days": 30},
            "calendar": {"period": "year", "validity": "period"},
            "lifetime": {"downgrade": "never"},
        }
        return {"window": window, **policies[window]}
