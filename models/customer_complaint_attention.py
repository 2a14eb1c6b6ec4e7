from __future__ import annotations

from markupsafe import Markup

from odoo import models


class CustomerComplaint(models.Model):
    """Something that a person has to see to: who that is, and how they are told."""

    _inherit = "customer.complaint"

    def _ask_for_attention(self, words, activity="mail.mail_activity_data_todo"):
        """Plan an activity for whoever looks after a complaint, today.

        Where there is nobody, a note in the thread tells the next reader.

        :param words: called with the complaint in the reader's language, returns
            what is to be done and, maybe empty, why
        """
        self.ensure_one()
        user = self._whom_to_tell()
        language = user.lang or self.company_id.partner_id.lang or self.env.lang
        # sudo: customer.complaint - told by what happens, not by who caused it
        complaint = self.sudo().with_context(lang=language)
        summary, note = words(complaint)
        if user:
            complaint.activity_schedule(
                activity, summary=summary, note=note, user_id=user.id
            )
        else:
            complaint.message_post(
                body=Markup("%s<br/>%s") % (summary, note),
                subtype_xmlid="mail.mt_note",
            )

    def _whom_to_tell(self):
        """Return who sees to a complaint: somebody who may read it, maybe nobody."""
        # sudo: customer.complaint - whoever has caused it may not read these
        complaint = self.sudo()
        candidates = (
            complaint.user_id
            | complaint.team_id.manager_id
            | complaint.company_id.retention_responsible_id
        )
        return candidates.filtered(
            lambda user: (
                user.active
                and complaint.with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .has_access("read")
            )
        )[:1]
