"""A clock that the test moves (Debian's faketime, preloaded): a daily campaign at 15:00 in Amsterdam keeps its local time
over the night that the clocks change; a clock that is set back by half a minute sends nothing again; one that reads 1970
holds everything, and what was due goes out once it is right again.

usage: clock.py DIRECTORY_OF_THE_PROGRAMS
"""


from campaigns import expect, write
from daemon import play
from faked_clock import FakedClock

CAMPAIGN = """name: daily
title: Every day at three
channel: email
surface: newsletter
message: hello
audience: everybody
schedule:
  start: 2026-03-28T15:00
  timezone: Europe/Amsterdam
  every: day
  count: 12
"""


def walk(folder, daemon, campaignctl):
    clock = FakedClock(folder)
    clock.set("2026-03-28 10:00:00")
    daemon.start(WATCHDOG_USEC="60000000", **clock.environment)
    campaignctl.publish_hello(folder)
    write(f"{folder}/daily.yaml", CAMPAIGN)
    campaignctl.one("create", "-f", f"{folder}/daily.yaml")
    expect(campaignctl.one("activate", "daily")["next"][:2] == ["2026-03-28T14:00:00Z", "2026-03-29T13:00:00Z"],
           "15:00 in Amsterdam on both days")
    story = campaignctl.story()

    for day, hour in ((28, 14), (29, 13)):
        clock.set(f"2026-03-{day} {hour}:00:00")
        ended = story.until("ended", campaign="daily")
        expect(ended["at"] == f"2026-03-{day}T{hour}:00:00Z", ended)

    clock.set("2026-03-29 12:59:30")
    jump = story.until("clock-jumped")
    expect(jump["text"] == "the clock was set back by 30 s", jump)

    clock.set("1970-01-02 00:00:00")
    held = story.until("alert-raised", campaign=None)
    expect(held["text"].startswith("clock-suspect: the clock reads 1970-01-02T00:00:00Z"), held)
    expect(campaignctl.one("tag", "daily", "--add", "held")["tags"] == ["held"], "commands work meanwhile")

    clock.set("2026-03-30 13:00:05")
    story.until("ended", campaign="daily")
    sends = campaignctl("sends", "daily")
    expect([send["state"] for send in sends] == ["sent"] * 3, sends)
    expect([send["due"] for send in sends] == [f"2026-03-{day}:00:00Z" for day in ("30T13", "29T13", "28T14")], sends)
    expect(not campaignctl("alerts"), "the alert ended with its cause")


play(walk)
