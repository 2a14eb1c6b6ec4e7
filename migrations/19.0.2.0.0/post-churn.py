"""Churn comes with this version: load what a new installation starts with."""

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools import convert_file

MODULE = "customer_retention"
SEEDS = ("data/customer_churn_",)


def migrate(cr, version):
    """Create the seeds of churn, once, and show the feature."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in Manifest.for_addon(MODULE)["data"]:
        if name.startswith(SEEDS):
            convert_file(env, MODULE, name, {}, mode="init", noupdate=True)
    env["res.company"]._sync_churn_feature()
