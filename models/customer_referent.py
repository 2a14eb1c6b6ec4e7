from __future__ import annotations

from odoo import api, models, tools

from .loose_many2one import LooseMany2one


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
        for name, field_name in self._loose_references():
            # sudo: customer.derived - rows go, whoever deletes what they are about
            model = self.env[name].sudo()
            model._fields[field_name].forget(model, ids)

    @api.model
    @tools.ormcache()
    def _loose_references(self) -> tuple[tuple[str, str], ...]:
        """Return (model, field) of every loose reference to records like these."""
        return tuple(
            (name, field.name)
            for name, model in sorted(self.env.registry.items())
            if model._auto and not model._abstract
            for field in model._fields.values()
            if isinstance(field, LooseMany2one) and field.comodel_name == self._name
        )
