from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerProfilingExclusion(models.Model):
    """A customer who must not be profiled, from a day on."""

    _name = "customer.profiling.exclusion"
    _inherit = "customer.decision.mixin"
    _description = "Exclusion from Profiling"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Leave empty to exclude the customer in every company.",
    )
    reason = fields.Char(required=True)
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date(),
        help="First day of the exclusion.",
    )
    date_until = fields.Date(
        string="Until", help="Last day of the exclusion. Empty: no end."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for exclusion in self:
            until = exclusion.date_until
            if until and until < exclusion.date_from:
                raise ValidationError(
                    self.env._(
                        "The exclusion would end before it begins. Choose a later "
                        "last day, or leave it empty."
                    )
                )

    @api.constrains("reason")
    def _check_reason(self):
        if any(not (exclusion.reason or "").strip() for exclusion in self):
            raise ValidationError(
                self.env._("Say why the customer is not profiled: others will read it.")
            )
