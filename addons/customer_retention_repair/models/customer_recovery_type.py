from odoo import fields, models


class CustomerRecoveryType(models.Model):
    _inherit = "customer.recovery.type"

    kind = fields.Selection(
        selection_add=[("repair", "Repair"), ("call",)],
        ondelete={"repair": "set other"},
    )
    repair_user_id = fields.Many2one(
        "res.users",
        string="Repairs Go To",
        domain=lambda self: self._domain_repair_user_id(),
        help="Gets a to-do for each repair. Empty: whoever takes it.",
    )

    def _domain_repair_user_id(self):
        return [("all_group_ids", "in", self.env.ref("stock.group_stock_user").ids)]

    def _repairer(self, company):
        """Return who gets the repairs of a company; nobody who may not open them."""
        # sudo: res.users - the choice of an administrator, whoever plans the repair
        user = self.sudo().repair_user_id
        is_able = user.active and user.has_group("stock.group_stock_user")
        return user if is_able and company in user.company_ids else user.browse()
