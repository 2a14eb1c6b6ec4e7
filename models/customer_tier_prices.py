from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What decides which prices a tier brings, and to whom.
PRICE_FIELDS = {"pricelist_id", "active", "ladder_id"}


class CustomerTier(models.Model):
    """Which prices a tier brings, and what is the matter with them."""

    _inherit = "customer.tier"

    pricelist_warning = fields.Char(
        compute="_compute_pricelist_warning",
        help="Where the prices of the tier do not reach its members.",
    )

    @api.depends("pricelist_id.active", "pricelist_id.currency_id", "currency_id")
    @api.depends_context("lang", "uid")
    def _compute_pricelist_warning(self):
        for tier in self:
            # sudo: product.pricelist - whoever configures tiers is told what is wrong
            warnings = tier.sudo()._pricelist_warnings() if tier.pricelist_id else []
            tier.pricelist_warning = " ".join(warnings) or False

    @api.onchange("pricelist_id")
    def _onchange_pricelist_id(self):
        if not self.pricelist_warning:
            return None
        title = self.env._("Prices of %s", self.name or self.env._("the tier"))
        return {"warning": {"title": title, "message": self.pricelist_warning}}

    @api.constrains("pricelist_id", "ladder_id")
    def _check_pricelist_company(self):
        """A company's ladder has no use for the prices of another one."""
        for tier in self:
            # sudo: product.pricelist - of whichever company
            owner = tier.sudo().pricelist_id.company_id._retention_root()
            if tier.company_id and owner and owner != tier.company_id:
                raise ValidationError(
                    self.env._(
                        "The pricelist of “%(tier)s” belongs to %(other)s, the ladder "
                        "to %(company)s. Choose a pricelist of %(company)s, or one of "
                        "all companies.",
                        tier=tier.name,
                        other=owner.name,
                        company=tier.company_id.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if not PRICE_FIELDS.isdisjoint(vals):
            self.env["product.pricelist"]._forget_tier_prices()
        return result

    # === BUSINESS METHODS === #

    def _pricelist_warnings(self) -> list[str]:
        """Return in sentences where the tier's prices do not reach its members."""
        self.ensure_one()
        pricelist, warnings = self.pricelist_id, []
        if not pricelist.active:
            warnings.append(
                self.env._("The pricelist is archived: members buy at usual prices.")
            )
        if not self.company_id and pricelist.company_id:
            warnings.append(
                self.env._(
                    "The ladder is for all companies, the pricelist only for %s.",
                    pricelist.company_id.name,
                )
            )
        elif pricelist.company_id.child_ids:
            warnings.append(
                self.env._(
                    "The pricelist is only for %s: in its branches members buy at "
                    "usual prices. Choose a pricelist of all companies.",
                    pricelist.company_id.name,
                )
            )
        if pricelist.currency_id != self.currency_id:
            warnings.append(
                self.env._(
                    "Quotations to members will be in %(currency)s; the ladder counts "
                    "in %(other)s.",
                    currency=pricelist.currency_id.name,
                    other=self.currency_id.name,
                )
            )
        return warnings
