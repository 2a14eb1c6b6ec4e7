"""Makes one of each thing that is rare: an incident, a guarantee, a recourse."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from odoo.fields import Command

from .build_complaint_records import ComplaintRecords

INCIDENT_STORY = "Short by one box"
MOST_LINKED = 4
# Days before today from which on a late answer costs something.
GUARANTEED_DAYS = 10
PROMISE = (
    "You hear from one of us in time, or your next order costs 5 % less, at least 10 "
    "and at most 25."
)


class ComplaintExampleBuilder(ComplaintRecords):
    """What a company has few of, so that nobody looks at an empty screen."""

    def make_examples(self) -> None:
        self.make_incident()
        self.make_guarantee()
        self.make_recourse()

    def make_incident(self) -> None:
        """Several customers were short of one box: the same failure of ours."""
        complaints = [
            complaint
            for case, complaint in self.complaints.items()
            if case.story.subject == INCIDENT_STORY and case.order.company == "main"
        ][-MOST_LINKED:]
        if not complaints:
            return
        linked = self.env["customer.complaint"].union(*complaints)
        linked.incident_id = self.env["customer.complaint.incident"].create(
            {
                "name": "Boxes miscounted at the packing table",
                "company_id": self.builder.companies["main"].id,
                "product_ids": [Command.set(linked.product_id.ids)],
                "date_from": min(linked.mapped("happened_on")),
                "date_to": max(linked.mapped("happened_on")),
                "description": Markup("<p>%s</p>")
                % "The counter of line 2 skipped a box. Repaired; what left before is "
                "being counted again.",
            }
        )

    def make_guarantee(self) -> None:
        """A late answer costs us something; one customer has got it already."""
        guarantee = self.env["customer.service.guarantee"].create(
            {
                "name": "Answered in time, or 5 % off",
                "promise": PROMISE,
                "company_id": self.builder.companies["main"].id,
                "clock_kind": "answer",
                "date_from": self.builder.plan.today - timedelta(days=GUARANTEED_DAYS),
                "type_id": self.find("recovery_type", "discount").id,
                "amount": 10,
                "percent": 5,
                "amount_max": 25,
            }
        )
        late = self.env["customer.complaint.clock"].search(
            [
                ("kind", "=", "answer"),
                ("is_breached", "=", True),
                ("complaint_id", "in", [one.id for one in self.complaints.values()]),
            ],
            order="deadline desc",
        )
        for complaint in late.complaint_id.filtered(guarantee._covers)[:1]:
            complaint._give_guarantee("answer")

    def make_recourse(self) -> None:
        """A customer whom we had refused has taken it to the ombudsman."""
        refused = [
            complaint
            for case, complaint in self.complaints.items()
            if case.outcome == "refused"
            and case.decided
            and case.order.company == "main"
        ]
        if not refused:
            return
        today = self.builder.plan.today
        body = self.env["res.partner"].create(
            {"name": "Ombudsman for Trade", "is_company": True}
        )
        self.env["customer.complaint.recourse"].create(
            {
                "complaint_id": refused[-1].id,
                "kind": "ombudsman",
                "partner_id": body.id,
                "name": "OT/4471",
                "date": today - timedelta(days=5),
                "deadline": today + timedelta(days=16),
                "user_id": self.handlers["quality"].id,
                "is_legal_hold": True,
            }
        )
