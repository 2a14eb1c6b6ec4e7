"""What happens once, when the addon comes and when it goes."""


def post_init_hook(env):
    """Queue the reading of the history; the job works it off in slices."""
    env["customer.evaluation.run"]._start("install")


def uninstall_hook(env):
    """Remove what the registry does not know to belong to this module."""
