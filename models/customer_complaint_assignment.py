from __future__ import annotations

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# With more than these at once, there is one message instead of one for each.
MANY = 5


class CustomerComplaint(models.Model):
    """Who handles a complaint: found by the team's own way, people on leave skipped."""

    _inherit = "customer.complaint"

    @api.constrains("user_id")
    def _check_user_id(self):
        """Whoever a complaint is about does not handle it; the message keeps quiet."""
        for complaint in self:
            if complaint.user_id and not complaint._can_handle(complaint.user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot handle complaint %(number)s. Choose somebody "
                        "else.",
                        # sudo: res.users - the name in an error
                        user=complaint.user_id.sudo().name,
                        number=complaint.name,
                    )
                )

    def _assign(self):
        """Find a handler for those without one.

        Where the way of the team leads to nobody, the member with least to do gets
        it; a team without members leaves it open to all.
        """
        # sudo: customer.complaint - assigned by rules, for customers, too
        open_ones = self.sudo().filtered(
            lambda one: (
                not one.user_id and one.team_id.assignment not in (False, "manual")
            )
        )
        if not open_ones:
            return
        people = open_ones._gather_people()
        load = open_ones._gather_load(people)
        handlers = {}
        for complaint in open_ones.sorted("id"):
            user = complaint._choose_handler(people, load)
            if user:
                handlers[complaint] = {"user_id": user.id}
                load[user] += 1
        open_ones._give(handlers)

    def _give(self, handlers):
        """Write the handlers; whoever gets many at once is told in one message.

        :param handlers: {complaint: values to write}
        """
        if len(handlers) <= MANY:
            self._write_each(handlers)
            return
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        quiet._write_each(handlers)
        for user, complaints in self.grouped("user_id").items():
            if user and user != self.env.user:
                complaints._tell_handler(user)

    def _tell_handler(self, user):
        """Say in one message what has been given to somebody."""
        env = self.with_context(lang=user.lang).env
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("%(count)s complaints are yours", count=len(self)),
            body=", ".join(self.mapped("name")),
        )

    def _choose_handler(self, present, load):
        """Return whom the way of the team leads to.

        :param present: users who are at work
        :param load: {user: number of open complaints}
        """
        self.ensure_one()
        candidates = (self._named_handler() & present)._able(self)
        candidates = candidates or (self.team_id.member_ids & present)._able(self)
        return min(candidates, key=lambda user: (load[user], user.id), default=None)

    def _named_handler(self):
        """Return who is named for this customer or this category; maybe nobody."""
        self.ensure_one()
        if self.team_id.assignment == "salesperson":
            return self.partner_id.user_id or self.account_id.user_id
        elif self.team_id.assignment == "category":
            category = self.category_id
            while category and not category.user_id:
                category = category.parent_id
            return category.user_id
        return self.env["res.users"]

    def _gather_people(self):
        """Return all who may be meant and are at work now."""
        people = self.team_id.member_ids
        for complaint in self:
            people |= complaint._named_handler()
        return people._at_work(fields.Datetime.now())

    @api.model
    def _gather_load(self, people):
        """Return {user: number of complaints that wait for something from us}."""
        counts = self._read_group(
            [("user_id", "in", people.ids), ("status", "=", "open")],
            groupby=["user_id"],
            aggregates=["__count"],
        )
        return Counter(dict(counts))
