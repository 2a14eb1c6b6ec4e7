"""Makes what was done about the complaints, and what was learnt from them."""

from __future__ import annotations

import logging
from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from .build_complaint_records import ComplaintRecords
from .complaints import CARRIER_CHANGED, Case

_logger = logging.getLogger(__name__)

# Actions that make no document: they are carried out when somebody says so.
SPOKEN = ("apology", "explanation", "call", "visit")


class ComplaintRecoveryBuilder(ComplaintRecords):
    """Recovery, satisfaction and corrective actions."""

    def plan_recovery(self) -> None:
        """A plan for each complaint; what was said or done is done."""
        planned: dict = {}
        for case, complaint in self.complaints.items():
            if case.kind != "complaint" or case.outcome == "refused":
                continue
            handler = complaint.user_id or self.handlers["quality"]
            for values in self.prepare_actions(case, complaint):
                key = handler, complaint.company_id
                planned.setdefault(key, []).append((case, values))
        for (handler, company), entries in planned.items():
            actions = (
                self.env["customer.recovery.action"]
                .with_user(handler)
                .with_context(allowed_company_ids=company.ids)
                .create([values for _case, values in entries])
            )
            for (case, _values), action in zip(entries, actions, strict=True):
                self.carry_on(case, action)

    def prepare_actions(self, case: Case, complaint):
        """Yield the values of what is planned: an apology, and what usually helps."""
        kinds = ["apology"]
        if case.story.recovery not in ("", "apology"):
            kinds.append(case.story.recovery)
        for sequence, kind in enumerate(kinds):
            action_type = self.find("recovery_type", kind)
            if case.answered and action_type:
                yield {
                    "complaint_id": complaint.id,
                    "type_id": action_type.id,
                    "sequence": sequence,
                    **self.get_terms(case, complaint, kind),
                }

    def carry_on(self, case: Case, action) -> None:
        """Ask for it, have it approved and say that it is done, as far as it goes."""
        if case.decided:
            self.attempt(action, action.action_submit)
        if case.resolved and action.state == "waiting":
            approver = action.with_user(self.handlers["quality"])
            self.attempt(action, approver.action_approve)
        if case.resolved and action.kind in SPOKEN:
            self.attempt(action, action.action_carry_out)

    def attempt(self, action, step) -> None:
        """Take a step; where a rule is against it, it is left as it is."""
        try:
            with self.env.cr.savepoint():
                step()
        except AccessError:
            raise  # a mistake of the demo, no limit of a person
        except UserError as error:
            _logger.info("Demo %s: %s", action.complaint_id.name, error)

    def get_terms(self, case: Case, complaint, kind: str) -> dict:
        """What an action gives; the rest follows from the documents."""
        if kind == "goodwill":
            return {"amount": round(complaint.amount_disputed / 2, 2)}
        if kind == "discount":
            amount = round(complaint.amount_disputed / 2, 2)
            return {"percent": 100 * case.share, "amount": amount}
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
                survey._answer_details(self.get_grades(case))
                survey.answered_at = moment
        complaints = self.env["customer.complaint"].union(*self.complaints.values())
        stale = complaints.filtered("resolved_at").activity_ids
        stale.unlink()  # nobody has to call back after months

    def get_grades(self, case: Case) -> dict[str, str]:
        """How the customer found outcome, process and treatment: one word less where
        it was refused, where it took long, and one more for how we spoke."""
        grade = int(case.grade)
        days = (case.resolved - case.received).days
        grades = {
            "outcome_grade": grade - (case.outcome != "accepted"),
            "process_grade": grade - (days > 7),
            "treatment_grade": grade + 1,
        }
        return {name: str(min(5, max(1, value))) for name, value in grades.items()}

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

    def remember_tiers(self) -> None:
        """Complaints came before the programs: the tier of their day is known now."""
        complaints = self.env["customer.complaint"].union(*self.complaints.values())
        self.env.add_to_compute(complaints._fields["tier_id"], complaints)

    def finish(self) -> None:
        """What is measured from purchases, once these have been read."""
        self.remember_tiers()
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
