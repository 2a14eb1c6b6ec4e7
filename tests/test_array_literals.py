from datetime import date, datetime

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..models.bulk_load import array_sql, int_array


@tagged("post_install", "-at_install")
class TestArrayLiterals(TransactionCase):
    """What is sent as one literal arrives as it was, value by value."""

    def _arrives(self, array: SQL) -> list:
        rows = self.env.execute_query(SQL("SELECT * FROM unnest(%s) one", array))
        return [value for (value,) in rows]

    def test_integers_arrive_in_their_order(self):
        for numbers in ([], [3, -1, 2], [7, None, 0]):
            with self.subTest(numbers=numbers):
                self.assertEqual(self._arrives(int_array(numbers)), numbers)

    def test_integers_of_a_generator_arrive(self):
        self.assertEqual(self._arrives(int_array(n for n in (1, 2))), [1, 2])

    def test_texts_arrive_with_every_sign_that_means_something_in_a_literal(self):
        texts = ['say "no"', "a\\b", "{1,2}", "", "NULL", "it's", " x ", "100 %s", None]
        self.assertEqual(self._arrives(array_sql(texts, SQL("varchar[]"))), texts)

    def test_other_kinds_arrive(self):
        for kind, values in (
            (SQL("date[]"), [date(2024, 2, 29), None]),
            (SQL("timestamp[]"), [datetime(2024, 2, 29, 23, 59, 1), None]),
            (SQL("boolean[]"), [True, False, None]),
            (SQL("float8[]"), [0.1, -2.5e-7, None]),
            (SQL("jsonb[]"), [{"say": 'a "b" \\ {c}'}]),
        ):
            with self.subTest(kind=kind.code):
                sent = values
                if kind.code == "jsonb[]":
                    sent = ['{"say": "a \\"b\\" \\\\ {c}"}']
                self.assertEqual(self._arrives(array_sql(sent, kind)), values)
