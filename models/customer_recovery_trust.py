from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerRecoveryTrust(models.Model):
    """What a person decided about signs of abuse; it ends by itself.

    A customer who is trusted gets remedies without a person, whatever the signs; one
    who is not never does. Neither keeps anybody from complaining.
    """

    _name = "customer.recovery.trust"
    _description = "Decision on Signs of Abuse"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    is_trusted = fields.Boolean(
        string="Trusted", help="Off: a person decides on every remedy."
    )
    reason = fields.Char(required=True)
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=365),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Decided By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        """Record who decided, about the customer as a whole."""
        prepared = []
        for vals in vals_list:
            # sudo: res.partner - the company of a contact one may see decides
            partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
            if not partner:
                raise ValidationError(self.env._("Choose the customer this is about."))
            account = partner.commercial_partner_id
            prepared.append({**vals, "partner_id": account.id, "user_id": self.env.uid})
        return super().create(prepared)

    @api.model
    def _verdicts(self, accounts):
        """Return {(customer, root company): whether trusted} of what counts today."""
        today = fields.Date.context_today(self)
        # sudo: customer.recovery.trust - decides about remedies, whoever plans them
        rows = self.sudo().search(
            [("partner_id", "in", accounts.ids), ("date_until", ">=", today)],
            order="id",
        )
        return {
            (row.partner_id.id, row.company_id._retention_root().id): row.is_trusted
            for row in rows
        }
