from __future__ import annotations

from odoo import api, fields, models

from ..logic.remedy import Advice, Situation, advise, compare
from .customer_complaint import EMPLOYEES
from .customer_complaint_recovery import OPEN_STATES


class CustomerComplaint(models.Model):
    """What customers in comparable cases get, and whether a plan is far from it."""

    _inherit = "customer.complaint"

    remedy_advice = fields.Char(
        string="Usual Remedy",
        compute="_compute_remedy_advice",
        groups=EMPLOYEES,
        help="What customers in comparable cases get.",
    )
    remedy_warning = fields.Char(
        string="Unusual", compute="_compute_remedy_advice", groups=EMPLOYEES
    )

    @api.depends(
        "category_id",
        "severity",
        "amount_disputed",
        "order_id",
        "move_id",
        "action_ids.amount",
        "action_ids.state",
    )
    @api.depends_context("lang")
    def _compute_remedy_advice(self):
        advices = self._remedy_advices()
        for complaint in self:
            advice = advices.get(complaint)
            complaint.remedy_advice = complaint._advice_sentence(advice)
            complaint.remedy_warning = complaint._unusual_sentence(advice)

    # === ACTIONS === #

    def action_plan_usual(self):
        """Put the usual remedy into the plan, as a proposal."""
        self.check_access("write")
        for complaint, advice in self._remedy_advices().items():
            self.env["customer.recovery.action"].create(
                {
                    "complaint_id": complaint.id,
                    "type_id": advice.kind,
                    **({"amount": advice.usual} if advice.usual else {}),
                }
            )
        return True

    # === GATHER === #

    def _remedy_situation(self) -> Situation:
        """The complaint as the guide sees it."""
        # sudo: customer.complaint.category - of a complaint that was read
        path = self.sudo().category_id.parent_path or ""
        return Situation(
            path=tuple(int(part) for part in path.split("/") if part),
            # sudo: customer.complaint - of a complaint that was read
            severity=self.sudo().severity,
            value=self._value_at_stake(),
        )

    def _value_at_stake(self):
        """What it is about in company currency: disputed, else ordered or invoiced."""
        if self.amount_disputed:
            return self.amount_disputed
        # sudo: sale.order, account.move - amounts of documents of the complaint
        complaint = self.sudo()
        if complaint.order_line_ids:
            order = complaint.order_line_ids.order_id[:1]
            amount = sum(complaint.order_line_ids.mapped("price_total"))
        elif complaint.move_id:
            return abs(complaint.move_id.amount_total_signed)
        else:
            order, amount = complaint.order_id, complaint.order_id.amount_total
        if not amount:
            return 0.0
        return order.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            (order.date_order or fields.Datetime.now()).date(),
        )

    def _remedy_advices(self) -> dict:
        """Return {complaint: advice}; nothing where nothing is known."""
        guide = self.env["customer.recovery.guide"]
        advices = {}
        for company, complaints in self.grouped("company_id").items():
            table = guide._lines_of(company)
            history = guide._history(company, complaints._origin)
            for complaint in complaints:
                advice = advise(
                    history,
                    table,
                    complaint._remedy_situation(),
                    max(company.recovery_guide_minimum, 1),
                )
                if advice:
                    advices[complaint] = advice
        return advices

    # === WORDS === #

    def _advice_sentence(self, advice: Advice | None):
        if not advice:
            return False
        values = {
            "remedy": self.env["customer.recovery.type"].browse(advice.kind).name,
            "low": self.currency_id.format(advice.low),
            "high": self.currency_id.format(advice.high),
            "count": advice.count,
        }
        if not advice.high:
            return self.env._("Usual here: %(remedy)s.", **values)
        if advice.source == "table":
            return self.env._("Usual here: %(remedy)s, %(low)s to %(high)s.", **values)
        return self.env._(
            "%(count)s customers in comparable cases: mostly %(remedy)s, %(low)s to "
            "%(high)s.",
            **values,
        )

    def _unusual_sentence(self, advice: Advice | None):
        """Warn when the whole plan is far from what comparable customers got."""
        live = self.action_ids.filtered(
            lambda action: action.state in (*OPEN_STATES, "done")
        )
        total = sum(live.mapped("amount"))
        far = compare(total, advice)
        if not far:
            return False
        values = {
            "total": self.currency_id.format(total),
            "low": self.currency_id.format(advice.low),
            "high": self.currency_id.format(advice.high),
        }
        if far == "above":
            return self.env._(
                "The plan gives %(total)s, much more than the usual %(low)s to "
                "%(high)s.",
                **values,
            )
        return self.env._(
            "The plan gives %(total)s, much less than the usual %(low)s to %(high)s.",
            **values,
        )
