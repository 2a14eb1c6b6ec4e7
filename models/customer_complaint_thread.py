from __future__ import annotations

from datetime import timedelta

import lxml.html

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_split_and_format, email_split_and_normalize

from ..logic import incoming

HUMAN_TYPES = ("comment", "email", "email_outgoing")
ENDED = ("resolved", "closed")
# Parts of a message that are not its own words: what repeats an earlier one, and what
# we have added.
QUOTATIONS = (
    "//blockquote|//*[@data-o-mail-quote]|//*[contains(@class,'gmail_quote')]"
    "|//*[contains(@class,'o_customer_unverified')]"
)


class CustomerComplaint(models.Model):
    """The conversation: who has answered whom, told from the messages themselves."""

    _inherit = "customer.complaint"

    undecided_message_id = fields.Many2one(
        "mail.message",
        groups="base.group_user",
        ondelete="set null",
        string="Reply to Decide On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="A reply after the end that sounds like a thank you. It reopens the "
        "complaint only if the handler says so.",
    )
    undecided_activity_id = fields.Many2one(
        "mail.activity",
        groups="base.group_user",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    undecided_reply = fields.Char(
        compute="_compute_undecided_reply", groups="base.group_user"
    )
    readers_text = fields.Char(
        string="Read By",
        groups="base.group_user",
        compute="_compute_readers_text",
        help="Who outside the company reads what is sent from here. Internal notes "
        "stay inside.",
    )

    @api.depends("undecided_message_id")
    def _compute_undecided_reply(self):
        for complaint in self:
            # sudo: mail.message - a message of a complaint one may read
            message = complaint.undecided_message_id.sudo()
            complaint.undecided_reply = self._plain_words(message.body)[:200]

    @api.depends("partner_id", "email_from", "email_cc", "message_partner_ids")
    @api.depends_context("lang")
    def _compute_readers_text(self):
        for complaint in self:
            names = complaint._reader_names()
            complaint.readers_text = (
                self.env._("Will be read by %(names)s.", names=", ".join(names))
                if names
                else self.env._("Nobody outside the company reads this yet.")
            )

    def _reader_names(self) -> list[str]:
        """Return the people outside the company who get what is sent, once each."""
        followers = self.message_partner_ids.filtered("partner_share")
        people = {
            partner.email_normalized or partner.id: partner.display_name
            for partner in self.partner_id | followers
        }
        for address in email_split_and_format(
            f"{self.email_from or ''},{self.email_cc or ''}"
        ):
            people.setdefault(email_normalize(address), address)
        return list(people.values())

    # === OUR WORDS ===#

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """See who gets a message: what reaches the customer may be an answer."""
        later = self._is_notification_scheduled(kwargs.get("scheduled_date"))
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self and not later and self._is_human_answer(message):
            if any(self._is_customer(recipient) for recipient in recipients):
                self._on_human_answer(message)
        # Afterwards: the acknowledgement makes the customer a follower, who must not
        # get what a colleague has forwarded.
        if self and self._is_first_mail(message):
            # what the start fills in is no change to be told in the thread
            # sudo: customer.complaint - the gateway acknowledges for whoever wrote
            self.sudo().with_context(mail_notrack=True)._acknowledge_new()
        return recipients

    def _message_mail_after_hook(self, mails):
        """Recognise answers that the composer sends to several customers at once."""
        result = super()._message_mail_after_hook(mails)
        by_id = {complaint.id: complaint for complaint in self}
        for mail in mails:
            complaint = by_id.get(mail.res_id)
            message = mail.mail_message_id
            if complaint and complaint._is_human_answer(message):
                if complaint._is_mail_to_customer(mail):
                    complaint._on_human_answer(message)
        return result

    def _is_human_answer(self, message) -> bool:
        """Return whether a colleague wrote ``message`` for readers outside.

        Acknowledgements and other templates, the system itself, automatic replies
        and internal notes are no answers.
        """
        # sudo: mail.message - what kind of message it is, not what it says
        message = message.sudo()
        # env.ref would look up each time whether the system's user still exists
        known = self.env["ir.model.data"]._xmlid_to_res_id
        by_mail = message.message_type == "email"
        return (
            message.message_type in HUMAN_TYPES
            and not self._is_internal(message)
            and not self.env.context.get("customer_complaint_by_customer")
            and self.env.context.get("customer_complaint_speaker") != "machine"
            and bool(message.author_id)
            and message.author_id.id != known("base.partner_root")
            and not message.author_id.partner_share
            and (by_mail or message.create_uid.id != known("base.user_root"))
        )

    @api.model
    def _is_internal(self, message) -> bool:
        return bool(
            message.is_internal or message.subtype_id.internal or not message.subtype_id
        )

    def _is_customer(self, recipient: dict) -> bool:
        """Return whether a recipient, as the notifications know it, is the customer."""
        if recipient.get("email_normalized") in self._customer_addresses():
            return True
        if not recipient["id"] or not recipient.get("share"):
            return False
        # sudo: res.partner - whom a recipient belongs to
        partner = self.env["res.partner"].sudo().browse(recipient["id"])
        return partner.commercial_partner_id == self.account_id

    def _is_mail_to_customer(self, mail) -> bool:
        accounts = mail.recipient_ids.commercial_partner_id
        addresses = set(email_split_and_normalize(mail.email_to or ""))
        return bool(accounts & self.account_id) or bool(
            addresses & self._customer_addresses()
        )

    def _customer_addresses(self) -> set[str]:
        addresses = {self.email_normalized, self.partner_id.email_normalized}
        addresses.update(email_split_and_normalize(self.email_cc or ""))
        return addresses - {False, None, ""}

    def _on_human_answer(self, message):
        """Let the clocks know that a person has answered the customer."""
        self._on_told(message.date)

    def _on_told(self, at=None):
        """A person has spoken to the customers, in writing or by word of mouth.

        :param at: when, naive UTC; now by default
        """
        at = at or fields.Datetime.now()
        self._record_event("answered", at=at)
        self._record_event("updated", at=at)

    def _post_to_customer(self, body, subject=None):
        """Send the customer what the user has written, as an answer in the thread.

        :return: the message
        """
        self.ensure_one()
        return self.message_post(
            body=body,
            subject=subject or self.subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **self._customer_recipients(),
        )

    def _is_call(self, message) -> bool:
        """Return whether ``message`` says that a person has done a planned call."""
        # sudo: mail.message - what kind of message it is, not what it says
        message = message.sudo()
        return (
            message.message_type == "notification"
            and message.mail_activity_type_id.category == "phonecall"
            and message.author_id == self.env.user.partner_id
            and self.env.user._is_internal()
        )

    # === THE CUSTOMER'S WORDS ===#

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_call(message):
            self._on_told(message.date)
        elif self._is_from_customer(message):
            # sudo: customer.complaint - customers cannot write, yet it has effects
            self.sudo()._on_customer_message(message.sudo())
        return result

    def _is_first_mail(self, message) -> bool:
        """Return whether ``message`` is the mail that became this complaint."""
        return (
            message.message_type == "email"
            and self.channel == "email"
            and not self.acknowledged_at
            and not self.message_ids.filtered(
                lambda one: one.message_type == "email" and one != message
            )
        )

    def _is_from_customer(self, message) -> bool:
        """Return whether somebody outside the company wrote ``message``."""
        # sudo: mail.message - who wrote it, not what it says
        message = message.sudo()
        if self.env.context.get("customer_complaint_by_customer"):
            return True
        return (
            message.message_type in ("comment", "email")
            and not self._is_internal(message)
            and self.env.context.get("customer_complaint_speaker") != "machine"
            and not (message.author_id and not message.author_id.partner_share)
        )

    def _on_customer_message(self, message):
        """Go on with a complaint that waits, or decide what a late reply means."""
        if self.status == "waiting":
            self._record_event("resumed", at=fields.Datetime.now())
        elif self.status in ENDED:
            self._on_late_reply(message)

    def _on_late_reply(self, message):
        """Reopen, follow up or, for a mere thank you, leave it to the handler."""
        wants_more = self.env.context.get("customer_complaint_wants_more")
        if not wants_more and incoming.is_courtesy(self._plain_words(message.body)):
            self._ask_about_reply(message)
        elif self._is_within_reopen_window():
            self._record_event("reopened", at=fields.Datetime.now())
        else:
            self._follow_up(message)

    def _is_within_reopen_window(self) -> bool:
        ended = self.closed_at or self.resolved_at
        days = self.company_id.complaint_reopen_days
        return not ended or fields.Datetime.now() <= ended + timedelta(days=days)

    def _ask_about_reply(self, message):
        self.undecided_message_id = message
        user = self._whom_to_tell()
        if user:
            self.undecided_activity_id = self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A reply after the end: a thank you?"),
                note=self.env._(
                    "The customer has written once more; it sounds like a thank you. "
                    "Reopen the complaint if there is more to it."
                ),
                user_id=user.id,
            )

    @api.model
    def _plain_words(self, body) -> str:
        """Return what a message says itself, as plain text."""
        if not (body or "").strip():
            return ""
        tree = lxml.html.fromstring(f"<div>{body}</div>")
        for quotation in tree.xpath(QUOTATIONS):
            if quotation.getparent() is not None:
                quotation.drop_tree()
        text = html2plaintext(lxml.html.tostring(tree, encoding="unicode"))
        return incoming.own_words(text)
