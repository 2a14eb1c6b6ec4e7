"""Values for the columns that nobody enters, as a call from outside would send them."""

from odoo.fields import Command


def hostile_values(model, res_id):
    """Return {name: a value of its type} of what is stored and read-only.

    :param res_id: what a many2one is to name
    """
    samples = {
        "boolean": True,
        "char": "C/99/99999",
        "date": "2020-01-01",
        "datetime": "2020-01-01 00:00:00",
        "integer": 7,
        "float": 7.0,
        "monetary": 7.0,
        "json": [7],
        "many2one": res_id,
        "one2many": [Command.clear()],
        "many2many": [Command.clear()],
    }
    values = {}
    for name, field in model._fields.items():
        own = name not in ("id", "create_uid", "create_date")
        own = own and not name.startswith("write_")
        if field.store and field.readonly and own:
            is_choice = field.type == "selection"
            choices = field.get_values(model.env) if is_choice else ()
            values[name] = choices[-1] if is_choice else samples[field.type]
    return values
