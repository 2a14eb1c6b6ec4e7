from odoo import api, fields, models


class CustomerComplaint(models.Model):
    """Whoever complains may say why they would leave: the handler writes it down."""

    _inherit = "customer.complaint"

    churn_reason_id = fields.Many2one(
        "customer.churn.reason",
        string="Would Leave Because",
        compute="_compute_churn_reason_id",
        inverse="_inverse_churn_reason_id",
        groups="base.group_user",
        help="What drives the customer away, if they say or hint so. It explains the "
        "loss if the customer leaves.",
    )

    @api.depends("account_id")
    def _compute_churn_reason_id(self):
        # sudo: customer.churn.mention - whoever reads the complaint reads why
        mentions = self.env["customer.churn.mention"].sudo()
        found = mentions.search(
            [("active", "=", True), ("complaint_id", "in", self._origin.ids)]
        )
        by_complaint = found.grouped("complaint_id")
        for complaint in self:
            mention = by_complaint.get(complaint._origin, mentions)
            complaint.churn_reason_id = mention[:1].reason_id

    def _inverse_churn_reason_id(self):
        reasons = {complaint: complaint.churn_reason_id for complaint in self}
        self.env["customer.churn.mention"]._set_reason(
            self, "complaint_id", reasons, dict.fromkeys(self, "complaint")
        )
