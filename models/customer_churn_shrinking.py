from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools import SQL


class CustomerChurnScore(models.Model):
    """What it costs to shrink or to stay away from the portal, and how it is said."""

    _inherit = "customer.churn.score"

    def _signal_values(self):
        signal = self.signal_id
        seen, known = signal.portal_seen_on, signal.category_count
        today = self.company_id._retention_today()
        return {
            **super()._signal_values(),
            "basket": signal.basket_change,
            "categories": signal.category_lost_count / known if known else None,
            "portal": float((today - seen).days) if seen else None,
        }

    def _signal_value_sql(self, code, as_of: date):
        values = {
            "basket": SQL("signal.basket_change::float8"),
            "categories": SQL(
                "(signal.category_lost_count"
                " / NULLIF(signal.category_count, 0)::float8)"
            ),
            "portal": SQL("(%s::date - signal.portal_seen_on)", as_of),
        }
        return values.get(code) or super()._signal_value_sql(code, as_of)

    # === WORDING === #

    def _describe_basket_signal(self, change):
        return self.env._(
            "spends %(percent)s %% less per purchase than the year before",
            percent=round(-100 * change),
        )

    def _describe_categories_signal(self, _share):
        signal = self.signal_id
        names = {
            "lost": signal.category_lost_count,
            "all": signal.category_count,
            "category": signal.category_lost_id.name or "",
        }
        if not names["category"]:
            return self.env._(
                "no longer buys in %(lost)s of %(all)s categories", **names
            )
        if signal.category_lost_count == 1:
            return self.env._("no longer buys %(category)s", **names)
        return self.env._(
            "no longer buys in %(lost)s of %(all)s categories, above all %(category)s",
            **names,
        )

    def _describe_portal_signal(self, days):
        return self.env._("not on the portal for %(days)s days", days=round(days))
