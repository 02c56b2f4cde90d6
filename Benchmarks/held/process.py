"""What a process takes, as the kernel tells it."""

import glob
import re
import time


def memory(pid):
    """{"resident", "proportional", "private"}: bytes."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        found = {name: int(size) * 1_024 for name, size in re.findall(r"^(\w+):\s*(\d+) kB", file.read(), re.M)}
    return {"resident": found["Rss"], "proportional": found["Pss"], "private": found["Private_Dirty"]}


def processor_seconds(pid):
    """Of all its threads since its start, in nanoseconds' precision: clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def switches(pid):
    """How often each of its threads gave up a processor of its own accord: each wake-up ends so."""
    found = {}
    for file in glob.glob(f"/proc/{pid}/task/*/status"):
        with open(file) as status:
            found[file] = int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read(), re.M)[1])
    return found


def wake_ups(before, after):
    """Between two looks at the switches; a thread that ended meanwhile woke once at least."""
    return sum(count - before.get(thread, 0) for thread, count in after.items()) + len(before.keys() - after.keys())
