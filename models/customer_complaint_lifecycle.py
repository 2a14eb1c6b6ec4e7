from __future__ import annotations

from markupsafe import Markup

from odoo import api, fields, models

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
# With these the time of waiting is over, and credited before anything is judged.
ENDS_WAITING = {"decided", "refused", "resolved", "closed"}


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
    guidance = fields.Html(compute="_compute_guidance", groups="base.group_user")

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
