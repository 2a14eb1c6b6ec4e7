"""Reading a purchase history: what is accepted, and what is said about the rest."""

import random
from datetime import date
from decimal import Decimal

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.history_csv import ERROR_CODES, Currency, Reading, read

CURRENCIES = {
    "USD": Currency(2),
    "EUR": Currency(2, date(2020, 1, 1)),
    "JPY": Currency(0, date(1999, 1, 1)),
}
TODAY = date(2025, 6, 30)
HEADER = "customer,date,amount,currency,reference"


class TestHistoryCsv(UnitCase):
    def read(self, *lines: str, keep: bool = False, header: str = HEADER) -> Reading:
        content = "\n".join((header, *lines)).encode()
        return read(content, CURRENCIES, "USD", TODAY, keep)

    def assertErrors(self, reading: Reading, *expected: tuple[int, str]) -> None:
        found = [(problem.line, problem.code) for problem in reading.errors]
        self.assertEqual(found, list(expected))
        self.assertLessEqual({code for _line, code in found}, ERROR_CODES)
        self.assertEqual(reading.purchases, ())

    def test_columns_are_found_by_name_in_any_order(self):
        reading = self.read(
            "12.50,x,Acme,2024-03-01", header="amount,note,Customer,DATE"
        )
        self.assertEqual(reading.errors, ())
        purchase = reading.purchases[0]
        self.assertEqual(
            (purchase.line, purchase.customer, purchase.date, purchase.amount),
            (2, "Acme", date(2024, 3, 1), Decimal("12.50")),
        )
        self.assertEqual((purchase.currency, purchase.reference), ("USD", ""))

    def test_semicolons_tabs_and_a_byte_order_mark_are_accepted(self):
        for delimiter in ";\t":
            row = delimiter.join(("Acme, Inc.", "2024-03-01", "5"))
            header = "\ufeff" + delimiter.join(("customer", "date", "amount"))
            reading = self.read(row, header=header)
            self.assertEqual(reading.errors, ())
            self.assertEqual(reading.purchases[0].customer, "Acme, Inc.")

    def test_every_error_of_a_file_is_reported_with_its_line(self):
        reading = self.read(
            "Acme,2024-02-30,10,USD,A1",
            "Acme,02/03/2024,10,USD,A2",
            ",2024-03-01,10,USD,A3",
            "Acme,2024-03-01,ten,USD,A4",
            'Acme,2024-03-01,"12,50",USD,A5',
            "Acme,2024-03-01,10,XXX,A6",
            "Acme,2025-07-01,10,USD,A7",
            "Acme,1024-03-01,10,USD,A8",
            "Acme,2024-03-01,-10,USD,A9",
            "Acme,2024-03-01,10.005,USD,A10",
            "Acme,2024-03-01,NaN,USD,A11",
            "Acme,2024-03-01,10,USD",
            "Acme,2024-03-01,10,USD,A13",
            "Acme,2024-03-02,11,USD,A13",
        )
        self.assertErrors(
            reading,
            (2, "bad_date"),
            (3, "bad_date"),
            (4, "no_customer"),
            (5, "bad_amount"),
            (6, "bad_amount"),
            (7, "unknown_currency"),
            (8, "future_date"),
            (9, "old_date"),
            (10, "negative_amount"),
            (11, "many_decimals"),
            (12, "bad_amount"),
            (13, "bad_width"),
            (15, "repeated_reference"),
        )
        self.assertEqual(reading.errors[-1].values["first"], 14)

    def test_several_errors_of_one_line_are_all_reported(self):
        reading = self.read(",yesterday,much,XXX,")
        self.assertErrors(
            reading,
            (2, "no_customer"),
            (2, "bad_date"),
            (2, "unknown_currency"),
            (2, "bad_amount"),
        )

    def test_equal_lines_without_reference_are_an_error(self):
        lines = ("Acme,2024-03-01,10,USD,", "Acme,2024-03-01,10.00,,")
        self.assertErrors(self.read(*lines), (3, "duplicate"))

    def test_equal_lines_are_kept_on_request_with_keys_of_their_own(self):
        reading = self.read(*["Acme,2024-03-01,10,USD,"] * 3, keep=True)
        self.assertEqual(len({purchase.key for purchase in reading.purchases}), 3)
        self.assertEqual([w.line for w in reading.warnings], [3, 4])

    def test_a_repeated_reference_is_an_error_even_when_duplicates_are_kept(self):
        lines = ("Acme,2024-03-01,10,USD,A1", "Acme,2024-03-01,10,USD,A1")
        self.assertErrors(self.read(*lines, keep=True), (3, "repeated_reference"))

    def test_a_foreign_purchase_before_the_first_rate_is_an_error(self):
        reading = self.read("Acme,2019-12-31,10,EUR,", "Acme,2020-01-01,10,EUR,")
        self.assertErrors(reading, (2, "no_rate"))

    def test_decimals_are_those_of_the_currency(self):
        reading = self.read("Acme,2024-03-01,10.5,JPY,", "Acme,2024-03-01,10.00,JPY,")
        self.assertErrors(reading, (2, "many_decimals"))

    def test_a_file_that_is_not_such_a_table_gets_one_clear_error(self):
        cases = {
            b"": (1, "empty_file"),
            b"customer|date|amount\nAcme|2024-03-01|5\n": (1, "bad_delimiter"),
            b"customer,day,amount\n": (1, "missing_columns"),
            b"customer,date,amount,date\n": (1, "repeated_column"),
            b"customer,date,amount\n\n": (1, "no_lines"),
            "customer,date,amount\nA,2024-03-01,5\nCaf\u00e9,2024-03-01,5\n".encode(
                "latin-1"
            ): (3, "bad_encoding"),
            "customer,date,amount\nA,2024-03-01,5\n".encode("utf-16"): (
                1,
                "bad_encoding",
            ),
            b'customer,date,amount\nA,2024-03-01,5\n"B,2024-03-01,5\nC,2024-03-01,6': (
                3,
                "bad_width",
            ),
        }
        for content, expected in cases.items():
            with self.subTest(content=content):
                reading = read(content, CURRENCIES, "USD", TODAY)
                self.assertErrors(reading, expected)

    def test_line_numbers_count_line_breaks_inside_quotes_and_empty_lines(self):
        reading = self.read('"Ac\nme",2024-03-01,5,,', "", "Acme,never,5,,")
        self.assertErrors(reading, (2, "bad_text"), (5, "bad_date"))

    def test_the_key_does_not_depend_on_the_order_of_the_lines(self):
        lines = [f"C{n},2024-03-{n:02},{n}.50,USD," for n in range(1, 29)]
        keys = {purchase.key for purchase in self.read(*lines).purchases}
        random.Random(5).shuffle(lines)
        self.assertEqual({p.key for p in self.read(*lines).purchases}, keys)
        self.assertEqual(len(keys), 28)
