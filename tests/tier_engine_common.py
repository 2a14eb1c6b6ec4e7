"""Helpers for tests that evaluate tiers."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

from .common import on
from .tier_common import TierCommon


class TierEngineCommon(TierCommon):
    """Helpers for tests that evaluate."""

    @classmethod
    def _log(cls, partner, ladder=None):
        """Return [(day, tier, cause)] of the log of a customer, as it stands."""
        cls.env.flush_all()
        ladder = ladder or cls.ladder
        rows = cls.env.execute_query(
            SQL(
                """SELECT date, to_tier_id, cause FROM customer_tier_transition log
                    WHERE ladder_id = %s AND partner_id = %s AND %s
                 ORDER BY date, id""",
                ladder.id,
                partner.id,
                cls.env["customer.tier.transition"]._stands_sql(),
            )
        )
        names = {tier.id: tier.name for tier in ladder.tier_ids}
        return [
            (day.isoformat(), names.get(tier_id), cause) for day, tier_id, cause in rows
        ]

    @classmethod
    def _tier_at(cls, day, partner=None, ladder=None):
        """Evaluate as of a day and return the name of the tier then."""
        cls._flush_queue()
        cls.company.retention_evaluation_date = day
        cls._work_queue()
        partner = partner or cls.partner
        cls.env["customer.relationship"]._sync_and_evaluate(partner.ids, as_of=on(day))
        cls.env.invalidate_all()
        return cls._membership(partner, ladder).tier_id.name or None

    @classmethod
    def _create_product(cls, name="Another Product", category=None):
        """Create a product like the one that is sold in these tests."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "categ_id": (category or cls.category).id,
                "list_price": 100.0,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
