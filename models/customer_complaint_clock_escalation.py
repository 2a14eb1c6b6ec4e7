from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models

# With more complaints than this for one person in one run there is one activity.
ONE_BY_ONE = 10
# Complaints that it names.
LISTED = 20


class Told:
    """Who has been told of what in one run of the job, over its transactions."""

    def __init__(self):
        self.complaint_ids = defaultdict(set)
        self.summary_ids = {}


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

        Of several rungs reached at once the highest counts; the log of events has
        them all. What was over before the clock was recorded, as with imported
        complaints, is nobody's news. Somebody with very many gets one activity.

        :param news: ``{(clock id, kind, level)}`` as from :meth:`_apply`
        """
        levels = defaultdict(int)
        for clock_id, kind, level in news:
            if kind == "escalated":
                levels[clock_id] = max(levels[clock_id], level)
        live = self.filtered(lambda clock: levels[clock.id] and not clock._is_history())
        rungs = {}
        told = defaultdict(self.browse)
        for clock in live:
            ladder = {rung.level: definition for rung, definition in clock._ladder()}
            rungs[clock] = ladder[levels[clock.id]]
            user = clock._whom(rungs[clock])
            told[user] |= clock
        for user, clocks in told.items():
            clocks._note_all(user, rungs)
            if user:
                clocks._tell_all(user, rungs)

    def _tell_all(self, user, rungs):
        """Make the activities of one person: one for each clock, or one for them all.

        :param rungs: ``{clock: definition of its rung}``
        """
        run = self.env.context.get("customer_retention_clock_run") or Told()
        known = run.complaint_ids[user.id]
        known.update(self.complaint_id.ids)
        if len(known) > ONE_BY_ONE:
            self._sum_up(user, run)
            return
        for clock in self:
            clock._tell(user, rungs[clock])

    def _note_all(self, user, rungs):
        """Leave a note in each thread; many are written together."""
        clocks = self.with_context(lang=(user or self.env.user).lang)
        lines = defaultdict(list)
        for clock in clocks:
            lines[clock.complaint_id.id].append(clock._escalation_text(rungs[clock]))
        # sudo: customer.complaint - the ladder is climbed by the job
        complaints = clocks.env["customer.complaint"].sudo().browse(lines)
        complaints._message_log_batch(
            {one.id: Markup("<br/>").join(lines[one.id]) for one in complaints}
        )

    def _tell(self, user, rung):
        """Make an activity for whoever the rung names."""
        self.ensure_one()
        clock = self.with_context(lang=user.lang)
        # sudo: customer.complaint - as in _note_all
        clock.complaint_id.sudo().activity_schedule(
            activity_type_id=rung["activity_type_id"] or self._todo_type_id(),
            date_deadline=self._today_of(user),
            summary=clock._escalation_text(rung),
            user_id=user.id,
        )

    def _sum_up(self, user, run):
        """Make one activity about many complaints, on the one that is due first."""
        clocks = self.with_context(lang=user.lang)
        # sudo: mail.activity - as in _note_all
        activities = clocks.env["mail.activity"].sudo()
        summary = activities.browse(run.summary_ids.get(user.id, ())).exists()
        # sudo: customer.complaint - as in _note_all
        complaints = clocks.env["customer.complaint"].sudo()
        complaints = complaints.browse(sorted(run.complaint_ids[user.id])).exists()
        complaints = complaints.sorted(
            lambda one: (one.next_deadline or fields.Datetime.now(), one.id)
        )
        values = {
            "summary": clocks.env._(
                "%(count)s complaints are late or will be soon", count=len(complaints)
            ),
            "note": complaints._named_in_list(LISTED),
        }
        if summary:
            summary.write(values)
            return
        run.summary_ids[user.id] = (
            complaints[:1]
            .activity_schedule(
                activity_type_id=self._todo_type_id(),
                date_deadline=self._today_of(user),
                user_id=user.id,
                **values,
            )
            .id
        )

    def _todo_type_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_todo"
        )

    def _today_of(self, user):
        return fields.Date.context_today(self.with_context(tz=user.tz))

    def _whom(self, rung):
        """The person a rung names, or whoever else there is: the team's manager for
        want of a handler, the handler for want of a manager.

        Persons concerned by a complaint are not told: they have no part in it.
        """
        # sudo: customer.complaint - as in _note_all
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


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    def _named_in_list(self, most):
        """Return a list of links to these complaints, the first ones of them."""
        items = Markup().join(
            Markup("<li>%s %s</li>") % (one._get_html_link(title=one.name), one.subject)
            for one in self[:most]
        )
        rest = len(self) - most
        if rest > 0:
            items += Markup("<li>%s</li>") % self.env._(
                "and %(count)s more", count=rest
            )
        return Markup("<ul>%s</ul>") % items
