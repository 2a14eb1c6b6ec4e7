"""What a caller tells, and whether two telephone numbers are the same.

Nobody writes a number twice in the same way. Numbers are compared by their digits
and from the right; what one side has more on the left is a country or area code:

>>> compare_numbers("0901 234 567", "+84 901-234-567")
'same'
>>> compare_numbers("0084 901 234 567", "+84 (0)901.234.567")
'same'
>>> compare_numbers("234 567", "0901 234 567")
'end'
>>> compare_numbers("+84 901 234 567", "+49 901 234 567") is None
True

A few digits say nothing:

>>> compare_numbers("67", "0901 234 567") is None
True
"""

from __future__ import annotations

import re
from typing import Literal

#: Fewer digits than these do not tell a number from another one.
MINIMUM_DIGITS = 4

#: Digits of a number that is found by its end; a local number may have no more.
TAIL_DIGITS = 6

#: A country calling code has at most three digits.
COUNTRY_CODE_DIGITS = 3

_NATIONAL_ZERO = re.compile(r"\(\s*0\s*\)")
_NOT_A_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"[+\s\d().\-\u2010-\u2015/]*")


def looks_like_number(term: str) -> bool:
    """Whether somebody typed a telephone number, or the end of one.

    >>> looks_like_number("(84) 901.234"), looks_like_number("S00012")
    (True, False)
    """
    return bool(_NUMBER.fullmatch(term)) and len(significant_digits(term)) >= (
        MINIMUM_DIGITS
    )


def significant_digits(number: str) -> str:
    """The digits of a number without the zeros that only dial out.

    >>> significant_digits("0084 (0)901 234 567")
    '84901234567'
    """
    without_zero = _NATIONAL_ZERO.sub("", number)
    return _NOT_A_DIGIT.sub("", without_zero).lstrip("0")


def tail(number: str) -> str:
    """The last digits, by which the same number is found however it is written."""
    return significant_digits(number)[-TAIL_DIGITS:]


def compare_numbers(asked: str, known: str) -> Literal["same", "end"] | None:
    """How well two numbers agree: the same one, one the end of the other, or not."""
    left, right = significant_digits(asked), significant_digits(known)
    short, long = sorted((left, right), key=len)
    if len(short) < MINIMUM_DIGITS or not long.endswith(short):
        return None
    more = len(long) - len(short)
    is_number = len(short) > TAIL_DIGITS and more <= COUNTRY_CODE_DIGITS
    return "same" if not more or is_number else "end"
