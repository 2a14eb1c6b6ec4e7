"""Makes what happened to the complaints, each event at its true moment."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from .build_complaint_records import ComplaintRecords
from .complaints import Case

ANSWER = (
    "Thank you for telling us. This is not what you should have got. We are finding "
    "out what happened and come back to you."
)
DECISION = {
    "refused": "We have looked at it closely. We are sorry: in this case we cannot "
    "do what you ask for, because everything was as we had agreed.",
    "accepted": "You are right. We put it in order, and here is how.",
}
EVENTS = ("acknowledged", "answered", "decided", "resolved", "closed")


class ComplaintEventBuilder(ComplaintRecords):
    """Conversations and events."""

    def make_conversations(self) -> None:
        """What was written, as it would lie in the thread; nobody gets a mail."""
        self.env["mail.message"].create(
            [
                message
                for case, complaint in self.complaints.items()
                for message in self.prepare_messages(case, complaint)
            ]
        )

    def prepare_messages(self, case: Case, complaint):
        customer, handler = complaint.partner_id, complaint.user_id.partner_id
        yield self.prepare_message(
            case, complaint, customer, case.received, case.story.text, "email"
        )
        if case.answered:
            yield self.prepare_message(
                case, complaint, handler, case.answered, ANSWER, "comment"
            )
        if case.decided:
            text = DECISION.get(case.outcome, DECISION["accepted"])
            yield self.prepare_message(
                case, complaint, handler, case.decided, text, "comment"
            )

    def prepare_message(self, case, complaint, author, moment, text, kind) -> dict:
        return {
            "model": complaint._name,
            "res_id": complaint.id,
            "author_id": author.id or self.env.user.partner_id.id,
            "date": self.utc(case, moment),
            "body": Markup("<p>%s</p>") % text,
            "message_type": kind,
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "record_name": complaint.display_name,
        }

    def record_events(self) -> None:
        for case, complaint in self.complaints.items():
            for moment, event, details in sorted(
                self.get_events(case), key=lambda entry: entry[0]
            ):
                complaint._record_event(event, at=self.utc(case, moment), **details)
            cause = self.find("complaint_cause", case.story.cause)
            if case.decided and cause:
                complaint.cause_ids = cause

    def get_events(self, case: Case):
        """Yield what happened: moment, event and its details."""
        for event in EVENTS:
            moment = getattr(case, event)
            if not moment:
                continue
            refused = event == "decided" and case.outcome == "refused"
            details = {"outcome": case.outcome} if event == "decided" else {}
            yield moment, "refused" if refused else event, details
        if case.acknowledged and case.answered:
            begun = case.acknowledged + (case.answered - case.acknowledged) / 2
            yield begun, "investigating", {}
        if case.waits:
            yield case.waits[0], "waiting", {"reason": "Photographs of the goods"}
            if case.waits[1]:
                yield case.waits[1], "resumed", {}
        if case.promised:
            until = self.utc(case, case.promised)
            after = case.answered + timedelta(minutes=2)
            yield after, "promised", {"until": until}
        if case.is_reopened:
            again = case.closed + timedelta(days=1)
            if again.date() < self.builder.plan.today:
                yield again, "reopened", {"reason": "The same thing again"}
