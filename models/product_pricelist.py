from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class ProductPricelist(models.Model):
    """Members of a tier buy at its prices unless they have a pricelist of their own.

    Nothing is written on customers: whoever leaves a tier has the prices of before.
    """

    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Put the pricelist of the tier between the customer's own and the default."""
        pricelists = super()._get_partner_pricelist_multi(partner_ids)
        # Where pricelists are switched off core answers for nobody.
        tier_prices = self._tier_pricelists(pricelists) if pricelists else {}
        for member in self._tier_price_partners(tier_prices):
            if not self._own_pricelist(member):
                pricelists[member.id] = tier_prices[member.id]
        return pricelists

    @api.model
    def _pricelists_without_tiers(self, partner_ids) -> dict:
        """Return {partner id: pricelist} as if there were no tiers."""
        # pylint: disable=super-method-mismatch
        return super()._get_partner_pricelist_multi(partner_ids)

    @api.model
    def _tier_pricelists(self, partner_ids) -> dict:
        """Return {partner id: pricelist of the tier} in the company of the user.

        One query for all of them, whoever asks: what somebody pays is no secret of
        those who look after tiers.
        """
        partners = self._tier_price_partners(partner_ids)
        accounts = {
            partner.id: partner.commercial_partner_id._origin.id for partner in partners
        }
        found = self._account_tier_pricelists({*accounts.values()} - {False})
        return {
            partner_id: found[account_id]
            for partner_id, account_id in accounts.items()
            if account_id in found
        }

    @api.model
    def _own_pricelist(self, partner):
        """Return the pricelist written on a customer, if it may be used here."""
        own = partner.specific_property_product_pricelist
        return own and own._get_partner_pricelist_multi_filter_hook()

    @api.model
    def _tier_price_partners(self, partner_ids):
        return (
            self.env["res.partner"].with_context(active_test=False).browse(partner_ids)
        )

    @api.model
    def _account_tier_pricelists(self, account_ids) -> dict:
        """Return {account id: pricelist} of those whose tier has one to use here."""
        if not account_ids:
            return {}
        company = self.env.company
        self.env["customer.tier"].flush_model(["pricelist_id"])
        self.flush_model(["active", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT standing.account_id, pricelist.id
                     FROM %(standing)s standing
                     JOIN customer_tier tier ON tier.id = standing.tier_id
                     JOIN product_pricelist pricelist
                       ON pricelist.id = tier.pricelist_id AND pricelist.active
                    WHERE COALESCE(pricelist.company_id = %(company)s, TRUE)""",
                standing=self.env["customer.tier.membership"]._standing_sql(
                    account_ids, company
                ),
                company=company.id,
            )
        )
        found = self.browse(sorted({pricelist_id for _account, pricelist_id in rows}))
        # The statement has just read it: no need to ask again.
        self._fields["active"]._insert_cache(found, [True] * len(found))
        usable = found._get_partner_pricelist_multi_filter_hook()
        return {
            account_id: self.browse(pricelist_id)
            for account_id, pricelist_id in rows
            if pricelist_id in usable._ids
        }

    @api.model
    def _forget_tier_prices(self) -> None:
        """Have the prices of customers found out again: somebody's tier has changed."""
        self.env["res.partner"].invalidate_model(["property_product_pricelist"])
