from odoo import api, fields, models

from ..logic.regular import next_update
from .customer_complaint_promise_book import PromiseBook

UPDATE_UNITS = [("hours", "Working Hours"), ("days", "Working Days")]


class CustomerComplaint(models.Model):
    """A promise that repeats: each answer promises the next one, until the decision."""

    _inherit = "customer.complaint"

    update_every = fields.Integer(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="0: updates are promised one by one.",
    )
    update_unit = fields.Selection(
        UPDATE_UNITS, readonly=True, copy=False, groups="base.group_user"
    )
    update_text = fields.Char(
        string="Regular Updates",
        compute="_compute_update_text",
        groups="base.group_user",
    )

    @api.depends("update_every", "update_unit")
    @api.depends_context("lang")
    def _compute_update_text(self):
        for complaint in self:
            number = complaint.update_every
            texts = {
                "hours": self.env._("Every %s working hours, until the decision"),
                "days": self.env._("Every %s working days, until the decision"),
            }
            text = texts.get(complaint.update_unit) if number else False
            complaint.update_text = text and text % number

    # === BUSINESS === #

    def _record_event(self, event, at=None, **details):
        """Promise the next update after each one; the decision ends it.

        :param details: ``every`` of a promise: number and unit of its repetition, as
            in :mod:`logic.regular`; a promise without it happens once
        """
        every = details.pop("every", None)
        at = at or fields.Datetime.now()
        news = super()._record_event(event, at, **details)
        if event == "promised":
            number, unit = every or (0, False)
            news.write({"update_every": number, "update_unit": unit})
        elif event == "updated":
            news._promise_next_update(at)
        elif event in ("decided", "refused", "resolved", "closed"):
            news._end_updates(at)
        return news

    def _promise_next_update(self, at):
        """Promise again what is promised regularly, from the last word on."""
        regular = self.filtered(
            lambda one: (
                one.update_every
                and not one.decided_at
                and one.status in ("open", "waiting")
            )
        )
        for (every, until), complaints in regular._next_updates(at).items():
            complaints._record_event("promised", at, until=until, every=every)

    def _next_updates(self, at):
        """Return {((number, unit), moment): complaints} of the updates after ``at``."""
        moments = {}
        book = PromiseBook(self) if self else None
        for complaint in self:
            every = complaint.update_every, complaint.update_unit
            until = next_update(at, *every, book.time(complaint, at))
            moments.setdefault((every, until), []).append(complaint.id)
        return {key: self.browse(ids) for key, ids in moments.items()}

    def _end_updates(self, at):
        """The decision is the last update: it was told, or there is nothing to tell."""
        regular = self.filtered("update_every")
        regular.write({"update_every": 0, "update_unit": False})
        regular._record_event("updated", at)
