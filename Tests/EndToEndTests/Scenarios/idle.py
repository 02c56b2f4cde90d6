"""A daemon that holds 1,000 scheduled campaigns and has nothing to do wakes for its ticks alone, and stays small.

usage: idle.py DIRECTORY_OF_THE_PROGRAMS
"""

import concurrent.futures
import contextlib
import glob
import os
import re
import sys
import tempfile

from campaigns import expect
from daemon import Daemon
from wire import Wire

CAMPAIGNS = 1_000
# Each activation has the audience counted by a process of its own.
CLIENTS = 4
TICKS = 20
# What one tick may cost: its timer, and the hops between the threads of tasks that it takes. More would be a wake-up of
# something else.
SWITCHES_A_TICK = 6
MEMORY_LIMIT_KIB = 45_000_000 // 1_024


def switches(pid):
    total = 0
    for file in glob.glob(f"/proc/{pid}/task/*/status"):
        with open(file) as status:
            total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read(), re.M)[1])
    return total


def dispatch_looks_after_threads(pid):
    """Whether Dispatch has the timer, of one second, by which it looks whether threads of its global queues are stuck.
    It is its only one at a point of the monotonic clock; those of NIO's loops are set to spans."""
    for file in glob.glob(f"/proc/{pid}/fdinfo/*"):
        with contextlib.suppress(FileNotFoundError), open(file) as info:
            text = info.read()
            if "clockid: 1\n" in text and "settime flags: 01\n" in text:
                return True
    return False


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmRSS:\s*(\d+) kB", status.read(), re.M)[1])


with tempfile.TemporaryDirectory() as folder:
    daemon = Daemon(os.path.abspath(sys.argv[1]), folder, "/bin/true", settings="tick_interval: 500ms\n")
    # Every finished tick says WATCHDOG=1, so ticks can be counted without a clock.
    daemon.start(WATCHDOG_USEC="60000000")
    definition = {"channel": "email", "surface": "newsletter", "message": "hello", "audience": "everybody",
                  "title": "Held", "schedule": {"start": "2099-12-07T09:00", "timezone": "Europe/Paris"}}

    def make(client):
        """This client's part of them."""
        with Wire(daemon.socket) as call:
            for number in range(client, CAMPAIGNS, CLIENTS):
                call("Create", campaign={**definition, "name": f"held-{number}"})
                call("Activate", name=f"held-{number}")

    try:
        with Wire(daemon.socket) as call:
            upload = call("BeginMessage", name="hello", file_name="hello.txt")["upload"]
            call("PutMessagePart", upload=upload, part="file", data="SGVsbG8uCg==")
            call("CommitMessage", upload=upload)
            call("PublishMessage", name="hello")
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(make, range(CLIENTS)))
        # As it is after a boot: what making them took is not what holding them takes.
        daemon.stop()
        daemon.start(WATCHDOG_USEC="60000000")
        for _ in range(3):
            daemon.until("WATCHDOG=1")
        before = switches(daemon.process.pid)
        for _ in range(TICKS):
            daemon.until("WATCHDOG=1")
        per_tick = (switches(daemon.process.pid) - before) / TICKS
        memory = resident_kib(daemon.process.pid)
        print(f"{CAMPAIGNS} campaigns held: {per_tick:.1f} context switches a tick, {memory} KiB resident")
        expect(per_tick <= SWITCHES_A_TICK, f"{per_tick} context switches a tick")
        expect(not dispatch_looks_after_threads(daemon.process.pid),
               "Dispatch wakes once a second, as it does for good once anything ran on one of its global queues")
        expect(memory < MEMORY_LIMIT_KIB, f"{memory} KiB resident")
    finally:
        daemon.stop()
