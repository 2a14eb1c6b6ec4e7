from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """The tier of the customer on quotations, and what this one does to it."""

    _inherit = "sale.order"

    customer_tier_hint = fields.Char(
        string="Tier",
        compute="_compute_customer_tier_hint",
        groups="customer_retention.group_user",
        help="The tier of the customer, and what this quotation means for it.",
    )

    @api.depends("partner_id", "company_id", "amount_untaxed", "state")
    @api.depends_context("uid", "lang", "company")
    def _compute_customer_tier_hint(self):
        """One line about the customer's tier, in the company of the order."""
        memberships = self.env["customer.tier.membership"]
        for company, orders in self.grouped("company_id").items():
            rows = memberships._by_account(
                orders.partner_id, company or self.env.company
            )
            for order in orders:
                account = order.partner_id.commercial_partner_id._origin
                row = rows.get(account.id)
                order.customer_tier_hint = order._describe_tier(row) if row else False

    def _describe_tier(self, row) -> str:
        """Return the tier and, of a quotation, what it does to the tier."""
        self.ensure_one()
        words = {"tier": row.headline}
        outlook = self._tier_outlook(row)
        if not outlook:
            return row.headline
        return self.env._("%(tier)s — %(outlook)s", outlook=outlook, **words)

    # === ACTION METHODS === #

    def action_open_tier(self):
        """Open the membership of the customer of this order."""
        self.ensure_one()
        memberships = self.env["customer.tier.membership"]
        rows = memberships._by_account(self.partner_id, self.company_id)
        row = rows.get(self.partner_id.commercial_partner_id.id)
        if not row:
            raise UserError(
                self.env._(
                    "%(customer)s is in no ladder: none is for this customer yet.",
                    customer=self.partner_id.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tier"),
            "res_model": row._name,
            "res_id": row.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _tier_outlook(self, membership=None) -> str:
        """Return what this quotation does to the tier, empty when nothing.

        :param membership: of the customer, when it is known already
        """
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return ""
        if membership is None:
            memberships = self.env["customer.tier.membership"]
            account = self.partner_id.commercial_partner_id._origin
            rows = memberships._by_account(self.partner_id, self.company_id)
            membership = rows.get(account.id, memberships)
        return membership._describe_quotation(self) if membership else ""
