from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerComplaintPassOn(models.TransientModel):
    """Hand complaints to a colleague or a team, with what they have to know.

    Nothing begins anew: the stage keeps its meaning, clocks run on, and the customer
    is not greeted a second time.
    """

    _name = "customer.complaint.pass.on"
    _description = "Pass Complaints On"
    _inherit = ["customer.complaint.dialog"]

    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    team_id = fields.Many2one(
        "customer.complaint.team",
        string="To Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'parent_of', company_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: another team finds somebody in its own way.",
    )
    summary = fields.Text(
        help="What happened, what was promised, what comes next. Stays inside."
    )

    @api.depends("complaint_ids")
    def _compute_company_id(self):
        for dialog in self:
            dialog.company_id = dialog.complaint_ids.company_id[:1]

    @api.depends("complaint_ids")
    def _compute_team_id(self):
        for dialog in self:
            teams = dialog.complaint_ids.team_id
            dialog.team_id = teams if len(teams) == 1 else False

    # === ACTION METHODS === #

    def action_pass_on(self):
        """Change team and handler, and tell whoever gets it."""
        self.ensure_one()
        complaints = self.complaint_ids
        complaints.check_access("write")
        if len(complaints.company_id) > 1:
            raise UserError(self.env._("Pass on complaints of one company at a time."))
        is_same = not self.team_id or self.team_id == complaints.team_id
        if is_same and not self.user_id:
            raise UserError(
                self.env._(
                    "Nobody would get it. Choose a colleague, or another team, which "
                    "finds somebody in its own way."
                )
            )
        self._note_summary()
        vals = {"user_id": self.user_id.id}
        if self.team_id:
            vals["team_id"] = self.team_id.id
        complaints.write(vals)
        if not self.user_id:
            complaints._assign()
        return self._prepare_end(complaints)

    def _prepare_end(self, complaints):
        """Close the dialog; say so when what was left to a team lies there unread."""
        end = {"type": "ir.actions.act_window_close"}
        # sudo: customer.complaint - who passes on may not see it any more
        left = complaints.sudo().filtered(lambda one: not one.user_id)
        if not left:
            return end
        message = self.env._(
            "Nobody handles %(numbers)s yet: it waits in the team “%(team)s” until "
            "somebody takes it. Name a colleague if it is urgent.",
            numbers=", ".join(left.mapped("name")),
            team=self.team_id.name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "sticky": True,
                "next": end,
            },
        }

    def _note_summary(self):
        """Leave the summary as an internal note, before sight of it may be lost."""
        if not self.summary:
            return
        receiver = self.user_id.name or self.team_id.name
        lines = Markup("<br/>").join(self.summary.splitlines())
        for complaint in self.complaint_ids:
            complaint.message_post(
                body=Markup("<p>%s</p><p>%s</p>")
                % (self.env._("Passed on to %(name)s", name=receiver), lines),
                subtype_xmlid="mail.mt_note",
                partner_ids=self.user_id.partner_id.ids,
            )
