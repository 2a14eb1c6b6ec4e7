from odoo import api, models
from odoo.exceptions import UserError


class CustomerTier(models.Model):
    """A tier is not deleted from under programs and rewards that are for it alone."""

    _inherit = "customer.tier"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        """Nobody would be left out any more: bound to no tier is for everybody."""
        for model in ("loyalty.program", "loyalty.reward"):
            # sudo: loyalty.program, loyalty.reward - of whichever company
            bound = self.env[model].sudo().with_context(active_test=False)
            for record in bound.search([("tier_ids", "in", self.ids)]):
                if record.tier_ids <= self:
                    raise UserError(self._bound_message(record))

    def _bound_message(self, record):
        return self.env._(
            "“%(name)s” is only for the tier “%(tier)s”. Without the tier it would be "
            "for everybody. Choose other tiers under “Only for Tiers” there, or delete "
            "it; or archive the tier instead, and nobody uses it.",
            name=record.display_name,
            tier=record.tier_ids[:1].name,
        )
