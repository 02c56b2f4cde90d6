"""python-dateutil, asked one JSON object a line, answering one a line with what it took of a processor.

{"rule", "start", "zone", "count"}          the first occurrences, as instants
{"rule", "start", "zone", "after", "limit"} the first one later than an instant, given up after `limit` seconds
"""

import importlib.metadata
import itertools
import json
import platform
import signal
import sys
import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr


class CutOff(Exception):
    pass


def cut_off(*_):
    raise CutOff


def walk(rule, zone, count):
    begin = time.thread_time_ns()
    instants = [int(local.replace(tzinfo=zone).timestamp()) for local in itertools.islice(rule, count)]
    return {"instants": instants, "nanoseconds": time.thread_time_ns() - begin}


def next_after(rule, zone, after, limit):
    signal.signal(signal.SIGPROF, cut_off)
    signal.setitimer(signal.ITIMER_PROF, limit)
    begin = time.thread_time_ns()
    instant, is_cut_off = None, False
    try:
        local = datetime.fromtimestamp(after, timezone.utc).astimezone(zone).replace(tzinfo=None)
        found = rule.after(local)
        if found is not None:
            instant = int(found.replace(tzinfo=zone).timestamp())
    except CutOff:
        is_cut_off = True
    taken = time.thread_time_ns() - begin
    signal.setitimer(signal.ITIMER_PROF, 0)
    return {"instant": instant, "nanoseconds": taken, "isCutOff": is_cut_off}


def main():
    versions = f"Python {platform.python_version()}, dateutil {importlib.metadata.version('python-dateutil')}"
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        rule = rrulestr(request["rule"], dtstart=datetime.fromisoformat(request["start"]))
        zone = ZoneInfo(request["zone"])
        if "count" in request:
            answer = walk(rule, zone, request["count"])
        else:
            answer = next_after(rule, zone, request["after"], request["limit"])
        print(json.dumps(answer), flush=True)


main()
