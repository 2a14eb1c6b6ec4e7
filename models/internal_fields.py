"""Columns that only the evaluation needs: no person filters or groups by them."""


def without_choice(described: dict[str, dict], names) -> dict[str, dict]:
    """Take fields out of what custom filters and groups offer; they stay readable.

    :param described: result of ``fields_get``
    :param names: the internal fields
    """
    for name in names:
        for choice in ("groupable", "searchable"):
            if choice in described.get(name, ()):
                described[name][choice] = False
    return described
