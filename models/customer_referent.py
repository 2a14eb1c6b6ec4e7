from __future__ import annotations

from odoo import api, models

from .customer_derived import DERIVED
from .loose_many2one import LooseMany2one

# Tables of which there are so many rows that they go without foreign keys.
LOOSE = (
    *DERIVED,
    "customer.relationship",
    "customer.relationship.transition",
    "customer.tier.entry",
    "customer.tier.membership",
    "customer.tier.transition",
    "customer.churn.score",
)


class CustomerReferent(models.AbstractModel):
    """Something that rows of a cache refer to through a :class:`LooseMany2one`."""

    _name = "customer.referent"
    _description = "Referred to by Derived Rows"

    def unlink(self):
        """Do what the missing foreign keys would have done."""
        ids = self.ids
        result = super().unlink()
        if ids:
            self._forget_references(ids)
        return result

    @api.model
    def _forget_references(self, ids: list[int]) -> None:
        """Delete the rows of caches that refer to what was deleted, or empty their
        column, as the field says.
        """
        for name in LOOSE:
            # sudo: customer.derived - rows go, whoever deletes what they are about
            model = self.env[name].sudo()
            for field in model._fields.values():
                if isinstance(field, LooseMany2one):
                    if field.comodel_name == self._name:
                        field.forget(model, ids)
