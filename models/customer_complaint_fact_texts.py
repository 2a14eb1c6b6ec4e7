from odoo import api, models


class CustomerRuleWording(models.AbstractModel):
    """Names and explanations of the facts about complaints."""

    _inherit = "customer.rule.wording"

    @api.model
    def _fact_groups(self):
        complaints = (self.env._("Complaints"), self._complaint_fact_texts())
        return [*super()._fact_groups(), complaints]

    @api.model
    def _complaint_fact_texts(self):
        return {
            "complaint_open_count": (
                self.env._("open complaints"),
                self.env._("Complaints that are neither resolved nor closed."),
            ),
            "complaint_count_12m": (
                self.env._("complaints in 12 months"),
                self.env._("Complaints received in the last 365 days."),
            ),
            "days_since_complaint": (
                self.env._("days since the last complaint"),
                self.env._(
                    "Days from the last complaint to the day of the evaluation."
                ),
            ),
            "complaint_last_grade": (
                self.env._("satisfaction after the last complaint"),
                self.env._(
                    "Last answer to the question how a complaint was handled: from 1, "
                    "very dissatisfied, to 5, very satisfied."
                ),
            ),
        }
