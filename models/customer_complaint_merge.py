from __future__ import annotations

from datetime import datetime, timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

UNDO_HOURS = 24
# What a merger changes on the complaint that ends: kept to be put back.
CHANGED = (
    "status",
    "stage_id",
    "closed_at",
    "promised_at",
    "waiting_since",
    "waiting_reason",
)
# What the complaint that stays takes over where it knows nothing itself.
FILLED = (
    "category_id",
    "order_id",
    "move_id",
    "product_id",
    "phone",
    "happened_on",
    "incident_id",
)


class CustomerComplaintMerge(models.Model):
    """What was merged into what, with all it takes to undo it for a day."""

    _name = "customer.complaint.merge"
    _description = "Merger of Complaints"
    _order = "id desc"

    source_id = fields.Many2one(
        "customer.complaint",
        string="Merged",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    target_id = fields.Many2one(
        "customer.complaint",
        string="Into",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", string="Merged By", readonly=True)
    merged_at = fields.Datetime(required=True, readonly=True)
    undone_at = fields.Datetime(readonly=True)
    message_ids = fields.Json(readonly=True)
    attachment_ids = fields.Json(readonly=True)
    before = fields.Json(readonly=True, help="How the merged complaint stood.")
    clock_states = fields.Json(readonly=True, help="Its clocks that were not stopped.")
    filled = fields.Json(readonly=True, help="Fields the target took over.")
    follower_ids = fields.Json(readonly=True, help="Colleagues who came to follow.")

    def _is_undoable(self) -> bool:
        return (
            not self.undone_at
            and fields.Datetime.now() <= self.merged_at + timedelta(hours=UNDO_HOURS)
        )


class CustomerComplaint(models.Model):
    """Two complaints about one thing become one; for a day it can be undone."""

    _inherit = "customer.complaint"

    is_merge_undoable = fields.Boolean(
        compute="_compute_is_merge_undoable", groups="base.group_user"
    )

    def _compute_is_merge_undoable(self):
        for complaint in self:
            # sudo: customer.complaint.merge - belongs to a complaint one may read
            merges = complaint.sudo()._last_merge()
            complaint.is_merge_undoable = bool(merges) and merges._is_undoable()

    def _last_merge(self):
        return self.env["customer.complaint.merge"].search(
            [("source_id", "=", self.id), ("undone_at", "=", False)], limit=1
        )

    # === RULES ===#

    def _check_mergeable(self):
        """Refuse to merge what belongs to different customers or is held.

        :raise UserError: says why, in words
        """
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two complaints to merge."))
        if len(self.company_id) > 1:
            raise UserError(
                self.env._("Complaints of different companies cannot be merged.")
            )
        if len(self.account_id) > 1 or not self._have_one_sender():
            raise UserError(
                self.env._(
                    "Only complaints of the same customer can be merged: each customer "
                    "would read the other's conversation. Link them as an incident "
                    "instead."
                )
            )
        if self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "One of these has been merged already. Choose the complaint into "
                    "which it was merged in its place."
                )
            )
        reasons = [reason for one in self if (reason := one._reason_not_to_merge())]
        if reasons:
            raise UserError("\n".join(reasons))

    def _have_one_sender(self) -> bool:
        """Return whether all have the same customer, known or only by address."""
        if self.account_id:
            return all(one.account_id for one in self)
        emails = set(self.mapped("email_normalized"))
        return len(emails) == 1 and False not in emails

    def _reason_not_to_merge(self):
        """Return why nothing may be taken out of this complaint; None if it may."""
        if self._held():
            return self.env._(
                "Complaint %s is under legal hold: its conversation stays where it is.",
                self.name,
            )
        return None

    # === MERGE ===#

    def _merge_into(self, target):
        """Merge these complaints into ``target``: conversation, files, what is known.

        :raise UserError: they may not be merged
        """
        sources = self - target
        (sources | target)._check_mergeable()
        (sources | target).check_access("write")
        for source in sources:
            source._merge_one(target)

    def _merge_one(self, target):
        """Move what was said and sent into another complaint; the log can undo it."""
        # sudo: customer.complaint - both may be written, their messages move along
        source, target = self.sudo(), target.sudo()
        messages = self._movable_messages()
        attachments = self._movable_attachments()
        filled = target._fill_from(source)
        colleagues = source.message_partner_ids.filtered(
            lambda one: not one.partner_share
        )
        followers = colleagues - target.message_partner_ids
        messages.write({"res_id": target.id})
        attachments.write({"res_id": target.id})
        # sudo: customer.complaint.merge - written by code only
        log = self.env["customer.complaint.merge"].sudo()
        log.create(
            {
                "source_id": source.id,
                "target_id": target.id,
                "user_id": self.env.uid,
                "merged_at": fields.Datetime.now(),
                "message_ids": messages.ids,
                "attachment_ids": attachments.ids,
                "filled": filled,
                "before": source._state_before_merge(),
                "clock_states": source._clock_states(),
                "follower_ids": followers.ids,
            }
        )
        source._end_by_merge(target)
        target.message_subscribe(followers.ids)
        self._tell_merge(source, target)

    def _movable_messages(self):
        return (
            self.env["mail.message"]
            # sudo: mail.message - the whole conversation moves, whoever merges
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "!=", "user_notification"),
                ]
            )
        )

    def _movable_attachments(self):
        return (
            self.env["ir.attachment"]
            # sudo: ir.attachment - the files of the conversation move with it
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", False),
                ]
            )
        )

    def _fill_from(self, source) -> dict:
        """Take over what ``source`` knows and this one does not.

        :return: {field: value taken}, to be put back by undoing
        """
        filled = {
            name: source._fields[name].convert_to_write(source[name], source)
            for name in FILLED
            if source[name] and not self[name]
        }
        wishes = source.remedy_sought_ids - self.remedy_sought_ids
        values = {**filled, "remedy_sought_ids": [(4, wish.id) for wish in wishes]}
        if source.is_kept_from_salesperson and not self.is_kept_from_salesperson:
            filled["is_kept_from_salesperson"] = True
            values["is_kept_from_salesperson"] = True
        concerned = source.concerned_user_ids - self.concerned_user_ids
        if concerned:
            # whoever the merged one is about stays parted from it by undoing, too
            values["concerned_user_ids"] = [(4, user.id) for user in concerned]
        self.write(values)
        return {
            **{
                name: fields.Date.to_string(value) if name == "happened_on" else value
                for name, value in filled.items()
            },
            "remedy_sought_ids": wishes.ids,
        }

    def _end_by_merge(self, target):
        """End this complaint: from now on ``target`` stands for it."""
        self._record_event("merged", reason=target.name)
        self.write({"merged_into_id": target.id, "active": False})

    def _state_before_merge(self) -> dict:
        """Return what the merger will change, to be put back by undoing it."""
        self.ensure_one()
        values = {name: self[name] for name in CHANGED}
        return {
            name: self._fields[name].convert_to_write(value, self)
            if not isinstance(value, datetime)
            else fields.Datetime.to_string(value)
            for name, value in values.items()
        }

    def _tell_merge(self, source, target):
        note = self.env._(
            "%(merged)s of %(day)s was merged into %(remaining)s.",
            merged=source._get_html_link(),
            remaining=target._get_html_link(),
            day=format_date(self.env, source.received_at),
        )
        source._message_log(body=note)
        target._message_log(body=note)

    # === ACTIONS ===#

    def action_merge(self):
        """Ask which complaint stays; proposes the likely duplicates of a single one."""
        complaints = self if len(self) > 1 else self | self.duplicate_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Complaints"),
            "res_model": "customer.complaint.merge.dialog",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_ids": complaints.ids},
        }

    def action_split(self):
        """Ask what a complaint of its own shall be made of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Complaint"),
            "res_model": "customer.complaint.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }
