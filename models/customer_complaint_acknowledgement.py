from __future__ import annotations

import logging

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr

_logger = logging.getLogger(__name__)

# Whoever takes down a complaint on the phone has acknowledged it.
SPOKEN = ("phone", "person")


class CustomerComplaint(models.Model):
    """The customer hears at once, and once, that we have heard, and what is next."""

    _inherit = "customer.complaint"

    customer_lang = fields.Char(compute="_compute_customer_lang")
    # sudo: mail.alias - the address that customers may know
    sender_email = fields.Char(compute="_compute_sender_email", compute_sudo=True)
    promise_text = fields.Char(
        compute="_compute_promise_text",
        # sudo: customer.complaint.clock - the promise that customers may know
        compute_sudo=True,
        help="Until when we answer, in the customer's language and our time zone.",
    )

    @api.depends("partner_id.lang", "company_id")
    def _compute_customer_lang(self):
        for complaint in self:
            complaint.customer_lang = (
                complaint.partner_id.lang
                or complaint.company_id.partner_id.lang
                or self.env.lang
            )

    @api.depends("team_id.alias_id", "company_id")
    def _compute_sender_email(self):
        """The address of the team, else of the company: replies find their way."""
        for complaint in self:
            company = complaint.company_id
            address = complaint.team_id.alias_email or company.email
            name = company.name
            complaint.sender_email = (
                formataddr((name, email_normalize(address) or address))
                if address
                else company.catchall_formatted or self.env.user.email_formatted
            )

    @api.depends("company_id", "customer_lang")
    def _compute_promise_text(self):
        deadlines = self._answer_deadlines()
        for complaint in self:
            until = deadlines.get(complaint)
            words = self.with_context(lang=complaint.customer_lang)
            complaint.promise_text = until and words._moment_in(
                self._tz(complaint.company_id), until
            )

    def _answer_deadlines(self):
        """Return {complaint: until when its clock promises a first answer}."""
        clocks = self.env["customer.complaint.clock"].search_fetch(
            [
                ("complaint_id", "in", self.ids),
                ("kind", "=", "answer"),
                ("deadline", "!=", False),
            ],
            ["complaint_id", "deadline"],
        )
        return {clock.complaint_id: clock.deadline for clock in clocks}

    # === BUSINESS METHODS === #

    def _acknowledge(self):
        """Acknowledge to the customer, once, and record it.

        Whoever has no address is told in another way: by whoever presses the button.
        """
        waiting = self.filtered(
            lambda one: not one.acknowledged_at and one.channel != "noticed"
        )
        waiting._send_acknowledgement()
        return waiting._record_event("acknowledged")

    def _acknowledge_new(self):
        """Acknowledge what has just come in, as far as nobody has to think.

        ``customer_complaint_acknowledge_later`` in the context leaves it to the
        caller, who calls this again when the customer's own words are in the thread.
        """
        if self.env.context.get("customer_complaint_acknowledge_later"):
            return self.browse()
        new = self.filtered(
            lambda one: one._wants_acknowledgement() and not one.acknowledged_at
        )
        sent = new._send_acknowledgement()
        spoken = new.filtered(lambda one: one.channel in SPOKEN)
        return (sent | spoken)._record_event("acknowledged")

    def _wants_acknowledgement(self) -> bool:
        """Nothing to acknowledge: what we noticed ourselves, what machines write."""
        self.ensure_one()
        if self.channel == "noticed" or self._is_from_machine():
            return False
        # sudo: customer.complaint.team - a setting, for customers who complain, too
        return self.kind != "praise" or self.sudo().team_id.is_praise_acknowledged

    def _is_from_machine(self) -> bool:
        return "is_automatic" in self._fields and self.is_automatic

    def _send_acknowledgement(self):
        """Send the template of the team to all that have an address.

        A template that cannot be rendered keeps no complaint from arriving.

        :return: the complaints to whose customers something was sent
        """
        # sudo: customer.complaint - customers get it, whoever takes down the complaint
        able = self.sudo().filtered(
            lambda one: one.email_normalized and not one._is_from_machine()
        )
        ours = self._own_addresses(able.mapped("email_normalized"))
        able = able.filtered(lambda one: one.email_normalized not in ours)
        sent = self.browse()
        for template, complaints in able.grouped(
            lambda one: one._acknowledgement_template()
        ).items():
            if template and complaints._post_acknowledgement(template):
                sent |= self.browse(complaints.ids)
        return sent

    @api.model
    def _own_addresses(self, emails):
        """Return those of the addresses at which our own mail gateway listens."""
        if not emails:
            return []
        # sudo: mail.alias.domain - whether an address is ours, an alias or a catchall
        return self.env["mail.alias.domain"].sudo()._find_aliases(emails)

    def _acknowledgement_template(self):
        """Return the template of the team; that of the product without a team."""
        self.ensure_one()
        if self.team_id:
            return self.team_id.acknowledgement_template_id
        template = "customer_retention.mail_template_complaint_acknowledgement"
        return (
            self.env.ref(template, raise_if_not_found=False)
            or self.env["mail.template"].browse()
        )

    def _post_acknowledgement(self, template) -> bool:
        """Post one rendered message for each complaint; False if that is impossible."""
        try:
            with self.env.cr.savepoint():
                rendered = template._generate_template(
                    self.ids, ("subject", "body_html", "email_from")
                )
                for complaint in self:
                    complaint._post_automatic(rendered[complaint.id], template)
        except (UserError, ValueError, psycopg2.DataError):
            _logger.exception("Complaints %s could not be acknowledged", self.ids)
            return False
        return True

    def _post_automatic(self, rendered, template):
        """Post a rendered template to the customer, and to nobody else."""
        self.ensure_one()
        poster = self.with_context(
            mail_create_nosubscribe=True, mail_post_autofollow_author_skip=True
        )
        return poster.message_post(
            **self._customer_recipients(),
            subject=rendered["subject"],
            body=Markup(rendered["body_html"]),
            author_id=self.company_id.partner_id.id,
            email_from=rendered.get("email_from") or self.sender_email,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid=template.email_layout_xmlid
            or "mail.mail_notification_light",
            email_add_signature=False,
            force_email_company=self.company_id,
            force_email_lang=self.customer_lang,
            notify_skip_followers=True,
        )

    def _customer_recipients(self):
        """The contact if the address is the contact's, else the address alone."""
        self.ensure_one()
        if self.partner_id.email_normalized == self.email_normalized:
            return {"partner_ids": self.partner_id.ids}
        return {"outgoing_email_to": self.email_from}
