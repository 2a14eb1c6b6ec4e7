from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [
    ("apology", "Apology"),
    ("explanation", "Explanation"),
    ("refund", "Refund"),
    ("discount", "Discount on the Next Order"),
    ("goodwill", "Goodwill Amount"),
    ("replacement", "Replacement"),
    ("call", "Call Back"),
    ("visit", "Visit"),
    ("other", "Other"),
]


class CustomerRecoveryType(models.Model):
    """Something we do to put things right; its kind says how it becomes real."""

    _name = "customer.recovery.type"
    _description = "Type of Recovery Action"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="other",
        help="A refund makes a credit note, a replacement an order free of charge, and "
        "so on. Other kinds are done when somebody says so.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    remedy_ids = fields.Many2many(
        "customer.complaint.remedy",
        string="Answers the Wish",
        help="What complainers want that this gives them.",
    )
    days = fields.Integer(
        string="Days to Carry Out",
        default=3,
        help="Due so many days after it was planned.",
    )
    default_cost = fields.Float(
        string="Usual Cost",
        digits="Account",
        help="What one of them costs us, in company currency, where no document says.",
    )
    needs_acceptance = fields.Boolean(
        string="Only if the Customer Accepts",
        help="It is carried out after the customer said yes.",
    )
    guidance = fields.Text(
        translate=True, help="What the handler should know before choosing it."
    )

    # === CRUD === #

    def write(self, vals):
        if "kind" in vals:
            self._check_kind(vals["kind"])
        return super().write(vals)

    def _check_kind(self, kind):
        """Keep the kind of a type in use: what was approved would become another."""
        changed = self.filtered(lambda action_type: action_type.kind != kind)
        # sudo: customer.recovery.action - whether there is any, whoever may see it
        actions = self.env["customer.recovery.action"].sudo()
        if changed and actions.search_count([("type_id", "in", changed.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This type has been used: its kind stays as it is. Archive it and "
                    "create a new one instead."
                )
            )
