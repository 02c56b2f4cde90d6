"""The right answer to a case: what the rule names, read in the zone, left out, put in order and cut."""

from datetime import date, datetime, time, timedelta

import calendar_rules
import elapsed_rules
from elapsed_rules import HOUR, Named
from rules import Rule, read_until
from zones import offset, read, seconds, zone

# What a rule names is looked at to here.
LIMIT = 60
FIELDS = ["id", "rrule", "start", "timezone", "count", "end", "gap", "exclude", "after"]


class Timeline:
    """What the rule of a case names, before anything is left out; `known` is the last instant to which that is
    complete, None where the rule has no more."""

    def __init__(self, named, known, objection, disagreement):
        self.named = named
        self.known = known
        self.objection = objection
        self.disagreement = disagreement


def answer(case, peer):
    return answer_of(case, timeline(case, peer))


def timeline(case, peer):
    rule, anchor, place = Rule(case["rrule"]), datetime.fromisoformat(case["start"]), zone(case["timezone"])
    if not rule.is_calendar:
        after = parse_instant(case["after"]) if "after" in case else None
        found = elapsed_rules.instants(rule, anchor, place, after, LIMIT)
        objection, disagreement = peer_says(peer, rule, anchor, elapsed_as_names(found, place, after))
        return Timeline(found.named, found.known, objection, disagreement)
    found = calendar_rules.names(rule, anchor, LIMIT)
    objection, disagreement = peer_says(peer, rule, anchor, found)
    named = []
    for nominal in found.times:
        kind, instant, _ = read(place, nominal)
        named.append(Named(nominal, instant, kind == "gap"))
    known = None if found.end is None else instant_before(place, found.end)
    return Timeline(named, known, objection, disagreement)


def instant_before(place, name):
    """An instant before that of a local time, and of every later one, be it read with a larger offset."""
    largest = max(offset(place, seconds(name) + hours * HOUR) for hours in range(-54, 55))
    return name - timedelta(seconds=largest + 1)


def elapsed_as_names(found, place, after):
    """For calendars that know no zones; None where clocks are not those of UTC, or the start is left out."""
    if place.key != "UTC" or after is not None:
        return None
    end = None if found.known is None else found.known + timedelta(seconds=1)
    times = sorted({name.nominal for name in found.named})
    return calendar_rules.Names([name for name in times if end is None or name < end], end)


def peer_says(peer, rule, anchor, found):
    """Why the other implementation is not asked, and what it says where it differs from `found`."""
    if found is None:
        return "steps in elapsed time are its own only in UTC", None
    objection = peer.objection(rule, anchor, found)
    if objection:
        return objection, None
    try:
        names = peer.names(rule, anchor, found)
    except Exception as error:  # whatever it is, it is told with its case
        return None, f"raises {error!r}"
    # One more may lie in the part of a period that is not known.
    if names[:len(found.times)] == found.times and (len(names) == len(found.times) or len(found.times) == LIMIT):
        return None, None
    says, not_this = ([name.isoformat() for name in list[:12]] for list in (names, found.times))
    return None, f"says {says}, not {not_this}"


def answer_of(case, timeline):
    place = zone(case["timezone"])
    rule = Rule(case["rrule"])
    kept = left(case, timeline.named)
    known = timeline.known
    end = case.get("end") or (rule.until and read_until(rule.until))
    if end:
        last = last_instant(end, place)
        kept = [name for name in kept if name.instant <= last]
        known = None if known is None or known >= last else known
    if known is not None:
        kept = [name for name in kept if name.instant <= known]
    ordered = in_order(kept)
    answered = {field: case[field] for field in FIELDS if field in case}
    is_whole = rule.is_calendar or "after" not in case or rule.count is not None
    if not ordered and known is None and is_whole:
        return result(answered | {"error": True}, [], known, timeline)
    if not ordered and not is_whole:
        # Earlier ones, which were not looked at, would tell a series that has ended from one that has nothing.
        known = timeline.known
    occurs = bool(ordered)
    if "after" in case:
        ordered = [name for name in ordered if name.instant > parse_instant(case["after"])]
    printed = ordered[:case["count"]]
    answered["expect"] = [print_instant(name.instant) for name in printed]
    if len(ordered) > len(printed):
        answered["exhausted"] = False
    elif known is None:
        answered["exhausted"] = True
    return result(answered, printed, known, timeline) | {"occurs": occurs}


def result(answered, printed, known, timeline):
    return {
        "case": answered,
        "nominal": [name.nominal.isoformat() for name in printed],
        "gaps": [name.is_in_gap for name in printed],
        "known": None if known is None else print_instant(known),
        "occurs": False,
        "objection": timeline.objection,
        "disagreement": timeline.disagreement,
    }


def left(case, named):
    """What is neither excluded, by the date that the rule names, nor in a gap that is skipped."""
    excluded = {date.fromisoformat(day) for day in case.get("exclude", [])}
    return [
        name for name in named
        if name.nominal.date() not in excluded and not (case.get("gap") == "skip" and name.is_in_gap)
    ]


def in_order(named):
    """By instant; of two on one instant the one whose local time exists."""
    by_instant = {}
    for name in sorted(named, key=lambda name: name.is_in_gap):
        by_instant.setdefault(name.instant, name)
    return [by_instant[instant] for instant in sorted(by_instant)]


def last_instant(end, place):
    """An inclusive end: an instant, a local time read like an occurrence, or all of a date, the second pass through its
    last hour included."""
    if end.endswith("Z"):
        return parse_instant(end)
    if "T" in end:
        return read(place, datetime.fromisoformat(end))[1]
    return read(place, datetime.combine(date.fromisoformat(end), time(23, 59, 59)))[2]


def parse_instant(text):
    return datetime.fromisoformat(text.rstrip("Z"))


def print_instant(moment):
    return moment.isoformat() + "Z"
