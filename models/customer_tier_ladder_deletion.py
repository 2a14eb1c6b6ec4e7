from odoo import api, models
from odoo.exceptions import UserError


class CustomerTierLadder(models.Model):
    """A ladder that customers were in is archived: the log refers to it."""

    _inherit = "customer.tier.ladder"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: customer.tier.transition - use by customers the user does not see
        log = self.env["customer.tier.transition"].sudo()
        for ladder in self:
            if log.search_count([("ladder_id", "=", ladder.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Customers are or were in “%(name)s”, so it cannot be deleted. "
                        "Archive it instead: the history stays readable.",
                        name=ladder.name,
                    )
                )
