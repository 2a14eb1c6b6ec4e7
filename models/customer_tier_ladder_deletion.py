from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CustomerTierLadder(models.Model):
    """A ladder that customers were in is archived: the log refers to it. It stays with
    its company, which no version tells of: other purchases would rewrite the past.
    """

    _inherit = "customer.tier.ladder"

    @api.constrains("company_id")
    def _check_company_stays(self):
        for ladder in self:
            elsewhere = [
                ("ladder_id", "=", ladder.id),
                ("company_id", "!=", ladder.company_id.id),
            ]
            for model in ("customer.tier.membership", "customer.tier.transition"):
                # sudo: customer.tier.membership, customer.tier.transition - if any
                rows = self.env[model].sudo().with_context(active_test=False)
                if rows.search_count(elsewhere, limit=1):
                    raise ValidationError(
                        self.env._(
                            "Customers are or were in “%(name)s”, so it stays with its "
                            "company. Duplicate it for the other one and archive it "
                            "here.",
                            name=ladder.name,
                        )
                    )

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
