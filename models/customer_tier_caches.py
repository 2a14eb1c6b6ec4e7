"""The tables of tiers that go without foreign keys."""

from .customer_derived import LOOSE

LOOSE += ["customer.tier.entry", "customer.tier.membership", "customer.tier.transition"]
