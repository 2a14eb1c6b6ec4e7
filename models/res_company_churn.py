from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.today import LONGEST_REST, USUAL_REST
from .bounds import check_bounds
from .res_company import SETTINGS

# What decides on bands and classes: after a change everybody is ranked anew.
RANKS_BY = frozenset(("churn_capacity", "churn_key_share", "churn_small_share"))

BOUNDS = {
    "churn_capacity": (0, 100_000),
    "churn_horizon_days": (0, 3650),
    "churn_rest_days": (1, LONGEST_REST),
    "churn_care_capacity": (0, 100_000),
    "churn_rotation_years": (0, 100),
}


class ResCompany(models.Model):
    """How a company watches customers who may leave."""

    _inherit = "res.company"

    retention_use_churn = fields.Boolean(string="Churn", default=True)
    churn_capacity = fields.Integer(
        string="Calls per Week",
        default=25,
        help="How many customers the team can call in a week: as many are in extreme "
        "danger. A change ranks everybody anew within minutes.",
        prefetch=SETTINGS,
    )
    churn_horizon_days = fields.Integer(
        string="Horizon (Days, 0: Automatic)",
        help="Within how many days a purchase is foretold. 0: twice the usual interval "
        "of the customers.",
        prefetch=SETTINGS,
    )
    churn_rest_days = fields.Integer(
        string="Days of Rest after a Call",
        default=USUAL_REST,
        help="How long a customer who was reached stays off the list of the day.",
        prefetch=SETTINGS,
    )
    churn_care_capacity = fields.Integer(
        string="Care Activities per Week",
        default=50,
        help="No more activities of care are planned in a week than the team can do.",
        prefetch=SETTINGS,
    )
    churn_rotation_years = fields.Integer(
        string="Years with One Account Manager",
        default=5,
        help="After so many years customers are due for another account manager. 0: "
        "never.",
        prefetch=SETTINGS,
    )
    churn_key_share = fields.Float(
        string="Key Customers Bring (%)",
        default=50.0,
        help="The greatest customers who together bring this part of a year's revenue.",
        prefetch=SETTINGS,
    )
    churn_small_share = fields.Float(
        string="Small Customers Bring (%)",
        default=10.0,
        help="The smallest customers who together bring this part.",
        prefetch=SETTINGS,
    )

    @api.constrains(*BOUNDS)
    def _check_churn_numbers(self):
        check_bounds(self, BOUNDS)

    @api.constrains("churn_key_share", "churn_small_share")
    def _check_churn_shares(self):
        for company in self:
            key, small = company.churn_key_share, company.churn_small_share
            if min(key, small) < 0 or key + small > 100:
                raise ValidationError(
                    self.env._(
                        "Key and small customers together bring at most everything: "
                        "enter parts between 0 and 100 that add up to 100 at most."
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "retention_use_churn" in vals:
            self._sync_churn_feature()
        if not RANKS_BY.isdisjoint(vals):
            self._churn_score_soon()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _churn_roots(self):
        """Return every root company that watches churn: by its customers' facts."""
        return self._retention_roots().filtered("retention_use_churn")

    @api.model
    def _churn_score_soon(self) -> None:
        """Have everybody scored again in a moment: what scores read has changed."""
        self.env["customer.churn.yardstick"]._expire()
        cron = self.env.ref("customer_retention.ir_cron_churn", False)
        if cron and self._churn_roots():
            cron.sudo()._trigger()  # sudo: ir.cron - whoever causes the work

    @api.model
    def _sync_churn_feature(self) -> None:
        """Show the menus of churn while a company uses it."""
        # sudo: res.groups - a setting of the company, whoever may change it
        employees = self.env.ref("base.group_user").sudo()
        # sudo: res.groups - a setting of the company, whoever changes it
        feature = self.env.ref("customer_retention.group_use_churn").sudo()
        # sudo: res.company - whether any company uses churn
        if self.sudo().search_count([("retention_use_churn", "=", True)], limit=1):
            employees._apply_group(feature)
        else:
            employees._remove_group(feature)
