"""Loyalty tiers come with this version: show the feature to everybody."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Switch the feature on where companies use it, which is the default."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"]._sync_tier_feature()
