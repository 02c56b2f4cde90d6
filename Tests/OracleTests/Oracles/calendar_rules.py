"""The local times that a rule of FREQ=DAILY or larger names: RFC 5545, section 3.3.10, and the SKIP of RFC 7529,
section 4.1, word by word. Plain: every date of a period is looked at and every part asked about it."""

from datetime import date, datetime, time
from itertools import product

from days import DAY, day_of, days_of_year, is_in_week, is_weekday, month_end

# So many periods are looked at. Rules that name nothing in them get more, to tell "rarely" from "never".
PERIODS = {"YEARLY": 30, "MONTHLY": 120, "WEEKLY": 200, "DAILY": 500}
PERIODS_FOR_RARE = {"YEARLY": 200, "MONTHLY": 500, "WEEKLY": 500, "DAILY": 1500}
LAST_YEAR = 9990


class Names:
    """Local times, ascending, and how far they are known: `end` is None where the rule itself has no more."""

    def __init__(self, times, end):
        self.times = times
        self.end = end


def names(rule, anchor, limit):
    """The first local times, at most `limit` of them."""
    found = search(rule, anchor, limit, PERIODS[rule.frequency])
    if not found.times and found.end is not None:
        found = search(rule, anchor, limit, PERIODS_FOR_RARE[rule.frequency])
    return found


def search(rule, anchor, limit, periods):
    wanted = min(limit, rule.count or limit)
    times = set()
    of_day = times_of_day(rule, anchor)
    known = anchor
    for index in range(periods):
        first, last = period(rule, anchor.date(), index * rule.interval)
        if first is None:
            break
        # SKIP may move a day into the period before: to its last day.
        known = datetime.combine(first - DAY if rule.skip != "OMIT" else first, time())
        if (len(times) if rule.skip == "OMIT" else sum(moment < known for moment in times)) >= wanted:
            break
        times.update(moment for moment in instances(rule, anchor, of_day, first, last) if moment >= anchor)
    ordered = sorted(moment for moment in times if moment < known)
    if rule.count is not None and wanted == rule.count <= len(ordered):
        return Names(ordered[:rule.count], None)
    return Names(ordered[:limit], ordered[limit] if len(ordered) > limit else known)


def period(rule, anchor, distance):
    """The first and the last date of the period so many units after the anchor's."""
    if rule.frequency == "DAILY":
        first = last = day_after(anchor, distance)
    elif rule.frequency == "WEEKLY":
        first = day_after(anchor, distance * 7 - (anchor.weekday() - rule.week_start) % 7)
        last = first and first + 6 * DAY
    elif rule.frequency == "MONTHLY":
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + distance, 12)
        first = date(year, month + 1, 1) if year <= LAST_YEAR else None
        last = first and month_end(first)
    else:
        year = anchor.year + distance
        first = date(year, 1, 1) if year <= LAST_YEAR else None
        last = first and date(year, 12, 31)
    return first, last


def day_after(anchor, days):
    return anchor + days * DAY if days < (LAST_YEAR - anchor.year) * 365 else None


def instances(rule, anchor, of_day, first, last):
    """The times of one period, BYSETPOS applied."""
    dates = sorted(dates_in(rule, anchor.date(), first, last))
    found = [datetime.combine(day, moment) for day, moment in product(dates, of_day)]
    if not rule.has("BYSETPOS"):
        return found
    positions = {number - 1 if number > 0 else len(found) + number for number in rule.numbers("BYSETPOS")}
    return [found[index] for index in sorted(positions) if 0 <= index < len(found)]


def times_of_day(rule, anchor):
    hours = rule.numbers("BYHOUR") or [anchor.hour]
    minutes = rule.numbers("BYMINUTE") or [anchor.minute]
    seconds = rule.seconds() or [anchor.second]
    return sorted({time(*parts) for parts in product(hours, minutes, seconds)})


def dates_in(rule, anchor, first, last):
    months, month_days, year_days, weekdays = day_parts(rule, anchor)
    # 20MO is the twentieth Monday of the year, or of a month, which then has none.
    in_year = rule.frequency == "YEARLY" and not rule.has("BYMONTH")
    if rule.skip != "OMIT" and rule.frequency in ("YEARLY", "MONTHLY") and (month_days or year_days):
        dates = moved_dates(rule.skip, first, last, months, month_days, year_days)
        dates = [day for day in dates if not weekdays or is_weekday(day_of(day), weekdays, in_year)]
    else:
        dates = [
            date(year, 1, 1) + day.index * DAY for year in range(first.year, last.year + 1)
            for day in days_between(year, first, last)
            if (not months or day.month in months)
            and (not month_days or day.day in month_days or day.day_back in month_days)
            and (not year_days or day.of_year in year_days or day.of_year_back in year_days)
            and (not weekdays or is_weekday(day, weekdays, in_year))
        ]
    weeks = rule.numbers("BYWEEKNO")
    return {day for day in dates if not weeks or is_in_week(day, weeks, rule.week_start)}


def days_between(year, first, last):
    """The days of a year that lie in a period; a week may lie in two years."""
    start = first.timetuple().tm_yday - 1 if year == first.year else 0
    end = last.timetuple().tm_yday if year == last.year else 366
    return days_of_year(year)[start:end]


def day_parts(rule, anchor):
    """BYMONTH, BYMONTHDAY, BYYEARDAY and BYDAY, taken from the anchor where the rule leaves the day open."""
    months = rule.numbers("BYMONTH")
    month_days, year_days = rule.numbers("BYMONTHDAY"), rule.numbers("BYYEARDAY")
    if month_days or year_days or rule.weekdays or rule.frequency == "DAILY":
        return months, month_days, year_days, rule.weekdays
    if rule.frequency == "WEEKLY" or rule.has("BYWEEKNO"):
        return months, [], [], [(0, anchor.weekday())]
    if rule.frequency == "YEARLY" and not months:
        months = [anchor.month]
    return months, [anchor.day], [], []


def moved_dates(skip, first, last, months, month_days, year_days):
    """Every day that BYMONTHDAY names in the period's months, or BYYEARDAY in its year, those that do not exist moved.

    RFC 7529 does not say what becomes of a day that does not exist where both parts, or BYYEARDAY and BYMONTH, would
    have to agree on it: such rules are not drawn."""
    if year_days:
        return {moved(skip, first, last, number) for number in year_days}
    here = [month for month in range(first.month, last.month + 1) if not months or month in months]
    starts = [date(first.year, month, 1) for month in here]
    return {moved(skip, start, month_end(start), number) for start in starts for number in month_days}


def moved(skip, first, last, number):
    length = (last - first).days + 1
    position = number if number > 0 else length + 1 + number
    if position > length:
        return last if skip == "BACKWARD" else last + DAY
    if position < 1:
        return first - DAY if skip == "BACKWARD" else first
    return first + (position - 1) * DAY
