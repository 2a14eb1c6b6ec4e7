from __future__ import annotations

from odoo import fields, models

from ..logic import sla
from .customer_complaint_clock import OPEN


class CustomerComplaintClock(models.Model):
    """A clock as the time line of the form shows it."""

    _inherit = "customer.complaint.clock"

    def _prepare_timeline(self, words, now):
        """This clock for the time line of the form.

        :param words: a complaint in the reader's language, which knows the wording
        """
        self.ensure_one()
        is_open = self.state in OPEN
        until = now if is_open else self.done_at
        used = self.elapsed_seconds
        if is_open:
            used = sla.elapsed(self._to_logic(), max(now, self.since), self._time())
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self._kind_label(),
            "state": self.state,
            "is_breached": self.is_breached or self._is_late(now),
            "is_replaced": bool(self.replaced_by_id),
            "started": fields.Datetime.to_string(self.started_at),
            "started_text": words._moment(self.started_at, now),
            "deadline": fields.Datetime.to_string(self.deadline) or False,
            "deadline_text": self.deadline and words._moment(self.deadline, now) or "",
            "done": fields.Datetime.to_string(self.done_at) or False,
            "done_text": self.done_at and words._past_moment(self.done_at, now) or "",
            "elapsed_text": words._working_duration(used),
            "remaining_text": self._remaining_text(words, used, now),
            "segments": self._prepare_segments(until),
            "explanation": self._explanation(words, used, now),
            "policy": self.policy_id.name or "",
            "version": self.version_id.number,
        }

    def _pause_ends_at(self):
        """When the present pause ends by its limit; None where there is none."""
        return sla.pause_ends_at(self._to_logic(), self._time())

    def _is_late(self, now) -> bool:
        """Whether the deadline is over, also before the job has come by to say so."""
        return self.state in OPEN and bool(self.deadline) and self.deadline < now

    def _prepare_segments(self, until):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        parts = [
            (part.kind, part.started_at, part.stopped_at, part.reason)
            for part in self.segment_ids
        ]
        if self.state in OPEN:
            parts.append((self.state, self.since, max(until, self.since), self.reason))
        return [
            {
                "kind": kind,
                "from": fields.Datetime.to_string(start),
                "to": fields.Datetime.to_string(stop),
                "reason": reasons[reason],
            }
            for kind, start, stop, reason in parts
        ]

    def _remaining_text(self, words, used, now):
        """How much working time is left, empty when the clock has been stopped."""
        if self.state not in OPEN:
            return ""
        if self._is_late(now):
            late = words._duration(now - self.deadline)
            return self.env._("overdue %(duration)s", duration=late)
        if self.promised_at:
            left = words._duration(self.promised_at - now)
        else:
            left = words._working_duration(max(self.target_seconds - used, 0))
        if self.calendar_id and not self.promised_at:
            return self.env._("%(duration)s of working time left", duration=left)
        return self.env._("%(duration)s left", duration=left)

    def _explanation(self, words, used, now):
        """Why the deadline is what it is, in sentences."""
        parts = [self._promise_sentence(words, now)]
        if self.paused_seconds:
            parts.append(
                self.env._(
                    "Paused for %(duration)s of working time.",
                    duration=words._working_duration(self.paused_seconds),
                )
            )
        if self.skipped_calendar_id:
            parts.append(
                self.env._(
                    "The working hours “%(name)s” have no hours and do not count.",
                    name=self.skipped_calendar_id.name,
                )
            )
        if self.replaced_by_id:
            parts.append(self.env._("Another promise has taken its place."))
        return " ".join(parts)

    def _promise_sentence(self, words, now):
        """Say what was promised: a moment, or working time from a moment."""
        start = words._moment(self.started_at, now)
        if self.promised_at:
            return self.env._(
                "Promised for %(moment)s.", moment=words._moment(self.promised_at, now)
            )
        target = words._working_duration(self.target_seconds)
        if not self.calendar_id:
            return self.env._(
                "%(duration)s from %(start)s, around the clock.",
                duration=target,
                start=start,
            )
        return self.env._(
            "%(duration)s of the working hours “%(calendar)s” from %(start)s.",
            duration=target,
            calendar=self.calendar_id.name,
            start=start,
        )
