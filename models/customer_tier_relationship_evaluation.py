from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

# Only code of this module can put this object into a context: a run looks at the tiers
# after it has looked at everybody.
LATER = object()


class CustomerRelationship(models.Model):
    """Whoever is evaluated has the tiers looked at, too."""

    _inherit = "customer.relationship"

    @api.model
    def _evaluate(
        self,
        account_ids=None,
        as_of=None,
        cause="live",
        company=None,
        changed=None,
        force=False,
        scope=None,
    ):
        moves = super()._evaluate(
            account_ids,
            as_of=as_of,
            cause=cause,
            company=company,
            changed=changed,
            force=force,
            scope=scope,
        )
        if self.env.context.get("customer_retention_tiers") is not LATER:
            self.env["customer.tier.membership"]._evaluate(
                account_ids,
                as_of=as_of,
                cause=cause,
                changed=changed,
                force=force,
                scope=scope,
            )
        return moves

    def _tiers_later(self):
        """The same model: tiers are left for later."""
        return self.with_context(customer_retention_tiers=LATER)

    @api.model
    def _derived_models(self):
        """Entries come from purchases; most ladders need none."""
        names = super()._derived_models()
        # sudo: customer.tier.entry - what ladders count, whoever is evaluated
        if self.env["customer.tier.entry"].sudo()._looks_at_lines():
            names.append("customer.tier.entry")
        return names

    @api.model
    def _strip_now(self, partner_ids):
        """Whoever must not be profiled has no tier, from this moment on."""
        result = super()._strip_now(partner_ids)
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        members = self.env["customer.tier.membership"]
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_tier_membership known"
                " WHERE partner_id = ANY(%s) AND NOT %s",
                list(accounts.values()),
                members._profiled_sql("known"),
            )
        )
        members.invalidate_model()
        return result
