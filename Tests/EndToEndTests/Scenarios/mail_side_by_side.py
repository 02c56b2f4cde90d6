"""A large send with a rate goes on for hours; a small one of another surface, and one of another campaign on the same
surface, end long before it is half done. What its rate lets it do is told before it begins, and while it goes on.

usage: mail_side_by_side.py DIRECTORY_OF_THE_PROGRAMS
"""

import os
import signal
import sys
import tempfile

from campaigns import PATIENCE, Campaignctl, expect, write
from daemon import Daemon
from mail_relay import Relay

# At five a second it would take seventeen hours: nothing here waits for a part of it.
LARGE, RATE, SECONDS = 300_000, "5/s", 60_000
SMALL = 3


def set_up(folder, relay):
    for surface, more in (("slow", f"  rate: {RATE}\n"), ("quick", "")):
        write(f"{folder}/config/surfaces.d/{surface}.yaml",
              "channel: email\ntimeout: 2h\nmail:\n  from: Shop <news@example.org>\n  host: 127.0.0.1\n"
              f"  port: {relay.port}\n{more}")
    for audience, count in (("many", LARGE), ("few", SMALL)):
        write(f"{folder}/{audience}.csv",
              "email\n" + "".join(f"{audience}{number}@example.org\n" for number in range(count)))
        write(f"{folder}/config/audiences.d/{audience}.yaml", f"file: {folder}/{audience}.csv\n")


def make(campaignctl, folder, name, surface, audience):
    write(f"{folder}/{name}.yaml",
          f"name: {name}\ntitle: {name}\nchannel: email\nsurface: {surface}\nmessage: hello\naudience: {audience}\n"
          "schedule:\n  start: now\n  timezone: UTC\n")
    campaignctl.one("create", "-f", f"{folder}/{name}.yaml")


def told_before(campaignctl):
    """That it takes longer than the surface allows is a warning."""
    forecast = campaignctl.one("activate", "large", "--dry-run")["forecast"]
    expect((forecast["recipients"], forecast["rate"], forecast["seconds"]) == (LARGE, RATE, SECONDS), forecast)
    checked = campaignctl.run("check", "large")
    expect(checked.returncode == 0, "a warning blocks nothing")
    first, second = checked.stdout.splitlines()
    expect(first.startswith(f"large: {LARGE:,} recipients at {RATE}: about 17 h, from "), first)
    expect("about 17 h, longer than the timeout of surface slow, 2h" in second and "(ends-too-late, surface)" in second,
           second)
    alert, = campaignctl.one("activate", "large")["alerts"]
    expect((alert["code"], alert["severity"], alert["field"]) == ("ends-too-late", "warning", "surface"), alert)


def send(campaignctl, name):
    return campaignctl.one("sends", name)


def main():
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    signal.alarm(2 * PATIENCE)
    programs, relay = os.path.abspath(sys.argv[1]), Relay()
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(programs, folder, "/bin/true", "tick_interval: 100ms\n")
        set_up(folder, relay)
        campaignctl = Campaignctl(programs, daemon.socket)
        daemon.start()
        try:
            campaignctl.publish_hello(folder)
            make(campaignctl, folder, "large", "slow", "many")
            told_before(campaignctl)
            relay.until_taken(1)
            story = campaignctl.story()
            for name, surface in (("beside", "quick"), ("after", "slow")):
                make(campaignctl, folder, name, surface, "few")
                activated = campaignctl.one("activate", name)
                expect((activated["forecast"]["recipients"], activated["alerts"]) == (SMALL, []), activated)
                story.until("ended", campaign=name)
                expect(send(campaignctl, name)["state"] == "sent", send(campaignctl, name))
                large = send(campaignctl, "large")
                expect(large["state"] == "running" and (large["progress"] or 0) < LARGE / 2, large)
            campaignctl.one("cancel", "large", "--yes")
            story.until("ended", campaign="large")
            expect(campaignctl.one("show", "large")["alerts"] == [], "with its send it is over")
        finally:
            daemon.stop()


main()
