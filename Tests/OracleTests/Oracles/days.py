"""What can be said of a date, said once for each of the fourteen kinds of years that there are."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

DAY = timedelta(days=1)


class Day(NamedTuple):
    """Places are counted from 1; `…_back` from the end, from −1."""

    index: int
    month: int
    day: int
    day_back: int
    of_year: int
    of_year_back: int
    weekday: int
    # Which one of its weekday it is.
    in_month: int
    in_month_back: int
    in_year: int
    in_year_back: int


@lru_cache(maxsize=None)
def days_of_year(year):
    first = date(year, 1, 1)
    return days_of_kind(first.weekday(), (date(year, 12, 31) - first).days + 1)


@lru_cache(maxsize=14)
def days_of_kind(first_weekday, length):
    # 2000 and 2001 have every length; the weekday is put in.
    first = date(2000 if length == 366 else 2001, 1, 1)
    return [described(first, index, length, (first_weekday + index) % 7) for index in range(length)]


def described(first, index, length, weekday):
    day = first + index * DAY
    back = day.day - month_end(day).day - 1
    return Day(
        index, day.month, day.day, back, index + 1, index - length, weekday,
        (day.day - 1) // 7 + 1, -((-back - 1) // 7 + 1), index // 7 + 1, -((length - index - 1) // 7 + 1),
    )


def day_of(day):
    return days_of_year(day.year)[day.timetuple().tm_yday - 1]


def month_end(day):
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def is_weekday(day, weekdays, in_year):
    """Plain weekdays and numbered ones are a union: a list of values is an OR (RFC 5545)."""
    places = (0, day.in_year, day.in_year_back) if in_year else (0, day.in_month, day.in_month_back)
    return any(name == day.weekday and number in places for number, name in weekdays)


def is_in_week(day, numbers, week_start):
    """A week is the year's that has its fourth day."""
    fourth = day - (day.weekday() - week_start) % 7 * DAY + 3 * DAY
    described = day_of(fourth)
    return described.in_year in numbers or described.in_year_back in numbers
