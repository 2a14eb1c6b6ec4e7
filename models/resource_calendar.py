from odoo import api, fields, models

# What changes the hours that a calendar counts.
HOURS = (
    "tz",
    "attendance_ids",
    "two_weeks_calendar",
    "flexible_hours",
    "hours_per_day",
)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _complaint_clocks_changed(self, companies=None):
        """Have the deadlines reckoned again that depend on these working hours.

        Only the open parts of clocks that run; the job does it at once.

        :param companies: only in these; in every one without it
        """
        self.env["customer.complaint.working.time"]._forget_working_time()
        domain = [("state", "in", ("running", "paused")), ("calendar_id", "!=", False)]
        if self:
            domain.append(("calendar_id", "in", self.ids))
        if companies:
            domain.append(("company_id", "child_of", companies.ids))
        # sudo: customer.complaint.clock - whoever enters a holiday moves deadlines
        clocks = self.env["customer.complaint.clock"].sudo().search(domain)
        if clocks:
            clocks.next_event_at = self.env.cr.now().replace(microsecond=0)
            clocks._wake_job()

    @api.ondelete(at_uninstall=False)
    def _unlink_and_replace_in_clocks(self):
        """Clocks that run go on by the hours that a new one would count."""
        # sudo: customer.complaint.clock - as above
        clocks = self.env["customer.complaint.clock"].sudo()
        found = clocks.search(
            [("state", "in", ("running", "paused")), ("calendar_id", "in", self.ids)]
        )
        times = self.env["customer.complaint.working.time"]
        for clock in found:
            candidates = (
                clock.complaint_id.team_id.calendar_id,
                clock.company_id.resource_calendar_id,
            )
            chosen, _skipped = times._choose_calendar(
                # sudo: resource.calendar - the calendar itself, by whatever rights
                [calendar - self.sudo() for calendar in candidates]
            )
            clock.calendar_id = chosen
        found.next_event_at = self.env.cr.now().replace(microsecond=0)
        found._wake_job()

    def write(self, vals):
        """New hours count from now on; what has run was counted by the old ones."""
        is_new = not vals.keys().isdisjoint(HOURS)
        if is_new:
            self._count_complaint_clocks()
        result = super().write(vals)
        if is_new:
            self._complaint_clocks_changed()
        return result

    def _count_complaint_clocks(self):
        """Write down what clocks have run so far, by the hours they have so far."""
        self.env["customer.complaint.working.time"]._forget_working_time()
        # sudo: customer.complaint.clock - whoever changes hours moves deadlines
        clocks = self.env["customer.complaint.clock"].sudo()
        running = clocks.search(
            [("state", "in", ("running", "paused")), ("calendar_id", "in", self.ids)]
        )
        if running:
            now = fields.Datetime.now().replace(microsecond=0)
            running._apply(dict.fromkeys(running, "divide"), now)
