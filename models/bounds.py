"""Numbers people enter, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping

from odoo.exceptions import ValidationError


def check_bounds(records, bounds: Mapping[str, tuple[int, int]]) -> None:
    """Refuse numbers outside of ``{field: (least, most)}``.

    Days that no calendar has would stop a job long after somebody entered them.

    :raise ValidationError: names the field and what may be entered
    """
    for record in records:
        for name, (least, most) in bounds.items():
            if not least <= record[name] <= most:
                raise ValidationError(
                    records.env._(
                        "“%(field)s”: enter a number from %(least)s to %(most)s.",
                        field=record._fields[name]._description_string(records.env),
                        least=least,
                        most=most,
                    )
                )
