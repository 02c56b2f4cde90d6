"""The instants of a rule of FREQ=HOURLY, MINUTELY or SECONDLY, step by step: every step is looked at, every part asked
about what clocks in the zone show, and what is smaller than the step put into the hour or minute that they show."""

from datetime import datetime, timedelta
from itertools import product

from days import day_of, is_weekday
from rules import UNIT_SECONDS
from zones import local, moment, offset, read, seconds

STEPS = 1200
HOUR = 3600
# What is smaller than the step's unit does not limit it, it is put into the step.
TIME_LIMITS = {
    "HOURLY": ["BYHOUR"], "MINUTELY": ["BYHOUR", "BYMINUTE"], "SECONDLY": ["BYHOUR", "BYMINUTE", "BYSECOND"],
}
LAST_SECOND = seconds(datetime(9980, 1, 1))


class Named:
    """A local time that the rule names, and when that is."""

    def __init__(self, nominal, instant, is_in_gap):
        self.nominal = nominal
        self.instant = instant
        self.is_in_gap = is_in_gap


class Instants:
    """What the rule names, and the last instant to which it is known; None for a rule that has no more."""

    def __init__(self, named, known):
        self.named = named
        self.known = known


def instants(rule, anchor, zone, after, limit):
    """What a rule names after an instant (of a rule with COUNT: from the anchor on), `limit` instants or a few more."""
    kind, start, _ = read(zone, anchor)
    stride = rule.interval * UNIT_SECONDS[rule.frequency]
    index = 0
    if after is not None and rule.count is None:
        # The times of a step lie in its hour, or are moved by what clocks jump around it.
        ahead = seconds(after) - seconds(start) - HOUR - jump(zone, seconds(after))
        index = max(0, ahead // stride)
    named, seen = [], set()
    stop = index + STEPS
    while index < stop and len(seen) < limit and seconds(start) + index * stride < LAST_SECOND:
        step = start + timedelta(seconds=index * stride)
        if index == 0 and kind == "gap" and not expands(rule):
            names = only_positions(rule, [Named(anchor, start, True)]) if allows(rule, local(zone, start)) else []
        else:
            names = [name for name in names_of_step(rule, zone, step) if name.instant >= start]
        named += names
        seen.update(name.instant for name in names)
        index += 1
    known = moment(min(seconds(start) + index * stride, LAST_SECOND) - 1)
    if expands(rule):
        known -= timedelta(seconds=HOUR + jump(zone, seconds(known)))
    return counted(rule, named, known)


def counted(rule, named, known):
    """COUNT counts instants, of which two names may share one, before anything is left out."""
    if rule.count is None:
        return Instants(named, known)
    ordered = sorted({name.instant for name in named})
    if len(ordered) < rule.count or ordered[rule.count - 1] > known:
        return Instants(named, known)
    last = ordered[rule.count - 1]
    return Instants([name for name in named if name.instant <= last], None)


def jump(zone, second):
    """How far clocks jump within some days of a second."""
    offsets = [offset(zone, second + hours * HOUR) for hours in range(-108, 109, 2)]
    return max(offsets) - min(offsets)


def expands(rule):
    return bool(expanded_minutes(rule) or expanded_seconds(rule))


def expanded_minutes(rule):
    return rule.numbers("BYMINUTE") if rule.frequency == "HOURLY" else []


def expanded_seconds(rule):
    return rule.seconds() if rule.frequency != "SECONDLY" else []


def names_of_step(rule, zone, step):
    shown = local(zone, step)
    if not allows(rule, shown):
        return []
    if not expands(rule):
        return only_positions(rule, [Named(shown, step, False)])
    minutes = expanded_minutes(rule) or [shown.minute]
    times = sorted(set(product(minutes, expanded_seconds(rule) or [shown.second])))
    return only_positions(rule, [name_in_step(zone, step, shown, *time) for time in times])


def name_in_step(zone, step, shown, minute, second):
    """A time in the hour that clocks show at a step: where they have run evenly between the two, as far from it as it
    looks; else read like any other time. So both hours of a fold have theirs."""
    wanted = shown.replace(minute=minute, second=second)
    near = step + (wanted - shown)
    if runs_evenly(zone, step, near):
        return Named(wanted, near, False)
    kind, instant, _ = read(zone, wanted)
    return Named(wanted, instant, kind == "gap")


def runs_evenly(zone, one, other):
    """Whether no clock change lies between two instants less than an hour apart. Two changes within an hour that make
    up for each other are unknown."""
    return offset(zone, seconds(one)) == offset(zone, seconds(other))


def only_positions(rule, names):
    """BYSETPOS, of the instances of one step."""
    if not rule.has("BYSETPOS"):
        return names
    positions = {number - 1 if number > 0 else len(names) + number for number in rule.numbers("BYSETPOS")}
    return [name for index, name in enumerate(names) if index in positions]


def allows(rule, shown):
    """The parts of the step's unit or a larger one limit it."""
    times = {"BYHOUR": shown.hour, "BYMINUTE": shown.minute, "BYSECOND": shown.second}
    for name in TIME_LIMITS[rule.frequency]:
        numbers = rule.seconds() if name == "BYSECOND" else rule.numbers(name)
        if numbers and times[name] not in numbers:
            return False
    if not any(map(rule.has, ["BYMONTH", "BYYEARDAY", "BYMONTHDAY", "BYDAY"])):
        return True
    day = day_of(shown)
    places = {
        "BYMONTH": [day.month], "BYYEARDAY": [day.of_year, day.of_year_back], "BYMONTHDAY": [day.day, day.day_back],
    }
    for name, its_places in places.items():
        if rule.has(name) and not any(place in rule.numbers(name) for place in its_places):
            return False
    return not rule.weekdays or is_weekday(day, rule.weekdays, False)
