"""Jobs of APScheduler 3 in SQLite that are paused, resumed and removed: Benchmarks/changes/run calls it.

usage: jobs.py DATABASE JOBS

Prints {"pause", "resume", "remove": jobs a second} as JSON.
"""

import json
import os
import sys
import time
from datetime import datetime, timezone

sys.path.insert(0, f"{os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}/herd")

from apscheduler_side import scheduler  # noqa: E402


def main(path, number):
    names = [f"held-{each:07}" for each in range(number)]
    making = scheduler(path, "OFF")
    making.start(paused=True)
    for name in names:
        making.add_job("time:time", "date", run_date=datetime(2090, 1, 1, tzinfo=timezone.utc), id=name)
    making.shutdown()
    running = scheduler(path, "FULL")
    running.start()
    found = {}
    for title, change in (("pause", running.pause_job), ("resume", running.resume_job), ("remove", running.remove_job)):
        begun = time.perf_counter()
        for name in names:
            change(name)
        found[title] = number / (time.perf_counter() - begun)
    running.shutdown()
    print(json.dumps(found))


main(sys.argv[1], int(sys.argv[2]))
