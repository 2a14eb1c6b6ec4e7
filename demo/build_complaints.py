"""Puts the planned complaints into the database, with those who handle them."""

from __future__ import annotations

from markupsafe import Markup

from odoo.fields import Command

from .build_complaint_events import ComplaintEventBuilder
from .build_complaint_examples import ComplaintExampleBuilder
from .build_complaint_recovery import ComplaintRecoveryBuilder
from .complaints import Case

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


class ComplaintBuilder(
    ComplaintEventBuilder, ComplaintRecoveryBuilder, ComplaintExampleBuilder
):
    """Makes complaints of a plan beside the records that another builder made."""

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
        self.make_examples()

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
            company.complaint_public_page = True
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
