"""A daemon that was off for a year with a campaign every minute: it is back at once, with one catch-up, one summary of all
that was missed, and nothing more. Prints how long the start took.

usage: downtime.py DIRECTORY_OF_THE_PROGRAMS
"""

import time

from campaigns import expect, write
from daemon import play
from faked_clock import FakedClock

CAMPAIGN = """name: often
title: Every minute
channel: email
surface: newsletter
message: hello
audience: everybody
schedule:
  start: 2026-02-01T09:00
  timezone: Europe/Paris
  every: minute
"""


def walk(folder, daemon, campaignctl):
    clock = FakedClock(folder)
    clock.set("2026-02-01 07:30:00")
    daemon.start(**clock.environment)
    campaignctl.publish_hello(folder)
    write(f"{folder}/often.yaml", CAMPAIGN)
    campaignctl.one("create", "-f", f"{folder}/often.yaml")
    campaignctl.one("activate", "often")
    daemon.stop()

    clock.set("2027-02-01 08:00:30")
    begun = time.monotonic()
    daemon.start(**clock.environment)
    print(f"ready after a year of minutes in {time.monotonic() - begun:.2f} s")
    story = campaignctl.story()
    story.until("ended", campaign="often")
    story.until("ended", campaign="often")
    sends = campaignctl("sends", "often")
    expect([send["state"] for send in sends] == ["sent", "missed"], sends)
    # From 09:00 on 1 February 2026 to 08:59 a year later; of more than 100,000 the number is not told.
    expect(sends[1]["count"] is None and sends[1]["nominal"] == "2026-02-01T09:00:00", sends)
    expect(sends[1]["nominal_last"] == "2027-02-01T08:59:00", sends)
    expect(campaignctl.one("show", "often")["next"][0] == "2027-02-01T08:01:00Z", "it goes on with the next minute")


play(walk)
