from __future__ import annotations

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ..logic.working_time import DAY, HOUR, MINUTE

EMPLOYEES = "base.group_user"


class CustomerComplaint(models.Model):
    """Clocks in the reader's words, language and time zone."""

    _inherit = "customer.complaint"

    clock_chip = fields.Json(
        compute="_compute_clock_chip",
        groups=EMPLOYEES,
        help="What is due next, in a few words.",
    )
    clock_timeline = fields.Json(
        compute="_compute_clock_timeline",
        groups=EMPLOYEES,
        help="Every clock with its parts, oldest first.",
    )

    @api.depends("next_deadline", "next_clock_kind", "next_warn_at", "status")
    @api.depends_context("lang", "tz")
    def _compute_clock_chip(self):
        now = fields.Datetime.now()
        pauses = self._pauses_until()
        for complaint in self:
            until = pauses.get(complaint._origin.id)
            is_paused = bool(until) and until > now
            complaint.clock_chip = complaint._prepare_chip(now, is_paused and until)

    def _pauses_until(self):
        """Return {id: when the clock that is due next goes on, customer or not}.

        Only of complaints that wait, and whose pause has a limit.
        """
        waiting = self.filtered(lambda one: one.status == "waiting")
        clocks = waiting._origin._open_clocks().filtered("deadline")
        following = {}
        for clock in clocks.sorted(lambda one: (one.deadline, one.id)):
            following.setdefault(clock.complaint_id.id, clock)
        return {
            complaint_id: clock._pause_ends_at()
            for complaint_id, clock in following.items()
        }

    def _prepare_chip(self, now, paused_until=False):
        """What is due next: ``{kind, text, state, deadline}``, or False.

        :param paused_until: when a pause ends that stands still now
        """
        deadline, kind = self.next_deadline, self.next_clock_kind
        if not kind:
            return False
        chip = {"kind": kind, "deadline": fields.Datetime.to_string(deadline) or False}
        if not deadline:
            return {
                **chip,
                "state": "paused",
                "text": self.env._("Waiting for the customer"),
            }
        if paused_until:
            moment = self._moment(paused_until, now)
            text = self.env._("Waiting until %(moment)s", moment=moment)
            return {**chip, "state": "paused", "text": text}
        if deadline < now:
            late = self._duration(now - deadline)
            text = self.env._("Overdue %(duration)s", duration=late)
            return {**chip, "state": "overdue", "text": text}
        warned = self.next_warn_at and self.next_warn_at <= now
        return {
            **chip,
            "state": "warning" if warned else "running",
            "text": self._due_text(kind, deadline, now),
        }

    @api.model
    def _due_text(self, kind, deadline, now):
        what = self._clock_verbs()[kind]
        moment = self._moment(deadline, now)
        if kind == "update":
            return self.env._("Update promised %(moment)s", moment=moment)
        if deadline - now < timedelta(hours=12):
            duration = self._duration(deadline - now)
            return self.env._("%(what)s in %(duration)s", what=what, duration=duration)
        return self.env._("%(what)s by %(moment)s", what=what, moment=moment)

    @api.model
    def _clock_verbs(self):
        """What there is to do, by kind of clock."""
        return {
            "acknowledge": self.env._("Acknowledge"),
            "answer": self.env._("Answer"),
            "update": self.env._("Update"),
            "decision": self.env._("Decide"),
            "resolution": self.env._("Resolve"),
            "remedy": self.env._("Carry out"),
            "internal": self.env._("Own part"),
        }

    # === WORDS === #

    @api.model
    def _duration(self, span):
        """A time span in at most two units: "2 h 10", "35 min", "3 days"."""
        seconds = int(span.total_seconds()) if isinstance(span, timedelta) else span
        if seconds < HOUR:
            return self.env._("%(minutes)s min", minutes=seconds // MINUTE)
        if seconds < 2 * DAY:
            hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
            if not minutes:
                return self.env._("%(hours)s h", hours=hours)
            return self.env._(
                "%(hours)s h %(minutes)s", hours=hours, minutes=f"{minutes:02}"
            )
        return self.env._("%(days)s days", days=seconds // DAY)

    @api.model
    def _working_duration(self, seconds):
        """Working time in hours: its days are not 24 hours long."""
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        if not hours:
            return self.env._("%(minutes)s min", minutes=minutes)
        if not minutes:
            return self.env._("%(hours)s h", hours=hours)
        return self.env._(
            "%(hours)s h %(minutes)s", hours=hours, minutes=f"{minutes:02}"
        )

    @api.model
    def _moment(self, moment, now):
        """A moment as one says it: "14:30" today, "Thu 10:00" this week."""
        here = fields.Datetime.context_timestamp(self, moment)
        days = (here.date() - fields.Datetime.context_timestamp(self, now).date()).days
        pattern = "HH:mm" if days == 0 else "EEE HH:mm" if 0 < days < 7 else None
        tz = str(self.env.tz)
        return format_datetime(self.env, moment, tz=tz, dt_format=pattern or "short")

    @api.model
    def _past_moment(self, moment, now):
        """A moment that is over: "today 14:30" is no duration, "14:30" may be one."""
        text = self._moment(moment, now)
        here, today = (
            fields.Datetime.context_timestamp(self, one).date() for one in (moment, now)
        )
        return self.env._("today %(time)s", time=text) if here == today else text

    # === TIME LINE === #

    @api.depends("clock_ids", "status")
    @api.depends_context("lang", "tz")
    def _compute_clock_timeline(self):
        """One read of clocks and one of their parts, whatever the number."""
        now = fields.Datetime.now()
        clocks = (
            self.env["customer.complaint.clock"]
            # sudo: customer.complaint.clock - who reads a complaint knows its promises
            .sudo()
            .search([("complaint_id", "in", self.ids)], order="started_at, id")
        )
        clocks.segment_ids.fetch(["clock_id", "kind", "started_at", "stopped_at"])
        grouped = clocks.grouped("complaint_id")
        for complaint in self:
            found = grouped.get(complaint._origin, clocks.browse())
            lines = [clock._prepare_timeline(complaint, now) for clock in found]
            complaint.clock_timeline = self._number_lines(lines)

    @api.model
    def _number_lines(self, lines):
        """Tell promises of one kind apart: after reopening they run once more."""
        seen = Counter()
        for line in lines:
            seen[line["kind"]] += 1
            if seen[line["kind"]] > 1:
                line["label"] = f"{line['label']} ({seen[line['kind']]})"
        return lines
