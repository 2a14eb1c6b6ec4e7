"""What is promised in a complaint: its policy, as values of a new clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..logic import sla
from ..logic.sla_standing import standing
from ..logic.working_time import HOUR
from .customer_complaint_clock_changes import row_values

# A promised update needs no policy: its moment is the promise.
PROMISED_UPDATE = {
    "kind": "update",
    "warn_percent": 75,
    "pauses": False,
    "pause_limit": 0,
}


@dataclass(frozen=True)
class Promise:
    """A clock to create.

    :param values: of the row, as of the start of its open part
    :param clock: the same as ``logic.sla`` has it
    :param segments: the parts of its life that are over already
    """

    values: dict
    clock: sla.Clock
    segments: tuple[sla.Segment, ...] = ()

    def events(self):
        """What has become of it, as ``[(kind, level, moment)]``."""
        events = [("started", 0, self.values["started_at"])]
        if self.values["is_warned"]:
            events.append(("warned", 0, self.values["warn_at"]))
        if self.values["is_breached"]:
            events.append(("breached", 0, self.values["deadline"]))
        return events


class PromiseBook:
    """The policies of a batch of complaints, read once."""

    def __init__(self, complaints):
        env = complaints.env
        self._targets = env["customer.complaint.policy.target"]
        self._rungs = env["customer.complaint.escalation"]._rungs
        self._working_time = env["customer.complaint.working.time"]
        self._calendars = env["resource.calendar"]
        self._chosen = {}
        self._definitions, self._contents = {}, {}
        self._terms = {}
        self._times = {}
        self._courses = {}
        self.policies = env["customer.complaint.policy"]._fitting(complaints)
        # sudo: customer.complaint.policy - promises hold, whoever complains
        found = env["customer.complaint.policy"].sudo()
        self._versions = found.union(*self.policies.values())._current_versions()
        # what the complaints are, whoever the customer: no policy asks for standings
        self.cases = found._gather_cases(complaints)

    def version(self, complaint):
        """The version of the policy that fits a complaint, maybe empty."""
        policy = self.policies[complaint]
        return self._versions.get(policy, policy.env["customer.rule.version"].browse())

    def _definition(self, complaint):
        """What that version says, read once: reading JSON copies it."""
        if complaint.id not in self._definitions:
            version = self.version(complaint)
            if version.id not in self._contents:
                self._contents[version.id] = version.definition or {}
            self._definitions[complaint.id] = self._contents[version.id]
        return self._definitions[complaint.id]

    def target(self, complaint, kind):
        """What the policy of a complaint promises of a kind, None for nothing."""
        targets = self._definition(complaint).get("targets", ())
        default = PROMISED_UPDATE if kind == "update" else None
        return next((target for target in targets if target["kind"] == kind), default)

    def promise(self, complaint, kind, started_at, until=None, events=()):
        """The clock of a kind that a complaint gets, None where nothing is promised.

        :param until: the moment promised, for the kind ``update``
        :param events: waiting for the customer since the start, for ``sla.replay``
        """
        definition = self.target(complaint, kind)
        if definition is None or (kind == "update" and not until):
            return None
        course = self._course(complaint, definition, started_at, until, tuple(events))
        return replace(course, values={**course.values, **self._get_terms(complaint)})

    def _get_terms(self, complaint):
        """The values that all clocks of a complaint have in common, read once."""
        if complaint.id not in self._terms:
            calendar, skipped = self._calendar(complaint)
            self._terms[complaint.id] = {
                "complaint_id": complaint.id,
                "company_id": complaint.company_id.id,
                "team_id": complaint.team_id.id,
                "policy_id": self.policies[complaint].id,
                "version_id": self.version(complaint).id,
                "calendar_id": calendar.id,
                "skipped_calendar_id": skipped[:1].id,
            }
        return self._terms[complaint.id]

    def _course(self, complaint, definition, started_at, until, events):
        """The clock of a promise without its complaint: reckoned once for those that
        begin at the same moment under the same terms, as a mail to many does.
        """
        terms, kind = self._get_terms(complaint), definition["kind"]
        where = terms["version_id"], terms["calendar_id"], terms["company_id"]
        key = where, kind, started_at, until, events
        if key not in self._courses:
            time = self.time(complaint, started_at)
            target = self._prepare_target(definition, started_at, until, time)
            step = sla.replay(target, started_at, events, time)
            rungs = self._rungs(self._definition(complaint), kind)
            ladder = [rung for rung, _rung in rungs]
            found = standing(step.clock, time, step.clock.since, ladder)
            values = {
                **row_values(step.clock, found),
                "kind": kind,
                "target_seconds": target.seconds,
                "promised_at": target.fixed or False,
                "warn_percent": target.warn_percent,
                "pauses": target.pauses,
                "pause_limit_seconds": target.pause_limit,
                "started_at": started_at,
                "level": 0,  # nobody has been told of what replaying finds
            }
            self._courses[key] = Promise(values, step.clock, step.segments)
        return self._courses[key]

    def time(self, complaint, since):
        """The working time in which promises of a complaint are counted."""
        calendar, _skipped = self._calendar(complaint)
        company = complaint.company_id
        key = calendar.id, company.id, since
        if key not in self._times:
            time = self._working_time._working_time(calendar, company, since)
            self._times[key] = time
        return self._times[key]

    def _prepare_target(self, definition, started_at, until, time):
        if until:
            seconds = time.between(started_at, max(until, started_at))
        else:
            seconds = self._targets._seconds(definition, started_at, time)
        return sla.Target(
            seconds=seconds,
            warn_percent=definition["warn_percent"],
            pauses=definition["pauses"],
            pause_limit=definition["pause_limit"] * HOUR,
            fixed=until or None,
        )

    def _calendar(self, complaint):
        """The working hours that count, and those passed over for having none."""
        team, company = complaint.team_id, complaint.company_id
        key = self._definition(complaint).get("calendar_id"), team.id, company.id
        if key not in self._chosen:
            # sudo: resource.calendar - hours count, whoever complains
            own = self._calendars.sudo().browse(key[0] or []).exists()
            # sudo: customer.complaint.team, res.company - whoever complains
            team, company = team.sudo(), company.sudo()
            self._chosen[key] = self._working_time._choose_calendar(
                [own, team.calendar_id, company.resource_calendar_id]
            )
        return self._chosen[key]
