"""What a salesperson waits for: statements and milliseconds of the screens."""

from __future__ import annotations

from measure import count_statements, environment, median_seconds

from odoo.tests.form import Form

SALESPERSON = "bench7"
LIST_SIZES = (1, 80, 1000)
STEPS = ("customer.relationship.stage", "customer.relationship.condition")
LONG_LISTS = {
    "transitions": "customer.relationship.transition",
    "purchases": "customer.purchase",
}
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
        result |= _reports(env(user=manager.id))
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

    def page(offset: int = 0) -> None:
        found = relationships.web_search_read([], fields, offset=offset, limit=size)
        if len(found["records"]) != size:
            raise AssertionError(f"{len(found['records'])} customers, not {size}")

    def read() -> None:
        env.invalidate_all()
        page()

    cost = _cost(f"list_{size}", read)
    # What grows with the rows is compared on like rows: the page begins with the
    # customer that refers to most, since an empty reference is not looked up; and the
    # steps of the ladders are known, since the previous step of one customer takes a
    # look-up that a page, where somebody else is on that step, does not need.
    fullest = _fullest(env, fields)
    page(fullest)
    env.invalidate_all()
    for model in STEPS:
        env[model].search([]).mapped("display_name")
    cost[f"list_{size}_compared"] = count_statements(lambda: page(fullest))
    return cost


def _fullest(env, fields: dict[str, dict]) -> int:
    """Return which of the first thousand customers refers to most."""
    rows = env["customer.relationship"].search([], limit=1000)
    names = [name for name in fields if rows._fields[name].type == "many2one"]
    counts = [sum(bool(row[name]) for name in names) for row in rows]
    return counts.index(max(counts))


def _reports(env) -> dict[str, float]:
    """The first page of the two long lists, and the funnel of everybody."""
    result = {}
    for name, model in LONG_LISTS.items():
        fields = _list_fields(env, model)

        def read(model: str = model, fields: dict = fields) -> None:
            env.invalidate_all()
            env[model].web_search_read([], fields, limit=80, count_limit=10_001)

        result |= _cost(name, read)

    def funnel() -> None:
        env.invalidate_all()
        env["customer.relationship.transition.report"].get_funnel()

    return result | _cost("funnel", funnel)


def _own_customers(env) -> dict[str, float]:
    relationships = env["customer.relationship"]
    fields = _list_fields(env)

    def read() -> None:
        env.invalidate_all()
        relationships.web_search_read(
            [("user_id", "=", env.uid)], fields, limit=80, count_limit=10_001
        )

    return _cost("own", read)


def _list_fields(env, model: str = "customer.relationship") -> dict[str, dict]:
    """The fields of the list view, as the web client asks for them."""
    views = env[model].get_views([(False, "list")])
    names = views["models"][model]["fields"]
    definitions = env[model].fields_get(names)
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
