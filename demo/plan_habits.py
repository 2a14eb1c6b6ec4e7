"""How the customers of the demo company buy, and what holds for all of them."""

from __future__ import annotations

from dataclasses import dataclass

YEARS_BACK = 3
DAYS_BACK = 365 * YEARS_BACK
# Demand by month, from January
SEASON = (0.82, 0.86, 1.04, 1.1, 1.12, 1.02, 0.86, 0.72, 1.14, 1.2, 1.22, 0.9)
# Yearly rise of prices
INFLATION = 1.03

SALESPEOPLE = {
    "main": ("sales", "sales2", "leader"),
    "europe": ("sales3",),
}


@dataclass(frozen=True, slots=True)
class Habit:
    """How customers of a kind buy.

    :param count: how many customers have it
    :param interval: usual days between two purchases, shortest and longest
    :param tenure: days since the first purchase, shortest and longest; what lies
        before the company began to use the system is not in it
    :param overdue: days since the last purchase ÷ the interval, least and most
    :param spread: how uneven the intervals are, 0 = like a clock
    :param trend: interval a year ago ÷ interval now
    :param basket: growth of the basket in a year, 1 = none
    """

    count: int
    interval: tuple[int, int]
    tenure: tuple[int, int]
    overdue: tuple[float, float]
    spread: float = 0.3
    trend: float = 1.0
    basket: float = 1.2


HABITS = {
    "steady": Habit(56, (52, 130), (90, 1700), (0.05, 0.95), 0.22, 1.1, 1.3),
    "newcomer": Habit(38, (34, 64), (45, 330), (0.05, 0.9), 0.25, 1.0, 1.3),
    "growing": Habit(30, (36, 70), (250, 1300), (0.05, 0.9), 0.25, 1.5, 1.5),
    "shrinking": Habit(6, (46, 62), (800, 1400), (0.4, 1.4), 0.2, 0.85, 0.8),
    "seasonal": Habit(24, (28, 44), (400, 1900), (0.1, 0.9), 0.3, 1.0, 1.15),
    "cooling": Habit(14, (46, 95), (350, 1500), (1.6, 1.95), 0.3, 1.0, 1.15),
    "at_risk": Habit(18, (44, 85), (350, 1500), (2.1, 3.3), 0.3, 1.0, 1.15),
    "dormant": Habit(11, (50, 75), (600, 1300), (3.8, 5.8)),
    "lost": Habit(9, (44, 62), (800, 1500), (6.8, 9.5)),
    "former": Habit(36, (36, 72), (600, 1400), (9.5, 18.0), 0.3, 1.0, 1.1),
    "returned": Habit(12, (46, 66), (700, 1400), (0.1, 1.2)),
    "once": Habit(44, (60, 60), (20, 900), (0.0, 0.0)),
    "occasional": Habit(26, (120, 240), (600, 1900), (0.1, 1.3), 0.4),
    "prospect": Habit(32, (60, 60), (0, 0), (0.0, 0.0)),
}

# Share of private persons among the customers of a habit; all others are companies
PRIVATE = {"once": 0.4, "occasional": 0.3, "steady": 0.12}
