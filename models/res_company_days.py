from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResCompany(models.Model):
    """Which day it is at a company when something happens: the only rule about it.

    Moments are stored in UTC without a zone; days are those of the zone in which the
    root company counts its customers' purchases.
    """

    _inherit = "res.company"

    def _retention_zone(self):
        """Return the time zone in which days are counted."""
        return pytz.timezone(self._retention_root().retention_tz or "UTC")

    def _retention_day(self, moment: datetime) -> date:
        """Return the day that a moment belongs to."""
        return pytz.utc.localize(moment).astimezone(self._retention_zone()).date()

    def _retention_day_start(self, day: date) -> datetime:
        """Return the moment at which a day begins.

        A period ends before the start of the day after its last one.
        """
        begins = self._retention_zone().localize(datetime.combine(day, time.min))
        return begins.astimezone(pytz.utc).replace(tzinfo=None)

    def _retention_days_domain(self, name: str, first: date, last: date) -> Domain:
        """Return the condition that a moment lies in days, both included.

        :param name: field of the moment
        """
        start = self._retention_day_start(first)
        end = self._retention_day_start(last + timedelta(days=1))
        return Domain(name, ">=", fields.Datetime.to_string(start)) & Domain(
            name, "<", fields.Datetime.to_string(end)
        )

    def _retention_day_sql(self, moment: SQL, zone: SQL | None = None) -> SQL:
        """Return the day that a column of moments belongs to.

        :param zone: where the column holds moments of several companies, the name of
            their time zones, see ``_retention_companies_sql``
        """
        zone = zone or SQL("%s", self._retention_zone().zone)
        return SQL("timezone(%s, timezone('UTC', %s))::date", zone, moment)
