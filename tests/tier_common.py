"""What tests of loyalty tiers need: a ladder of three steps, and members of it."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

from .common import RetentionCommon


class TierCommon(RetentionCommon):
    """A ladder by net revenue (Bronze from 0, Silver from 1,000, Gold from 5,000).

    :meth:`_set_tier` puts somebody into a tier without an evaluation, so that tests
    of what a tier brings do not depend on how it is earned.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the ladders of other companies and of the database are none of our business
        cls.env["customer.tier.ladder"].search([]).active = False
        cls.ladder = cls._create_ladder("Tested Ladder")
        cls.measure = cls.ladder.measure_ids
        cls.bronze, cls.silver, cls.gold = cls.ladder.tier_ids.sorted("sequence")
        cls.Membership = cls.env["customer.tier.membership"]

    @classmethod
    def _create_ladder(cls, name, steps=None, **values):
        """Create a ladder by net revenue with its steps, {name: from how much}."""
        steps = steps or {"Bronze": 0.0, "Silver": 1000.0, "Gold": 5000.0}
        values.setdefault("company_id", cls.company.id)
        values.setdefault("currency_id", cls.currency.id)
        ladder = cls.env["customer.tier.ladder"].create(
            {
                "name": name,
                "measure_ids": [
                    Command.create({"name": "Net revenue", "metric": "revenue"})
                ],
                "tier_ids": [
                    Command.create({"name": step, "sequence": 10 * number})
                    for number, step in enumerate(steps, start=1)
                ],
                **values,
            }
        )
        cls.env["customer.tier.condition"].create(
            [
                {
                    "tier_id": tier.id,
                    "measure_id": ladder.measure_ids.id,
                    "at_least": steps[tier.name],
                }
                for tier in ladder.tier_ids
                if steps[tier.name]
            ]
        )
        return ladder

    @classmethod
    def _set_tier(cls, partners, tier, ladder=None, **values):
        """Let accounts hold a tier (none: False), as an evaluation would write it."""
        ladder = ladder or (tier and tier.ladder_id) or cls.ladder
        cls.env.flush_all()
        columns = {
            "company_id": ladder.company_id.id or None,
            "tier_id": (tier and tier.id) or None,
            "earned_tier_id": (tier and tier.id) or None,
            "since": cls.TODAY,
            "active": True,
            **values,
        }
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        for partner in partners:
            cls.env.cr.execute(
                SQL(
                    """INSERT INTO customer_tier_membership
                       (partner_id, ladder_id, %(names)s)
                       VALUES (%(partner)s, %(ladder)s, %(values)s)
                       ON CONFLICT (partner_id, ladder_id)
                       DO UPDATE SET (%(names)s) = ROW(%(values)s)""",
                    partner=partner.id,
                    ladder=ladder.id,
                    names=names,
                    values=SQL(", ").join(SQL("%s", one) for one in columns.values()),
                )
            )
        cls.env.invalidate_all()

    @classmethod
    def _membership(cls, partner, ladder=None):
        """Return the membership of an account, archived ones included."""
        return cls.Membership.with_context(active_test=False).search(
            [
                ("partner_id", "=", partner.id),
                ("ladder_id", "=", (ladder or cls.ladder).id),
            ]
        )

    @classmethod
    def _create_pricelist(cls, name, percent=0.0, **values):
        """Create a pricelist of the tested company, so much percent below the list."""
        values.setdefault("company_id", cls.company.id)
        values.setdefault("currency_id", cls.currency.id)
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _transition(
        cls, partner, from_tier, to_tier, day=None, live=True, direction="up"
    ):
        """Record a change of tier, as the evaluation does."""
        ladder = (to_tier or from_tier).ladder_id
        return cls.env["customer.tier.transition"].create(
            {
                "partner_id": partner.id,
                "ladder_id": ladder.id,
                "company_id": ladder.company_id.id,
                "from_tier_id": (from_tier and from_tier.id) or False,
                "to_tier_id": (to_tier and to_tier.id) or False,
                "direction": direction,
                "date": day or cls.TODAY,
                "recorded_at": cls.env.cr.now(),
                "cause": "earned",
                "trigger": "rule",
                "is_live": live,
            }
        )
