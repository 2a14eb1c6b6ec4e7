from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

DATA = Path(__file__).parents[2] / "data"


class TestMailColors(UnitCase):
    """What is stored of a mail looks as the mail: some styles do not survive."""

    def test_backgrounds_are_named_in_the_way_that_is_kept(self):
        for path in sorted(DATA.glob("*.xml")):
            with self.subTest(path=path.name):
                self.assertNotIn("background:", path.read_text(encoding="utf-8"))
