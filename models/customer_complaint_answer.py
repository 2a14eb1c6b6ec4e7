from odoo import api, models
from odoo.exceptions import UserError

# What the writer of an answer still has to fill in, in every language.
GAP = "[___]"


class CustomerComplaint(models.Model):
    """Answers that a handler starts from: templates, in the customer's language."""

    _inherit = "customer.complaint"

    def action_answer(self):
        """Open an answer to the customer; the composer offers the prepared ones."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_subtype_xmlid": "mail.mt_comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subject": self.subject,
            },
        }

    def message_post(self, **kwargs):
        """Send no answer that still has gaps.

        :raise UserError: a colleague is about to send one
        """
        if GAP in (kwargs.get("body") or "") and self._is_meant_for_customer(kwargs):
            raise UserError(
                self.env._("Fill in the gaps first: %(gap)s stands for one.", gap=GAP)
            )
        if self.env.su or self.has_access("write"):
            return super().message_post(**kwargs)
        # whoever may read and answer, but not change the complaint
        self.check_access("read")
        reader = self.with_context(mail_post_autofollow=False)
        message = super(CustomerComplaint, reader).message_post(**kwargs)
        self._let_customer_follow(message)
        return message.with_env(self.env)

    def _let_customer_follow(self, message):
        """The customer follows what was written to them, as after any answer."""
        # sudo: customer.complaint - the post was allowed; following comes with it
        complaint = self.sudo()
        customer = complaint._mail_get_customer()
        # sudo: mail.message - whether it was written to the customer
        if customer and customer in message.sudo().partner_ids:
            complaint._message_subscribe(customer.ids)

    def _is_meant_for_customer(self, values) -> bool:
        """Whether the values of a new message are those of an answer of a colleague."""
        comment = self.env.ref("mail.mt_comment")
        is_comment = (
            values.get("subtype_xmlid") == "mail.mt_comment"
            or values.get("subtype_id") == comment.id
        )
        return is_comment and self.env.user._is_internal()

    @api.model
    def _answer_templates(self):
        """Return the prepared answers; what is sent automatically is none."""
        # sudo: customer.complaint.team - what the teams send by themselves
        teams = self.env["customer.complaint.team"].sudo()
        teams = teams.search([("acknowledgement_template_id", "!=", False)])
        automatic = teams.acknowledgement_template_id
        standard = "customer_retention.mail_template_complaint_acknowledgement"
        automatic |= self.env.ref(standard, raise_if_not_found=False) or automatic
        return self.env["mail.template"].search(
            [
                ("model", "=", self._name),
                ("id", "not in", automatic.ids),
                ("user_id", "in", (False, self.env.uid)),
            ]
        )

    def _render_answer(self, template):
        """Return the body of a prepared answer in the customer's language."""
        self.ensure_one()
        rendered = template._generate_template(self.ids, ("body_html",))
        return rendered[self.id]["body_html"]
