"""Makes the customer programs of the demo: ladders, benefits, members and grants."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

from .build_records import BATCH
from .build_tier_people import TierPeopleBuilder

# Tier → from how much net revenue, color, icon, benefits as kind and words
CLUB = {
    "Bronze": (0, 2, "fa-star-o", (("service", "Answers within two working days"),)),
    "Silver": (
        3000,
        0,
        "fa-star-half-o",
        (
            ("delivery", "Free delivery from 300"),
            ("service", "Answers within one working day"),
        ),
    ),
    "Gold": (
        10000,
        3,
        "fa-star",
        (
            ("delivery", "Free delivery"),
            ("payment_term", "30 days to pay"),
            ("service", "A person of your own to call"),
        ),
    ),
    "Platinum": (
        25000,
        8,
        "fa-diamond",
        (
            ("delivery", "Free express delivery"),
            ("payment_term", "30 days to pay"),
            ("gift", "A gift at the end of the year"),
            ("service", "A person of your own to call, also on weekends"),
        ),
    ),
}
CARD = {"Blue": (0, 4), "Silver": (2000, 0), "Gold": (8000, 3)}
# Estimated cost of a benefit per member and year, by its kind.
COSTS = {"service": 12.0, "delivery": 45.0, "payment_term": 20.0, "gift": 60.0}
# Part of a threshold that keeps a tier.
KEEP = 0.8


class TierBuilder:
    """Makes the programs beside the records that another builder made."""

    def __init__(self, builder) -> None:
        self.builder = builder
        self.env = builder.env
        self.today = builder.plan.today

    def build(self) -> None:
        """Make the ladders and who joined, before anybody is evaluated."""
        self.club = self.make_club()
        self.card = self.make_card()
        self.make_enrolments()
        TierPeopleBuilder(self).build()

    def finish(self) -> None:
        """Grant tiers to some by what they earn now, reward who brought whom, and
        reckon what the prices of tiers gave.
        """
        for grant in self.prepare_grants():
            login, values = grant
            user = self.builder.users[login]
            grants = self.env["customer.tier.grant"].with_user(user)
            grants.with_company(user.company_id).create(values)
        self.env["customer.referral"]._search_paid()._reward()
        discounts = self.env["customer.tier.discount"]
        discounts._reckon(discounts._orders_to_reckon(BATCH))

    # --- ladders ---

    def make_ladder(self, company, values, tiers):
        """A ladder that counts for the past, too; by net revenue if nothing is said."""
        ladders = self.env["customer.tier.ladder"]._counting_always()
        revenue = {"name": "Net revenue", "metric": "revenue"}
        return ladders.create(
            {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "measure_ids": [Command.create(values.pop("measure", revenue))],
                "tier_ids": [Command.create(tier) for tier in tiers],
                **values,
            }
        )

    def make_club(self):
        """Everybody is a member; the last twelve months count."""
        tiers = [
            {
                "name": name,
                "sequence": 10 * number,
                "color": color,
                "icon": icon,
                "threshold": threshold,
                "keep_threshold": KEEP * threshold,
                "pricelist_id": self.builder.get_tier_pricelist(name).id,
                "benefit_ids": [
                    Command.create(self.prepare_benefit(kind, words))
                    for kind, words in benefits
                ],
            }
            for number, (name, (threshold, color, icon, benefits)) in enumerate(
                CLUB.items(), start=1
            )
        ]
        policy = {
            "name": "Harbourline Club",
            "description": "<p>The more you buy from us, the more we do for you.</p>",
            "window": "rolling",
            "window_months": 12,
            "validity": "met",
            "downgrade": "one_step",
            "grace_days": 30,
        }
        return self.make_ladder(self.builder.companies["main"], policy, tiers)

    def make_card(self):
        """Customers join and collect points; the calendar year counts, tiers last until
        the next one ends.
        """
        tiers = [
            {
                "name": name,
                "sequence": 10 * number,
                "color": color,
                "threshold": threshold,
            }
            for number, (name, (threshold, color)) in enumerate(CARD.items(), start=1)
        ]
        policy = {
            "name": "Harbourline Card",
            "measure": {"name": "Card points", "metric": "points"},
            "point_rule_ids": [
                Command.create({"name": "A point for each euro", "rate": 1.0})
            ],
            "enrolment": "joined",
            "counts_before_joining": True,
            "number_prefix": "HC",
            "window": "calendar",
            "period": "year",
            "validity": "period",
            "downgrade": "earned",
            "terms": "<p>Membership is free and ends whenever you wish.</p>",
        }
        card = self.make_ladder(self.builder.companies["europe"], policy, tiers)
        card.write(
            {
                "referral_measure_id": card.measure_ids.id,
                "referral_value_referrer": 500,
                "referral_value_customer": 200,
            }
        )
        return card

    def prepare_benefit(self, kind, words) -> dict[str, object]:
        values = {"name": words, "kind": kind, "cost_per_member": COSTS[kind]}
        if kind == "payment_term":
            values["payment_term_id"] = self.env.ref(
                "account.account_payment_term_30days"
            ).id
        return values

    # --- people ---

    def make_enrolments(self) -> None:
        """Every other customer in Europe has joined; one has left again."""
        europe = [
            customer
            for customer in self.builder.plan.customers
            if customer.company == "europe"
        ][::2]
        values = []
        for number, customer in enumerate(europe):
            joined = self.today - timedelta(700 - 11 * (number % 60))
            values.append(
                {
                    "partner_id": self.builder.partners[customer.key].id,
                    "ladder_id": self.card.id,
                    "joined_on": joined,
                    "terms_accepted_on": joined,
                    "left_on": self.today - timedelta(40) if number == 5 else False,
                }
            )
        self.env["customer.tier.enrolment"].create(values)

    def prepare_grants(self):
        """Who grants what: a status match, a gesture, and one that waits."""
        tiers = {tier.name: tier for tier in self.club.tier_ids}
        silver = self.env["customer.tier.membership"].search(
            [("ladder_id", "=", self.club.id), ("tier_id", "=", tiers["Silver"].id)],
            order="value desc, id",
        )
        until = self.today + timedelta(130)
        cases = (
            (4, "leader", "Gold", "match", "Gold with a competitor; sent us the card."),
            (9, "leader", "Gold", "goodwill", "Moved to a new site, orders come back."),
            (14, "leader", "Platinum", "vip", "Opens six branches next year."),
        )
        for place, login, name, reason, note in cases:
            if place < len(silver):
                yield (
                    login,
                    {
                        "partner_id": silver[place].partner_id.id,
                        "tier_id": tiers[name].id,
                        "kind": "floor",
                        "reason": reason,
                        "note": note,
                        "date_from": self.today - timedelta(3),
                        "date_until": until,
                    },
                )
