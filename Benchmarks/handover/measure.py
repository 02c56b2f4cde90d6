"""Hand-overs a second, inside a machine with a systemd of its own: Benchmarks/handover/run calls it.

Each round does the same number of sends in each way, so many of them at a time: through the units, through the socket
pairs, and, as what the machine could do at best, /bin/true in units with the same sandbox, by a socket and by
systemd-run(1), and /bin/true alone.
Sends are triggers for one instant, of many campaigns and again of one alone, and their surface is /bin/true.

usage: measure.py ROUNDS SENDS
"""

import datetime
import json
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ["/project/Benchmarks", "/project/Tests/EndToEndTests/Scenarios"]

import machine  # noqa: E402
import measuring  # noqa: E402
from campaigns import Campaignctl, expect, write  # noqa: E402
from watched_daemon import WatchedDaemon  # noqa: E402
from wire import Wire  # noqa: E402

AT_ONCE = 8
CAMPAIGNS = [f"bench-{number:02}" for number in range(30)]
SETTINGS = f"max_concurrent: {AT_ONCE}\n"
SURFACE = f"channel: email\nmax_concurrent: {AT_ONCE}\ncommand:\n  run: [/bin/true]\n"
# Before the first round, so that what is loaded once is.
WARM_UP = 20
# The instant lies so far ahead besides the time that asking for all of them takes, by a look at some.
AHEAD_SECONDS = 6
PROBES = 20


class Usage:
    """Time on the wall and on the machine's processors between begin and end; what else the host does is no part of
    it. cpu.stat of a control group has it without any controller."""

    @staticmethod
    def processor():
        with open("/sys/fs/cgroup/cpu.stat") as file:
            return int(next(line for line in file if line.startswith("usage_usec")).split()[1]) / 1e6

    def __init__(self):
        self.wall, self.cpu = time.time(), self.processor()

    def end(self, sends, since=None):
        wall = time.time() - (since or self.wall)
        return {"rate": sends / wall, "cpu": (self.processor() - self.cpu) / sends}


class Follower(Wire):
    """The history as it grows."""

    def until_ended(self, sends, after):
        request = {"method": "org.campaignd.Log", "parameters": {"follow": True, "after": after, "limit": 500},
                   "more": True}
        self.stream.write(json.dumps(request).encode() + b"\0")
        self.stream.flush()
        left, rest = sends, b""
        while left > 0:
            *answers, rest = (rest + self.stream.read1(1 << 20)).split(b"\0")
            for answer in answers:
                left -= sum(event["kind"] == "ended" for event in json.loads(answer)["parameters"]["events"])


def instant(seconds):
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def hand_over(path, names, sends):
    """So many triggers of these campaigns for one instant; from that instant to the end of the last one."""
    with Wire(path) as call:
        due = int(time.time() + ahead(call, names, sends))
        for number in range(sends):
            call("Trigger", name=names[number % len(names)], request_id=f"{due}-{number}", at=instant(due))
        expect(time.time() < due, "the instant came before all were asked for")
        after = call("Log", last=1)["after"]
        with Follower(path) as follower:
            usage = Usage()
            follower.until_ended(sends, after)
            used = usage.end(sends, since=due)
        states = {send["state"] for send in call("Sends", limit=min(sends, 500))["sends"]}
        expect(states == {"sent"}, f"not all were sent: {states}")
    return used


def ahead(call, names, sends):
    """How long asking for so many may take: the cost of one grows with those of its campaign that are open."""
    begun = time.monotonic()
    for number in range(PROBES):
        call("Trigger", name=names[0], request_id=f"looked-{number}", at=instant(time.time() + 3_600), dry_run=True)
    return AHEAD_SECONDS + (time.monotonic() - begun) / PROBES * sends * (2 + sends / len(names) / 20)


def make_campaigns(path):
    with Wire(path) as call:
        for name in CAMPAIGNS:
            call("Create", campaign={
                "name": name, "title": name, "type": "triggered", "channel": "email", "surface": "newsletter",
                "message": "hello", "audience": "everybody", "overlap": "allow", "schedule": {"timezone": "UTC"}})
            call("Activate", name=name)


class Units:
    title = "socket units (--launcher socket)"

    def __init__(self):
        machine.STORY_SECONDS = 3_600
        machine.install("#!/bin/sh\n", SETTINGS)
        write("/etc/campaignd/surfaces.d/newsletter.yaml", SURFACE)
        machine.run("systemctl", "restart", "campaignd.service")
        make_campaigns(machine.SOCKET)

    def round(self, sends):
        return hand_over(machine.SOCKET, CAMPAIGNS, sends)


class UnitsOfOne:
    title = "the same, all of one campaign"

    def round(self, sends):
        return hand_over(machine.SOCKET, CAMPAIGNS[:1], sends)


class Children:
    title = "socket pairs (--launcher child)"

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.daemon = WatchedDaemon("/usr/bin", self.folder, "/bin/true", SETTINGS)
        write(f"{self.folder}/config/surfaces.d/newsletter.yaml", SURFACE)
        self.daemon.start()
        Campaignctl("/usr/bin", self.daemon.socket).publish_hello(self.folder)
        make_campaigns(self.daemon.socket)

    def round(self, sends):
        return hand_over(self.daemon.socket, CAMPAIGNS, sends)

    def end(self):
        self.daemon.stop()
        shutil.rmtree(self.folder)


class BareUnits:
    title = "limit: /bin/true in such a unit"

    def __init__(self):
        # The package's own units, but for the names, the peer and the program.
        for kind in (".socket", "@.service"):
            with open(f"/usr/lib/systemd/system/campaign-send{kind}") as file:
                text = file.read()
            write(f"/etc/systemd/system/bare{kind}",
                  text.replace("/run/campaignd/send.sock", "/run/bare.sock").replace("SocketUser=campaignd", "")
                  .replace("ExecStart=/usr/bin/campaign-send", "ExecStart=/bin/true"))
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "start", "bare.socket")

    def round(self, sends):
        usage = Usage()
        open_now = {}
        poll = select.poll()
        begun = ended = 0
        while ended < sends:
            while begun < sends and len(open_now) < AT_ONCE:
                connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connection.connect("/run/bare.sock")
                open_now[connection.fileno()] = connection
                poll.register(connection, select.POLLIN)
                begun += 1
            # The connection ends with the program.
            for descriptor, _ in poll.poll():
                poll.unregister(descriptor)
                open_now.pop(descriptor).close()
                ended += 1
        return usage.end(sends)


class SystemdRun:
    """What people would use instead: systemd-run(1), which makes a unit of the same properties for each send."""
    title = "limit: systemd-run, /bin/true"

    def __init__(self):
        with open("/usr/lib/systemd/system/campaign-send@.service") as file:
            service = file.read().split("\n[Service]\n")[1]
        lines = [line for line in service.splitlines() if line and not line.startswith(("#", "ExecStart="))]
        self.command = ["systemd-run", "--quiet", "--wait", "--collect",
                        *(f"--property={line}" for line in lines), "/bin/true"]

    def round(self, sends):
        usage = Usage()
        running, begun = {}, 0
        while begun < sends or running:
            while begun < sends and len(running) < AT_ONCE:
                process = subprocess.Popen(self.command)
                running[process.pid] = process
                begun += 1
            pid, status = os.wait()
            expect(status == 0, f"systemd-run: {status}")
            del running[pid]
        return usage.end(sends)


class Spawns:
    title = "limit: /bin/true by posix_spawn"

    def round(self, sends):
        usage = Usage()
        running = 0
        for _ in range(sends):
            if running == AT_ONCE:
                os.wait()
                running -= 1
            os.posix_spawn("/bin/true", ["true"], {})
            running += 1
        for _ in range(running):
            os.wait()
        return usage.end(sends)


def main(rounds, sends):
    units, children = Units(), Children()  # the first installs the programs
    ways = [units, UnitsOfOne(), children, BareUnits(), SystemdRun(), Spawns()]
    for way in ways:
        way.round(WARM_UP)
    rows = {way.title: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            rows[way.title].append(way.round(sends))
    children.end()
    systemd = subprocess.run(["systemctl", "--version"], capture_output=True, text=True, check=True)
    lines = [measuring.settings(
        systemd=systemd.stdout.splitlines()[0], ours=os.environ["BENCH_OURS"],
        sends=f"{sends} a round of {len(CAMPAIGNS)} campaigns, all due at one instant",
        caps=f"max_concurrent {AT_ONCE} of daemon and surface; the limits have so many at a time too",
        surface="/bin/true", rounds=f"{rounds}, interleaved, after {WARM_UP} sends each; median (min–max)")]
    slowest = statistics.median(used["rate"] for used in rows[ways[0].title])
    table = []
    for title, used in rows.items():
        rates, costs = [one["rate"] for one in used], [1_000 * one["cpu"] for one in used]
        table.append((title, measuring.spread(rates), f"{statistics.median(rates) / slowest:.1f}",
                      measuring.spread(costs, unit=" ms")))
    measuring.table(("sends by", "a second", "of the units'", "processor time each"), *table)
    lines += [{"kind": "handover", "way": title, "rounds": used} for title, used in rows.items()]
    measuring.write_results("handover", lines)


main(int(sys.argv[1]), int(sys.argv[2]))
