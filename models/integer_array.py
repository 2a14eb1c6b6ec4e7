from __future__ import annotations

from odoo import fields


class IntegerArray(fields.Json):
    """Integers in a column of their own kind, which SQL can unfold and compare.

    The ORM reads it as a list; only SQL writes it.
    """

    _column_type = ("_int4", "int4[]")
