from __future__ import annotations

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from .customer_complaint_letter import SLICE_SIZE
from .retries import start_again_if_lost

_logger = logging.getLogger(__name__)

HANDLERS = "customer_retention.group_complaint_user"


class CustomerComplaintLetter(models.Model):
    """The job that writes to many customers, some of them in each transaction."""

    _inherit = "customer.complaint.letter"

    @api.model
    def _cron_write_letters(self):
        """Write letters, as far as there is time; the next run goes on."""
        for letter in self.search([("state", "=", "sending")], order="id"):
            if not letter._write_slices():
                break

    def _write_slices(self) -> bool:
        """Write the rest of a letter in slices.

        :return: whether there is time left
        """
        while self.state == "sending":
            done = start_again_if_lost(self.env, self._write_slice)
            left = self.line_ids.search_count(
                [("letter_id", "=", self.id), ("state", "=", "waiting")]
            )
            if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                return False
            # somebody may have stopped it meanwhile
            self.invalidate_recordset(["state"])
        return True

    def _write_slice(self) -> int:
        """Do the next slice, or finish; nothing is committed here.

        :return: how many customers were looked at
        """
        if not self._may_sender_go_on():
            self._stop_without_sender()
            return 0
        lines = self._next_lines()
        if not lines:
            self._finish()
            return 0
        # the mails go out by their own job: a slice that fails takes them back
        letter = self._as_sender().with_context(mail_notify_force_send=False)
        if self._try_writing(lines, letter):
            # one of them cannot be written to: find out which, the rest goes on
            for line in lines:
                self._write_or_note(line, letter)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return len(lines)

    def _next_lines(self):
        return self.line_ids.search(
            [("letter_id", "=", self.id), ("state", "=", "waiting")], limit=SLICE_SIZE
        )

    def _write_or_note(self, line, letter):
        """Write to one customer, or note why that is not possible."""
        if error := self._try_writing(line, letter):
            line.write({"state": "failed", "error": error})

    def _try_writing(self, lines, letter) -> str:
        """Write to customers, all or none.

        :return: why not, else nothing
        """
        try:
            with self.env.cr.savepoint():
                self._write_to(lines, letter)
        except psycopg2.OperationalError:
            raise
        except UserError as error:
            self.env.invalidate_all()
            return str(error)
        except Exception:
            _logger.exception("Letter %s cannot be written to %s", self.id, lines.ids)
            self.env.invalidate_all()
            return self.env._("An error, see the log")
        return ""

    # === THE SENDER === #

    def _may_sender_go_on(self) -> bool:
        user = self.user_id
        return user._is_superuser() or (
            user.active
            and user.has_group(HANDLERS)
            and self.company_id in user.company_ids
        )

    def _stop_without_sender(self):
        self.state = "stopped"
        self.incident_id.message_post(
            body=self.env._(
                "Stopped: %s handles no complaints of this company any more. Send the "
                "message to the others yourself.",
                self.user_id.name,
            ),
            subtype_xmlid="mail.mt_note",
        )
