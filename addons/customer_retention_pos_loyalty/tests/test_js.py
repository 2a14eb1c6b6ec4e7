from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.customer_retention.tests import test_js


@tagged("post_install", "-at_install")
class TestTillComponents(HttpCase):
    """Unit tests of what tiers do at the till, in a browser."""

    @no_retry
    def test_till(self):
        name = "@customer_retention_pos_loyalty"
        suite = test_js.TestComponents._suite_id(self, name)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=60000&id={suite}",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js._is_fatal,
        )
