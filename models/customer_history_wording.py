from __future__ import annotations

from odoo import models
from odoo.tools import LazyTranslate

from ..logic.history_csv import Problem

_lt = LazyTranslate(__name__)

SENTENCES = {
    "bad_encoding": _lt("The file is not UTF-8 text. Save it as “CSV UTF-8”."),
    "bad_csv": _lt("The line cannot be read: %(detail)s."),
    "empty_file": _lt(
        "The first line must name the columns: customer, date, amount and, where "
        "needed, currency and reference."
    ),
    "no_lines": _lt("There are no purchases below the names of the columns."),
    "bad_delimiter": _lt(
        "Only one column was found: %(found)s. Separate the columns with commas, "
        "semicolons or tabs; %(missing)s are needed."
    ),
    "missing_columns": _lt("Columns are missing: %(missing)s. Found: %(found)s."),
    "repeated_column": _lt("The column %(column)s is there more than once."),
    "bad_width": _lt(
        "The line has %(count)s cells, the first line has %(expected)s. Put texts "
        "with a separator or a quotation mark between quotation marks."
    ),
    "no_customer": _lt("The customer is empty."),
    "bad_text": _lt(
        "The %(column)s has a line break or another invisible character, or more "
        "than %(longest)s characters."
    ),
    "bad_date": _lt("“%(text)s” is not a date. Write it as 2024-12-31."),
    "future_date": _lt("%(text)s is in the future."),
    "old_date": _lt("%(text)s is before 1900."),
    "bad_amount": _lt(
        "“%(text)s” is not an amount. Write it as 1234.50, without currency and "
        "thousands separators."
    ),
    "negative_amount": _lt("The amount %(text)s is negative. Leave returns out."),
    "large_amount": _lt("The amount %(text)s is too large."),
    "many_decimals": _lt(
        "The amount %(text)s has more than the %(decimals)s decimals of its currency."
    ),
    "unknown_currency": _lt(
        "The currency “%(text)s” is unknown. Use the code of an active currency."
    ),
    "no_rate": _lt(
        "There is no rate of %(text)s for this day. Add the rates in the settings of "
        "the currency."
    ),
    "duplicate": _lt(
        "The line repeats line %(first)s. Remove it, or give both a reference of "
        "their own."
    ),
    "repeated_reference": _lt(
        "The reference “%(text)s” was used in line %(first)s already."
    ),
    "kept_duplicate": _lt(
        "The line repeats line %(first)s; it is loaded as another purchase."
    ),
    "ambiguous_customer": _lt(
        "%(count)s customers have the reference “%(text)s”. Merge them or change the "
        "reference of the others."
    ),
}


class CustomerHistoryImport(models.AbstractModel):
    """What is wrong with a file, in the reader's language."""

    _inherit = "customer.history.import"

    def _describe(self, problem: Problem) -> str:
        """A problem as a sentence in the reader's language."""
        lazy = SENTENCES[problem.code]
        sentence = lazy._translate(self.env.lang or "en_US") % problem.values
        return self.env._(
            "Line %(line)s: %(sentence)s", line=problem.line, sentence=sentence
        )
