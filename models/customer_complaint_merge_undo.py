from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

from .customer_complaint_lifecycle import RECORDING


class CustomerComplaint(models.Model):
    """A merger that was a mistake is undone: everything goes back to where it was."""

    _inherit = "customer.complaint"

    def action_undo_merge(self):
        """Take a merged complaint out again; possible for a day."""
        self.ensure_one()
        self.check_access("write")
        # sudo: customer.complaint.merge - the log is written by code only
        merge = self.sudo()._last_merge()
        if not merge:
            raise UserError(
                self.env._(
                    "This complaint is not merged into another one. Open the one that "
                    "is, and undo it there."
                )
            )
        if not merge._is_undoable():
            raise UserError(
                self.env._(
                    "A merger can be undone for a day. Split the complaint instead."
                )
            )
        merge.target_id._unmerge(merge)

    def _unmerge(self, merge):
        """Put messages, files and fields back where they were before ``merge``."""
        source = merge.source_id
        for model, ids in (
            ("mail.message", merge.message_ids),
            ("ir.attachment", merge.attachment_ids),
        ):
            # sudo: mail.message, ir.attachment - moved back as they came
            records = self.env[model].sudo().browse(ids or []).exists()
            records.filtered(lambda one: one.res_id == self.id).write(
                {"res_id": source.id}
            )
        self._empty_again(merge.filled or {})
        self.message_unsubscribe(merge.follower_ids or [])
        source.write({"merged_into_id": False, "active": True})
        source._stand_as_before(merge)
        merge.undone_at = fields.Datetime.now()
        note = self.env._("The merger was undone.")
        source._message_log(body=note)
        self._message_log(body=note)

    def _stand_as_before(self, merge):
        """Be again what this complaint was before it was merged by mistake.

        Its promises go on as if nothing had happened: the customer has been waiting
        all the time.
        """
        values = dict(merge.before or {})
        stage = self.env["customer.complaint.stage"].browse(values.get("stage_id"))
        if not stage.exists():
            values.pop("stage_id", None)
        self.with_context(customer_complaint_event=RECORDING).write(values)
        self._log_event("unmerged", {self: fields.Datetime.now()}, merge.target_id.name)
        self._restart_clocks(merge.clock_states or {})

    def _empty_again(self, filled):
        """Give back what was taken over, unless somebody has changed it since."""
        values = {
            "remedy_sought_ids": [
                (3, wish) for wish in filled.get("remedy_sought_ids", [])
            ]
        }
        for name, value in filled.items():
            if name == "remedy_sought_ids":
                continue
            now = self._fields[name].convert_to_write(self[name], self)
            now = fields.Date.to_string(now) if name == "happened_on" else now
            if now == value:
                values[name] = False
        self.write(values)
