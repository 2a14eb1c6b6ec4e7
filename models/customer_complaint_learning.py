from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerComplaint(models.Model):
    """What we learn from a complaint: causes and what is done about them."""

    _inherit = "customer.complaint"

    cause_ids = fields.Many2many("customer.complaint.cause", string="Causes")
    main_cause_id = fields.Many2one(
        "customer.complaint.cause",
        compute="_compute_main_cause_id",
        store=True,
        readonly=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'in', cause_ids)]",
        help="The one of the causes that has to be removed first.",
    )
    whys = fields.Text(
        string="Five Whys",
        help="Ask why, and why again of every answer, until the cause is something "
        "that can be changed.",
    )
    corrective_action_ids = fields.Many2many(
        "customer.corrective.action", string="Corrective Actions"
    )

    @api.depends("cause_ids")
    def _compute_main_cause_id(self):
        """The only cause there is; otherwise a person says which."""
        for complaint in self:
            causes = complaint.cause_ids
            if len(causes) == 1:
                complaint.main_cause_id = causes
            elif complaint.main_cause_id not in causes:
                complaint.main_cause_id = False

    @api.constrains("main_cause_id", "cause_ids")
    def _check_main_cause_id(self):
        for complaint in self:
            if complaint.main_cause_id - complaint.cause_ids:
                raise ValidationError(
                    self.env._(
                        "The main cause of %(complaint)s has to be one of its causes: "
                        "add it there first.",
                        complaint=complaint.display_name,
                    )
                )

    def action_plan_correction(self):
        """Open a new corrective action about the cause of this complaint."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.corrective.action",
            "view_mode": "form",
            "context": {
                "default_complaint_ids": self.ids,
                "default_cause_id": self.main_cause_id.id,
                "default_company_id": self.company_id.id,
            },
        }
