"""What people saved about repairs goes with the fields it names."""

from odoo.addons.customer_retention.hooks import forget_fields_of


def uninstall_hook(env):
    """Remove filters and export lines that would make the lists of the plan fail."""
    forget_fields_of(env, "customer_retention_repair")
