"""Starts by systemd's timers and by cron, in a machine of their own: timers.py calls it there.

usage: timers_side.py timers NUMBER SECONDS | cron NUMBER SECONDS | single INSTANT…

Prints the instant, or nothing for single, and then the time of each start. It ends when all were started, or SECONDS
after the instant.
"""

import datetime
import os
import select
import subprocess
import sys
import time

STAMP = "/usr/local/bin/stamp"
STAMPS = "/run/stamps"
UNITS = "/run/systemd/system"
# systemd reads and starts so many timers a second, by far; and cron reads its table within the minute before.
TIMERS_A_SECOND = 100
CRON_SECONDS = 5


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def calendar(instant):
    return datetime.datetime.fromtimestamp(instant, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def run(*command):
    subprocess.run(command, check=True)


def stamps(number, until):
    """The times of so many starts, or of those that came in time. Each writes to a FIFO."""
    found = b""
    stream = os.open(STAMPS, os.O_RDWR | os.O_NONBLOCK)
    while found.count(b"\n") < number and (left := until - time.time()) > 0:
        if select.select([stream], [], [], left)[0]:
            found += os.read(stream, 1 << 16)
    return found.decode().split()


def timers(number, seconds):
    due = int(time.time()) + 3 + number // TIMERS_A_SECOND
    write(f"{UNITS}/herd@.service", f"[Service]\nType=oneshot\nExecStart={STAMP} {STAMPS}\n")
    write(f"{UNITS}/herd.target", "[Unit]\n")
    os.makedirs(f"{UNITS}/herd.target.wants")
    for each in range(number):
        write(f"{UNITS}/herd-{each}.timer",
              f"[Timer]\nOnCalendar={calendar(due)}\nAccuracySec=1us\nUnit=herd@{each}.service\n")
        os.symlink(f"../herd-{each}.timer", f"{UNITS}/herd.target.wants/herd-{each}.timer")
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "herd.target")
    if time.time() > due:
        sys.exit("the timers took longer to start than was foreseen")
    print(due)
    print(*stamps(number, due + seconds), sep="\n")


def cron(number, seconds):
    due = (int(time.time() + CRON_SECONDS) // 60 + 1) * 60
    at = time.localtime(due)
    line = f"{at.tm_min} {at.tm_hour} {at.tm_mday} {at.tm_mon} * root {STAMP} {STAMPS}\n"
    write("/etc/cron.d/herd", 'MAILTO=""\n' + line * number)
    daemon = subprocess.Popen(["cron", "-f"])
    print(due)
    print(*stamps(number, due + seconds), sep="\n")
    daemon.kill()
    daemon.wait()


def single(instants):
    """One timer for all; the times alone."""
    write(f"{UNITS}/single.service", f"[Service]\nType=oneshot\nExecStart={STAMP} {STAMPS}\n")
    lines = "".join(f"OnCalendar={calendar(instant)}\n" for instant in instants)
    write(f"{UNITS}/single.timer", f"[Timer]\n{lines}AccuracySec=1us\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "single.timer")
    print(*stamps(len(instants), instants[-1] + 5), sep="\n")


os.mkfifo(STAMPS)
if sys.argv[1] == "single":
    single([float(instant) for instant in sys.argv[2:]])
else:
    {"timers": timers, "cron": cron}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
