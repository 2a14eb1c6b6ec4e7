from __future__ import annotations

from odoo import fields, models


class CustomerComplaint(models.Model):
    """A reply after the end: reopen, leave it, or begin one that follows up."""

    _inherit = "customer.complaint"

    def _follow_up(self, message):
        """Carry on in a new complaint, linked to this one; the message moves there."""
        follow_up = self._open_follow_up()
        if not follow_up:
            follow_up = self.create(self._prepare_follow_up_values(message))
        message.write({"res_id": follow_up.id})
        message.attachment_ids.filtered(
            lambda attachment: (
                attachment.res_model == self._name and attachment.res_id == self.id
            )
        ).write({"res_id": follow_up.id})
        self._message_log(
            body=self.env._(
                "The customer wrote again after the end: see %(complaint)s.",
                complaint=follow_up._get_html_link(),
            )
        )
        return follow_up

    def _open_follow_up(self):
        return self.search(
            [("follow_up_of_id", "=", self.id), ("status", "in", ("open", "waiting"))],
            order="id desc",
            limit=1,
        )

    def _prepare_follow_up_values(self, message) -> dict:
        """Return the values of a complaint that takes this one up again."""
        return {
            "follow_up_of_id": self.id,
            "subject": self.env._("Again: %(subject)s", subject=self.subject),
            "description": message.body,
            "kind": self.kind,
            "channel": "email" if message.message_type == "email" else "portal",
            "category_id": self.category_id.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "team_moved_by_id": self.team_moved_by_id.id,
            "team_before_id": self.team_before_id.id,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "email_from": self.email_from,
            "phone": self.phone,
            "order_id": self.order_id.id,
            "order_line_ids": self.order_line_ids.ids,
            "move_id": self.move_id.id,
            "product_id": self.product_id.id,
            **self._prepare_hiding_values(),
            "is_automatic": self.env.context.get("customer_complaint_speaker")
            == "quiet",
        }

    # === ACTIONS ===#

    def action_reopen_for_reply(self):
        """Reopen: the reply was more than a thank you."""
        self.ensure_one()
        self.check_access("write")
        self._settle_undecided_reply()
        self._record_event("reopened", at=fields.Datetime.now())

    def action_leave_closed(self):
        """Leave it closed: the reply was a thank you."""
        self.ensure_one()
        self.check_access("write")
        self._settle_undecided_reply()

    def _settle_undecided_reply(self):
        self.undecided_activity_id.action_done()
        # sudo: customer.complaint - a verb; the column is not entered
        self.sudo().undecided_message_id = False
