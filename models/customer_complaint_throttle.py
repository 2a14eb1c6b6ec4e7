from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hmac

KEPT_HOURS = 24


class CustomerComplaintThrottle(models.Model):
    """How often somebody without an account has used the public pages today.

    Whoever it is stays unknown: addresses are kept as a keyed hash, for a day.
    """

    _name = "customer.complaint.throttle"
    _description = "Use of the Public Complaint Page"
    _log_access = False

    key = fields.Char(required=True)
    used_at = fields.Datetime(required=True)
    number = fields.Integer(help="Of the uses of a key: no two of them have the same.")

    _key_idx = models.Index("(key, used_at)")
    _number_unique = models.UniqueIndex("(key, number)")

    @api.model
    def _is_allowed(self, purpose: str, who: str, limit: int, minutes: int) -> bool:
        """Count one use and return whether ``who`` stays within the limit.

        :param purpose: what is counted, such as ``"form"``
        :param who: an IP or e-mail address
        """
        now = fields.Datetime.now()
        # sudo: customer.complaint.throttle - nobody has rights on it
        this = self.sudo()
        key = hmac(this.env, "customer_complaint_throttle", f"{purpose} {who}")
        used = this.search_count(
            [("key", "=", key), ("used_at", ">", now - timedelta(minutes=minutes))],
            limit=limit,
        )
        if used >= limit:
            return False
        this._record_use(key, now)
        return True

    def _record_use(self, key: str, now) -> None:
        """Record a use under the next number.

        A parallel one that took the same number has not been counted: PostgreSQL
        refuses to serialize the two, and the request is tried again, counting it.
        """
        latest = self.search([("key", "=", key)], order="number desc", limit=1)
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_complaint_throttle (key, used_at, number)"
                " VALUES (%s, %s, %s) ON CONFLICT (key, number) DO NOTHING",
                key,
                now,
                latest.number + 1,
            ),
            # tried again, which is nothing for the log
            log_exceptions=False,
        )

    @api.autovacuum
    def _gc_uses(self):
        """Forget what is older than a day."""
        limit = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        self.search([("used_at", "<", limit)]).unlink()
