from odoo import fields, models


class CustomerTierBenefit(models.Model):
    """What a benefit says and does on a document of the customer."""

    _inherit = "customer.tier.benefit"

    delivery_discount = fields.Float(
        string="Off Delivery Costs (%)",
        default=100.0,
        help="What taking over the proposal takes off the delivery costs of a "
        "quotation. A quotation without them gets a note.",
    )

    _delivery_discount_range = models.Constraint(
        "CHECK(delivery_discount BETWEEN 0 AND 100)",
        "Between 0 and 100 % can be taken off delivery costs.",
    )

    def _document_text(self, order) -> str:
        """Return the benefit in the language of the customer of an order."""
        self.ensure_one()
        lang = order.partner_id.lang or self.env.lang
        benefit = self.with_context(lang=lang)
        return f"{benefit.tier_id.name}: {benefit.name}"
