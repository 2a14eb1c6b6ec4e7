from __future__ import annotations

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class CustomerGuardedMixin(models.AbstractModel):
    """Columns that follow from what happens: verbs write them, nobody enters them.

    To the screens such a field is read-only. A model that takes this in says in its
    ``create`` and ``write`` who is a verb, and refuses the rest; what is guarded is
    read from the fields, so that a later one is guarded from its first day.
    """

    _name = "customer.guarded.mixin"
    _description = "Guarded Columns"

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """No default from outside says what follows from what happens."""
        guarded = self._guarded_fields()
        defaults = super().default_get([name for name in fields if name not in guarded])
        for name in guarded.intersection(fields):
            if self._fields[name].default:
                defaults[name] = self._initial_value(name)
        return defaults

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _guarded_fields(self) -> frozenset[str]:
        """Return the names of what is stored, and read-only wherever it is shown."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store and field.readonly and name not in models.MAGIC_COLUMNS
        )

    @api.model
    def _check_guarded(self, vals, is_new=False):
        """Refuse values of what only verbs write.

        :param is_new: of a new record; what it would hold anyway may be named then
        :raise UserError: says which of them, and what to do instead
        """
        for name in sorted(self._guarded_fields().intersection(vals)):
            is_initial = not vals[name] or self._is_initial(name, vals[name])
            if not (is_new and is_initial):
                label = self._fields[name]._description_string(self.env)
                raise UserError(self._guarded_message(label))

    @api.model
    def _guarded_message(self, label: str) -> str:
        """Say that a column is not entered; heirs say what to do instead."""
        return self.env._("“%s” is not entered: it follows from documents.", label)

    @api.model
    def _is_initial(self, name, value) -> bool:
        """Whether a value is that of a new record, in whatever form a call gives it."""
        return self._as_written(name, value) == self._initial_value(name)

    @api.model
    def _initial_value(self, name):
        """Return what a guarded field of a new record holds, as it is written."""
        default = self._fields[name].default
        return self._as_written(name, default(self)) if default else False

    @api.model
    def _as_written(self, name, value):
        field = self._fields[name]
        return field.convert_to_write(
            field.convert_to_cache(value, self, validate=False), self
        )
