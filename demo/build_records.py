"""What every part of the builder knows: the plan, and what stands for which key."""

from __future__ import annotations

from odoo import SUPERUSER_ID

from .plan_records import Plan

BATCH = 250
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "sale_no_log_for_new_lines": True,
    "skip_procurement": True,
    "skip_pdf_attachment_generation": True,
}
TIME_ZONES = {"main": "America/New_York", "europe": "Europe/Berlin"}


class Records:
    """The records made so far, by the keys of the plan."""

    def __init__(self, env, plan: Plan) -> None:
        self.env = env(user=SUPERUSER_ID, context={**env.context, **QUIET})
        self.plan = plan
        self.companies: dict = {}
        self.users: dict = {}
        self.teams: dict = {}
        self.products: dict = {}
        self.pricelists: dict = {}
        self.partners: dict = {}
        self.orders: dict = {}
