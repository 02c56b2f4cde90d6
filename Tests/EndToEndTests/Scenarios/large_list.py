"""Many campaigns are listed page by page, each once, with flat memory on both sides.

usage: large_list.py DIRECTORY_OF_THE_PROGRAMS [CAMPAIGNS]
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time

from campaigns import Campaignctl, expect
from daemon import Daemon
from wire import Wire

CAMPAIGNS = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
# What listing may add to the daemon's memory: some pages on their way, whatever the number of campaigns.
DAEMON_GROWTH_KIB = 24 * 1_024
# What the listing client may take, the program itself included.
CLIENT_LIMIT_KIB = 64 * 1_024


def peak_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmHWM:\s*(\d+) kB", status.read(), re.M)[1])


with tempfile.TemporaryDirectory() as folder:
    daemon = Daemon(os.path.abspath(sys.argv[1]), folder, "/bin/true", settings="tick_interval: 30s\n")
    daemon.start()
    campaignctl = Campaignctl(sys.argv[1], daemon.socket)
    try:
        begun = time.monotonic()
        with Wire(daemon.socket) as call:
            for number in range(CAMPAIGNS):
                # Scattered, so that the order of the list is not that of the making.
                name = f"c{number * 7919 % CAMPAIGNS:06}-{number % 10}"
                call("Create", campaign={"name": name, "title": f"Campaign {number} of many", "channel": "email",
                                         "tags": ["even" if number % 2 == 0 else "odd"],
                                         "schedule": {"start": "2099-12-07T09:00", "timezone": "UTC"}})
        made = time.monotonic() - begun
        pid = daemon.process.pid
        # Small pages first: whatever is allocated once is, and the peak begins from there.
        expect(len(campaignctl("list", "--limit", "600")) == min(600, CAMPAIGNS), "a first look")
        with open(f"/proc/{pid}/clear_refs", "w") as peak:
            peak.write("5")
        before = peak_kib(pid)
        for sort in ("name", "next", "created"):
            begun = time.monotonic()
            with open(f"{folder}/list", "w") as file:
                listing = [campaignctl.path, "list", "--json", "--sort", sort]
                subprocess.run(listing, env=campaignctl.environment, stdout=file, check=True)
            with open(f"{folder}/list") as file:
                names = [re.search(r'"name":"([^"]*)"', line)[1] for line in file]
            expect(len(set(names)) == len(names) == CAMPAIGNS, f"--sort {sort}: {len(names)} lines")
            expect(sort != "name" or names == sorted(names), "the list is not in order")
            print(f"list --sort {sort}: {CAMPAIGNS / (time.monotonic() - begun):.0f} campaigns a second")
        expect(campaignctl.one("list", "--count", "--tag", "even")["draft"] == CAMPAIGNS // 2, "counted by tag")
        grown = peak_kib(pid) - before
        client = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"{CAMPAIGNS} campaigns made at {CAMPAIGNS / made:.0f} a second; daemon {before} KiB and {grown} KiB "
              f"more, client {client} KiB")
        expect(grown < DAEMON_GROWTH_KIB, f"the daemon grew by {grown} KiB")
        expect(client < CLIENT_LIMIT_KIB, f"a client took {client} KiB")
    finally:
        daemon.stop()
