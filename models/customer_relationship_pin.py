from odoo import api, fields, models


class CustomerRelationshipPin(models.Model):
    """A person's decision on position or condition; it wins until it ends."""

    _name = "customer.relationship.pin"
    _description = "Pinned Position or Condition"
    _order = "date_from desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        required=True,
        default="position",
    )
    stage_id = fields.Many2one(
        "customer.relationship.stage", string="Position", ondelete="restrict"
    )
    condition_id = fields.Many2one(
        "customer.relationship.condition", string="Condition", ondelete="restrict"
    )
    reason = fields.Char(required=True)
    date_from = fields.Date(
        required=True, default=lambda self: self._default_date_from(),
    )
    date_until = fields.Date(
        string="Until",
        help="Last day of the decision. Empty: until somebody ends it.",
    )
    ended_on = fields.Date(
        readonly=True, help="Day from which the rules decide again."
    )
    ended_by = fields.Many2one("res.users", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Decided By", required=True, readonly=True,
        default=lambda self: self.env.user,
    )

    @api.model
    def _default_company_id(self):
        return self.env.company.root_id

    @api.model
    def _default_date_from(self):
        return self._default_company_id()._retention_today()
