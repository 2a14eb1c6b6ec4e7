from odoo import models


class CustomerTier(models.Model):
    """Prices of a tier reach customers at a till that knows the pricelist."""

    _inherit = "customer.tier"

    def _pricelist_warnings(self):
        warnings = super()._pricelist_warnings()
        tills = self._tills_without_prices()
        if tills:
            warnings.append(
                self.env._(
                    "The pricelist is not available at: %s.",
                    ", ".join(tills.mapped("name")),
                )
            )
        return warnings

    def _tills_without_prices(self):
        """Return the points of sale that would charge members the usual prices."""
        self.ensure_one()
        domain = []
        if self.company_id:
            domain = [("company_id", "child_of", self.company_id.id)]
        pricelist = self.pricelist_id
        owner = pricelist.company_id
        tills = self.env["pos.config"].search(domain)  # pylint: disable=no-search-all
        return tills.filtered(
            lambda till: (
                pricelist not in till._get_available_pricelists()
                and owner in (till.company_id, owner.browse())
            )
        )
