from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerComplaintMergeDialog(models.TransientModel):
    """Merge complaints of one customer into the one that goes on."""

    _name = "customer.complaint.merge.dialog"
    _description = "Merge Complaints"
    _inherit = ["customer.complaint.dialog"]

    target_id = fields.Many2one(
        "customer.complaint",
        string="Goes On As",
        compute="_compute_target_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', complaint_ids)]",
        help="The others are merged into this one; the oldest is proposed.",
    )
    mergeable_ids = fields.Many2many(
        "customer.complaint",
        compute="_compute_mergeable_ids",
        help="Complaints of the same customer, known or only by address.",
    )
    problem = fields.Char(compute="_compute_problem")

    @api.depends("complaint_ids")
    def _compute_target_id(self):
        for dialog in self:
            oldest = dialog.complaint_ids.sorted(lambda one: (one.received_at, one.id))
            dialog.target_id = oldest[:1]

    @api.depends("complaint_ids")
    def _compute_mergeable_ids(self):
        for dialog in self:
            first = dialog.complaint_ids[:1]
            email = first.email_normalized
            same = [("account_id", "=", first.account_id.id)]
            if not first.account_id:
                same.append(("email_normalized", "=", email))
            is_known = bool(first.account_id or email)
            dialog.mergeable_ids = is_known and first.search(
                [*same, ("company_id", "=", first.company_id.id)]
            )

    @api.depends("complaint_ids")
    def _compute_problem(self):
        """Say at once why these cannot be merged."""
        for dialog in self:
            try:
                dialog.complaint_ids._origin._check_mergeable()
                dialog.problem = False
            except UserError as error:
                dialog.problem = str(error)

    def action_merge(self):
        """Merge, and show the complaint that goes on."""
        self.ensure_one()
        if not self.target_id:
            raise UserError(self.env._("Choose the complaint that goes on."))
        self.complaint_ids._merge_into(self.target_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.target_id.id,
            "view_mode": "form",
        }
