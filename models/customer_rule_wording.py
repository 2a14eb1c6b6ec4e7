from odoo import models


class CustomerRuleWording(models.AbstractModel):
    """Rules and facts in the reader's words, the one place that phrases them."""

    _name = "customer.rule.wording"
    _description = "Wording of Rules"
