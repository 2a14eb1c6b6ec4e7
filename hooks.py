"""What happens once, when the addon comes and when it goes."""

# Every model has these: they are nobody's.
FIELDS_OF_ALL = ("id", "display_name")


def post_init_hook(env):
    """Queue the reading of the history; the job works it off in slices.

    Demo data comes before this, and has it read already.
    """
    runs = env["customer.evaluation.run"]
    if not runs.search_count([("kind", "=", "install")]):
        runs._start("install")


def uninstall_hook(env):
    """Remove what people saved about our models and what core would leave behind."""
    ours = [
        name
        for name, model in env.registry.items()
        if model._original_module == "customer_retention"
    ]
    _forget_fields_on_core_models(env, ours)
    _forget_sequences(env)
    env["ir.filters"].with_context(active_test=False).search(
        [("model_id", "in", ours)]
    ).unlink()
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
    # The types of our activities go before our models, and core keeps a used one.
    env["mail.activity"].with_context(active_test=False).search(
        [("res_model", "in", ours)]
    ).unlink()
    env["ir.model.data"].search(
        [("model", "in", ours), ("module", "=", "__export__")]
    ).unlink()
    _forget_inheritance(env, ours)


def _forget_sequences(env):
    """Remove the sequences of our numbers, and those of PostgreSQL behind them.

    The years of a sequence go first: the cascade of the database, by which core would
    delete them, leaves their sequences in PostgreSQL behind.
    """
    sequences = (
        env["ir.sequence"]
        .with_context(active_test=False)
        .search(
            [
                "|",
                ("code", "=", "customer.complaint"),
                ("code", "=like", "customer.tier.enrolment.%"),
            ]
        )
    )
    sequences.date_range_ids.unlink()
    sequences.unlink()


def _forget_inheritance(env, ours):
    """Remove the identifiers of what our models inherit from mixins of other modules.

    Core gives them to the module of the mixin, which is not uninstalled.
    """
    prefixes = tuple(
        f"{kind}__{name.replace('.', '_')}__"
        for name in ours
        for kind in ("model_inherit", "selection")
    )
    identifiers = env["ir.model.data"].search(
        [
            ("model", "in", ("ir.model.inherit", "ir.model.fields.selection")),
            ("module", "!=", "customer_retention"),
        ]
    )
    identifiers.filtered(lambda one: one.name.startswith(prefixes)).unlink()


def _forget_fields_on_core_models(env, ours):
    """Remove filters and export lines of other models that name our fields.

    They would make the lists of the ERP fail once the fields are gone. A filter may
    reach a field through others, as the customer of an order, so that the lists of
    all models are looked at.

    :param ours: names of the models that go with us
    """
    going = _fields_of_module(env, "customer_retention").filtered(
        lambda field: field.model not in ours and field.name not in FIELDS_OF_ALL
    )
    others = [name for name in env.registry if name not in ours]
    forget_saved(env, others, set(going.mapped("name")))


def _fields_of_module(env, module):
    """Return the fields that go with a module."""
    identifiers = env["ir.model.data"].search(
        [("model", "=", "ir.model.fields"), ("module", "=", module)]
    )
    return _fields_of_nobody_else(env, identifiers.mapped("res_id"), module)


def _fields_of_nobody_else(env, field_ids, module):
    """Return those of the fields that go with a module.

    `modules` of a field only tells those that are not being uninstalled.
    """
    theirs = env["ir.model.data"].search(
        [
            ("model", "=", "ir.model.fields"),
            ("res_id", "in", field_ids),
            ("module", "!=", module),
        ]
    )
    kept = set(theirs.mapped("res_id"))
    going = [field_id for field_id in field_ids if field_id not in kept]
    return env["ir.model.fields"].browse(going).exists()


def forget_fields_of(env, module):
    """Remove what people saved about fields of a module, from lists that stay.

    Bridges call it when they go: the lists of the plan would fail without them.
    """
    for model, group in _fields_of_module(env, module).grouped("model").items():
        forget_saved(env, [model], group.mapped("name"))


def forget_saved(env, models, names):
    """Remove filters and export lines of lists that stay, but lose these fields.

    :param models: names of the models whose lists they are
    :param names: names of the fields that go
    """
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", models)]).filtered(
        lambda saved: any(
            name in f"{saved.domain} {saved.context} {saved.sort}" for name in names
        )
    ).unlink()
    env["ir.exports.line"].search([("export_id.resource", "in", models)]).filtered(
        lambda line: any(name in (line.name or "") for name in names)
    ).unlink()
