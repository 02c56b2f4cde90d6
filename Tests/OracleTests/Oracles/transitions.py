"""What zoneinfo says of each change of a zone's clocks: the offsets around it, and what local times mean there."""

import os

from zones import DIRECTORY, changes, moment, offset, read, seconds, zone

FIRST_YEAR, LAST_YEAR = 1900, 2100
KINDS = {"unique": 0, "gap": 1, "fold": 2}


def zone_line(name):
    """`changes`: the second of each, and the offsets one second before, at it and one second after. `locals`: a local
    time as a second, what it is, and the first and the last instant that it means."""
    place = zone(name)
    found = changes(name, FIRST_YEAR, LAST_YEAR)
    around = [[second, *(offset(place, second + beside) for beside in (-1, 0, 1))] for second in found]
    local_times = sorted({time for change in around for time in times_around(*change[:3])})
    return {"name": name, "changes": around, "locals": [meaning(place, time) for time in local_times]}


def times_around(second, before, after):
    """On either side of what clocks show before and after a change, and amid the gap or the fold."""
    edges = (second + before, second + after)
    return [edge + beside for edge in edges for beside in (-1, 0, 1)] + [sum(edges) // 2]


def meaning(place, time):
    kind, first, last = read(place, moment(time))
    return [time, KINDS[kind], seconds(first), seconds(last)]


def same_files(names):
    """Names whose files hold the same bytes, together: links, and copies of the database."""
    groups = {}
    for name in names:
        with open(os.path.join(DIRECTORY, name), "rb") as file:
            groups.setdefault(file.read(), []).append(name)
    return list(groups.values())


def counts_leap_seconds(name):
    with open(os.path.join(DIRECTORY, name), "rb") as file:
        return file.read(32)[28:32] != b"\0\0\0\0"
