from odoo import api, fields, models

ANSWERS = [("unknown", "Unknown"), ("yes", "Yes"), ("no", "No")]


class CustomerFit(models.Model):
    """A person's dated judgement whether a customer suits us and we suit them."""

    _name = "customer.fit"
    _description = "Fit of a Customer"
    _order = "date desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    user_id = fields.Many2one(
        "res.users", string="Assessed By", required=True, readonly=True,
        default=lambda self: self.env.user,
    )
    need = fields.Selection(
        ANSWERS, string="Has the Need", default="unknown", required=True
    )
    can_pay = fields.Selection(ANSWERS, default="unknown", required=True)
    reachable = fields.Selection(ANSWERS, default="unknown", required=True)
    right_to_buy = fields.Selection(
        ANSWERS, string="Has the Right to Buy", default="unknown", required=True
    )
    core_value = fields.Selection(
        ANSWERS, string="Fits Our Core Value", default="unknown", required=True
    )
    recommends = fields.Selection(
        ANSWERS, string="Recommends Us", default="unknown", required=True
    )
    note = fields.Text()

    @api.model
    def _default_company_id(self):
        return self.env.company.root_id

    @api.model
    def _default_date(self):
        return self._default_company_id()._retention_today()
