from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, html2plaintext

EVIDENCE_REPORT = "customer_retention.customer_complaint_evidence"


class CustomerComplaintEvidence(models.TransientModel):
    """Everything about a complaint in one file, for whoever looks into it outside.

    The file holds the story as a page to read, the papers as they are, and a list of
    their fingerprints, so that nobody can say later that one was changed.
    """

    _name = "customer.complaint.evidence"
    _description = "Evidence of a Complaint"

    complaint_id = fields.Many2one(
        "customer.complaint",
        required=True,
        readonly=True,
        default=lambda self: self._default_complaint_id(),
    )
    with_notes = fields.Boolean(
        string="Internal Notes",
        help="Leave it off for papers that leave the company.",
    )
    with_documents = fields.Boolean(string="Papers", default=True)
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _default_complaint_id(self):
        if self.env.context.get("active_model") == "customer.complaint":
            return self.env.context.get("active_id")
        return False

    # === ACTIONS === #

    def action_bundle(self):
        """Write the file and offer it for download."""
        self.ensure_one()
        self.complaint_id.check_access("read")
        if not self.env.user.has_group("customer_retention.group_complaint_user"):
            raise UserError(self.env._("Ask a handler of complaints for the evidence."))
        self.write(
            {
                "file": base64.b64encode(self._bundle()),
                "file_name": f"{self._file_name(self.complaint_id.name)}.zip",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}"
            "?download=true",
            "target": "self",
        }

    def action_print(self):
        """Print the story, without the papers."""
        self.ensure_one()
        self.complaint_id.check_access("read")
        return self.env.ref(
            "customer_retention.action_report_complaint_evidence"
        ).report_action(self)

    # === BUSINESS === #

    def _bundle(self) -> bytes:
        """Return the bundle: page, papers, fingerprints."""
        files = {"complaint.html": self._story_page()}
        if self.with_documents:
            files |= self._papers()
        fingerprints = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            for name, content in sorted(files.items())
        )
        files["sha256.txt"] = fingerprints.encode()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in sorted(files.items()):
                bundle.writestr(name, content)
        return buffer.getvalue()

    def _story_page(self) -> bytes:
        html = self.env["ir.qweb"]._render(
            EVIDENCE_REPORT + "_page", {"doc": self, "o": self.complaint_id}
        )
        return f"<!DOCTYPE html>\n{html}".encode()

    def _papers(self) -> dict[str, bytes]:
        """Return {name in the bundle: content} of the papers and documents."""
        papers = {}
        for number, attachment in enumerate(self._attachments(), start=1):
            name = self._file_name(attachment.name or "")
            papers[f"papers/{number:03d}-{name}"] = attachment.raw or b""
        return papers

    def _attachments(self):
        """Return the papers of the complaint, of its messages and of its recourse."""
        # sudo: ir.attachment - papers of messages of a complaint that may be read
        attachments = self.env["ir.attachment"].sudo()
        # sudo: customer.complaint - its papers, after reading was checked
        complaint = self.complaint_id.sudo()
        found = attachments.search(
            [
                "|",
                "&",
                ("res_model", "=", "customer.complaint"),
                ("res_id", "=", complaint.id),
                "&",
                ("res_model", "=", "customer.complaint.recourse"),
                ("res_id", "in", complaint.recourse_ids.ids),
            ]
        )
        # sudo: mail.message - files of messages that may be read
        found |= self._messages().sudo().attachment_ids
        hidden = self._all_messages() - self._messages()
        # sudo: mail.message - files of messages that may not be read stay out
        found -= hidden.sudo().attachment_ids - self._messages().sudo().attachment_ids
        return found.filtered(lambda one: not one.res_field).sorted("id")

    def _all_messages(self):
        # sudo: mail.message - the conversation of a complaint that may be read
        messages = self.complaint_id.sudo().message_ids
        return messages.sorted(lambda one: (one.date, one.id))

    def _messages(self):
        """Return the conversation, oldest first; notes only where wanted."""
        if self.with_notes:
            return self._all_messages()
        return self._all_messages().filtered(
            lambda message: (
                not message.is_internal
                and message.message_type != "notification"
                and not message.subtype_id.internal
            )
        )

    def _message_text(self, message):
        return html2plaintext(message.body or "").strip()

    def _events(self):
        # sudo: customer.complaint.event - of a complaint that was read
        return self.complaint_id.sudo().event_ids.sorted(lambda one: (one.at, one.id))

    def _clocks(self):
        """Return the deadlines that were promised, as the reader sees them."""
        # sudo: customer.complaint.clock - of a complaint that may be read
        return self.complaint_id.sudo().clock_ids.sorted("id")

    def _clock_state(self, clock):
        """How a promise stands: whoever reads it on paper sees no colors."""
        state = self._value(clock, "state")
        if clock._is_late(fields.Datetime.now()):
            return self.env._("%(state)s, overdue", state=state)
        return state

    def _zone(self):
        """Return the name of the time zone in which every moment is printed."""
        return str(self.env.tz)

    def _actions(self):
        # sudo: customer.recovery.action - of a complaint that may be read
        return self.complaint_id.sudo().action_ids

    def _value(self, record, name):
        """A value as the reader writes it; selections by their name."""
        field = record._fields[name]
        value = record[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        if field.type == "datetime":
            return (
                self.env["ir.qweb.field.datetime"].value_to_html(
                    value, {"hide_seconds": True}
                )
                if value
                else ""
            )
        return value or ""

    @api.model
    def _file_name(self, text):
        """Return a name that is safe in every file system."""
        return re.sub(r"[^\w.-]+", "_", text).strip("._")[:100] or "file"
