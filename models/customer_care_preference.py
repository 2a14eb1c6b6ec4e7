from odoo import api, fields, models

from .customer_contact_log import CHANNELS


class CustomerCarePreference(models.Model):
    """How a contact likes to hear from a company, and to be addressed.

    The latest one of a contact and company counts. It is no column of the contact:
    companies may be told different things, and only who looks after a customer reads
    them.
    """

    _name = "customer.care.preference"
    _inherit = "customer.decision.mixin"
    _description = "How a Contact Likes to Be Treated"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    channel = fields.Selection(CHANNELS, string="Prefers")
    address = fields.Char(string="Address As")
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )

    @api.model
    def _with_accounts(self, vals_list):
        """A person is addressed, not the company the person works for."""
        settled = super()._with_accounts(vals_list)
        return [
            {**vals, "partner_id": given["partner_id"]}
            for given, vals in zip(vals_list, settled, strict=True)
        ]

    def _decide(self, more_partners=None):
        """No fact and no rule depends on how somebody is addressed."""

    @api.model
    def _get_amendable_fields(self):
        return {"channel", "address"}

    @api.model
    def _amendment_message(self):
        return self.env._("Record what another contact prefers as a new one.")

    @api.model
    def _of_partners(self, partners, company):
        """Return ``{partner id: preference}`` of what counts in a company."""
        found = self.search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)],
            order="id",
        )
        return {one.partner_id.id: one for one in found}
