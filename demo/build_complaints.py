"""Puts the planned complaints into the database, each event at its true moment."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytz
from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.fields import Command

from .complaints import CARRIER_CHANGED, Case

_logger = logging.getLogger(__name__)

PREFIX = "customer_retention.customer_"
# Login, which is the password too → name, company, groups
HANDLERS = {
    "service": ("Nora Whitcombe", "main", ("group_complaint_user",)),
    "service2": ("Emil Hartgrove", "main", ("group_complaint_user",)),
    "service3": ("Lotte Brandauer", "europe", ("group_complaint_user",)),
    "quality": (
        "Petra Lindqvist",
        "main",
        ("group_complaint_manager", "group_manager"),
    ),
}
TEAM_NAMES = {"main": "Customer Complaints", "europe": "Complaints Europe"}
ANSWER = (
    "Thank you for telling us. This is not what you should have got. We are finding "
    "out what happened and come back to you."
)
DECISION = {
    "refused": "We have looked at it closely. We are sorry: in this case we cannot "
    "do what you ask for, because the goods were in order when they left us.",
    "accepted": "You are right. We put it in order, and here is how.",
}
# Actions that make no document: they are carried out when somebody says so.
SPOKEN = ("apology", "explanation", "call", "visit")
EVENTS = ("acknowledged", "answered", "decided", "resolved", "closed")


class ComplaintBuilder:
    """Makes complaints of a plan beside the records that another builder made."""

    def __init__(self, builder, cases: tuple[Case, ...]) -> None:
        self.builder = builder
        self.env = builder.env(
            context={
                **builder.env.context,
                "customer_complaint_acknowledge_later": True,
                "mail_notrack": True,
                "mail_create_nolog": True,
            }
        )
        self.cases = cases
        self.handlers: dict = {}
        self.teams: dict = {}
        self.complaints: dict = {}

    def build(self) -> None:
        """Make the people, the complaints, what became of them and the lessons."""
        self.make_handlers()
        self.make_teams()
        self.make_complaints()
        self.make_conversations()
        self.record_events()
        self.plan_recovery()
        self.record_answers()
        self.make_correction()

    # --- people ---

    def make_handlers(self) -> None:
        """Handlers and their manager, who sign in with their role."""
        employees = self.env.ref("base.group_user")
        for login, (name, company, groups) in HANDLERS.items():
            records = [self.env.ref(f"customer_retention.{group}") for group in groups]
            values = self.builder.prepare_user(login, company, [employees, *records])
            self.handlers[login] = self.env["res.users"].create(
                {**values, "name": name}
            )
        self.handlers["quality"].company_ids = [
            Command.link(company.id) for company in self.builder.companies.values()
        ]

    def make_teams(self) -> None:
        """A team for each company; that of the main company may be there."""
        teams = self.env["customer.complaint.team"]
        for key, company in self.builder.companies.items():
            team = teams.search([("company_id", "=", company.id)], limit=1)
            team = team or teams.create(
                {"name": TEAM_NAMES[key], "company_id": company.id}
            )
            members = [
                self.handlers[login].id
                for login, (_name, home, _groups) in HANDLERS.items()
                if home == key and login != "quality"
            ]
            team.write(
                {
                    "manager_id": self.handlers["quality"].id,
                    "member_ids": [Command.set(members)],
                    "assignment": "balanced",
                }
            )
            self.teams[key] = team

    # --- complaints ---

    def make_complaints(self) -> None:
        values = [self.prepare_complaint(case) for case in self.cases]
        made = self.env["customer.complaint"].create(values)
        self.complaints = dict(zip(self.cases, made, strict=True))

    def prepare_complaint(self, case: Case) -> dict:
        story, order = case.story, self.builder.orders[case.order.key]
        known = self.builder.partners
        partner = known[case.order.contact or case.order.customer]
        wants = [self.find("complaint_remedy", key).id for key in story.wants]
        line = order.order_line[:1]
        return {
            "subject": story.subject,
            "description": Markup("<p>%s</p>") % story.text,
            "kind": case.kind,
            "channel": case.channel,
            "partner_id": partner.id,
            "company_id": order.company_id.id,
            "team_id": self.teams[case.order.company].id,
            "order_id": order.id,
            "product_id": line.product_id.id,
            "category_id": self.find("complaint_category", story.category).id,
            "remedy_sought_ids": [Command.set([one for one in wants if one])],
            "is_safety": story.safety,
            "amount_disputed": self.get_disputed(case, order),
            "received_at": self.utc(case, case.received),
            "happened_on": case.order.day,
        }

    def get_disputed(self, case: Case, order) -> float:
        """What the customer finds wrong, in the currency of the company."""
        if case.kind != "complaint":
            return 0.0
        total = order.currency_id._convert(
            order.amount_untaxed,
            order.company_id.currency_id,
            order.company_id,
            case.order.day,
        )
        return round(total * case.share * 2, 2)

    def find(self, model: str, key: str):
        """A seed, unless it has been deleted."""
        name = f"{PREFIX}{model}_{key}"
        found = key and self.env.ref(name, raise_if_not_found=False)
        return found or self.env[f"customer.{model.replace('_', '.')}"].browse()

    def utc(self, case: Case, moment: datetime) -> datetime:
        zone = self.builder.companies[case.order.company].retention_tz
        local = pytz.timezone(zone).localize(moment)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # --- conversations and events ---

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

    # --- recovery, satisfaction, lessons ---

    def plan_recovery(self) -> None:
        """A plan for each complaint; what was said or done is done."""
        for case, complaint in self.complaints.items():
            if case.kind != "complaint" or case.outcome == "refused":
                continue
            kinds = ["apology"]
            if case.story.recovery not in ("", "apology"):
                kinds.append(case.story.recovery)
            for sequence, kind in enumerate(kinds):
                if case.answered:
                    self.plan_action(case, complaint, kind, sequence)

    def plan_action(self, case: Case, complaint, kind: str, sequence: int) -> None:
        action_type = self.find("recovery_type", kind)
        if not action_type:
            return
        handler = complaint.user_id or self.handlers["quality"]
        actions = self.env["customer.recovery.action"].with_user(handler)
        try:
            with self.env.cr.savepoint():
                action = actions.create(
                    {
                        "complaint_id": complaint.id,
                        "type_id": action_type.id,
                        "sequence": sequence,
                        **self.get_terms(case, complaint, kind),
                    }
                )
                if case.decided:
                    action.action_submit()
                if case.resolved and kind in SPOKEN:
                    action.action_carry_out()
        except UserError as error:
            _logger.info("Demo complaint %s: %s", complaint.name, error)

    def get_terms(self, case: Case, complaint, kind: str) -> dict:
        """What an action gives; the rest follows from the documents."""
        if kind == "goodwill":
            return {"amount": round(complaint.amount_disputed / 2, 2)}
        if kind == "discount":
            return {"percent": 100 * case.share}
        return {}

    def record_answers(self) -> None:
        """What customers answered when they were asked; who was not, is soon."""
        surveys = self.env["customer.complaint.survey"].search(
            [("complaint_id", "in", [one.id for one in self.complaints.values()])]
        )
        by_complaint = {survey.complaint_id: survey for survey in surveys}
        for case, complaint in self.complaints.items():
            survey = by_complaint.get(complaint)
            if not survey or not case.resolved:
                continue
            moment = self.utc(case, case.resolved) + timedelta(days=2)
            survey.write({"state": "sent", "sent_at": moment, "reminded_at": moment})
            if case.grade and moment.date() < self.builder.plan.today:
                survey._answer(case.grade)
                survey.answered_at = moment
        complaints = self.env["customer.complaint"].union(*self.complaints.values())
        stale = complaints.filtered("resolved_at").activity_ids
        stale.unlink()  # nobody has to call back after months

    def make_correction(self) -> None:
        """The carrier was changed, and it helped; two more are to be done."""
        today, company = self.builder.plan.today, self.builder.companies["main"]
        planned = (
            (
                "Another carrier for pallets",
                "partner_carrier",
                "system",
                CARRIER_CHANGED,
            ),
            ("Weigh every box before it is closed", "process_check", "system", -21),
            ("Training: promises we can keep", "people_training", "skills", 6),
        )
        for name, cause, kind, days_ago in planned:
            root = self.find("complaint_cause", cause)
            if not root:
                continue
            action = self.env["customer.corrective.action"].create(
                {
                    "name": name,
                    "cause_id": root.id,
                    "kind": kind,
                    "company_id": company.id,
                    "owner_id": self.handlers["quality"].id,
                    "date_deadline": today - timedelta(days=days_ago),
                    "check_days": 120,
                }
            )
            if days_ago == CARRIER_CHANGED:
                day = today - timedelta(days=days_ago)
                action.write({"state": "done", "done_on": day})

    def finish(self) -> None:
        """What is measured from purchases, once these have been read."""
        today = self.builder.plan.today
        actions = self.env["customer.corrective.action"]
        for action in actions.search(
            [("state", "=", "done"), ("check_on", "<=", today)]
        ):
            action._check_effect()
        repurchases = self.env["customer.complaint.repurchase"]
        for company in self.builder.companies.values():
            today = company._retention_today()
            waiting = repurchases._get_unmeasured(company, today)
            repurchases._measure(company, waiting, today)
