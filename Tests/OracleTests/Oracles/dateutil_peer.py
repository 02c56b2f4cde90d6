"""python-dateutil, which knows local times and no zones: FREQ=DAILY and larger, and smaller ones where clocks never
change."""

from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from types import SimpleNamespace

from dateutil import rrule


def objection(rule, anchor, found):
    """Why dateutil is not asked about a rule; None where it is."""
    ordinals = {number for number, _ in rule.weekdays}
    if rule.skip != "OMIT":
        return "it has no SKIP"
    if 0 in ordinals and len(ordinals) > 1:
        return "it takes plain and numbered weekdays together as both, not as either"
    if rule.has("BYWEEKNO") and not any(map(rule.has, ["BYYEARDAY", "BYMONTHDAY", "BYDAY"])):
        return "it takes all days of a BYWEEKNO without a day, not the anchor's weekday"
    if {-52, -53} & set(rule.numbers("BYWEEKNO")):
        return "it does not know week 1 of the next year by its negative number"
    if {52, 53} & set(rule.numbers("BYWEEKNO")):
        return "it takes the days before week 1 for the last week of the wrong number"
    if rule.frequency == "WEEKLY" and rule.has("BYSETPOS") and anchor.weekday() != rule.week_start:
        return "its first week begins at the anchor, of which BYSETPOS then counts too few"
    if max(ordinals, default=0) > 5 and (rule.has("BYMONTH") or rule.frequency == "MONTHLY"):
        return "it fails on more weekdays than a month can have"
    return None


def names(rule, anchor, found):
    """As many local times as are found, and one more where the rule is known to have no more."""
    before = found.end or found.times[-1] + timedelta(days=366)
    # dateutil goes on to the year datetime.MAXYEAR, some seconds' walk where a rule names nothing more.
    rrule.datetime = SimpleNamespace(date=date, datetime=datetime, time=time, MAXYEAR=before.year)
    # UNTIL cuts by instants, which dateutil does not know. A second 60 it refuses.
    text = rule.text(UNTIL=None, SKIP=None, BYSECOND=",".join(map(str, rule.seconds())) or None)
    try:
        all_names = rrule.rrulestr(text, dtstart=anchor)
    except ValueError as error:
        # Of steps that never fall on one of the BY parts' times.
        if "generates an empty set" in str(error):
            return []
        raise
    return list(islice(takewhile(lambda name: name < before, all_names), len(found.times) + 1))
