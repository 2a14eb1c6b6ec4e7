from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ..logic.severity import Case, propose
from .customer_complaint import EMPLOYEES, SEVERITIES

# What the rules look at.
SEVERITY_FIELDS = {
    "is_safety",
    "category_id",
    "amount_disputed",
    "partner_id",
    "company_id",
    "kind",
}


class CustomerComplaint(models.Model):
    """How serious it is: proposed by rules, explained; what a person chose stays."""

    _inherit = "customer.complaint"

    severity_proposed = fields.Selection(
        SEVERITIES,
        readonly=True,
        copy=False,
        groups=EMPLOYEES,
        help="What the rules propose.",
    )
    severity_reason = fields.Json(readonly=True, copy=False, groups=EMPLOYEES)
    severity_set_by_person = fields.Boolean(readonly=True, copy=False, groups=EMPLOYEES)
    severity_explanation = fields.Text(
        string="Why This Severity",
        compute="_compute_severity_explanation",
        groups=EMPLOYEES,
    )

    @api.depends("severity_reason", "severity_proposed", "severity_set_by_person")
    @api.depends_context("lang")
    def _compute_severity_explanation(self):
        for complaint in self:
            reasons = complaint.severity_reason or []
            sentences = [complaint._describe_severity_reason(one) for one in reasons]
            if not sentences:
                sentences = [self.env._("Nothing out of the ordinary is known.")]
            if complaint.severity_set_by_person:
                sentences.insert(0, complaint._describe_choice())
            complaint.severity_explanation = " ".join(sentences)

    def _describe_choice(self):
        labels = dict(
            self._fields["severity_proposed"]._description_selection(self.env)
        )
        return self.env._(
            "Chosen by a person; the rules propose %(severity)s.",
            severity=labels.get(self.severity_proposed, ""),
        )

    def _describe_severity_reason(self, reason):
        """Put a reason of :mod:`logic.severity` into words."""
        values = reason.get("values") or {}
        shown = {
            key: value
            if key in ("count", "days")
            else formatLang(self.env, value, currency_obj=self.currency_id)
            for key, value in values.items()
        }
        wordings = {
            "safety": self.env._("Somebody was or may be hurt."),
            "money": self.env._(
                "%(amount)s are in dispute, at least %(limit)s.",
                amount=shown.get("amount"),
                limit=shown.get("limit"),
            ),
            "trifle": self.env._(
                "%(amount)s are in dispute, less than %(limit)s.",
                amount=shown.get("amount"),
                limit=shown.get("limit"),
            ),
            "customer": self.env._(
                "The customer has bought for %(revenue)s in 12 months, at least "
                "%(limit)s.",
                revenue=shown.get("revenue"),
                limit=shown.get("limit"),
            ),
            "repeated": self.env._(
                "Earlier complaints of this customer within %(days)s days: %(count)s.",
                days=shown.get("days"),
                count=shown.get("count"),
            ),
        }
        return wordings.get(reason.get("code"), "")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever chooses another severity than the usual one has decided."""
        return super().create(
            [
                {**vals, "severity_set_by_person": True}
                if vals.get("severity", "normal") != "normal"
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "severity" in vals and "severity_set_by_person" not in vals:
            vals = {**vals, "severity_set_by_person": True}
        result = super().write(vals)
        if SEVERITY_FIELDS & vals.keys():
            self._propose_severity()
        return result

    # === ACTION METHODS === #

    def action_follow_severity(self):
        """Forget what a person chose: the rules decide again."""
        self.check_access("write")
        # sudo: customer.complaint - a verb; the column is not entered
        self.sudo().write({"severity_set_by_person": False})
        self._propose_severity()

    # === BUSINESS METHODS === #

    def _propose_severity(self):
        """Ask the rules; follow them where no person has decided."""
        # sudo: customer.complaint - rules look at all complaints of the customer
        complaints = self.sudo()
        cases = complaints._gather_cases()
        limits = {company: company._complaint_limits() for company in self.company_id}
        levels, reasons = {}, {}
        for complaint in complaints:
            proposal = propose(cases[complaint], limits[complaint.company_id])
            why = [
                {"code": one.code, "values": dict(one.values)}
                for one in proposal.reasons
            ]
            if why != (complaint.severity_reason or []):
                reasons[complaint] = {"severity_reason": why}
            known = propose(cases[complaint].known(), limits[complaint.company_id])
            level = complaint._prepare_severity_values(
                proposal.severity, known.severity
            )
            if any((complaint[name] or False) != one for name, one in level.items()):
                levels[complaint] = level
        # apart: reasons differ by complaint, severities are few
        complaints._write_each(reasons)
        complaints._write_each(levels)

    def _prepare_severity_values(self, severity, known):
        self.ensure_one()
        values = {
            "severity_proposed": severity,
            "severity_claims": self._claims_after(severity, known) or False,
        }
        if not self.severity_set_by_person:
            values.update(severity=severity, severity_set_by_person=False)
        return values

    def _gather_cases(self):
        """Return {complaint: what the rules look at}, for all of them at once."""
        earlier = self._gather_earlier()
        revenues = self._gather_revenues()
        return {
            complaint: Case(
                is_safety=complaint.is_safety or complaint.category_id.is_safety,
                amount=complaint.amount_disputed,
                revenue=revenues.get(
                    (complaint.account_id.id, complaint.company_id.root_id.id), 0.0
                ),
                earlier=earlier[complaint] if complaint.kind == "complaint" else 0,
            )
            for complaint in self
        }

    def _earlier_domain(self, days):
        """Return the domain of complaints of the same customers in the days before."""
        since = min(self.mapped("received_at")) - timedelta(days)
        return [
            ("account_id", "in", self.account_id.ids),
            ("company_id", "in", self.company_id.ids),
            ("kind", "=", "complaint"),
            ("merged_into_id", "=", False),
            ("received_at", ">=", since),
        ]

    def _gather_earlier(self):
        """Return {complaint: complaints of its customer within the days before}."""
        counts = dict.fromkeys(self, 0)
        days = max(self.company_id.mapped("complaint_repeat_days"), default=0)
        if not days or not self.account_id:
            return counts
        rows = self.with_context(active_test=False).search_fetch(
            self._earlier_domain(days), ["account_id", "company_id", "received_at"]
        )
        received = defaultdict(list)
        for row in rows:
            received[row.account_id, row.company_id].append((row.received_at, row.id))
        for one in self:
            window = timedelta(one.company_id.complaint_repeat_days)
            key, until = one.received_at - window, (one.received_at, one._origin.id)
            dates = received.get((one.account_id, one.company_id), ())
            counts[one] = sum(key <= at and (at, id_) < until for at, id_ in dates)
        return counts

    def _gather_revenues(self):
        """Return {(customer, root company): revenue of twelve months}."""
        rows = self.env["customer.relationship"].search_fetch(
            [
                ("partner_id", "in", self.account_id.ids),
                ("company_id", "in", self.company_id.root_id.ids),
            ],
            ["partner_id", "company_id", "revenue_12m"],
        )
        return {(row.partner_id.id, row.company_id.id): row.revenue_12m for row in rows}
