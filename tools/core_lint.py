"""A pytest plugin: Odoo's own ``test_lint`` on our modules instead of on all.

Core's checks walk over every addon on the path, which takes minutes and reports what
is not ours. With ``-p core_lint`` they see only the modules named in the environment
variable ``LINTED_MODULES``. A warning of a check is a failure, as it is for core.
"""

import logging
import os
from unittest.mock import patch

import pytest

CHECKS = logging.getLogger("odoo.addons.test_lint")


class Collector(logging.Handler):
    """Keeps what a check complains about."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def _our_names():
    return os.environ["LINTED_MODULES"].split(",")


def _our_manifests():
    from odoo.modules import Manifest

    return [Manifest.for_addon(name) for name in _our_names()]


def pytest_collection():
    """Before the checks are imported: they take this function by its name."""
    import odoo.modules

    odoo.modules.get_modules = _our_names


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call():
    """Run one check on our modules, and let its warnings count."""
    from odoo.modules import Manifest

    collector = Collector()
    CHECKS.addHandler(collector)
    CHECKS.setLevel(logging.WARNING)
    with patch.object(Manifest, "all_addon_manifests", staticmethod(_our_manifests)):
        outcome = yield
    CHECKS.removeHandler(collector)
    outcome.get_result()
    assert not collector.messages, "\n".join(collector.messages)
