from odoo import api, models


class CustomerRuleWording(models.AbstractModel):
    """Names and explanations of the facts about tiers and referrals."""

    _inherit = "customer.rule.wording"

    @api.model
    def _fact_groups(self):
        return [
            *super()._fact_groups(),
            (self.env._("Referrals"), self._referral_fact_texts()),
            (self.env._("Loyalty"), self._tier_fact_texts()),
        ]

    @api.model
    def _referral_fact_texts(self):
        return {
            "referral_count": (
                self.env._("customers brought"),
                self.env._("Customers whom this one brought and who have bought."),
            ),
            "referral_revenue_12m": (
                self.env._("revenue of customers brought"),
                self.env._(
                    "Net revenue of the last 365 days with the customers whom this "
                    "one brought."
                ),
            ),
        }

    @api.model
    def _tier_fact_texts(self):
        return {
            "tier_rank": (
                self.env._("number of the tier"),
                self.env._(
                    "Where the customer's tier stands in its ladder on the evening "
                    "before: 1 is the lowest, 0 is no tier."
                ),
            ),
        }
