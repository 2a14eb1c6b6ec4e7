from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

from ..logic import incoming

# Days in which an automatic mail belongs to the latest complaint of its sender.
AUTOMATIC_DAYS = 14


class CustomerComplaint(models.Model):
    """Whose words a mail brings: a customer's, a colleague's, a machine's."""

    _inherit = "customer.complaint"

    customer_name = fields.Char(
        string="Complainant",
        compute="_compute_customer_name",
        groups="base.group_user",
        help="The customer, or whoever complained if that is not known.",
    )

    @api.depends("account_id", "partner_name", "email_from")
    def _compute_customer_name(self):
        for complaint in self:
            complaint.customer_name = (
                complaint.account_id.display_name
                or complaint.partner_name
                or complaint.email_from
            )

    @api.model
    def _mail_sender(self, msg_dict):
        """Return whose complaint a mail is: what a colleague forwards is another's."""
        sender = msg_dict.get("email_from") or ""
        if self._is_written_by_colleague(msg_dict.get("author_id")):
            text = html2plaintext(msg_dict.get("body") or "")
            return incoming.forwarded_sender(text) or sender
        return sender

    @api.model
    def _is_written_by_colleague(self, author_id) -> bool:
        # sudo: res.partner - who a colleague is does not depend on who asks
        author = self.env["res.partner"].sudo().browse(author_id or False)
        try:
            return bool(author) and not author.partner_share
        except MissingError:
            return False

    @api.model
    def _find_customer(self, email, company):
        """Return the person who writes from ``email``, as this company knows them.

        When several contacts share an address, one who has an account of the portal
        comes first, then one who has bought, then the oldest. Another company's
        contacts are nobody here. The contact is returned as superuser.
        """
        normalized = email_normalize(email)
        Partner = self.env["res.partner"]
        if not normalized:
            return Partner
        # sudo: res.partner - public pages and aliases find the customer for us
        partners = Partner.sudo().search(
            [
                ("email_normalized", "=", normalized),
                ("company_id", "in", [False, company.id]),
            ],
            order="id",
            limit=50,
        )
        if len(partners) > 1:
            bought = self._accounts_that_bought(partners.commercial_partner_id, company)
            partners = partners.sorted(
                lambda partner: (
                    not partner.user_ids,
                    partner.commercial_partner_id.id not in bought,
                    partner.company_id != company,
                )
            )
        return partners[:1]

    @api.model
    def _accounts_that_bought(self, accounts, company) -> set[int]:
        """Return the ids of those among accounts that have bought something."""
        orders = (
            self.env["sale.order"]
            # sudo: sale.order - that somebody has bought, not what
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "child_of", accounts.ids),
                    ("company_id", "=", company.id),
                    ("state", "=", "sale"),
                ],
                ["partner_id"],
                limit=1000,
            )
        )
        return set(orders.partner_id.commercial_partner_id.ids)

    @api.model
    def _latest_of_sender(self, msg_dict, company):
        """Return the latest complaint that an automatic message can belong to."""
        normalized = email_normalize(msg_dict.get("email_from") or "")
        if not normalized:
            return self.browse()
        since = fields.Datetime.now() - timedelta(days=AUTOMATIC_DAYS)
        return self.search(
            Domain("email_normalized", "=", normalized)
            & Domain("company_id", "=", company.id)
            & Domain("merged_into_id", "=", False)
            & Domain("received_at", ">=", since),
            order="id desc",
            limit=1,
        )
