from __future__ import annotations

import secrets
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import (
    consteq,
    format_date,
    format_datetime,
    format_time,
    plaintext2html,
)
from odoo.tools.sql import escape_psql

# Promises to the customer; the others are between colleagues.
PUBLIC_CLOCKS = ("answer", "update", "decision", "resolution", "remedy")
# Days after the end for which the link to the status works.
STATUS_DAYS = 180


class CustomerComplaint(models.Model):
    """What the customer's side sees and does: words instead of codes, few rights."""

    _inherit = "customer.complaint"

    # Other than the access token, which goes to the customer's own mailbox, this one
    # is shown to whoever filled in the public form: it opens the status, never the
    # conversation.
    status_token = fields.Char(
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="customer_retention.group_complaint_user",
        default=lambda self: self._default_status_token(),
    )
    status_url = fields.Char(
        string="Address of the Status",
        compute="_compute_status_url",
        # sudo: customer.complaint - a token that the reader need not see
        compute_sudo=True,
        groups="customer_retention.group_complaint_user",
        help="Whoever has this address sees how far the complaint is, not what is "
        "written in it.",
    )
    given_reference = fields.Char(
        string="Number Given",
        readonly=True,
        copy=False,
        help="The number of an order or product as the customer typed it.",
    )

    @api.model
    def _default_status_token(self):
        return secrets.token_urlsafe(24)

    @api.depends("status_token", "company_id")
    def _compute_status_url(self):
        for complaint in self:
            complaint.status_url = complaint.status_token and (
                f"{complaint.get_base_url()}/complaints/status/{complaint.status_token}"
            )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"
        return result

    # === STATUS PAGE ===#

    def _status_path(self) -> str:
        """Return the path of the page that tells how far this complaint is."""
        self.ensure_one()
        # sudo: customer.complaint - for whoever has just told us about it
        return f"/complaints/status/{self.sudo().status_token}"

    @api.model
    def _find_by_status_token(self, token: str):
        """Return the complaint this token belongs to, as superuser; none if expired."""
        if not token or len(token) < 24:
            return self.browse()
        # sudo: customer.complaint - the token is the right to know the status
        this = self.sudo().with_context(active_test=False)
        found = this.search([("status_token", "=", token)], limit=2)
        if len(found) != 1 or not consteq(found.status_token, token):
            return self.browse()
        live = found._live()
        ended = live.closed_at or live.resolved_at
        expired = ended and ended + timedelta(days=STATUS_DAYS) < fields.Datetime.now()
        return self.browse() if expired else live

    # === WORDS ===#

    def _customer_status(self) -> dict[str, str]:
        """Return in words how far it is and what happens next.

        :return: ``headline``, ``next_step`` and ``tone`` (info, warning, success)
        """
        self.ensure_one()
        headline, next_step, tone = self._customer_headline()
        return {
            "headline": headline,
            "next_step": next_step or self._customer_promise(),
            "tone": tone,
        }

    def _customer_headline(self) -> tuple[str, str, str]:
        if self.status == "waiting":
            return (
                self.env._("We need a word from you"),
                self.env._("Please answer our question. Then we carry on at once."),
                "warning",
            )
        if self.status in ("resolved", "closed"):
            return self.env._("Settled"), self._customer_way_back(), "success"
        if self.kind != "complaint":
            return self.env._("Thank you, we have received your message"), "", "info"
        if self.decided_at:
            return self.env._("We have told you our decision"), "", "info"
        if self.reopened_at:
            return self.env._("We are working on it again"), "", "info"
        if self.answered_at:
            return self.env._("We are working on it"), "", "info"
        return self.env._("We have received your message"), "", "info"

    def _customer_way_back(self) -> str:
        if self._is_within_reopen_window():
            return self.env._("Something is still not right? Write to us and we go on.")
        return self.env._(
            "Something is still not right? Write to us; we take it up again."
        )

    def _customer_promise(self) -> str:
        """Return in a sentence by when the customer hears from us."""
        now = fields.Datetime.now()
        if self.promised_at and self.promised_at > now:
            return self.env._(
                "You will hear from us by %s.", self._customer_time(self.promised_at)
            )
        deadline, kind = self._public_deadline()
        if not deadline:
            return self.env._("We will get back to you as soon as we can.")
        if deadline <= now:
            return self.env._(
                "You should have heard from us by now. We are sorry; we have not "
                "forgotten you."
            )
        when = self._customer_time(deadline)
        return {
            "answer": self.env._("One of us will answer you by %s.", when),
            "update": self.env._("You will hear from us by %s.", when),
            "decision": self.env._("We will tell you our decision by %s.", when),
            "resolution": self.env._("We want to have this settled by %s.", when),
            "remedy": self.env._("What we agreed will be done by %s.", when),
        }[kind]

    def _public_deadline(self) -> tuple:
        """Return the next promise to the customer that is running: when and what."""
        if "deadline" not in self.clock_ids._fields:
            return False, False
        running = self.clock_ids.filtered(
            lambda clock: (
                clock.state == "running"
                and clock.kind in PUBLIC_CLOCKS
                and clock.deadline
            )
        ).sorted("deadline")
        return running[:1].deadline, running[:1].kind

    def _customer_time(self, moment) -> str:
        """Return a moment as the customer reads it: weekday, date and time there."""
        return self._moment_in(self.partner_id.tz or self._tz(self.company_id), moment)

    @api.model
    def _moment_in(self, zone, moment) -> str:
        """Return a moment with the name of its zone: customers live anywhere."""
        local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone))
        return self.env._(
            "%(day)s, %(time)s (%(zone)s)",
            day=format_date(self.env, local.date(), date_format="full"),
            time=format_time(self.env, moment, tz=zone, time_format="short"),
            zone=format_datetime(self.env, moment, tz=zone, dt_format="zzzz"),
        )

    # === WHAT THEY DO ===#

    @api.model
    def _receive_from_public(self, values: dict, files=()):
        """Create a complaint that somebody outside has filled in.

        :param values: checked by the caller; ``text`` is plain text
        :param files: name and content of attachments
        """
        company = self.env["res.company"].browse(values["company_id"])
        text = values.pop("text")
        values.setdefault("subject", self._subject_of(text))
        values["description"] = plaintext2html(text)
        this = self.with_company(company).with_context(
            mail_create_nosubscribe=True, attachments_mime_plainxml=True
        )
        complaint = this._create_safely(values)
        if files:
            complaint._post_from_customer(
                self.env._("Attached to the form."),
                files,
                is_verified=complaint.channel == "portal",
            )
        return complaint

    @api.model
    def _resolve_reference(self, reference: str, partner, company) -> dict:
        """Return what the number that somebody gave stands for.

        Orders and invoices only when they are this customer's: else the number is
        kept as it was typed, and tells nobody whether it exists.
        """
        if not reference:
            return {}
        mine = [
            ("partner_id", "child_of", partner.commercial_partner_id.ids),
            ("company_id", "=", company.id),
            ("name", "=ilike", escape_psql(reference)),
        ]
        if partner:
            for model, field in (
                ("sale.order", "order_id"),
                ("account.move", "move_id"),
            ):
                # sudo: sale.order, account.move - found for them, shown to nobody
                found = self.env[model].sudo().search(mine, limit=1)
                if found:
                    return {field: found.id, "given_reference": reference}
        product = (
            self.env["product.product"]
            # sudo: product.product - a product is the same for everybody
            .sudo()
            .search(
                [
                    ("default_code", "=", reference),
                    ("company_id", "in", [False, company.id]),
                    ("sale_ok", "=", True),
                ],
                limit=1,
            )
        )
        return {"product_id": product.id, "given_reference": reference}

    @api.model
    def _subject_of(self, text: str) -> str:
        """Return the first line of a text, cut at a word."""
        line = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if len(line) <= 80:
            return line or self.env._("(no subject)")
        return line[:80].rsplit(" ", 1)[0] + "…"
