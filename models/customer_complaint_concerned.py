from odoo import fields, models
from odoo.fields import Command

# What decides from whom a complaint is hidden.
HIDING = {"concerned_user_ids", "is_kept_from_salesperson"}
KEEPING = {"partner_id", "order_id"}


class CustomerComplaint(models.Model):
    """Out of the hands and the sight of those who must not know of it.

    These are the persons a complaint is about, whatever their groups, and the
    salespeople of the customer, of the contact and of the order where the customer
    wants it kept from them. Record rules hide it; here it is taken away, and nothing is
    sent to them.
    """

    _inherit = "customer.complaint"

    concerned_user_ids = fields.Many2many(
        "res.users",
        "customer_complaint_concerned_rel",
        string="Persons Concerned",
        groups="customer_retention.group_complaint_manager",
        copy=False,
        help="Employees the complaint is about: they neither handle it nor approve "
        "anything in it, and only team managers see this.",
    )
    is_kept_from_salesperson = fields.Boolean(
        string="Keep from My Salesperson",
        help="The customer does not want the salesperson to read this.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not HIDING.isdisjoint(vals):
            self._part_from_concerned()
            self._assign()
        elif not KEEPING.isdisjoint(vals):
            kept = self.filtered("is_kept_from_salesperson")
            kept._part_from_concerned()
        return result

    def copy(self, default=None):
        """A copy is hidden from the same people."""
        self.check_access("read")
        self.check_access("create")
        self._check_unguarded(default or {})
        # sudo: customer.complaint - from whom it is hidden is known to managers only
        hidden = self.sudo()
        copies = [
            super(CustomerComplaint, one).copy(
                {**one._prepare_hiding_values(), **(default or {})}
            )
            for one in hidden
        ]
        return self.browse().union(*(one.with_env(self.env) for one in copies))

    def _prepare_hiding_values(self):
        """Values that hide what is made of this complaint from the same people."""
        # sudo: customer.complaint - from whom it is hidden is known to managers only
        complaint = self.sudo()
        return {
            "concerned_user_ids": [Command.set(complaint.concerned_user_ids.ids)],
            "is_kept_from_salesperson": complaint.is_kept_from_salesperson,
        }

    def _hidden_users(self):
        """Return the users from whom a complaint is hidden; sudo records."""
        self.ensure_one()
        # sudo: customer.complaint - who they are is known to managers only
        complaint = self.sudo()
        hidden = complaint.concerned_user_ids
        if complaint.is_kept_from_salesperson:
            hidden |= complaint._salespeople().filtered(
                lambda user: (
                    not user.has_group("customer_retention.group_complaint_manager")
                )
            )
        return hidden

    def _salespeople(self):
        """Return all who sell to the customer: of the account, contact and order."""
        partner, order = self.partner_id, self.order_id
        return self.salesperson_id | partner.user_id | order.user_id

    def _can_handle(self, user) -> bool:
        """Say whether a user may handle it and decide in it."""
        return user not in self._hidden_users()

    def _part_from_concerned(self):
        """Take complaints away from those from whom they are hidden."""
        # sudo: customer.complaint - the person who names them may not see all of it
        for complaint in self.sudo():
            hidden = complaint._hidden_users()
            if not hidden:
                continue
            if complaint.user_id in hidden:
                complaint.user_id = False
            complaint.message_unsubscribe(hidden.partner_id.ids)
            complaint.activity_ids.filtered(
                lambda activity, hidden=hidden: activity.user_id in hidden
            ).unlink()

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Whoever must not know of a complaint does not follow it."""
        hidden = {one: one._hidden_users().partner_id for one in self}
        if not any(hidden.values()) or not partner_ids:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        for complaint in self:
            super(CustomerComplaint, complaint)._message_subscribe(
                [one for one in partner_ids if one not in hidden[complaint].ids],
                subtype_ids,
                customer_ids,
            )
        return True

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Not even somebody who is mentioned by mistake is sent anything."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self:
            return recipients
        hidden = self._hidden_users().partner_id.ids
        return [one for one in recipients if one["id"] not in hidden]
