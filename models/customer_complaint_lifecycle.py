from __future__ import annotations

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_complaint_stage import PROGRESS

# Only code of this module can put this object into a context: a change of stage that
# comes from an event is not another event.
RECORDING = object()

# The date an event leaves on the complaint; it is recorded once.
FIRST_DATES = {
    "acknowledged": "acknowledged_at",
    "investigating": "investigating_at",
    "answered": "answered_at",
    "decided": "decided_at",
}
# In which states of a complaint these events can happen.
POSSIBLE_WHEN = {
    "promised": ("open", "waiting"),
    "waiting": ("open",),
    "resumed": ("waiting",),
    "resolved": ("open", "waiting"),
    "closed": ("open", "waiting", "resolved"),
    "reopened": ("resolved", "closed"),
}
STATUS_AFTER = {
    "waiting": "waiting",
    "resumed": "open",
    "resolved": "resolved",
    "closed": "closed",
    "reopened": "open",
    "merged": "closed",
}
# Stages of the same meaning.
STAGE_AFTER = {"merged": "closed"}
# With these the time of waiting is over, and credited before anything is judged.
ENDS_WAITING = {"decided", "refused", "resolved", "closed"}
OVER = ("resolved", "closed")


class CustomerComplaint(models.Model):
    """The life of a complaint: events with true dates, and the stages they lead to.

    An event is the one way in which anything happens, whether a button, a drag on the
    board or a message is behind it. It dates the complaint, moves it on (never back),
    goes into the log, and tells the clocks.
    """

    _inherit = "customer.complaint"

    event_ids = fields.One2many(
        "customer.complaint.event", "complaint_id", readonly=True, copy=False
    )
    closing_warning = fields.Text(
        compute="_compute_closing_warning",
        groups="base.group_user",
        help="What is still open. It can be closed nevertheless.",
    )
    guidance = fields.Html(compute="_compute_guidance", groups="base.group_user")

    def _compute_closing_warning(self):
        warnings = self._closing_warnings()
        for complaint in self:
            complaint.closing_warning = "\n".join(warnings.get(complaint, ())) or False

    @api.depends("stage_id.guidance", "category_id.guidance")
    @api.depends_context("lang")
    def _compute_guidance(self):
        """What to do in this stage, then what is special about the category."""
        for complaint in self:
            parts = (complaint.stage_id.guidance, complaint.category_id.guidance)
            complaint.guidance = Markup().join(part for part in parts if part)

    # === CRUD METHODS === #

    def write(self, vals):
        """Moving a complaint on the board says that something has happened."""
        recording = self.env.context.get("customer_complaint_event") is RECORDING
        if recording or vals.keys().isdisjoint(("stage_id", "team_id")):
            return super().write(vals)
        before = {complaint: complaint.stage_id for complaint in self}
        result = super().write(vals)
        if "stage_id" in vals:
            self.filtered(
                lambda complaint: complaint.stage_id != before[complaint]
            )._record_move()
        else:
            self._stay_in_stage()
        return result

    # === ACTION METHODS === #

    def action_acknowledge(self):
        self.check_access("write")
        self._acknowledge()

    def action_investigate(self):
        """Begin to investigate; whoever begins takes what nobody has."""
        self.check_access("write")
        self.filtered(lambda one: not one.user_id)._take()
        self._record_event("investigating")

    def action_communicate_decision(self):
        """Ask for the decision and what to write to the customer."""
        self.ensure_one()
        return self._wizard("customer.complaint.decision", self.env._("Decision"))

    def action_promise_update(self):
        """Ask until when the customer will hear from us."""
        self.ensure_one()
        return self._wizard(
            "customer.complaint.promise", self.env._("Promise an Update")
        )

    def action_pass_on(self):
        """Ask to whom, and what that person has to know."""
        return self._wizard("customer.complaint.pass.on", self.env._("Pass On"))

    def action_wait_for_customer(self, reason=None):
        self.check_access("write")
        self._record_event("waiting", reason=reason)

    def action_resume(self):
        self.check_access("write")
        self._record_event("resumed")

    def action_resolve(self):
        self.check_access("write")
        self._record_event("resolved")

    def action_close(self):
        """Close; when something is still open, say so first."""
        self.check_access("write")
        if any(self._closing_warnings().values()):
            return self._wizard("customer.complaint.close", self.env._("Close"))
        self._record_event("closed")

    def action_reopen(self):
        self.check_access("write")
        self._record_event("reopened")

    def _wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_complaint_ids": self.ids,
            },
        }

    # === BUSINESS METHODS - EVENTS === #

    def _record_event(self, event, at=None, **details):
        """Record that something happened to these complaints, where it is news.

        :param event: one of the events of :class:`customer.complaint.event`
        :param at: when it happened, naive UTC; now without it
        :param details: ``until`` of a promise, ``reason`` of a wait or of reopening,
            ``outcome`` of a decision; all are handed on to the clocks
        :return: the complaints to which it was news
        """
        # sudo: customer.complaint - what happened is recorded for whoever only posts
        self = self.sudo()
        at = at or fields.Datetime.now()
        if event in ENDS_WAITING:
            self._record_event("resumed", at)
        if event == "refused":
            return self._record_refusal(at, details)
        if event == "answered":
            # somebody who answers has acknowledged
            self._record_event("acknowledged", at)
        news = self.filtered(lambda complaint: complaint._is_news(event))
        if not news:
            return news
        news._write_event(event, at, details)
        news._log_event(event, dict.fromkeys(news, at), details.get("reason"))
        news._clocks_on_event(event, at, **details)
        return news

    def _record_refusal(self, at, details):
        """A refusal is a decision that leaves the complaint open to recourse."""
        news = self.filtered(
            lambda complaint: complaint.outcome != "refused" or not complaint.decided_at
        )
        if news:
            news._record_event("decided", at, **{**details, "outcome": "refused"})
            news.filtered(lambda one: one.outcome != "refused").outcome = "refused"
            news._log_event("refused", dict.fromkeys(news, at), details.get("reason"))
            news._clocks_on_event("refused", at, **details)
        return news

    def _is_news(self, event) -> bool:
        self.ensure_one()
        if event in FIRST_DATES:
            return not self[FIRST_DATES[event]]
        if event == "updated":
            return bool(self.promised_at)
        return self.status in POSSIBLE_WHEN.get(event, (self.status,))

    def _write_event(self, event, at, details):
        """Date the complaints and move them on."""
        stages = self._stages_after(event)
        common = self._prepare_event_values(event, at, details)
        values = {}
        for complaint in self:
            values[complaint] = dict(common)
            if stages[complaint] != complaint.stage_id:
                values[complaint]["stage_id"] = stages[complaint].id
            if event == "reopened":
                values[complaint]["reopen_count"] = complaint.reopen_count + 1
        self.with_context(customer_complaint_event=RECORDING)._write_each(values)

    @api.model
    def _prepare_event_values(self, event, at, details):
        """Values that an event leaves on every complaint."""
        values = {}
        if event in FIRST_DATES:
            values[FIRST_DATES[event]] = at
        if event in STATUS_AFTER:
            values["status"] = STATUS_AFTER[event]
        if details.get("outcome"):
            values["outcome"] = details["outcome"]
        values.update(
            {
                "promised": {"promised_at": details.get("until")},
                "updated": {"promised_at": False},
                "waiting": {
                    "waiting_since": at,
                    "waiting_reason": details.get("reason"),
                },
                "resumed": {"waiting_since": False, "waiting_reason": False},
                "resolved": {"resolved_at": at, "promised_at": False},
                "closed": {"closed_at": at, "promised_at": False},
                # kept by the merger, to be put back by undoing it
                "merged": {
                    "closed_at": at,
                    "promised_at": False,
                    "waiting_since": False,
                    "waiting_reason": False,
                },
                # what they said before stays in the log of events
                "reopened": {
                    "reopened_at": at,
                    "decided_at": False,
                    "resolved_at": False,
                    "closed_at": False,
                },
            }.get(event, {})
        )
        return values

    def _log_event(self, event, dates, note=None):
        """Append an event to the log.

        :param dates: {complaint: when it happened}
        """
        # sudo: customer.complaint.event - the log is written by code only
        self.env["customer.complaint.event"].sudo().create(
            [
                {
                    "complaint_id": complaint.id,
                    "event": event,
                    "at": at,
                    "note": note,
                    "user_id": self.env.uid,
                }
                for complaint, at in dates.items()
            ]
        )

    # === BUSINESS METHODS - STAGES === #

    def _stages_after(self, event):
        """Return {complaint: its stage after an event}: the same one or further on."""
        all_stages = self._all_stages()
        reached = {}
        meaning = STAGE_AFTER.get(event, event)
        for complaint in self:
            stage = complaint.stage_id
            if event == "reopened":
                is_back = stage._progress() < PROGRESS["resolved"] and stage
                target = stage if is_back else self._stage_to_reopen(complaint.team_id)
            elif stage._progress() < PROGRESS.get(meaning, -1):
                target = self._stage_of_event(meaning, complaint.team_id, all_stages)
            else:
                target = stage
            reached[complaint] = target or stage
        return reached

    @api.model
    def _all_stages(self):
        # sudo: customer.complaint.stage - customers and events move complaints, too
        stages = self.env["customer.complaint.stage"].sudo()
        return stages.search([])  # pylint: disable=no-search-all

    @api.model
    def _stage_of_event(self, event, team, stages=None):
        """Return the first stage of a team with this meaning; maybe none."""
        stages = self._all_stages() if stages is None else stages
        return stages._of_team(team).filtered(lambda stage: stage.event == event)[:1]

    @api.model
    def _stage_to_reopen(self, team):
        """Return the stage in which work on a reopened complaint goes on."""
        stages = self._all_stages()
        for event in ("investigating", "acknowledged", "received"):
            stage = self._stage_of_event(event, team, stages)
            if stage:
                return stage
        return stages.browse()

    def _record_move(self):
        """Record what it means that a person has moved complaints to a stage."""
        # sudo: customer.complaint - the move itself was allowed
        for stage, complaints in self.sudo().grouped("stage_id").items():
            over = complaints.filtered(lambda one: one.status in OVER)
            if stage._progress() < PROGRESS["resolved"]:
                over._record_event("reopened")
            elif stage.event == "resolved":
                over.filtered(lambda one: one.status == "closed")._undo_closing()
            if stage.event not in (False, "received"):
                complaints._record_event(stage.event)

    def _undo_closing(self):
        """Back from closed to resolved: the resolution stands."""
        self.with_context(customer_complaint_event=RECORDING).write(
            {"status": "resolved", "closed_at": False}
        )

    def _record_first_stage(self):
        """Record what it means that complaints were created in a later stage."""
        # sudo: customer.complaint - creating them was allowed
        for stage, complaints in self.sudo().grouped("stage_id").items():
            if stage.event not in (False, "received"):
                complaints._record_event(stage.event)

    def _stay_in_stage(self):
        """Keep what a stage means where the new team has stages of its own."""
        stages = self._all_stages()
        values = {}
        for complaint in self:
            stage, team = complaint.stage_id, complaint.team_id
            if stage and team and not stage._of_team(team):
                same = self._stage_of_event(stage.event, team, stages)
                if stage.event and same:
                    values[complaint] = {"stage_id": same.id}
        if values:
            self.with_context(customer_complaint_event=RECORDING)._write_each(values)

    # === BUSINESS METHODS - CLOSING === #

    def _closing_warnings(self):
        """Return {complaint: [what is still open, in a sentence each]}.

        Other parts add their own.
        """
        warnings = {complaint: [] for complaint in self}
        for complaint in self:
            if complaint.kind != "praise" and not complaint.answered_at:
                warnings[complaint].append(
                    self.env._("Nobody has answered the customer yet.")
                )
            if complaint.outcome == "refused":
                warnings[complaint].append(
                    self.env._(
                        "It was refused: the customer may still turn to others. It "
                        "can be reopened at any time."
                    )
                )
        return warnings

    def _take(self):
        """Make the user the handler, unless that cannot be."""
        user = self.env.user
        allowed = self.filtered(lambda one: one._can_handle(user))
        if self - allowed:
            raise UserError(
                self.env._(
                    "You cannot handle this complaint. Pass it on to a colleague."
                )
            )
        allowed.write({"user_id": user.id})
