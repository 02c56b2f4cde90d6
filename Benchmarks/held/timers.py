"""systemd with many timers, inside a machine with a systemd of its own: Benchmarks/held/run calls it.

usage: timers.py TIMERS ROUNDS

Prints one line of JSON: {"start": seconds to load and start all, "reload": [seconds of a daemon-reload with them],
"resident": bytes of PID 1, "before": the same without them}.
"""

import json
import subprocess
import sys
import time

FOLDER = "/run/systemd/system"
AT_ONCE = 1_000


def systemctl(*arguments):
    begun = time.monotonic()
    subprocess.run(["systemctl", *arguments], check=True)
    return time.monotonic() - begun


def resident():
    with open("/proc/1/status") as status:
        return next(int(line.split()[1]) * 1_024 for line in status if line.startswith("VmRSS:"))


def main(timers, rounds):
    before = resident()
    with open(f"{FOLDER}/held.service", "w") as file:
        file.write("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    names = [f"held-{number:07}.timer" for number in range(timers)]
    for number, name in enumerate(names):
        with open(f"{FOLDER}/{name}", "w") as file:
            file.write(f"[Timer]\nUnit=held.service\nOnCalendar={2090 + number % 10}-{1 + number % 12:02}-"
                       f"{1 + number % 28:02} {number % 24:02}:30:00 UTC\n")
    start = systemctl("daemon-reload")
    for first in range(0, timers, AT_ONCE):
        start += systemctl("start", *names[first:first + AT_ONCE])
    reloads = [systemctl("daemon-reload") for _ in range(rounds)]
    print(json.dumps({"start": start, "reload": reloads, "resident": resident(), "before": before}))


main(*map(int, sys.argv[1:]))
