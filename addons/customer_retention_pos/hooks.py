"""Another source of purchases has come or gone: everybody is looked at again."""

from odoo.tools import SQL


def post_init_hook(env):
    """Read the purchases made at the point of sale so far."""
    env["customer.evaluation.run"]._start("full")


def uninstall_hook(env):
    """Forget the purchases of this source; the others stay."""
    env.cr.execute(SQL("DELETE FROM customer_purchase WHERE source = 'pos'"))
    env["customer.evaluation.run"]._start("full")
