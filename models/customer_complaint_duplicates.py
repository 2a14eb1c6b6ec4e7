from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..logic import duplicates
from .sentences import listed

# A customer with more complaints than this in the window is looked at in part.
MOST_COMPARED = 2000


class CustomerComplaint(models.Model):
    """Complaints that may be about the same thing, proposed and explained."""

    _inherit = "customer.complaint"

    duplicate_ids = fields.Many2many(
        "customer.complaint",
        string="Possible Duplicates",
        compute="_compute_duplicates",
        groups="base.group_user",
    )
    duplicate_count = fields.Integer(
        compute="_compute_duplicates", groups="base.group_user"
    )
    duplicate_text = fields.Char(
        string="Why They May Be Duplicates",
        compute="_compute_duplicates",
        groups="base.group_user",
    )

    @api.depends(
        "partner_id",
        "email_normalized",
        "order_id",
        "move_id",
        "product_id",
        "subject",
        "merged_into_id",
    )
    @api.depends_context("uid", "lang", "tz")
    def _compute_duplicates(self):
        found = self._find_duplicates()
        for complaint in self:
            others = found.get(complaint, {})
            complaint.duplicate_ids = self.browse(other.id for other in others)
            complaint.duplicate_count = len(others)
            complaint.duplicate_text = complaint._explain_duplicates(others)

    def _find_duplicates(self) -> dict:
        """Return {complaint: {other: reasons}}, with the rights of the reader."""
        real = self.filtered(lambda one: one._origin and not one.merged_into_id)
        if not real:
            return {}
        cases, others = {}, defaultdict(list)
        for other in real._search_compared():
            case = other._duplicate_case()
            cases[other.id] = case
            others[case.account or case.email].append(other)
        found = {}
        for complaint in real:
            case = complaint._duplicate_case()
            days = complaint.company_id.complaint_duplicate_days
            reasons = {
                other: duplicates.reasons(case, cases[other.id], days)
                for other in others[case.account or case.email]
                if other.company_id == complaint.company_id
            }
            found[complaint] = {other: why for other, why in reasons.items() if why}
        return found

    def _search_compared(self):
        """Return the complaints of the same customers around these, in one query."""
        days = timedelta(days=max(self.company_id.mapped("complaint_duplicate_days")))
        received = self.mapped("received_at")
        emails = [email for email in self.mapped("email_normalized") if email]
        return self.search_fetch(
            (
                Domain("account_id", "in", self.account_id.ids)
                | Domain("email_normalized", "in", emails)
            )
            & Domain("merged_into_id", "=", False)
            & Domain("received_at", ">=", min(received) - days)
            & Domain("received_at", "<=", max(received) + days),
            [
                "received_at",
                "account_id",
                "email_normalized",
                "order_id",
                "move_id",
                "product_id",
                "subject",
                "company_id",
            ],
            order="received_at desc",
            limit=MOST_COMPARED,
        )

    def _duplicate_case(self) -> duplicates.Case:
        return duplicates.Case(
            key=self._origin.id,
            received_at=self.received_at or fields.Datetime.now(),
            account=self.account_id.id or 0,
            email=self.email_normalized or "",
            order=self.order_id.id or 0,
            invoice=self.move_id.id or 0,
            product=self.product_id.id or 0,
            subject=self.subject or "",
        )

    def _explain_duplicates(self, others) -> str:
        """Return in a sentence why other complaints may be the same."""
        words = {
            "order": self.env._("same order"),
            "invoice": self.env._("same invoice"),
            "product": self.env._("same product"),
            "words": self.env._("nearly the same words"),
        }
        return listed(
            self.env,
            [
                self.env._(
                    "%(number)s of %(day)s: same customer, %(reasons)s",
                    number=other.name,
                    day=format_date(
                        self.env,
                        fields.Datetime.context_timestamp(self, other.received_at),
                    ),
                    reasons=", ".join(words[reason] for reason in why),
                )
                for other, why in list(others.items())[:3]
            ],
        )

    def action_open_duplicates(self):
        """Show this complaint beside those that may be the same."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Possible Duplicates"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", (self | self.duplicate_ids).ids)],
        }
