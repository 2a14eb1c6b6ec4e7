from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

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

    recovery_proposed_count = fields.Integer(
        string="To Be Approved",
        compute="_compute_recovery_open_count",
        groups=EMPLOYEES,
    )
    recovery_ready_count = fields.Integer(
        string="To Be Carried Out",
        compute="_compute_recovery_open_count",
        groups=EMPLOYEES,
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

    @api.depends("action_ids.state", "action_ids.answer")
    def _compute_recovery_open_count(self):
        for complaint in self:
            actions = complaint.action_ids
            states = actions.mapped("state")
            complaint.recovery_open_count = sum(one in OPEN_STATES for one in states)
            complaint.recovery_proposed_count = states.count("proposed")
            complaint.recovery_ready_count = len(actions.filtered("is_ready"))

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
        for action in self.action_ids.filtered("is_ready"):
            action.action_carry_out()
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
        # sudo: customer.complaint - found with more rights, used with one's own
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

    def write(self, vals):
        """What is planned for a customer stays in its company and its currency.

        :raise UserError: there is a plan, and the complaint is to change company
        """
        if "company_id" in vals:
            # sudo: customer.recovery.action - only whether there are any
            planned = self.sudo().filtered("action_ids")
            if planned.filtered(lambda one: one.company_id.id != vals["company_id"]):
                raise UserError(
                    self.env._(
                        "What is planned for complaint %s stays in its company and "
                        "currency. Record the complaint anew in the other company.",
                        planned[0].name,
                    )
                )
        return super().write(vals)

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

    def _after_failed(self):
        # sudo: customer.complaint - a failed recovery is a second failure
        self.complaint_id.sudo()._deviate("recovery_failed")
        return super()._after_failed()
