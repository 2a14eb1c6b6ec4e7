from __future__ import annotations

from odoo import api, models

MEGABYTE = 1024 * 1024


class CustomerComplaint(models.Model):
    """What is taken in with a message, and what is too big for that."""

    _inherit = "customer.complaint"

    @api.model
    def _attachment_limit(self) -> int:
        """Return how many bytes the attachments of one message may have."""
        # sudo: ir.config_parameter - a limit that holds for everybody
        parameter = self.env["ir.config_parameter"].sudo()
        megabytes = parameter.get_param("customer_retention.complaint_attachment_mb")
        try:
            return int(float(megabytes or 25) * MEGABYTE)
        except ValueError:
            return 25 * MEGABYTE

    @api.model
    def _limit_attachments(self, msg_dict) -> list[tuple[str, int]]:
        """Leave out of a mail the attachments beyond the limit.

        :return: name and size of those left out
        """
        kept, skipped, left = [], [], self._attachment_limit()
        for attachment in msg_dict.get("attachments") or []:
            content = attachment[1]
            if isinstance(content, str):
                content = content.encode()
            size = len(content) if isinstance(content, bytes) else 0
            if size > left:
                skipped.append((attachment[0], size))
            else:
                left -= size
                kept.append(attachment)
        if skipped:
            msg_dict["attachments"] = kept
        return skipped

    def _note_skipped_attachments(self, skipped):
        """Tell the handler which attachments are too big to be kept."""
        if not skipped:
            return
        names = ", ".join(
            f"{name} ({size / MEGABYTE:.1f} MB)" for name, size in skipped
        )
        self._message_log(
            body=self.env._(
                "These attachments are too big and were left out: %(names)s. "
                "Ask the customer for a smaller version if you need them.",
                names=names,
            )
        )
