from __future__ import annotations

from odoo import api, fields, models

from .customer_tier_quotations import OPEN_STATES

READERS = "customer_retention.group_user"


class CustomerTierSaleMixin(models.AbstractModel):
    """What an open quotation shows of the customer's tier: prices that are no longer
    its, and benefits that a click takes over. Nothing is written by itself.
    """

    _name = "customer.tier.sale.mixin"
    _inherit = "customer.tier.quotations"
    _description = "Tier on Orders"

    customer_tier_price_hint = fields.Char(
        string="Prices of Another Tier",
        compute="_compute_customer_tier_price_hint",
        groups=READERS,
        help="The customer has changed tier since these prices were quoted.",
    )
    customer_tier_term_hint = fields.Char(
        string="Payment Term of the Tier",
        compute="_compute_customer_tier_benefits",
        groups=READERS,
    )
    customer_tier_delivery_hint = fields.Char(
        string="Delivery Benefit of the Tier",
        compute="_compute_customer_tier_benefits",
        groups=READERS,
    )

    @api.depends("partner_id", "pricelist_id", "state", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_customer_tier_price_hint(self):
        # sudo: sale.order - the prices of one's own quotation are no secret
        current = self.sudo()._tier_prices_to_follow()
        for order in self:
            pricelist = current.get(order._origin.id)
            warns = order.company_id._retention_root().tier_open_quotation_policy
            order.customer_tier_price_hint = (
                pricelist is not None
                and warns != "keep"
                and self.env._(
                    "The customer has changed tier: prices are now those of %s.",
                    pricelist.display_name or self.env._("no pricelist"),
                )
            )

    @api.depends("partner_id", "payment_term_id", "state", "company_id", "order_line")
    @api.depends_context("lang", "uid")
    def _compute_customer_tier_benefits(self):
        for order in self:
            offers = order._tier_offers()
            order.customer_tier_term_hint = order._tier_offer_text(
                offers["payment_term"]
            )
            order.customer_tier_delivery_hint = order._tier_offer_text(
                offers["delivery"]
            )

    # === ACTION METHODS === #

    def action_follow_tier_prices(self):
        """Quote the prices that the customer's tier brings today."""
        self.ensure_one()
        self.check_access("write")
        # sudo: sale.order - the prices of one's own quotation are no secret
        if self.sudo()._tier_prices_to_follow():
            self._follow_tier_prices()
        return True

    def action_take_tier_payment_term(self):
        """Give the customer the payment term of the tier."""
        self.ensure_one()
        benefit = self._tier_offers()["payment_term"]
        if benefit:
            self.payment_term_id = benefit.payment_term_id
        return True

    def action_take_tier_delivery(self):
        """Take the tier's part off the delivery costs, or promise it in a note."""
        self.ensure_one()
        benefit = self._tier_offers()["delivery"]
        if benefit:
            self._take_tier_delivery(benefit)
        return True

    # === BUSINESS METHODS === #

    def _tier_benefits(self):
        """Return the benefits of the customer's tier, as far as the user may see it."""
        self.ensure_one()
        memberships = self.env["customer.tier.membership"]
        company = self.company_id or self.env.company
        if self.state not in OPEN_STATES or not self.partner_id:
            return memberships.tier_id.benefit_ids
        tier = memberships._standing_tiers(self.partner_id, company)
        return tier.get(self.partner_id.id, memberships.tier_id).benefit_ids

    def _tier_offers(self) -> dict:
        """Return {kind: the benefit to propose, or none}, for what is not yet so."""
        benefits = self._tier_benefits()
        terms = benefits.filtered(
            lambda one: one.kind == "payment_term" and one.payment_term_id
        )
        deliveries = benefits.filtered(lambda one: one.kind == "delivery")
        return {
            "payment_term": terms[: self._wants_tier_term(terms)],
            "delivery": deliveries[: self._wants_tier_delivery(deliveries)],
        }

    def _wants_tier_term(self, benefits) -> bool:
        """Whether a term is worth proposing: the customer has none of its own."""
        partner = self.partner_id.with_company(self.company_id)
        return bool(
            benefits
            and self.payment_term_id not in benefits.payment_term_id
            and not partner.property_payment_term_id
        )

    def _wants_tier_delivery(self, benefits) -> bool:
        """Whether the benefit is neither taken off the costs nor noted."""
        if not benefits:
            return False
        costs = self._tier_delivery_lines()
        if costs:
            least = benefits[:1].delivery_discount
            return any(line.discount < least for line in costs)
        notes = self.order_line.filtered(lambda line: line.display_type == "line_note")
        return benefits[:1]._document_text(self) not in notes.mapped("name")

    def _tier_offer_text(self, benefit):
        if not benefit:
            return False
        return self.env._(
            "%(tier)s: %(benefit)s", tier=benefit.tier_id.name, benefit=benefit.name
        )

    def _tier_delivery_lines(self):
        """Return the lines of delivery costs, where the application is installed."""
        if "is_delivery" not in self.env["sale.order.line"]._fields:
            return self.order_line.browse()
        return self.order_line.filtered("is_delivery")

    def _take_tier_delivery(self, benefit):
        costs = self._tier_delivery_lines()
        for line in costs:
            line.discount = max(line.discount, benefit.delivery_discount)
        if not costs:
            note = {
                "order_id": self.id,
                "display_type": "line_note",
                "name": benefit._document_text(self),
                "sequence": 999,
            }
            self.env["sale.order.line"].create(note)
