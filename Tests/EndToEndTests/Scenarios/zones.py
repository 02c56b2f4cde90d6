"""The zone database changes under a running daemon, and while it is off: what was planned moves with its local time,
both versions and the shift are told, and nothing that was sent is sent again.

usage: zones.py DIRECTORY_OF_THE_PROGRAMS
"""

import datetime
import os

from campaigns import expect, write
from daemon import play
from zone_database import database, install

ZONE = "America/Mexico_City"
SUMMER, WINTER = -5, -6


def now_in(offset):
    zone = datetime.timezone(datetime.timedelta(hours=offset))
    return datetime.datetime.now(zone).replace(microsecond=0, tzinfo=None)


def campaign(folder, campaignctl, name, start, every):
    lines = [f"name: {name}", f"title: {name}", "channel: email", "surface: newsletter", "message: hello",
             "audience: everybody", "schedule:", f"  start: {start.isoformat()}", f"  timezone: {ZONE}",
             f"  every: {every}"]
    write(f"{folder}/{name}.yaml", "\n".join(lines) + "\n")
    campaignctl.one("create", "-f", f"{folder}/{name}.yaml")
    return campaignctl.one("activate", name)["next"]


def hours_between(before, after):
    instants = [datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (before, after)]
    return (instants[1] - instants[0]) / datetime.timedelta(hours=1)


def expect_told(event, before, was, after, hours):
    way = f"{abs(hours)}h {'later' if hours > 0 else 'earlier'}"
    expect(f"changed from {before} to {after}: what was due at {was} is due at " in event["text"]
           and event["text"].endswith(way), event)


def walk(folder, daemon, campaignctl):
    old, new = database(folder, "2022e", ZONE, SUMMER), database(folder, "2022f", ZONE, WINTER)
    install(folder, old)
    daemon.start(TZDIR=f"{folder}/zoneinfo", TZ="UTC")
    campaignctl.publish_hello(folder)
    story = campaignctl.story()
    weekly = campaign(folder, campaignctl, "weekly", now_in(SUMMER) + datetime.timedelta(days=2), "week")
    campaign(folder, campaignctl, "daily", now_in(SUMMER) + datetime.timedelta(seconds=2), "day")
    story.until("ended", campaign="daily")
    tomorrow = campaignctl.one("show", "daily")["next"][0]

    install(folder, new)
    expect_told(story.until("zones-changed", campaign="weekly"), "2022e", weekly[0], "2022f", 1)
    moved = campaignctl.one("show", "weekly")
    expect(hours_between(weekly[0], moved["next"][0]) == 1, moved["next"])
    expect([alert["code"] for alert in moved["alerts"] if alert["code"] != "no-end"] == ["zone-data-changed"], moved)
    again = campaignctl.one("show", "daily")["next"][0]
    expect(hours_between(tomorrow, again) == 1, f"today's, an hour later by now, is not planned again: {again}")

    daemon.stop()
    install(folder, old)
    daemon.start(TZDIR=f"{folder}/zoneinfo", TZ="Pacific/Auckland")
    expect_told(story.until("zones-changed", campaign="weekly"), "2022f", moved["next"][0], "2022e", -1)
    expect(campaignctl.one("show", "weekly")["next"] == weekly, "as it was first")
    expect(len(campaignctl("sends", "daily")) == 1, "sent once")

    os.unlink(f"{old}/{ZONE}")
    lost = story.until("alert-raised", campaign=None)
    expect(lost["text"].startswith(f'zone-data-changed: "{ZONE}" is not in the time zone database'), lost)
    expect(campaignctl.one("show", "weekly")["next"] == weekly, "planned by what is known")
    refused = campaignctl.run("duplicate", "weekly", "other")
    expect(refused.returncode == 0, refused)


play(walk)
