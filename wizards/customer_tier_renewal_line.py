from odoo import fields, models


class CustomerTierRenewalLine(models.TransientModel):
    """The first renewal of a paid membership, the second, …"""

    _name = "customer.tier.renewal.line"
    _description = "Renewal of Paid Memberships"
    _order = "number"
    _rec_name = "number"

    renewal_id = fields.Many2one(
        "customer.tier.renewal",
        string="Shown In",
        required=True,
        ondelete="cascade",
        index=True,
    )
    number = fields.Integer(string="Renewal")
    due = fields.Integer(help="Members whose renewal was due, as far as it is decided.")
    renewed = fields.Integer(help="Members who have paid for the next term.")
    share = fields.Float(string="Share Renewed", help="Of those whose renewal was due.")
    running = fields.Integer(
        string="Due Next", help="Members whose paid term runs and ends with it."
    )
    chance = fields.Float(
        string="Forecast", help="How likely a member renews, by the forecast."
    )
    expected = fields.Float(
        string="Will Renew", digits=(16, 1), help="Of those it is due for next."
    )
