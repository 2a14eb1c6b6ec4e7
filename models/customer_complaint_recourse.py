from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

# Whoever turns to these may need every paper.
HOLDING_KINDS = ("regulator", "lawyer", "court")
RECOURSE_ACTIVITY = "customer_retention.mail_activity_type_complaint_recourse"


class CustomerComplaintRecourse(models.Model):
    """A complaint taken to somebody outside: their deadline, reference and papers."""

    _name = "customer.complaint.recourse"
    _description = "External Recourse"
    _inherit = ["mail.thread"]
    _order = "deadline, id"

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("consumer_body", "Consumer Body"),
            ("ombudsman", "Ombudsman"),
            ("regulator", "Regulator"),
            ("lawyer", "Lawyer"),
            ("court", "Court"),
            ("other", "Other"),
        ],
        required=True,
        default="consumer_body",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Body", help="Who looks into it.", tracking=True
    )
    name = fields.Char(string="Their Reference", tracking=True)
    date = fields.Date(string="Since", required=True, default=fields.Date.context_today)
    deadline = fields.Date(
        string="Answer Due", tracking=True, help="The day by which we have to answer."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("answered", "Answered"),
            ("decided", "Decided"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="open",
        tracking=True,
    )
    decision = fields.Text(help="What they decided, and what follows for us.")
    is_legal_hold = fields.Boolean(
        string="Legal Hold",
        compute="_compute_is_legal_hold",
        store=True,
        readonly=False,
        tracking=True,
        help="As long as it is on, the complaint and its papers are neither deleted "
        "nor merged, nor closed by a rule.",
    )

    @api.depends("kind")
    def _compute_is_legal_hold(self):
        """Some kinds put it on hold; none of them lifts a hold that is on."""
        for recourse in self:
            is_on = recourse._origin.is_legal_hold
            recourse.is_legal_hold = is_on or recourse.kind in HOLDING_KINDS

    @api.depends("kind", "name", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for recourse in self:
            who = recourse.partner_id.name or kinds.get(recourse.kind, "")
            recourse.display_name = " ".join(filter(None, (who, recourse.name)))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        recourses = super().create(vals_list)
        recourses._plan_answer()
        return recourses

    def write(self, vals):
        held = {one: one.complaint_id for one in self if one.is_legal_hold}
        result = super().write(vals)
        self._check_still_held(held)
        if not vals.keys().isdisjoint(("deadline", "user_id", "state")):
            self._plan_answer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if any(recourse.is_legal_hold for recourse in self):
            raise UserError(
                self.env._(
                    "It is under legal hold. A complaint manager lifts it first."
                )
            )

    def _check_still_held(self, held):
        """Let nobody but a complaint manager lift a hold, whatever was written.

        :param held: {recourse under hold: its complaint}, as they were before
        :raise UserError: somebody else has lifted one, or taken it elsewhere
        """
        manager = "customer_retention.group_complaint_manager"
        if self.env.su or self.env.user.has_group(manager):
            return
        for recourse, complaint in held.items():
            if not recourse.is_legal_hold or recourse.complaint_id != complaint:
                raise UserError(
                    self.env._("Only a complaint manager lifts a legal hold.")
                )

    def _plan_answer(self):
        """Remind whoever is responsible of the deadline of the others."""
        for recourse in self:
            # sudo: customer.complaint - activities of somebody who may not see it all
            complaint = recourse.complaint_id.sudo()
            complaint.activity_unlink([RECOURSE_ACTIVITY])
        # sudo: customer.complaint - one activity for all that are open
        for complaint in self.complaint_id.sudo():
            for recourse in complaint.recourse_ids:
                if recourse.state == "open" and recourse.deadline:
                    complaint.activity_schedule(
                        RECOURSE_ACTIVITY,
                        date_deadline=recourse.deadline,
                        user_id=(recourse.user_id or complaint.user_id).id or None,
                        summary=recourse.display_name,
                    )

    def _message_update_content(self, message, /, **kwargs):
        """Nobody takes back what was said."""
        self.complaint_id._check_not_on_hold()
        return super()._message_update_content(message, **kwargs)
