"""docs/journal.md holds what `journalctl -u campaignd -x` tells of a campaign's whole life. Here it is lived again, on
a clock that the scenario sets, and what the journal tells is compared with the page as a whole.

With --record the page is printed as it should be.
"""

import difflib
import os
import re
import subprocess
import sys

from campaigns import expect, write
from machine import SENDER_STATE, install, run
from machine_clock import MachineClock

PAGE = "/project/docs/journal.md"
SERVICE = "campaignd.service"
# Fails for now at the first attempt of the second day.
SURFACE = f"""#!/bin/sh
case $OCCURRENCE_KEY in */2027-03-02T*) mkdir {SENDER_STATE}/tried 2>&- && exit 75 ;; esac
exit 0
"""
CAMPAIGN = """name: spring
title: Spring in the garden
channel: email
surface: newsletter
message: hello
audience: everybody
schedule:
  start: 2027-03-01T09:00
  timezone: Europe/Paris
  every: day
  end: 2027-03-31
"""
SURFACE_FILE = "/etc/campaignd/surfaces.d/newsletter.yaml"

FENCE = "```console"
# The clock is the scenario's, and so are these entries; and the check that a reload ends with is another process, whose
# line comes before or after the daemon's.
LEFT_OUT = re.compile(r": (the clock was set |/etc/campaignd can be used: |BUG in libdispatch)")
# What is another each time, and what stands for it.
NORMAL = [(re.compile(pattern), short) for pattern, short in (
    (r"(?m)^\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ campaignd\[\d+\]", "… campaignd[…]"),
    (r"\b[a-z2-7]{26}/", "…/"),
    (r"the next one in \d+ s", "the next one in … s"),
    (r"campaignd \d+\.\d+\.\d+ starts", "campaignd … starts"),
)]


def live():
    """The campaign's life; answers what the journal tells of it."""
    campaignctl = install(SURFACE, "tick_interval: 100ms\n")
    run("systemctl", "stop", SERVICE)
    clock = MachineClock("2027-02-20 09:00:00")
    begin = cursor()
    run("systemctl", "start", SERVICE)

    def at(text, kind, **wanted):
        """Sets the clock, and returns when that has happened."""
        story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
        clock.set(text)
        story.until(kind, campaign="spring", **wanted)

    def reload(kind, **wanted):
        story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
        run("systemctl", "reload", SERVICE)
        story.until(kind, campaign="spring", **wanted)

    write("/root/spring.yaml", CAMPAIGN)
    campaignctl.one("create", "-f", "/root/spring.yaml")
    campaignctl.one("activate", "spring")
    # A surface that is gone when its start comes.
    os.rename(SURFACE_FILE, "/root/newsletter.yaml")
    reload("alert-raised")
    at("2027-03-01 08:00:01", "status", to="activating")
    os.rename("/root/newsletter.yaml", SURFACE_FILE)
    reload("ended")
    # One that is tried again.
    at("2027-03-02 08:00:01", "waiting")
    at("2027-03-02 08:10:00", "ended")
    # One that was due while the daemon was away for too long.
    away = campaignctl.one("log", "--limit", "1")["seq"]
    run("systemctl", "stop", SERVICE)
    clock.set("2027-03-03 12:00:00")
    story = campaignctl.story(away)
    run("systemctl", "start", SERVICE)
    story.until("alert-raised", campaign="spring")
    campaignctl.one("ack", "spring")
    campaignctl.one("pause", "spring")
    clock.set("2027-03-04 12:00:00")
    campaignctl.one("resume", "spring")
    write("/root/spring.yaml", CAMPAIGN.replace("  every: day\n", '  every: day\n  at: ["10:00"]\n'))
    campaignctl.one("apply", "-f", "/root/spring.yaml")
    campaignctl.one("activate", "spring")
    at("2027-03-05 09:00:01", "ended")
    campaignctl.one("stop", "spring", "--yes", "--reason", "enough of spring")
    campaignctl.one("archive", "spring")
    run("systemctl", "stop", SERVICE)
    run("journalctl", "--sync")
    return subprocess.run(
        ["journalctl", "-u", "campaignd", "-x", f"--after-cursor={begin}", "--no-pager", "--quiet"],
        capture_output=True, text=True, check=True).stdout


def cursor():
    run("journalctl", "--sync")
    return run("journalctl", "--show-cursor", "--lines=1", "--quiet").splitlines()[-1].removeprefix("-- cursor: ")


def told(text):
    """The daemon's own entries about the campaign, by the page's rule."""
    entries = re.split(r"(?m)^(?=\w{3} [ \d]\d \d\d:)", text)
    kept = "".join(entry for entry in entries if "campaignd[" in entry.split(": ")[0] and not LEFT_OUT.search(entry))
    for pattern, short in NORMAL:
        kept = pattern.sub(short, kept)
    return kept


def main():
    shown = told(live())
    with open(PAGE) as file:
        page = file.read()
    before, _, rest = page.partition(FENCE + "\n")
    recorded, _, after = rest.partition("```\n")
    if "--record" in sys.argv:
        return print(before + FENCE + "\n" + shown + "```\n" + after, end="")
    difference = "\n".join(difflib.unified_diff(
        recorded.splitlines(), shown.splitlines(), "docs/journal.md", "the journal", lineterm=""))
    expect(recorded == shown, difference)


main()
