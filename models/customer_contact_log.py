from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic.today import FRUITLESS, LONGEST_REST, rest_days
from .customer_account import AccountScope
from .customer_decision_mixin import IMMEDIATE_LIMIT

CHANNELS = [
    ("call", "Call"),
    ("visit", "Visit"),
    ("online", "Online Meeting"),
    ("email", "Email"),
    ("chat", "Company Messenger"),
    ("private", "Private Messenger of an Employee"),
    ("letter", "Letter"),
]
# Nobody answers at once: what is done is a message left.
WRITTEN = ("email", "chat", "letter")
DIRECTIONS = [("out", "We Them"), ("in", "They Us")]
PURPOSES = [
    ("retention", "Keep the Customer"),
    ("care", "Care"),
    ("sale", "Offer or Order"),
    ("complaint", "Complaint"),
    ("payment", "Payment"),
    ("introduction", "Introduction"),
    ("other", "Other"),
]
RESULTS = [
    ("reached", "Reached"),
    ("promised", "Will Buy Again"),
    ("unhappy", "Not Happy"),
    ("message", "Left a Message"),
    ("unreached", "Not Reached"),
    ("refused", "Wants No Contact"),
]


class CustomerContactLog(models.Model):
    """Who was in touch with a customer: a fact that stays as it was recorded.

    Done activities are recorded by themselves, calls from the list of the day with one
    click. Only the note is completed afterwards; the author withdraws a mistake on the
    day it was made.
    """

    _name = "customer.contact.log"
    _inherit = "customer.decision.mixin"
    _description = "Contact with a Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Spoken With",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    channel = fields.Selection(CHANNELS, required=True, default="call")
    direction = fields.Selection(
        DIRECTIONS, string="Who Contacted Whom", required=True, default="out"
    )
    purpose = fields.Selection(PURPOSES, required=True, default="other")
    result = fields.Selection(RESULTS, required=True, default="reached")
    note = fields.Text()
    due_on = fields.Date(
        string="Was Due On",
        readonly=True,
        help="Deadline of the activity that was done by this contact.",
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", store=True)
    rest_until = fields.Date(
        string="Back on the List On",
        help="Until then the customer is not on the list of the day. Empty: as is "
        "usual after such a result.",
    )
    may_withdraw = fields.Boolean(compute="_compute_may_withdraw", exportable=False)

    _account_idx = models.Index("(partner_id, company_id, date DESC, id DESC)")
    _work_idx = models.Index("(company_id, date, user_id)")

    @api.depends("date", "due_on")
    def _compute_is_late(self):
        for contact in self:
            contact.is_late = bool(contact.due_on and contact.date > contact.due_on)

    @api.depends("user_id", "date", "company_id")
    @api.depends_context("uid")
    def _compute_may_withdraw(self):
        for contact in self:
            contact.may_withdraw = contact._may_withdraw()

    @api.constrains("date", "rest_until")
    def _check_rest_until(self):
        if any(one.rest_until and one.rest_until < one.date for one in self):
            raise ValidationError(
                self.env._("A customer is back on the list after the contact.")
            )
        if any(
            one.rest_until and (one.rest_until - one.date).days > LONGEST_REST
            for one in self
        ):
            raise ValidationError(
                self.env._("A customer is back on the list within a year.")
            )

    @api.constrains("date", "company_id")
    def _check_date(self):
        for contact in self:
            if contact.date > contact.company_id._retention_today():
                raise ValidationError(
                    self.env._(
                        "A contact of the future cannot be recorded. Plan an activity "
                        "instead."
                    )
                )

    # === CRUD === #

    @api.model
    def _prepare_decision(self, vals):
        """Nobody but the activity itself says when it was due."""
        vals = super()._prepare_decision(vals)
        return vals if self.env.su else {**vals, "due_on": False}

    @api.model
    def _with_accounts(self, vals_list):
        """Whoever was named in place of the account was spoken with."""
        settled = super()._with_accounts(vals_list)
        for given, vals in zip(vals_list, settled, strict=True):
            if given["partner_id"] != vals["partner_id"]:
                vals.setdefault("contact_id", given["partner_id"])
        return settled

    def _settle(self):
        """Let the customers rest for a time that depends on the result."""
        for contact in self:
            if not contact.rest_until:
                usual = contact.company_id.churn_rest_days
                rest = timedelta(days=rest_days(contact.result, usual))
                contact._amend({"rest_until": contact.date + rest})

    def _decide(self, more_partners=None):
        """What a person records shows at once; done activities wait for the queue, as
        messages do.
        """
        partners = self.partner_id | (more_partners or self.partner_id)
        self.env["customer.relationship.queue"]._enqueue(partners.ids, "contact")
        if not self.env.su and len(partners) <= IMMEDIATE_LIMIT:
            self.env["customer.relationship"]._look_at_contacts(partners.ids)

    @api.model
    def _get_amendable_fields(self):
        return {"note"}

    @api.model
    def _amendment_message(self):
        return self.env._(
            "A contact stays as it was recorded, except for its note. Withdraw it on "
            "the same day, or record another one."
        )

    # === ACTIONS === #

    def action_withdraw(self):
        """Take back what one recorded by mistake today."""
        self.check_access("read")
        for contact in self:
            if not contact._may_withdraw():
                raise UserError(
                    self.env._(
                        "A contact is withdrawn by its author, on the day it was "
                        "recorded."
                    )
                )
        partners = self.partner_id
        # sudo: customer.contact.log - the author's own mistake of today, checked above
        self.sudo().unlink()
        self.browse()._decide(partners)
        return self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_contact_log_action"
        )

    # === BUSINESS === #

    def _may_end_rest(self) -> bool:
        """Whether the user may bring the customer back before the rest is over."""
        self.ensure_one()
        return self.user_id == self.env.user or self.env.user.has_group(
            "customer_retention.group_manager"
        )

    def _end_rest(self):
        """Have the customers back on the list; that somebody was in touch stays.

        :raise UserError: somebody else was in touch
        """
        for contact in self:
            if contact._may_withdraw():
                contact.action_withdraw()
                continue
            if not contact._may_end_rest():
                raise UserError(
                    self.env._(
                        "Only %(author)s or a manager brings the customer back.",
                        author=contact.user_id.name,
                    )
                )
            # sudo: customer.contact.log - the author's own, or a manager's to decide
            contact.sudo()._amend({"rest_until": contact.date})

    def _may_withdraw(self) -> bool:
        """Whether the user may take it back: one's own, of today."""
        self.ensure_one()
        today = self.company_id._retention_today()
        return self.user_id == self.env.user and self.date == today

    @api.model
    def _last_contacts(self, company, account_ids):
        """Return ``{account id: latest contact}`` of a company, tries left out."""
        if not account_ids:
            return {}
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (member.account_id) member.account_id, log.id
                  FROM %s member
                  JOIN customer_contact_log log ON log.partner_id = member.partner_id
                 WHERE log.company_id = %s AND log.result != %s
              ORDER BY member.account_id, log.date DESC, log.id DESC
                """,
                self.env["customer.account"]._mapping_sql(AccountScope.of(account_ids)),
                company.id,
                FRUITLESS,
            )
        )
        contacts = self.browse(one for _account, one in found)
        readable = set(contacts._filtered_access("read").ids)
        return {
            account_id: self.browse(one) for account_id, one in found if one in readable
        }

    def _describe(self) -> str:
        """Return when, by whom and how, in words."""
        self.ensure_one()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        days = (self.company_id._retention_today() - self.date).days
        values = {"who": self.user_id.name, "how": channels[self.channel], "days": days}
        if days <= 0:
            return self.env._("today by %(who)s (%(how)s)", **values)
        if days == 1:
            return self.env._("yesterday by %(who)s (%(how)s)", **values)
        return self.env._("%(days)s days ago by %(who)s (%(how)s)", **values)

    def _describe_rest(self) -> str:
        """Return what keeps the customer off the list, in words."""
        channels = dict(self._fields["channel"]._description_selection(self.env))
        results = dict(self._fields["result"]._description_selection(self.env))
        values = {
            "how": channels[self.channel],
            "who": self.user_id.name,
            "result": results[self.result],
        }
        if self.date == self.company_id._retention_today():
            return self.env._("%(how)s today by %(who)s: %(result)s", **values)
        return self.env._(
            "%(how)s on %(day)s by %(who)s: %(result)s",
            day=format_date(self.env, self.date),
            **values,
        )
