"""Which classes of tests share what they set up, and in which order they come."""

import importlib.util
import sys
import unittest
from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

SCRIPT = Path(__file__).parents[2] / "tools" / "shared_setup.py"


class Core:
    @classmethod
    def setUpClass(cls):
        cls.done = []


class Base(Core):
    DAY = "Monday"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done.append("base")


class Team(Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done.append("team")


class Plain(Base):
    pass


class TestOfTeam(Team):
    pass


class TestOfBase(Plain):
    pass


class TestOfTuesday(Team):
    DAY = "Tuesday"


class TestOfAnotherTeam(Team):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done.append("itself")


@unittest.skipUnless(importlib.util.find_spec("pytest"), "pytest is not installed")
class TestSharedSetup(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spec = importlib.util.spec_from_file_location("retention_shared", SCRIPT)
        cls.shared = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        cls.addClassCleanup(sys.modules.pop, spec.name)
        spec.loader.exec_module(cls.shared)
        cls.shared.BASE = (Base.__module__, Base.__qualname__)

    def test_bases_that_set_something_up_come_in_their_order(self):
        self.assertEqual(self.shared.levels_of(TestOfAnotherTeam), [Base, Team])
        self.assertEqual(self.shared.levels_of(TestOfBase), [Base])
        self.assertEqual(self.shared.levels_of(Core), [])

    def test_classes_with_the_same_bases_come_together(self):
        classes = [TestOfTeam, TestOfBase, TestOfAnotherTeam]
        keys = dict(zip(classes, self.shared.neighbourly(classes), strict=True))
        expected = [TestOfBase, TestOfTeam, TestOfAnotherTeam]
        self.assertEqual(sorted(classes, key=keys.get), expected)

    def test_a_class_that_overrides_a_name_of_a_base_does_not_share_it(self):
        looks = self.shared.World()._looks
        self.assertEqual(looks(Base, TestOfTeam), looks(Base, TestOfBase))
        self.assertNotEqual(looks(Base, TestOfTeam), looks(Base, TestOfTuesday))
