from __future__ import annotations

from odoo import models
from odoo.exceptions import UserError

from ..logic.authority import (
    ADMINISTRATOR,
    HANDLER,
    MANAGER,
    TEAM_MANAGER,
    higher_levels,
)

APPROVAL_ACTIVITY = "customer_retention.mail_activity_type_recovery_approval"


class CustomerRecoveryAction(models.Model):
    """Whom an action asks: the next one up who may, is there and is not concerned."""

    _inherit = "customer.recovery.action"

    def _ask_next(self, verdict):
        """Have the next one up decide: an activity for one person who may.

        :raise UserError: there is nobody to ask
        """
        level, approver = self._find_approver(verdict.needs)
        if not approver:
            raise UserError(
                self.env._(
                    "%(reason)s There is nobody who could be asked. Have an "
                    "administrator appoint a complaint manager.",
                    reason=self._verdict_sentence(verdict),
                )
            )
        self._update_state(
            ("proposed", "failed"),
            "waiting",
            approver_id=approver.id,
            verdict=self._verdict_values(verdict),
            decline_reason=False,
        )
        self._schedule_approval(approver, self._verdict_sentence(verdict))

    def _find_approver(self, level):
        """Return (level, user) of the first one from a level up who may be asked."""
        levels = [level, *higher_levels(level)]
        for candidate in dict.fromkeys(levels):
            users = self._users_of_level(candidate) - self.env.user
            # sudo: customer.complaint - never those it is about, whoever may know
            users -= self.sudo().complaint_id.concerned_user_ids
            if users:
                return candidate, users[0]
        return level, self.env["res.users"]

    def _users_of_level(self, level):
        """Return who could decide at a level, the most suitable first."""
        # sudo: customer.complaint, res.users - who is asked, not who may see the team
        complaint = self.sudo().complaint_id
        if level == HANDLER:
            users = complaint.user_id | complaint.team_id.member_ids
            return users.filtered(
                lambda user: user.has_group("customer_retention.group_complaint_user")
            )
        if level == TEAM_MANAGER:
            return complaint.team_id.manager_id.filtered("active")
        group = {
            MANAGER: "customer_retention.group_complaint_manager",
            ADMINISTRATOR: "customer_retention.group_admin",
        }[level]
        users = (
            self.env["res.users"]
            # sudo: res.users - who may approve, whoever asks
            .sudo()
            .search(
                [
                    # sudo: res.groups - the group of a level
                    ("all_group_ids", "in", self.env.ref(group).sudo().ids),
                    ("company_ids", "in", complaint.company_id.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        if level == MANAGER:
            # Administrators are managers, too: those who do the work come first.
            return users.sorted(
                lambda user: user.has_group("customer_retention.group_admin")
            )
        return users

    def _schedule_approval(self, approver, sentence):
        # sudo: customer.complaint - whoever proposes may ask
        activity = self.complaint_id.sudo().activity_schedule(
            APPROVAL_ACTIVITY,
            user_id=approver.id,
            summary=self.env._(
                "Approve %(name)s: %(amount)s",
                name=self.display_name,
                amount=self._format_money(self._judged_amount()),
            ),
            note=sentence,
        )
        self._decide({"approval_activity_id": activity[:1].id})

    def _close_approval(self):
        """Nobody is asked any longer."""
        # sudo: mail.activity - planned for somebody else
        activities = self.sudo().approval_activity_id
        if activities:
            activities.unlink()
