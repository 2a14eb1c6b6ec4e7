from __future__ import annotations

from collections import defaultdict

from odoo import fields, models


class CustomerComplaintClock(models.Model):
    """The ladder: who is told that a promise is forgotten."""

    _inherit = "customer.complaint.clock"

    def _follow_up(self, news):
        result = super()._follow_up(news)
        climbed = {clock_id for clock_id, kind, _level in news if kind == "escalated"}
        self.browse(climbed)._escalate(news)
        return result

    def _escalate(self, news):
        """Tell people about the rungs that these clocks have just reached.

        Of several rungs reached at once the highest counts. What was over before
        the clock was recorded, as with imported complaints, is nobody's news.

        :param news: ``{(clock id, kind, level)}`` as from :meth:`_apply`
        """
        levels = defaultdict(int)
        for clock_id, kind, level in news:
            if kind == "escalated":
                levels[clock_id] = max(levels[clock_id], level)
        live = self.filtered(lambda clock: levels[clock.id] and not clock._is_history())
        for clock in live:
            rungs = {rung.level: definition for rung, definition in clock._ladder()}
            clock._tell(rungs[levels[clock.id]])

    def _tell(self, rung):
        """Make an activity for whoever the rung names, and a note in the thread."""
        self.ensure_one()
        user = self._whom(rung)
        language = (user or self.env.user).lang
        clock = self.with_context(lang=language)
        text = clock._escalation_text(rung)
        # sudo: customer.complaint - the ladder is climbed by the job
        complaint = clock.complaint_id.sudo()
        complaint.message_post(body=text, subtype_xmlid="mail.mt_note")
        if user:
            complaint.activity_schedule(
                activity_type_id=rung["activity_type_id"]
                or self.env["ir.model.data"]._xmlid_to_res_id(
                    "mail.mail_activity_data_todo"
                ),
                date_deadline=fields.Date.context_today(
                    complaint.with_context(tz=user.tz)
                ),
                summary=text,
                user_id=user.id,
            )

    def _whom(self, rung):
        """The person a rung names, or whoever else there is: the team's manager for
        want of a handler, the handler for want of a manager.

        Persons concerned by a complaint are not told: they have no part in it.
        """
        # sudo: customer.complaint - as in _tell
        complaint = self.complaint_id.sudo()
        handler, manager = complaint.user_id, complaint.team_id.manager_id
        candidates = {
            "handler": handler | manager,
            "team_manager": manager | handler,
            "user": self.env["res.users"].browse(rung["user_id"] or [])
            | manager
            | handler,
        }[rung["who"]]
        concerned = complaint.concerned_user_ids
        return candidates.filtered(lambda user: user.active and user not in concerned)[
            :1
        ]

    def _escalation_text(self, rung):
        """What is said on a rung, in the language of the context."""
        self.ensure_one()
        record = self.env["customer.complaint.escalation"].browse(rung["id"]).exists()
        if record.note:
            return record.note
        label = self._kind_label()
        if self.is_breached:
            return self.env._("%(promise)s: overdue", promise=label)
        return self.env._("%(promise)s: due soon", promise=label)

    def _kind_label(self):
        """What is promised, in the language of the context."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels[self.kind]
