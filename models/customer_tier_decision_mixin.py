from odoo import api, models
from odoo.exceptions import UserError


class CustomerTierDecisionMixin(models.AbstractModel):
    """A person's decision in a ladder, which says what company it is about."""

    _name = "customer.tier.decision.mixin"
    _inherit = ["customer.decision.mixin", "customer.tier.visible.mixin"]
    _description = "Decision about a Customer in a Ladder"

    # Of heirs: what follows from the decision and nobody enters.
    _follows: tuple[str, ...] = ()

    @api.model
    def _default_company_id(self):
        """The ladder says it."""
        return self.env["res.company"]

    @api.model
    def _prepare_decision(self, vals):
        """Nobody enters what follows, not by a default of the call either."""
        vals = super()._prepare_decision(vals)
        return {**vals, **{name: self._initial(name) for name in self._follows}}

    @api.model
    def _initial(self, name):
        default = self._fields[name].default
        return default(self) if default else False

    @api.model
    def _with_accounts(self, vals_list):
        """The same values about accounts; the company is that of the ladder."""
        return [
            {name: value for name, value in vals.items() if name != "company_id"}
            for vals in super()._with_accounts(vals_list)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_customer(self):
        if self.partner_id:
            raise UserError(
                self.env._(
                    "What was decided is part of the customer's history and cannot be "
                    "deleted. End it, or record the opposite."
                )
            )

    @api.model
    def _is_tier_manager(self):
        """Whether the reader answers for the tiers of everybody."""
        return self.env.user.has_group("customer_retention.group_manager")
