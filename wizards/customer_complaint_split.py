from odoo import api, fields, models
from odoo.exceptions import UserError

# What the new complaint has in common with the one it is split from.
SHARED = (
    "kind",
    "channel",
    "company_id",
    "team_id",
    "team_moved_by_id",
    "team_before_id",
    "user_id",
    "partner_id",
    "partner_name",
    "email_from",
    "phone",
    "order_id",
    "move_id",
    "received_at",
    "is_automatic",
)


class CustomerComplaintSplit(models.TransientModel):
    """Make a complaint of its own of something told along with another one."""

    _name = "customer.complaint.split"
    _description = "Split Complaint"

    complaint_id = fields.Many2one("customer.complaint", required=True, readonly=True)
    subject = fields.Char(required=True)
    description = fields.Html()
    category_id = fields.Many2one("customer.complaint.category")
    product_id = fields.Many2one("product.product")
    message_ids = fields.Many2many(
        "mail.message",
        string="Messages That Move",
        domain="[('id', 'in', candidate_ids)]",
        help="They leave the complaint and go on in the new one.",
    )
    candidate_ids = fields.Many2many(
        "mail.message", compute="_compute_candidate_ids", string="Messages"
    )

    @api.depends("complaint_id")
    def _compute_candidate_ids(self):
        for split in self:
            split.candidate_ids = split.complaint_id.message_ids.filtered(
                lambda message: message.message_type in ("comment", "email")
            )

    def action_split(self):
        """Create the new complaint and open it.

        The promises run from the day the customer told us, and the customer is not
        greeted again.
        """
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        if self.message_ids - self.candidate_ids:
            raise UserError(
                self.env._("Choose messages of the complaint that is split.")
            )
        reason = self.message_ids and complaint._reason_not_to_merge()
        if reason:
            raise UserError(reason)
        new = (
            # sudo: customer.complaint - a verb; where it comes from is not entered
            complaint.sudo()
            .with_context(customer_complaint_acknowledge_later=True)
            .create(self._prepare_values())
        )
        new = new.with_env(self.env)
        if complaint.acknowledged_at:
            new._record_event("acknowledged", at=complaint.acknowledged_at)
        self._move_messages(new)
        self._tell(new)
        return {
            "type": "ir.actions.act_window",
            "res_model": complaint._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _prepare_values(self):
        # sudo: customer.complaint - what only verbs write is carried over, too
        complaint = self.complaint_id.sudo()
        values = {
            name: complaint._fields[name].convert_to_write(complaint[name], complaint)
            for name in SHARED
        }
        return {
            **values,
            **complaint._prepare_hiding_values(),
            "split_from_id": complaint.id,
            "subject": self.subject,
            "description": self.description,
            "category_id": self.category_id.id,
            "product_id": self.product_id.id,
        }

    def _move_messages(self, new):
        # sudo: mail.message, ir.attachment - of a complaint the user may change
        messages = self.message_ids.sudo()
        attachments = messages.attachment_ids.filtered(
            lambda one: (
                one.res_model == new._name and one.res_id == self.complaint_id.id
            )
        )
        messages.write({"res_id": new.id})
        attachments.write({"res_id": new.id})

    def _tell(self, new):
        old = self.complaint_id
        note = self.env._(
            "%(new)s was split from %(old)s.",
            new=new._get_html_link(),
            old=old._get_html_link(),
        )
        old._message_log(body=note)
        new._message_log(body=note)
