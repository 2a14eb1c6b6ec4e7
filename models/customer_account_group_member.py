from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CustomerAccountGroupMember(models.Model):
    """A customer that counts, in part or in whole, towards the tier of its group.

    In one company a customer is in one group at a time. Where two customers who were
    in two groups are merged, the older membership counts and the group says so.
    """

    _name = "customer.account.group.member"
    _description = "Member of a Group of Customers"
    _order = "group_id, id"
    _rec_name = "partner_id"

    group_id = fields.Many2one(
        "customer.account.group", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="group_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    share = fields.Float(
        string="Counts (%)", default=100.0, help="Part of this customer that counts."
    )
    date_from = fields.Date(string="From", help="Purchases from this day on count.")
    date_until = fields.Date(string="Until", help="Last day that counts.")
    is_lead = fields.Boolean(string="Head", compute="_compute_is_lead")
    in_group_id = fields.Many2one(
        "customer.account.group",
        string="Counts For",
        compute="_compute_in_group_id",
        help="Another group for which this customer counts at the same time.",
    )

    @api.depends("partner_id", "group_id.lead_id")
    def _compute_is_lead(self):
        for member in self:
            member.is_lead = member.partner_id == member.group_id.lead_id

    @api.depends("partner_id", "date_from", "date_until", "group_id")
    def _compute_in_group_id(self):
        for member in self:
            origin = member._origin
            earlier = [one for one in origin._overlapping() if one.id < origin.id]
            member.in_group_id = earlier[0].group_id if earlier else False

    # === CONSTRAINTS === #

    @api.constrains("share")
    def _check_share(self):
        if any(not 0 <= member.share <= 100 for member in self):
            raise ValidationError(
                self.env._("The part of a customer that counts is 0 to 100 %.")
            )

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for member in self:
            if (
                member.date_from
                and member.date_until
                and member.date_until < member.date_from
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s would leave the group before joining it. "
                        "Choose a later last day, or leave it empty.",
                        customer=member.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "group_id", "date_from", "date_until")
    def _check_one_group(self):
        for member in self.filtered("group_id.active"):
            other = member._overlapping()[:1]
            if other:
                raise ValidationError(member._one_group_message(other))

    def _one_group_message(self, other):
        values = {
            "customer": self.partner_id.display_name,
            "group": other.group_id.name,
        }
        if other.group_id == self.group_id:
            return self.env._("%(customer)s is in %(group)s twice.", **values)
        return self.env._(
            "%(customer)s is in the group %(group)s, and a customer counts for one "
            "group at a time. End that membership first, or let this one begin later.",
            **values,
        )

    def _overlapping(self):
        """Memberships of the same customer on days of this one, where both count."""
        if not self.partner_id:
            return self.browse()
        account = self.partner_id.commercial_partner_id
        domain = Domain(
            [
                ("id", "!=", self.id),
                ("partner_id.commercial_partner_id", "=", account.id),
                ("group_id.active", "=", True),
            ]
        )
        if self.date_until:
            domain &= Domain("date_from", "=", False) | Domain(
                "date_from", "<=", self.date_until
            )
        if self.date_from:
            domain &= Domain("date_until", "=", False) | Domain(
                "date_until", ">=", self.date_from
            )
        if self.group_id.company_id:
            companies = (False, self.group_id.company_id.id)
            domain &= Domain("group_id.company_id", "in", companies)
        # sudo: customer.account.group.member - of other companies, too; by name only
        return self.sudo().search(domain)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create([self._with_account(vals) for vals in vals_list])
        members._queue()
        members.group_id._members_changed()
        return members

    def write(self, vals):
        before = self.partner_id | self.group_id.lead_id
        groups = self.group_id
        result = super().write(self._with_account(vals))
        self._queue(before)
        (groups | self.group_id)._members_changed()
        return result

    def unlink(self):
        before = self.partner_id | self.group_id.lead_id
        groups = self.group_id
        result = super().unlink()
        self.browse()._queue(before)
        groups.exists()._members_changed()
        return result

    @api.model
    def _with_account(self, vals):
        """The same values with the account in place of a contact."""
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id or partner.id}

    def _queue(self, more_partners=None):
        """Have these customers evaluated, and who heads their groups."""
        partners = self.partner_id | self.group_id.lead_id
        if more_partners:
            partners |= more_partners
        # sudo: customer.relationship.queue - only ids are written down
        queue = self.env["customer.relationship.queue"].sudo()
        queue._enqueue(partners.ids, "decision")

    # === MERGE === #

    @api.model
    def _take_over_accounts(self, partner):
        """Tidy up after ``partner`` took over others: twice in a group is once."""
        # sudo: customer.account.group.member - whoever merges partners
        members = self.sudo().search([("partner_id", "=", partner.id)], order="id")
        for doubles in members.grouped("group_id").values():
            kept = max(doubles, key=lambda one: one.date_until or date.max)
            (doubles - kept).unlink()
        members.exists()._queue(partner)

    # === GARBAGE COLLECTION === #

    @api.autovacuum
    def _gc_members_without_customer(self):
        """Forget members who have been deleted."""
        self.search([("partner_id", "=", False)]).unlink()
