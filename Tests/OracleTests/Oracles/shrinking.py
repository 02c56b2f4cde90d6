"""Simpler cases than a given one: without one of its parts, or with one of its numbers or places more usual."""

from rules import LISTS

USUAL_ZONES = ["UTC", "Europe/Paris"]
USUAL_NUMBERS = {"INTERVAL": ["2", "3"], "COUNT": ["1", "2", "3"]}


def simpler(case):
    """Each differs from the case in one thing, those that leave most away first."""
    yield from without_fields(case)
    yield from (case | {"rrule": rule} for rule in simpler_rules(case["rrule"]))
    yield from (case | {"timezone": zone} for zone in USUAL_ZONES if case["timezone"] not in [*USUAL_ZONES[:1], zone])
    yield from (case | {"start": start} for start in simpler_starts(case["start"]))
    yield from (case | {"count": count} for count in (1, 2, case["count"] // 2) if 0 < count < case["count"])


def without_fields(case):
    for field in ("end", "exclude", "after", "gap"):
        if field in case:
            yield {name: value for name, value in case.items() if name != field}
    days = case.get("exclude", [])
    if len(days) > 1:
        yield from (case | {"exclude": [other for other in days if other != day]} for day in days)


def simpler_rules(text):
    parts = dict(part.split("=", 1) for part in text.split(";"))
    for name in [name for name in parts if name != "FREQ"]:
        yield written({other: value for other, value in parts.items() if other != name})
    for name in [name for name in LISTS if "," in parts.get(name, "")]:
        values = parts[name].split(",")
        yield from (written(parts | {name: ",".join(values[:i] + values[i + 1:])}) for i in range(len(values)))
    for name, usual in USUAL_NUMBERS.items():
        if name in parts:
            yield from (written(parts | {name: value}) for value in usual if int(value) < int(parts[name]))


def written(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


def simpler_starts(start):
    date, time = start.split("T")
    if time[6:] != "00":
        yield f"{date}T{time[:6]}00"
    if time[3:] != "00:00":
        yield f"{date}T{time[:3]}00:00"
    if time != "00:00:00":
        yield f"{date}T00:00:00"
    if date[5:] != "01-01":
        yield f"{date[:7]}-01T{time}"
        yield f"{date[:5]}01-01T{time}"
