"""What happens once, when the addon comes and when it goes."""


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
    env["ir.filters"].with_context(active_test=False).search(
        [("model_id", "in", ours)]
    ).unlink()
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
    env["ir.model.data"].search(
        [("model", "in", ours), ("module", "=", "__export__")]
    ).unlink()
