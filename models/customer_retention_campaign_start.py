from odoo import models


class CustomerChurnScore(models.Model):
    """From the list of customers at risk to a mail to them."""

    _inherit = "customer.churn.score"

    def action_start_campaign(self):
        """Write to these customers: opens a draft that says who can be reached.

        :raise AccessError: only managers write to lists
        """
        return self.env["customer.retention.campaign"]._start_for(self)

    def action_open_case(self):
        """Open a case for this customer, or the one there is."""
        self.ensure_one()
        self.check_access("read")
        return self.relationship_id.action_open_retention_case()


class CustomerChurnEvent(models.Model):
    """From the list of lost customers to a mail to them."""

    _inherit = "customer.churn.event"

    def action_start_campaign(self):
        """Write to these customers: opens a draft that says who can be reached.

        :raise AccessError: only managers write to lists
        """
        return self.env["customer.retention.campaign"]._start_for(self)
