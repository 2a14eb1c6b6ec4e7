from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..logic.remedy import Advice, Situation, advise, compare
from .customer_complaint import EMPLOYEES
from .customer_recovery_action import COMMITTED

OPEN_STATES = ("proposed", "waiting", "approved")


class CustomerComplaint(models.Model):
    """The plan to put a complaint right, what it costs, and what is still missing."""

    _inherit = "customer.complaint"

    action_ids = fields.One2many(
        "customer.recovery.action",
        "complaint_id",
        string="Recovery Plan",
        groups=EMPLOYEES,
        copy=False,
    )
    recovery_cost = fields.Monetary(
        string="Cost of Recovery",
        compute="_compute_recovery_cost",
        store=True,
        groups=EMPLOYEES,
        help="What was approved and carried out costs us so much.",
    )
    recovery_given = fields.Monetary(
        string="Given to the Customer",
        compute="_compute_recovery_cost",
        store=True,
        groups=EMPLOYEES,
    )
    recovery_open_count = fields.Integer(
        string="Open Actions", compute="_compute_recovery_open_count", groups=EMPLOYEES
    )
    authority_text = fields.Char(
        string="You May Give", compute="_compute_authority_text", groups=EMPLOYEES
    )
    remedy_advice = fields.Char(
        string="Usual Remedy",
        compute="_compute_remedy_advice",
        groups=EMPLOYEES,
        help="What customers in comparable cases get.",
    )
    remedy_warning = fields.Char(
        string="Unusual", compute="_compute_remedy_advice", groups=EMPLOYEES
    )

    # === COMPUTE === #

    @api.depends("action_ids.state", "action_ids.cost", "action_ids.approved_amount")
    def _compute_recovery_cost(self):
        for complaint in self:
            given = complaint.action_ids.filtered(
                lambda action: action.state in COMMITTED
            )
            complaint.recovery_cost = sum(given.mapped("cost"))
            complaint.recovery_given = sum(given.mapped("approved_amount"))

    @api.depends("action_ids.state")
    def _compute_recovery_open_count(self):
        for complaint in self:
            complaint.recovery_open_count = len(
                complaint.action_ids.filtered(
                    lambda action: action.state in OPEN_STATES
                )
            )

    @api.depends("team_id", "severity", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_authority_text(self):
        limits = self.env["customer.recovery.limit"]._rows()
        actions = self.env["customer.recovery.action"]
        for complaint in self:
            draft = actions.new({"complaint_id": complaint._origin.id or complaint.id})
            complaint.authority_text = draft._own_limit_sentence(complaint, limits)

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

    # === GUIDE === #

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

    # === ACTIONS === #

    def action_submit_plan(self):
        """Approve what is within the own limit, ask for the rest of the plan."""
        self.check_access("read")
        self.action_ids.filtered(
            lambda action: action.state == "proposed"
        ).action_submit()
        return True

    def action_carry_out_plan(self):
        """Carry out everything that is approved and that the customer may want."""
        self.check_access("write")
        for action in self.action_ids:
            is_open = action.state == "approved" and not action._documents()
            if is_open and action.answer not in ("declined", "other_wish"):
                action.action_carry_out()
        return True

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

    # === BUSINESS === #

    def _recovery_root(self):
        """Return the complaint that this one is a part or a duplicate of, or itself."""
        # sudo: customer.complaint - limits count what was given on the others, too
        complaint, seen = self.sudo(), set()
        while complaint and complaint.id not in seen:
            seen.add(complaint.id)
            parent = complaint.merged_into_id or complaint.split_from_id
            if not parent:
                break
            complaint = parent
        return complaint.sudo(False).with_env(self.env)

    def _recovery_families(self):
        """Return {id: root} of all parts and duplicates of these complaints."""
        families = {}
        level = {root.id: root for root in {one._recovery_root() for one in self}}
        complaints = (
            # sudo: customer.complaint - the parts count, whoever may see them
            self.env["customer.complaint"].sudo().with_context(active_test=False)
        )
        while level:
            families.update(level)
            children = complaints.search(
                [
                    "|",
                    ("split_from_id", "in", list(level)),
                    ("merged_into_id", "in", list(level)),
                ]
            )
            level = {
                child.id: families[(child.merged_into_id or child.split_from_id).id]
                for child in children
                if child.id not in families
                and (child.merged_into_id or child.split_from_id).id in families
            }
        return families

    def _remedies_carried_out(self):
        """End the deadline for what was agreed, once nothing of it is left to do."""
        owed = {"proposed", "waiting", "approved"}
        for complaint in self:
            accepted = complaint.action_ids.filtered(
                lambda action: action.answer == "accepted"
            )
            if accepted and not owed & set(accepted.mapped("state")):
                # sudo: customer.complaint - the deadline to carry it out ends
                complaint.sudo()._record_event("remedied")

    def _closing_warnings(self):
        """Say which wishes no action answers, and what of the plan is left to do."""
        warnings = super()._closing_warnings()
        for complaint in self.filtered(lambda one: one.kind == "complaint"):
            live = complaint.action_ids.filtered(
                lambda action: action.state not in ("failed", "cancelled")
            )
            unanswered = complaint.remedy_sought_ids - live.type_id.remedy_ids
            for remedy in unanswered:
                warnings[complaint].append(
                    self.env._(
                        "The customer wants “%s”; no action of the plan answers that.",
                        remedy.name,
                    )
                )
            for action in live.filtered(lambda action: action.state != "done"):
                warnings[complaint].append(action._open_sentence())
        return warnings

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recovered(self):
        if any(
            action.state not in ("proposed", "waiting")
            # sudo: customer.recovery.action - whether something was decided
            for action in self.sudo().action_ids
        ):
            raise UserError(
                self.env._(
                    "What was decided for a customer is kept, and so is the complaint. "
                    "Archive it instead."
                )
            )


class CustomerComplaintEvent(models.Model):
    """What happens to the remedies is part of the life of a complaint."""

    _inherit = "customer.complaint.event"

    event = fields.Selection(
        selection_add=[
            ("accepted", "Remedy Accepted"),
            ("remedied", "Remedy Carried Out"),
        ],
        ondelete={"accepted": "cascade", "remedied": "cascade"},
    )


class CustomerRecoveryAction(models.Model):
    _inherit = "customer.recovery.action"

    def _open_sentence(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Of the plan, “%(name)s” is still %(state)s.",
            name=self.display_name,
            state=states[self.state],
        )

    def _own_limit_sentence(self, complaint, limits):
        """Say what the reader may give on a complaint without asking."""
        # sudo: customer.complaint - who is in charge of it, for the limit
        level = self._acting_level(complaint.sudo())
        severity = self._limit_severity(complaint)
        # sudo: customer.complaint - its team and company, for the limit
        by_level = limits._by_level(complaint.sudo(), severity, self.env.user)
        limit = by_level.get(level)
        if level == "administrator" and limit is None:
            return self.env._("Any amount.")
        if limit is None:
            return self.env._("Only what costs nothing; anything else needs approval.")
        amounts = [
            (limit.per_action, self.env._("%s per action")),
            (limit.per_complaint, self.env._("%s per complaint")),
            (limit.per_customer_year, self.env._("%s per customer and year")),
        ]
        currency = complaint.currency_id
        parts = [
            wording % currency.format(float(amount))
            for amount, wording in amounts
            if amount is not None
        ]
        return ", ".join(parts) or self.env._("Any amount.")

    def _after_failed(self):
        # sudo: customer.complaint - a failed recovery is a second failure
        self.complaint_id.sudo()._deviate("recovery_failed")
        return super()._after_failed()
