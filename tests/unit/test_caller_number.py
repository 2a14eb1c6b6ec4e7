try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.caller import compare_numbers, looks_like_number, tail

WAYS_TO_WRITE = (
    "0901234567",
    "0901 234 567",
    "0901.234.567",
    "(0901) 234-567",
    "+84901234567",
    "+84 901 234 567",
    "+84 (0)901 234 567",
    "0084 901 234 567",
    "84901234567",
    "901234567",
    "+84\N{NO-BREAK SPACE}901\N{EN DASH}234\N{EN DASH}567",
)


class TestCallerNumber(UnitCase):
    def test_one_number_in_every_way_to_write_it(self):
        for asked in WAYS_TO_WRITE:
            for known in WAYS_TO_WRITE:
                with self.subTest(asked=asked, known=known):
                    self.assertEqual(compare_numbers(asked, known), "same")

    def test_all_ways_share_the_tail(self):
        self.assertEqual({tail(number) for number in WAYS_TO_WRITE}, {"234567"})

    def test_all_ways_look_like_a_number(self):
        for number in WAYS_TO_WRITE:
            self.assertTrue(looks_like_number(number), number)

    def test_names_and_documents_do_not(self):
        for term in ("S00012", "INV/2024/00012", "3M", "Anna", "a@b.c", "12", "0012"):
            self.assertFalse(looks_like_number(term), term)

    def test_another_country_is_another_number(self):
        self.assertIsNone(compare_numbers("+84901234567", "+49901234567"))

    def test_the_end_of_a_number_is_a_hint(self):
        self.assertEqual(compare_numbers("4567", "+84901234567"), "end")
        self.assertEqual(compare_numbers("0901234567", "234567"), "end")

    def test_the_beginning_of_a_number_is_none(self):
        self.assertIsNone(compare_numbers("0901234", "+84901234567"))

    def test_nothing_known(self):
        self.assertIsNone(compare_numbers("0901234567", ""))
