"""Limits of the machine on the daemon and on the senders: files that can't grow, descriptors that run out, memory that
is not given. Nothing is sent twice or called sent that was not, a daemon that can't accept goes on ticking, and all goes
on when the limit is raised.
"""

import calendar
import datetime
import os
import socket
import time

from campaigns import expect
from machine import SENDER_STATE, SOCKET, drop_in, install, journal, live, main_pid, run, start_in

SERVICE, SENDER = "campaignd.service", "campaign-send@.service"
LEDGER = "/var/lib/campaignd/ledger.sqlite"
SURFACE = f'#!/bin/sh\necho "$OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log\n'
# Seconds in which a campaign is made and activated and a limit set, also where others use the cores.
SOON = 6
WATCHDOG = 3
CLAIMED, ZONES_CHANGED = "b22fd1b4e60c4b03904c4c661563e307", "779e13c6f24545aa8a8c9a87ab6e6bdb"
TRIGGERED = {"type": "triggered"}

campaignctl = install(SURFACE, "tick_interval: 100ms\n")
drop_in(SERVICE, f"[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\nWatchdogSec={WATCHDOG}s\n")
run("install", "-o", "campaign-send", "/dev/null", f"{SENDER_STATE}/surface.log")
run("systemctl", "restart", SERVICE)
live(campaignctl, "asked", **TRIGGERED)
# All connections to the ledger that it keeps are open, and a sender was begun.
campaignctl.one("trigger", "asked", "--request-id", "first")
campaignctl.story().until("ended", campaign="asked")


def limit(name, soft):
    """Of the running daemon; the hard limit stays, so that it can be raised again."""
    run("setpriv", "--reuid=campaignd", "--regid=campaignd", "--clear-groups",
        "prlimit", f"--pid={main_pid(SERVICE)}", f"--{name}={soft}:")


def begun():
    with open(f"{SENDER_STATE}/surface.log") as file:
        return file.read().split()


def state(request):
    found = [send for send in campaignctl("sends", "asked") if send["key"].endswith(f"/trigger/{request}")]
    return [(send["state"], send["attempts"]) for send in found]


def ends(request):
    """The send of that request comes to its end, and was begun once."""
    story = campaignctl.story()
    while not story.until("ended", campaign="asked")["key"].endswith(f"/{request}"):
        pass
    expect(state(request) == [("sent", 1)], campaignctl("sends", "asked"))
    expect(sum(key.endswith(f"/{request}") for key in begun()) == 1, begun())


def checked(*codes):
    """These alerts, and no others; any of them is one for scripts."""
    found = [alert["code"] for alert in campaignctl("alerts")]
    expect(found == list(codes), campaignctl("alerts"))
    expect(campaignctl.run("status", "--check").returncode == (1 if codes else 0), found)


def is_well(pid):
    """The same daemon, that has no alert once it has made a turn."""
    while campaignctl("alerts"):
        pass
    checked()
    expect(main_pid(SERVICE) == pid, "it is another daemon")


def trigger(request):
    return campaignctl.run("trigger", "asked", "--request-id", request, "--json")


# --- files of the daemon that can't grow ---

pid = main_pid(SERVICE)
live(campaignctl, "due", {"start": start_in(SOON)})
limit("fsize", os.path.getsize(f"{LEDGER}-wal"))
refused = trigger("no-growth")
expect(refused.returncode == 1 and '"Held"' in refused.stdout, refused)
expect(main_pid(SERVICE) == pid, "a write beyond the limit does not end it")
while not campaignctl("alerts"):
    pass
checked("disk-low")
expect(campaignctl("sends", "due") == [] and state("no-growth") == [], "nothing is claimed")
limit("fsize", "unlimited")
campaignctl.story().until("ended", campaign="due")
is_well(pid)
expect(trigger("no-growth").returncode == 0, "it is done when it is asked again")
ends("no-growth")

# --- descriptors: nobody can connect, and it goes on ticking, and tells its watchdog and the journal ---

due = calendar.timegm(time.strptime(start := start_in(SOON), "%Y-%m-%dT%H:%M:%S"))
live(campaignctl, "later", {"start": start})
open_ones = sorted(int(name) for name in os.listdir(f"/proc/{pid}/fd"))
limit("nofile", open_ones[-1] + 1 if len(open_ones) == open_ones[-1] + 1 else len(open_ones))
waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
for connection in waiting:
    connection.connect(SOCKET)


while time.time() < due + 2 * WATCHDOG:
    expect(main_pid(SERVICE) == pid, "it goes on")
told = journal("-u", "campaignd", "CAMPAIGN=later", f"MESSAGE_ID={CLAIMED}")
expect(len(told) == 1, "the journal is told")
expect(not journal("-u", "campaignd", f"MESSAGE_ID={ZONES_CHANGED}"), "no file that can't be opened is another database")
limit("nofile", 1_024)
for connection in waiting:
    connection.close()
campaignctl.story().until("ended", campaign="later")
is_well(pid)
late, = campaignctl("sends", "later")
claimed = datetime.datetime.fromisoformat(late["claimed_at"].replace("Z", "+00:00")).timestamp()
expect((late["state"], late["attempts"]) == ("sent", 1) and claimed <= due + 1, f"claimed in time: {late}")

# --- memory: it may end of it, and the next one goes on ---

limit("as", 64 << 20)
trigger("no-memory")
trigger("no-memory")
if main_pid(SERVICE) == pid:
    limit("as", "unlimited")
expect(trigger("no-memory").returncode == 0, "it answers again")
ends("no-memory")

# --- the same for senders ---

for number, setting in enumerate(("LimitFSIZE=0", "LimitNOFILE=5", "LimitAS=16M")):
    drop_in(SENDER, f"[Service]\n{setting}\n")
    request = f"sender-{number}"
    expect(trigger(request).returncode == 0, setting)
    while "launcher-down" not in [alert["code"] for alert in campaignctl("alerts")]:
        expect(state(request) == [("claimed", 1)], f"{setting}: {state(request)} {campaignctl('sends')}")
    expect(not any(key.endswith(f"/{request}") for key in begun()), f"{setting}: nothing was begun")
    drop_in(SENDER, "[Service]\n")
    ends(request)
checked()
