"""campaignd-metrics.timer writes the metrics where node_exporter looks, while the daemon runs, and never starts one that
is stopped.

Runs inside the machine of Tests/Support/with-systemd.
"""

import os
import stat

from campaigns import expect
from machine import install, run

FOLDER = "/var/lib/prometheus/node-exporter"
FILE = f"{FOLDER}/campaignd.prom"
SERVICE, TIMER = "campaignd-metrics.service", "campaignd-metrics.timer"


def active(unit):
    return run("systemctl", "show", "--property=ActiveState", "--value", unit)


install("#!/bin/sh\n")
expect(run("sh", "-c", f"systemd-analyze verify --recursive-errors=yes {SERVICE} {TIMER} 2>&1") == "", "verified")
run("systemd-analyze", "security", "--offline=yes", "--threshold=20", SERVICE)

# Without node_exporter there is no folder, and nothing to do.
run("systemctl", "start", "campaignd.service", SERVICE)
expect(not os.path.exists(FILE), "nothing is made where nobody looks")
os.makedirs(FOLDER)
run("systemctl", "start", SERVICE)
expect(stat.S_IMODE(os.stat(FILE).st_mode) == 0o644 and os.listdir(FOLDER) == ["campaignd.prom"], os.listdir(FOLDER))
with open(FILE) as file:
    text = file.read()
expect("\ncampaignd_campaigns{status=\"active\"} 0\n" in text, text)

# The daemon's start starts the timer, and its stop stops it.
run("systemctl", "enable", "--now", TIMER)
before = os.stat(FILE).st_ino
run("systemctl", "restart", "campaignd.service")
expect(active(TIMER) == "active", "the timer runs with the daemon")
run("systemctl", "start", SERVICE)
expect(os.stat(FILE).st_ino != before, "a new file")
run("systemctl", "stop", "campaignd.service")
expect(active(TIMER) == "inactive", "and ends with it")
done = os.system(f"systemctl start {SERVICE} 2>/dev/null")
expect(done != 0 and active("campaignd.service") == "inactive", "a daemon that is stopped stays so")
run("systemctl", "start", "campaignd.service")
expect(active(TIMER) == "active", "it is there again")

# What is told twice a minute is that it fails, not that it works.
lines = run("journalctl", "--output=cat", "--unit", SERVICE).splitlines()
expect(not any(line.startswith(("Starting", "Finished", "Started")) for line in lines), lines)
