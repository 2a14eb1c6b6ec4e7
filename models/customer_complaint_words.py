from __future__ import annotations

from markupsafe import Markup

from odoo import models
from odoo.tools import plaintext2html

# Class of the line that says that nobody knows who wrote a message.
MARK = "o_customer_unverified"


class CustomerComplaint(models.Model):
    """What the customer's side says on our pages, and what it reads there."""

    _inherit = "customer.complaint"

    def _post_from_customer(
        self, text: str, files=(), author=None, wants_more=False, is_verified=True
    ):
        """Add what the customer's side says to the conversation.

        :param author: the partner who speaks; by default the contact
        :param wants_more: the customer says expressly that it is not settled
        :param is_verified: whether it is known who speaks; else the words are marked
        """
        self.ensure_one()
        author = author or self.partner_id
        if not author.partner_share:
            author = author.browse()
        this = self.with_context(
            customer_complaint_by_customer=True,
            customer_complaint_wants_more=wants_more,
            mail_post_autofollow_author_skip=True,
            attachments_mime_plainxml=True,
        )
        return this.message_post(
            body=self._spoken_body(text, is_verified),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=author.id,
            email_from=author.email_formatted or self.email_from,
            attachments=list(files),
        )

    def _spoken_body(self, text: str, is_verified: bool):
        """Return what was said as HTML, with a mark where nobody knows by whom."""
        body = plaintext2html(text) if text else Markup("")
        if is_verified:
            return body
        # sudo: res.users - the language of whoever reads the mark
        reader = self.sudo().user_id or self.company_id.partner_id
        words = self.with_context(lang=reader.lang or self.env.lang)._unverified_words()
        return body + Markup('<p class="%s"><small>%s</small></p>') % (MARK, words)

    def _unverified_words(self) -> str:
        return self.env._(
            "Written on the public page by somebody who was not signed in. Make sure "
            "who it is before you act on it."
        )

    def _is_own_side(self, user) -> bool:
        """Return whether a user is known to be of the customer of this complaint."""
        self.ensure_one()
        if user._is_public() or not user.partner_id.partner_share:
            return False
        account = user.partner_id.commercial_partner_id
        return account == self.account_id or user.partner_id == self.partner_id

    def _customer_messages(self):
        """Return the messages that the customer's side may read, oldest first."""
        comment = self.env.ref("mail.mt_comment")
        return (
            self.env["mail.message"]
            # sudo: mail.message - reading was checked on the complaint; no notes
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_id", "=", comment.id),
                    ("is_internal", "=", False),
                    (
                        "message_type",
                        "in",
                        ("comment", "email", "email_outgoing", "auto_comment"),
                    ),
                ],
                order="id",
            )
        )
