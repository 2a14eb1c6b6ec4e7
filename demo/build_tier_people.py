"""Makes who qualifies together, who brought whom, and what was put right by hand."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

# Points put right by hand: members of the card by their place, points, reason
ADJUSTMENTS = (
    (1, 250, "Order of the trade fair, written on paper"),
    (2, -120, "Counted twice when the two accounts were merged"),
    (7, 400, "Points of the old customer card taken over"),
)


class TierPeopleBuilder:
    """Makes groups, referrals and adjustments beside ladders that are there."""

    def __init__(self, tiers) -> None:
        self.tiers = tiers
        self.env = tiers.env
        self.builder = tiers.builder
        self.plan = tiers.builder.plan

    def build(self) -> None:
        self.make_groups()
        self.make_referrals()
        self.make_adjustments()

    def _partners(self, company, *, private=False, habits=("steady", "growing")):
        """Customers of a company, the largest first, as partners."""
        found = [
            customer
            for customer in self.plan.customers
            if customer.company == company
            and customer.habit in habits
            and customer.is_company != private
        ]
        found.sort(key=lambda customer: (-customer.size, customer.key))
        return [self.builder.partners[customer.key] for customer in found]

    # --- groups ---

    def make_groups(self) -> None:
        """Three companies of one owner, and a household: each qualifies as one."""
        companies = self._partners("main")[4:7]
        people = self._partners("main", private=True)[:2]
        for kind, members in (("companies", companies), ("household", people)):
            if len(members) > 1:
                self.env["customer.account.group"].create(
                    self.prepare_group(kind, members)
                )

    def prepare_group(self, kind, members) -> dict[str, object]:
        name = members[0].name
        words = {"companies": f"{name} Group", "household": f"Household {name}"}
        return {
            "name": words[kind],
            "kind": kind,
            "company_id": self.builder.companies["main"].id,
            "lead_id": members[0].id,
            "member_ids": [
                Command.create({"partner_id": member.id}) for member in members
            ],
        }

    # --- referrals ---

    def make_referrals(self) -> None:
        """Newcomers who were brought by members, on the day of their first order."""
        newcomers = [
            customer
            for customer in self.plan.customers
            if customer.company == "europe" and customer.habit == "newcomer"
        ]
        referrers = self._partners("europe")
        first = self.first_days()
        user = self.builder.users["sales3"]
        values = [
            {
                "partner_id": self.builder.partners[customer.key].id,
                "referrer_id": referrer.id,
                "company_id": self.builder.companies["europe"].id,
                "date": first[customer.key],
                "user_id": user.id,
            }
            for customer, referrer in zip(newcomers[:6], referrers, strict=False)
            if customer.key in first
        ]
        self.env["customer.referral"].create(values)

    def first_days(self) -> dict[str, object]:
        """Return the day on which each customer first appears."""
        first: dict[str, object] = {}
        for order in sorted(self.plan.orders, key=lambda order: order.day):
            first.setdefault(order.customer, order.day)
        return first

    # --- adjustments ---

    def make_adjustments(self) -> None:
        """Points that no document gives, as a manager recorded them."""
        members = self.env["customer.tier.enrolment"].search(
            [("ladder_id", "=", self.tiers.card.id), ("left_on", "=", False)],
            order="joined_on, id",
        )
        values = [
            {
                "partner_id": members[place].partner_id.id,
                "measure_id": self.tiers.card.measure_ids.id,
                "date": self.plan.today - timedelta(20 + 9 * place),
                "value": points,
                "reason": reason,
                "user_id": self.builder.users["leader"].id,
            }
            for place, points, reason in ADJUSTMENTS
            if place < len(members)
        ]
        self.env["customer.tier.adjustment"].create(values)
