from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Only code of this module can put this object into a context: members that are saved
# with their group are looked at when all of them are there.
SAVING = object()


class CustomerAccountGroup(models.Model):
    """Companies of one group, or people of one household, that qualify together.

    The head holds the membership; what the members buy counts for it, in whole or in
    part, and every member enjoys its tier.
    """

    _name = "customer.account.group"
    _description = "Group of Customers"
    _order = "name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [("companies", "Group of companies"), ("household", "Household")],
        required=True,
        default="companies",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: in every company.",
    )
    lead_id = fields.Many2one(
        "res.partner",
        string="Head",
        index=True,
        ondelete="set null",
        help="Holds the membership; every member enjoys the tier.",
    )
    member_ids = fields.One2many(
        "customer.account.group.member", "group_id", string="Members", copy=True
    )
    member_count = fields.Integer(string="Members Now", compute="_compute_member_count")
    warning = fields.Char(compute="_compute_warning")

    @api.depends("member_ids")
    def _compute_member_count(self):
        for group in self:
            group.member_count = len(group.member_ids.partner_id)

    @api.depends("active", "lead_id", "member_ids.partner_id", "member_ids.in_group_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        """What merges and deletions of customers have left to a person."""
        for group in self:
            group.warning = group.active and group._origin._warning()

    def _warning(self):
        if not self:
            return False
        if not self.lead_id:
            return self.env._(
                "Nobody holds the membership: choose a head. Until then the members "
                "qualify each for themselves."
            )
        doubtful = self.member_ids.filtered("in_group_id")[:1]
        if doubtful:
            return self.env._(
                "%(customer)s counts for %(group)s at the same time, and only there. "
                "End one of the two.",
                customer=doubtful.partner_id.display_name,
                group=doubtful.in_group_id.display_name,
            )
        return False

    # === CONSTRAINTS === #

    @api.constrains("lead_id", "member_ids")
    def _check_lead(self):
        """A head is one of its members, also after members changed by themselves."""
        for group in self:
            if not group.lead_id:
                continue
            accounts = group.member_ids.partner_id.commercial_partner_id
            if group.lead_id.commercial_partner_id not in accounts:
                raise ValidationError(
                    self.env._(
                        "%(customer)s heads %(group)s and has to be one of its "
                        "members. Add %(customer)s, or choose another head.",
                        customer=group.lead_id.display_name,
                        group=group.name,
                    )
                )

    @api.constrains("active", "company_id")
    def _check_members(self):
        self.filtered("active").member_ids._check_one_group()

    def _members_changed(self):
        """Members were saved by themselves and not with their group."""
        if self.env.context.get("customer_retention_group") is not SAVING:
            self._check_lead()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_account(vals) for vals in vals_list]
        groups = super(CustomerAccountGroup, self._saving()).create(vals_list)
        groups._queue()
        return groups.with_env(self.env)

    def write(self, vals):
        before = self._accounts_concerned()
        result = super(CustomerAccountGroup, self._saving()).write(
            self._with_account(vals)
        )
        self._queue(before)
        return result

    def _saving(self):
        return self.with_context(customer_retention_group=SAVING)

    def unlink(self):
        before = self._accounts_concerned()
        result = super().unlink()
        self.browse()._queue(before)
        return result

    @api.model
    def _with_account(self, vals):
        """The same values with the account of the head in place of a contact."""
        if not vals.get("lead_id"):
            return vals
        lead = self.env["res.partner"].browse(vals["lead_id"])
        return {**vals, "lead_id": lead.commercial_partner_id.id or lead.id}

    # === EVALUATION === #

    def _accounts_concerned(self):
        """Everybody whose tier depends on these groups."""
        return self.lead_id | self.member_ids.partner_id

    def _queue(self, more_partners=None):
        """Have members evaluated, those who left included.

        :param more_partners: who belonged to the groups before
        """
        partners = self._accounts_concerned()
        if more_partners:
            partners |= more_partners
        # sudo: customer.relationship.queue - only ids are written down
        queue = self.env["customer.relationship.queue"].sudo()
        queue._enqueue(partners.ids, "decision")
