from __future__ import annotations

from odoo import models
from odoo.exceptions import UserError

# Only code of this module can put this object into a context: a call from outside
# cannot pretend to be the engine.
ENGINE = object()

# What may be written from outside becomes a decision: {column: (axis, target)}.
DECIDED = {
    "stage_id": ("position", "stage_id"),
    "condition_id": ("condition", "condition_id"),
}


class CustomerRelationship(models.Model):
    """What a person writes on a row becomes a decision; the rest is refused."""

    _inherit = "customer.relationship"

    def write(self, vals):
        """A position or condition written by a person becomes a decision; the engine
        writes what it found out. Everything else is refused.
        """
        if self.env.context.get("customer_retention_engine") is ENGINE:
            return super().write(vals)
        # An import names the row by its id, among the values.
        refused = sorted(vals.keys() - DECIDED.keys() - {"id"})
        if refused:
            raise UserError(
                self.env._(
                    "%(fields)s cannot be changed here: it is worked out from the "
                    "documents. Change the order or invoice, or pin the position or "
                    "condition.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        if name in self._fields
                        else name
                        for name in refused
                    ),
                )
            )
        self._check_decided(vals)
        self._pin_from_values(vals)
        return True

    def _check_decided(self, vals):
        """Refuse to empty a position or condition: that decides nothing."""
        for column in DECIDED:
            if column in vals and not vals[column]:
                raise UserError(
                    self.env._(
                        "%(field)s cannot be emptied. To let the rules decide again, "
                        "end the pin under “Decisions”.",
                        field=self._fields[column]._description_string(self.env),
                    )
                )

    def _pin_from_values(self, vals):
        """Turn a drag or an import into decisions, with a reason that says so."""
        self.env["customer.relationship.pin"].create(
            [
                {
                    "partner_id": row.partner_id.id,
                    "company_id": row.company_id.id,
                    "axis": axis,
                    target: vals[column],
                    "reason": self.env._("Set by hand"),
                }
                for row in self
                for column, (axis, target) in DECIDED.items()
                if vals.get(column) and vals[column] != row[column].id
            ]
        )

    def _write_verdict(self, vals):
        """Write what the engine decided, through the ORM."""
        return self.with_context(customer_retention_engine=ENGINE).write(vals)
