"""Reading a purchase history from a CSV file: everything is checked before anything
is loaded.

The file is UTF-8, its first line names the columns: ``customer``, ``date`` and
``amount`` are needed, ``currency`` and ``reference`` may follow, others are ignored.
Columns are separated by commas, semicolons or tabs. Dates are written 2024-12-31,
amounts 1234.50: nothing is guessed, because a guess that is right for one line and
wrong for the next would load a wrong history.

A purchase is known by its *key*, so that loading a file again adds nothing: its
reference when it has one, else customer, date, currency and amount. Two lines with
one key are a mistake and reported, unless the caller says that lines without a
reference which read alike are purchases of their own; they are then counted through.

>>> money = {"EUR": Currency(2)}
>>> reading = read(
...     b"customer,date,amount\\nAcme,2024-02-30,10\\n", money, "EUR", date(2025, 1, 1)
... )
>>> [(problem.line, problem.code) for problem in reading.errors]
[(2, 'bad_date')]
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NEEDED = ("customer", "date", "amount")
OPTIONAL = ("currency", "reference")
DELIMITERS = (",", ";", "\t")
OLDEST = date(1900, 1, 1)
LARGEST = Decimal(10) ** 12
LONGEST = 200
SHOWN = 40

# Everything that can be said of a line
ERROR_CODES = frozenset(
    """bad_encoding bad_csv empty_file no_lines bad_delimiter missing_columns
    repeated_column bad_width no_customer bad_text bad_date future_date old_date
    bad_amount negative_amount large_amount many_decimals unknown_currency no_rate
    duplicate repeated_reference kept_duplicate""".split()
)


@dataclass(frozen=True, slots=True)
class Currency:
    """What has to be known of a currency: decimals, and the day of its first rate
    (None: it needs none)."""

    decimals: int
    first_rate_on: date | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the file, checked."""

    line: int
    customer: str
    date: date
    amount: Decimal
    currency: str
    reference: str
    key: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, as a code and the values to say it with."""

    line: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All purchases of a file, or all that is wrong with it."""

    purchases: tuple[Purchase, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read(
    content: bytes,
    currencies: Mapping[str, Currency],
    default_currency: str,
    today: date,
    keep_duplicates: bool = False,
) -> Reading:
    """Check a whole file. With errors there are no purchases.

    :param currencies: the currencies that may be used, by their code
    :param default_currency: the one of lines that name none
    :param today: no purchase may be later
    :param keep_duplicates: equal lines without a reference are separate purchases
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Reading(errors=(Problem(line, "bad_encoding"),))
    return _Reader(currencies, default_currency, today, keep_duplicates).read(text)


class _Reader:
    """One pass over the lines; remembers keys and collects problems."""

    def __init__(
        self,
        currencies: Mapping[str, Currency],
        default_currency: str,
        today: date,
        keep_duplicates: bool,
    ) -> None:
        self.currencies = currencies
        self.default_currency = default_currency
        self.today = today
        self.keep_duplicates = keep_duplicates
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.purchases: list[Purchase] = []
        self.first_lines: dict[str, int] = {}
        self.repeats: Counter[str] = Counter()

    def read(self, text: str) -> Reading:
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            return Reading(errors=(Problem(line, "bad_encoding"),))
        head = text.split("\n", 1)[0]
        delimiter = max(DELIMITERS, key=head.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            self._read_rows(rows)
        except csv.Error as error:
            self.complain(rows.line_num, "bad_csv", detail=str(error))
        if self.errors:
            return Reading((), tuple(self.errors), tuple(self.warnings))
        return Reading(tuple(self.purchases), (), tuple(self.warnings))

    def complain(self, line: int, code: str, **values: object) -> None:
        shown = {k: v[:SHOWN] if isinstance(v, str) else v for k, v in values.items()}
        self.errors.append(Problem(line, code, shown))

    def _read_rows(self, rows: Iterator[list[str]]) -> None:
        header = [name.strip().lower() for name in next(rows, [])]
        if not self._check_header(header):
            return
        for cells in _numbered(rows):
            self._read_row(header, *cells)
        if not self.purchases and not self.errors:
            self.complain(1, "no_lines")

    def _check_header(self, header: list[str]) -> bool:
        if not any(header):
            self.complain(1, "empty_file")
            return False
        missing = [name for name in NEEDED if name not in header]
        if missing:
            code = "missing_columns" if len(header) > 1 else "bad_delimiter"
            found = ", ".join(header)
            self.complain(1, code, missing=", ".join(missing), found=found)
        for name in (*NEEDED, *OPTIONAL):
            if header.count(name) > 1:
                self.complain(1, "repeated_column", column=name)
        return not self.errors

    def _read_row(self, header: list[str], line: int, cells: list[str]) -> None:
        if len(cells) != len(header):
            self.complain(line, "bad_width", count=len(cells), expected=len(header))
            return
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        known = len(self.errors)
        customer, reference = self._texts(line, row)
        day = self._date(line, row["date"])
        currency = self._currency(line, row.get("currency", ""), day)
        amount = self._amount(line, row["amount"], currency)
        if len(self.errors) == known:
            assert day is not None and amount is not None
            key = self._key(line, customer, day, amount, currency, reference)
            self.purchases.append(
                Purchase(line, customer, day, amount, currency, reference, key)
            )

    def _texts(self, line: int, row: Mapping[str, str]) -> tuple[str, str]:
        customer, reference = row["customer"], row.get("reference", "")
        if not customer:
            self.complain(line, "no_customer")
        for column, text in (("customer", customer), ("reference", reference)):
            if len(text) > LONGEST or not text.isprintable():
                self.complain(line, "bad_text", column=column, longest=LONGEST)
        return customer, reference

    def _date(self, line: int, text: str) -> date | None:
        day = _parse_date(text)
        if day is None:
            self.complain(line, "bad_date", text=text)
        elif day > self.today:
            self.complain(line, "future_date", text=text)
        elif day < OLDEST:
            self.complain(line, "old_date", text=text)
        return day

    def _currency(self, line: int, text: str, day: date | None) -> str:
        code = text.upper() or self.default_currency
        currency = self.currencies.get(code)
        if currency is None:
            self.complain(line, "unknown_currency", text=text)
        elif day and currency.first_rate_on and day < currency.first_rate_on:
            first = currency.first_rate_on.isoformat()
            self.complain(line, "no_rate", text=code, first=first)
        return code

    def _amount(self, line: int, text: str, currency: str) -> Decimal | None:
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
            self.complain(line, "bad_amount", text=text)
            return None
        amount = Decimal(text)
        known = self.currencies.get(currency)
        if amount < 0:
            self.complain(line, "negative_amount", text=text)
        elif amount >= LARGEST:
            self.complain(line, "large_amount", text=text)
        elif known and amount != round(amount, known.decimals):
            self.complain(line, "many_decimals", text=text, decimals=known.decimals)
        return amount

    def _key(
        self,
        line: int,
        customer: str,
        day: date,
        amount: Decimal,
        currency: str,
        reference: str,
    ) -> str:
        """The key of a purchase; a second line with the same key is reported."""
        plain = (customer, day.isoformat(), f"{amount.normalize():f}", currency)
        key = repr(("reference", reference) if reference else ("purchase", *plain))
        first = self.first_lines.setdefault(key, line)
        if first == line:
            return key
        if reference:
            self.complain(line, "repeated_reference", text=reference, first=first)
        elif not self.keep_duplicates:
            self.complain(line, "duplicate", first=first)
        else:
            self.warnings.append(Problem(line, "kept_duplicate", {"first": first}))
        self.repeats[key] += 1
        return f"{key}#{self.repeats[key] + 1}"


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line they start on; empty lines are passed over."""
    before = rows.line_num  # type: ignore[attr-defined]
    for cells in rows:
        line, before = before + 1, rows.line_num  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells):
            yield line, cells


def _parse_date(text: str) -> date | None:
    """A day written 2024-12-31 and in no other way, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
