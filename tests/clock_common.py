"""What tests of clocks need: an office, a policy, and moments in one week."""

from __future__ import annotations

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from .complaint_common import ComplaintCommon

MONDAY = datetime(2025, 6, 30)


def at(day, hour=0, minute=0):
    """Return a moment, counted in days from a Monday."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


class ClockCommon(ComplaintCommon):
    """A team that works from 8 to 16 UTC on weekdays, and a policy of its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.calendar = cls._create_calendar("Office")
        cls.team.calendar_id = cls.calendar
        cls.Policy = cls.env["customer.complaint.policy"]
        cls.Clock = cls.env["customer.complaint.clock"]
        cls.policy = cls._create_policy(
            "Tested Policy",
            acknowledge={"amount": 2},
            answer={"amount": 8},
            decision={"amount": 16, "pauses": True},
            resolution={"amount": 40, "pauses": True},
        )

    @classmethod
    def _create_calendar(cls, name, hours=(8, 16), tz="UTC", **values):
        lines = [
            Command.create(
                {
                    "name": f"Day {day}",
                    "dayofweek": str(day),
                    "hour_from": hours[0],
                    "hour_to": hours[1],
                    "day_period": "morning",
                }
            )
            for day in range(5)
            if hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear(), *lines],
                **values,
            }
        )

    @classmethod
    def _create_policy(cls, name, rungs=(), values=None, **targets):
        """Create a policy before all others.

        :param targets: ``{kind: values}``, amounts being hours
        """
        return cls.Policy.create(
            {
                "name": name,
                "sequence": 0,
                "company_id": cls.company.id,
                "target_ids": [
                    Command.create(
                        {"kind": kind, "unit": "hours", "pause_limit": 0, **target}
                    )
                    for kind, target in targets.items()
                ],
                "escalation_ids": [Command.create(rung) for rung in rungs],
                **(values or {}),
            }
        )

    @classmethod
    def _complain_at(cls, moment, **values):
        """Create a complaint at a moment."""
        with freeze_time(moment):
            values.setdefault("severity_set_by_person", True)
            return cls._complain(**values)

    def _happen(self, complaints, moment, event, **details):
        """Let something happen at a moment."""
        with freeze_time(moment):
            return complaints._record_event(event, **details)

    def _clock(self, complaint, kind):
        """The last clock of a kind."""
        return self.Clock.search(
            [("complaint_id", "=", complaint.id), ("kind", "=", kind)],
            order="id desc",
            limit=1,
        )

    def _look(self, moment):
        """Do what the job does at a moment; return how many clocks were looked at."""
        total = 0
        with freeze_time(moment):
            while done := self.Clock._look_at_due(moment):
                total += done
        return total

    def _events(self, clock):
        """What has become of a clock, in its order."""
        return [
            (event.kind, event.level) if event.level else event.kind
            for event in clock.event_ids.sorted("id")
        ]
