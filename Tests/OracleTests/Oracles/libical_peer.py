"""libical, in UTC: icalrecur_expand_recurrence of its C library, version 3."""

import ctypes
from functools import lru_cache

from zones import moment, seconds

# The years after it are none of libical's.
LAST_YEAR = 2582


@lru_cache(maxsize=1)
def library():
    loaded = ctypes.CDLL("libical.so.3")
    loaded.icalrecur_expand_recurrence.argtypes = [
        ctypes.c_char_p, ctypes.c_int64, ctypes.c_int, ctypes.POINTER(ctypes.c_int64),
    ]
    if not loaded.icalrecurrencetype_rscale_is_supported():
        raise RuntimeError("this libical is built without ICU and knows no SKIP")
    return loaded


def several_times(rule):
    return any(len(rule.numbers(name)) > 1 for name in ["BYHOUR", "BYMINUTE", "BYSECOND"])


def is_plain_week(rule):
    """The weeks of BYWEEKNO that libical tells rightly."""
    has_others = any(map(rule.has, ["BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYSETPOS"])) or not rule.has("BYDAY")
    return rule.week_start == 0 and not has_others and all(1 < number < 52 for number in rule.numbers("BYWEEKNO"))


def misreads_weeks(rule):
    """Weeks that do not begin on Monday, and Monday's where Sunday is the one day."""
    weekdays = {weekday for _, weekday in rule.weekdays}
    return rule.frequency == "WEEKLY" and rule.interval > 1 and (rule.week_start != 0 or weekdays == {6})


def may_name_twice(rule):
    return rule.has("BYYEARDAY") or any(number < 0 for number in rule.numbers("BYMONTHDAY"))


# What libical is known to get wrong, as narrow as it could be found.
DEVIATIONS = [
    (lambda rule, _: rule.has("BYSETPOS") and several_times(rule),
     "it applies BYSETPOS before times"),
    (lambda rule, _: rule.frequency == "YEARLY" and rule.has("BYMONTHDAY") and not rule.has("BYMONTH"),
     "it keeps YEARLY with BYMONTHDAY to the anchor's month"),
    (lambda rule, _: rule.frequency == "DAILY" and any(number < 0 for number in rule.numbers("BYMONTHDAY")),
     "it ignores negative BYMONTHDAY under DAILY"),
    (lambda rule, _: misreads_weeks(rule),
     "it misreads WKST with INTERVAL"),
    (lambda rule, _: rule.frequency == "WEEKLY" and rule.has("BYSETPOS"),
     "it ignores BYSETPOS under WEEKLY"),
    (lambda rule, _: rule.has("BYWEEKNO") and not is_plain_week(rule),
     "it finds a week 53 where there is none, misreads negative weeks and those over New Year, and takes weeks for "
     "sure with BYDAY alone"),
    (lambda rule, _: rule.frequency == "YEARLY" and rule.interval > 1 and rule.has("BYWEEKNO"),
     "INTERVAL counts its years of whole weeks, not calendar years, where a week lies over New Year"),
    (lambda rule, _: rule.interval > 1 and {1, 52} & set(rule.numbers("BYWEEKNO")),
     "of BYWEEKNO with INTERVAL it counts the years that weeks belong to, not calendar years"),
    (lambda rule, _: rule.has("BYYEARDAY") and rule.has("BYMONTH"),
     "it finds nothing for BYYEARDAY with BYMONTH"),
    (lambda rule, anchor: rule.skip == "FORWARD" and rule.has("BYDAY") and anchor.day > 28,
     "SKIP=FORWARD moves the anchor's own day too where BYDAY has replaced it"),
    (lambda rule, _: rule.frequency == "MONTHLY" and rule.skip != "OMIT" and rule.has("BYMONTH"),
     "under MONTHLY it asks for BYMONTH after SKIP, not before (RFC 7529, section 4.1)"),
    (lambda rule, _: rule.frequency in ("MONTHLY", "YEARLY") and rule.skip != "OMIT" and rule.has("BYSETPOS"),
     "with BYSETPOS it loses the days that SKIP moves, or their month, or counts them twice"),
    (lambda rule, _: rule.skip == "BACKWARD" and -366 in rule.numbers("BYYEARDAY"),
     "it moves day -366 from a year that has it, where the anchor's has not"),
    (lambda rule, _: rule.has("BYSETPOS") and may_name_twice(rule),
     "of BYSETPOS it counts a day twice that is named twice, as 31 and -1"),
    (lambda rule, _: rule.skip != "OMIT" and rule.has("BYDAY") and (rule.has("BYMONTHDAY") or rule.has("BYYEARDAY")),
     "it asks for the weekday of a day before it is moved, not after (RFC 7529, section 4.1)"),
]


def objection(rule, anchor, found):
    """Why libical is not asked about a rule; None where it is."""
    if not found.times or found.times[-1].year > LAST_YEAR:
        return "it ends with the year 2582"
    return next((reason for applies, reason in DEVIATIONS if applies(rule, anchor)), None)


def names(rule, anchor, found):
    """As many local times as are found. One that SKIP moves onto another is told twice by libical, so that it is asked
    for more."""
    # Of times that are not in order it loses the first ones. A second 60 it takes for the next minute.
    times = {"BYHOUR": rule.numbers("BYHOUR"), "BYMINUTE": rule.numbers("BYMINUTE"), "BYSECOND": rule.seconds()}
    times = {name: ",".join(map(str, sorted(set(numbers)))) or None for name, numbers in times.items()}
    moves = rule.skip != "OMIT"
    # COUNT counts twice what is told twice.
    text = rule.text(
        UNTIL=None, COUNT=None if moves else rule.parts.get("COUNT"), RSCALE="GREGORIAN" if moves else None, **times)
    told = (ctypes.c_int64 * (len(found.times) * (2 if moves else 1)))()
    if not library().icalrecur_expand_recurrence(text.encode(), seconds(anchor), len(told), told):
        raise RuntimeError(f"libical refuses {text}")
    return sorted({moment(second) for second in told if second != 0})[:len(found.times)]
