from odoo import api, fields, models


class CustomerComplaintReevaluation(models.TransientModel):
    """The deadlines that would be promised by now, beside those that are."""

    _name = "customer.complaint.reevaluation"
    _description = "New Deadlines of a Complaint"

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "customer.complaint.reevaluation.line",
        "reevaluation_id",
        compute="_compute_line_ids",
        store=True,
        readonly=True,
    )

    @api.depends("complaint_id")
    def _compute_line_ids(self):
        for wizard in self:
            complaint = wizard.complaint_id
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "kind": change.kind,
                        "deadline": change.clock.deadline,
                        "new_deadline": change.deadline,
                    }
                )
                for change in complaint._plan_policy()
            ]

    def action_apply(self):
        """Promise what the preview shows, as of now."""
        self.ensure_one()
        self.complaint_id.check_access("write")
        self.complaint_id._reevaluate_policy()
        return {"type": "ir.actions.act_window_close"}


class CustomerComplaintReevaluationLine(models.TransientModel):
    """What happens to one clock."""

    _name = "customer.complaint.reevaluation.line"
    _description = "New Deadline of a Complaint"

    reevaluation_id = fields.Many2one(
        "customer.complaint.reevaluation", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        selection="_selection_kind", string="Promise", required=True
    )
    deadline = fields.Datetime(string="Now Due")
    new_deadline = fields.Datetime(
        string="Then Due", help="Empty: nothing is promised."
    )

    @api.model
    def _selection_kind(self):
        clock = self.env["customer.complaint.clock"]
        return clock._fields["kind"]._description_selection(self.env)
