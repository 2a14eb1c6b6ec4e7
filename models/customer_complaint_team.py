from odoo import fields, models


class CustomerComplaintTeam(models.Model):
    """The people who handle complaints, how they share them, and their hours."""

    _name = "customer.complaint.team"
    _description = "Complaint Team"
    _inherit = ["mail.alias.mixin", "rating.parent.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    manager_id = fields.Many2one("res.users", string="Team Manager")
    member_ids = fields.Many2many("res.users", string="Members")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        help="Empty: the company's. None there: around the clock.",
    )
    assignment = fields.Selection(
        [
            ("manual", "By hand"),
            ("balanced", "To whom has least open"),
            ("salesperson", "To the customer's account manager"),
            ("category", "By category"),
        ],
        required=True,
        default="manual",
    )

    def _default_company_id(self):
        return self.env.company
