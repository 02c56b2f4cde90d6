"""The peers: systemd's timers and Debian's cron, in a machine with a systemd of its own."""

import subprocess

from built import HERE, built
from measuring import ROOT


def begin(*arguments):
    """What timers_side.py does with these."""
    return subprocess.Popen(
        [f"{ROOT}/Tests/Support/with-systemd", "--bind", f"{built('stamp')}:/usr/local/bin/stamp:ro",
         "--bind", f"{HERE}:/herd:ro", "--", "python3", "-B", "/herd/timers_side.py", *map(str, arguments)],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)


def end(process):
    found = process.communicate()[0]
    if process.returncode != 0:
        raise RuntimeError(f"with-systemd ended with {process.returncode}")
    return [float(time) for time in found.split()]


def herd(kind, number, seconds):
    """How late each start of a herd was that came within so many seconds; kind is timers or cron."""
    due, *times = end(begin(kind, number, seconds))
    return [time - due for time in times]
