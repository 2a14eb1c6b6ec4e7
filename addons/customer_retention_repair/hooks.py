"""What people saved about repairs goes with the fields it names."""

OURS = ("repair_order_id", "repair_user_id")


def uninstall_hook(env):
    """Remove filters and export lines that would make the lists of the plan fail."""
    models = ("customer.recovery.action", "customer.recovery.type")
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", models)]).filtered(
        lambda saved: any(
            name in f"{saved.domain} {saved.context} {saved.sort}" for name in OURS
        )
    ).unlink()
    env["ir.exports.line"].search([("export_id.resource", "in", models)]).filtered(
        lambda line: any(name in (line.name or "") for name in OURS)
    ).unlink()
