from datetime import date

import pytz

from odoo import api, fields, models


class CustomerDemo(models.AbstractModel):
    """Makes the demo company; only demo data calls it."""

    _name = "customer.demo"
    _description = "Demo Company"

    @api.model
    def _generate(self):
        """Invent the company as of its own day and put it into this database."""
        # nobody else needs to load these
        from ..demo import build, build_records, plan

        today = self._day_everywhere(build_records.TIME_ZONES.values())
        build.Builder(self.env, plan.make(today)).build()

    @api.model
    def _day_everywhere(self, time_zones) -> date:
        """The day that has begun in all time zones: nothing of it is in the future.

        :param time_zones: names
        """
        now = pytz.utc.localize(fields.Datetime.now())
        return min(now.astimezone(pytz.timezone(name)).date() for name in time_zones)
