"""Complaints come with this version: load what a new installation starts with.

Seeds are created by a first installation only, so that what an administrator deletes
stays away; an upgrade creates those of a new feature here, once.
"""

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools import convert_file

MODULE = "customer_retention"
SEEDS = ("data/customer_complaint_", "data/customer_recovery_")


def migrate(cr, version):
    """Create the seeds of complaints and show the feature."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in Manifest.for_addon(MODULE)["data"]:
        if name.startswith(SEEDS):
            convert_file(env, MODULE, name, {}, mode="init", noupdate=True)
    env["res.company"]._sync_complaint_feature()
