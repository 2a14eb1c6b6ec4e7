from odoo.tests import HttpCase, no_retry, tagged


def _is_fatal(message):
    """Let the suite finish: its own failures come in its report."""
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestComponents(HttpCase):
    """Unit tests of the screens' own components, in a browser."""

    @no_retry
    def test_components(self):
        """Every test below static/tests, and none of the other modules'."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={self._suite_id('@customer_retention')}",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=_is_fatal,
        )

    def _suite_id(self, name):
        """The key by which the browser knows a suite: a hash of its name."""
        key = 0
        for letter in name:
            key = ((key << 5) - key + ord(letter)) & 0xFFFFFFFF
        return f"{key:08x}"
