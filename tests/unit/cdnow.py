"""The purchase log that the literature of the field uses, if it is at hand.

``make test`` puts it into the cache; it is not part of the product.
"""

import os
import unittest
import zipfile
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from ...logic.churn import Habit

WHEEL = "[Ll]ifetimes-0.11.3-*.whl"
LOG = "lifetimes/datasets/CDNOW_sample.txt"
CALIBRATED = date(1997, 9, 30)  # 39 weeks, followed by 39 more
END = date(1998, 6, 30)


def purchases():
    """Return {customer: {day: amount}} of the sample of 2,357 customers."""
    folder = Path(os.environ.get("CUSTOMER_RETENTION_CACHE") or "missing") / "history"
    wheel = next(iter(sorted(folder.glob(WHEEL))), None)
    if wheel is None:
        raise unittest.SkipTest("the purchase log is not in the cache")
    customers = defaultdict(lambda: defaultdict(float))
    with zipfile.ZipFile(wheel) as archive:
        for line in archive.read(LOG).decode("ascii").splitlines():
            _master, customer, day, _discs, amount = line.split()
            on = datetime.strptime(day, "%Y%m%d").date()
            customers[customer][on] += float(amount)
    return customers


def habits(customers, origin=CALIBRATED):
    """Return {customer: habit} as of a day, in weeks."""
    found = {}
    for customer, days in customers.items():
        known = sorted(day for day in days if day <= origin)
        if known:
            found[customer] = Habit(
                len(known) - 1,
                (known[-1] - known[0]).days / 7,
                (origin - known[0]).days / 7,
            )
    return found
