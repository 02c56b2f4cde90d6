"""The zones of the system's database, read by zoneinfo; never those of PyPI's tzdata, which zoneinfo falls back on."""

import os
import struct
from bisect import bisect
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1)
SECOND = timedelta(seconds=1)
DIRECTORY = os.environ.get("TZDIR") or "/usr/share/zoneinfo"
# No footer makes a stretch as short as this; shorter ones, such as Morocco's months of Ramadan, are listed.
SAMPLE_SECONDS = 28 * 86400


@lru_cache(maxsize=None)
def zone(name):
    with open(os.path.join(DIRECTORY, name), "rb") as file:
        return ZoneInfo.from_file(file, key=name)


def is_zone_file(path):
    with open(path, "rb") as file:
        return file.read(4) == b"TZif"


@lru_cache(maxsize=None)
def all_names():
    """Every name of a TZif file, but for the two that stand for a setting of the host."""
    names = []
    for folder, folders, files in os.walk(DIRECTORY, followlinks=True):
        # Names have three parts and posix/ or right/ before them; some databases have posix as a link to the whole.
        if os.path.relpath(folder, DIRECTORY).count("/") >= 3:
            folders.clear()
        paths = [os.path.join(folder, file) for file in files]
        names += [os.path.relpath(path, DIRECTORY) for path in paths if is_zone_file(path)]
    return sorted(set(names) - {"localtime", "posixrules"})


# Naive datetimes stand for local times, and for instants in UTC; seconds are counted from 1970 in UTC.


def seconds(moment):
    return (moment - EPOCH) // SECOND


def moment(second):
    return EPOCH + second * SECOND


def offset(zone, second):
    """Seconds east of UTC."""
    return datetime.fromtimestamp(second, zone).utcoffset() // SECOND


def local(zone, instant):
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def read(zone, local_time):
    """How a local time is read: "unique", "gap" or "fold", and the instants of its first and its last reading. By PEP
    495 fold=0 takes the offset before a change and fold=1 the one after it, which is the larger one in a gap alone."""
    before, after = (zone.utcoffset(local_time.replace(fold=fold)) for fold in (0, 1))
    if before < after:
        return "gap", local_time - before, local_time - before
    return ("unique" if before == after else "fold"), local_time - before, local_time - after


def changes(name, first_year, last_year):
    """The seconds at which the offset changes, each found by what the offset is on either side of it: those that the
    file lists, and by samples those that its last line (the footer) makes, or that a list might lack."""
    place = zone(name)
    start, end = (seconds(datetime(year, 1, 1)) for year in (first_year, last_year + 1))
    found = [second for second in listed_changes(name) if start <= second < end]
    found = [second for second in found if offset(place, second - 1) != offset(place, second)]
    sampled = []
    before = offset(place, start)
    for second in range(start, end, SAMPLE_SECONDS):
        after = offset(place, second + SAMPLE_SECONDS)
        if before != after and bisect(found, second) == bisect(found, second + SAMPLE_SECONDS):
            sampled.append(bisected(place, second, second + SAMPLE_SECONDS))
        before = after
    return sorted(found + [second for second in sampled if second < end])


def bisected(place, low, high):
    """The second at which the offset of `high` begins."""
    after = offset(place, high)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(place, middle) == after:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=None)
def listed_changes(name):
    """The transition times of the file's 64-bit block (RFC 8536, section 3.2)."""
    with open(os.path.join(DIRECTORY, name), "rb") as file:
        data = file.read()
    counts = struct.unpack(">6l", data[20:44])
    if data[4:5] == b"\0":
        return struct.unpack(f">{counts[3]}l", data[44:44 + counts[3] * 4])
    ut, standard, leaps, times, types, characters = counts
    second_header = 44 + times * 5 + types * 6 + characters + leaps * 8 + standard + ut
    times = struct.unpack(">6l", data[second_header + 20:second_header + 44])[3]
    return struct.unpack(f">{times}q", data[second_header + 44:second_header + 44 + times * 8])
