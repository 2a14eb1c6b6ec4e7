"""Loyalty tiers come with this version: show the feature to everybody."""

from odoo import SUPERUSER_ID, api

# Who sees which tier a customer has, and why, and nothing else.
READERS = ("account.group_account_invoice", "account.group_account_readonly")


def migrate(cr, version):
    """Switch the feature on where companies use it, which is the default."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._sync_tier_feature()
    for name in READERS:
        env.ref(name).implied_ids |= env.ref("customer_retention.group_tier_reader")
