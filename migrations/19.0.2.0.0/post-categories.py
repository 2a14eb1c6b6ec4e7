"""The categories of a purchase are kept with it, no longer in a table of their own."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Read the categories of the purchases that are there."""
    if version:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["customer.purchase"]._fill_categories()
