"""What a salesperson waits for: statements and milliseconds of the screens."""

from __future__ import annotations

from measure import count_statements, environment, median_seconds

from odoo.tests.form import Form

SALESPERSON = "bench7"
LIST_SIZES = (1, 80, 1000)
MILLISECONDS = 1000


def measure_screens(database: str) -> dict[str, float]:
    """Measure with the caches of the transaction empty.

    The lists are those of a manager who sees everybody, the rest is a salesperson's.
    """
    with environment(database) as env:
        salesperson = env["res.users"].search([("login", "=", SALESPERSON)])
        manager = env.ref("base.user_admin")
        result = _own_customers(env(user=salesperson.id))
        for size in LIST_SIZES:
            result |= _customers(env(user=manager.id), size)
        result |= measure_partner_form(env(user=salesperson.id))
    return result


def measure_partner_form(env) -> dict[str, float]:
    """Open the contact of a customer, as the web client does."""
    partner = env["res.partner"].search(
        [("name", "=like", "Customer %"), ("user_id", "=", env.uid)], limit=1
    )
    fields = Form(partner)._view["fields_spec"]

    def read() -> None:
        env.invalidate_all()
        partner.web_read(fields)

    return _cost("partner", read)


def _customers(env, size: int) -> dict[str, float]:
    relationships = env["customer.relationship"]
    fields = _list_fields(env)

    def read(offset: int = 0) -> None:
        env.invalidate_all()
        found = relationships.web_search_read([], fields, offset=offset, limit=size)
        if len(found["records"]) != size:
            raise AssertionError(f"{len(found['records'])} customers, not {size}")

    cost = _cost(f"list_{size}", read)
    # One customer may refer to less than another one.
    cost[f"list_{size}_statements"] = max(
        count_statements(lambda offset=offset: read(offset))
        for offset in range(0, 10 * size, size)
    )
    return cost


def _own_customers(env) -> dict[str, float]:
    relationships = env["customer.relationship"]
    fields = _list_fields(env)

    def read() -> None:
        env.invalidate_all()
        relationships.web_search_read(
            [("user_id", "=", env.uid)], fields, limit=80, count_limit=10_001
        )

    return _cost("own", read)


def _list_fields(env) -> dict[str, dict]:
    """The fields of the list view, as the web client asks for them."""
    views = env["customer.relationship"].get_views([(False, "list")])
    names = views["models"]["customer.relationship"]["fields"]
    definitions = env["customer.relationship"].fields_get(names)
    return {
        name: {"fields": {"display_name": {}}}
        if definition["type"] == "many2one"
        else {}
        for name, definition in definitions.items()
    }


def _cost(name: str, read) -> dict[str, float]:
    read()
    return {
        f"{name}_statements": count_statements(read),
        f"{name}_ms": median_seconds(read, times=9) * MILLISECONDS,
    }
