from odoo import fields, models


class CustomerProfilingExclusion(models.Model):
    """A customer who must not be profiled, from a day on."""

    _name = "customer.profiling.exclusion"
    _description = "Exclusion from Profiling"
    _order = "date_from desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", index=True, domain=[("parent_id", "=", False)],
        help="Leave empty to exclude the customer in every company.",
    )
    reason = fields.Char(required=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_until = fields.Date(help="Last day of the exclusion. Empty: no end.")
    user_id = fields.Many2one(
        "res.users", string="Recorded By", required=True, readonly=True,
        default=lambda self: self.env.user,
    )
