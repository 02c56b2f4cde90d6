"""`on_alert`: each new alert goes to a surface as well, as a message; repeats and bursts are folded, and what is told
is told once, whatever becomes of the daemon. The pauses between notices are real time; a restart begins a new one.

usage: on_alert.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import json
import os

from campaigns import PATIENCE, expect, write
from desk import play

ONCE = {"start": "2026-01-05T09:00"}
START = "2026-01-05 08:00:00"
BURST = 20
# Keeps what it is given in a folder of its own, which has its name when all of it is there; then waits at the gate, if
# there is one, for the status to end with.
PAGER = """#!/bin/sh
place=$(mktemp -d {folder}/given.XXXXXX)
cat >"$place/request"
cp "$MESSAGE_FILE" "$place/message"
env >"$place/environment"
mv "$place" "$(mktemp -d {folder}/notices/XXXXXX)/"
status=0
if [ -p {folder}/gates/pager ]; then read -r status <{folder}/gates/pager || status=1; fi
exit "$status"
"""


def set_up(desk):
    os.mkdir(f"{desk.folder}/notices")
    write(f"{desk.folder}/pager", PAGER.format(folder=desk.folder), 0o755)
    desk.surface("pager", f"{desk.folder}/pager", channel="push")
    desk.configure(on_alert="pager")
    turns(desk)


def turns(desk):
    """Some turns of the scheduler, in each of which a notice could begin."""
    desk.daemon.forget()
    for _ in range(4):
        desk.daemon.until("WATCHDOG=1")


def notices(desk):
    """What the surface was given: (request, lines of the message that tell an alert, environment), in no order."""
    found = []
    for outer, names, _ in os.walk(f"{desk.folder}/notices"):
        for name in names:
            if name.startswith("given."):
                place = f"{outer}/{name}"
                with open(f"{place}/request") as request, open(f"{place}/message") as message, \
                        open(f"{place}/environment") as environment:
                    lines = message.read().splitlines()
                    expect(lines[-2:] == ["", "What stands now: campaignctl alerts"], lines)
                    variables = dict(line.split("=", 1) for line in environment.read().splitlines() if "=" in line)
                    found.append((json.loads(request.read()), lines[:-2], variables))
    return found


def told(desk):
    """Waits for the end of the next notice since the mark; what the history says of it."""
    return desk.campaignctl.story(desk.last).until("alerts-told")


def fails(desk, *names):
    """Sends of these campaigns that fail."""
    desk.hold(*names)
    desk.live(**{name.replace("-", "_"): {"start": "now"} for name in names})
    for name in names:
        desk.answer(name, 69)
    desk.campaignctl.story(desk.last).until_all("ended", names)


def one(desk):
    """What was there before anybody was to be told is no news; the next alert is told at once, and once."""
    fails(desk, "before")
    set_up(desk)
    expect(notices(desk) == [], "old alerts are no news")
    fails(desk, "broken")
    event = told(desk)
    expect((event["campaign"], event["text"], event["reason"]) == (None, "notice of 1 alert: sent", None), event)
    request, lines, variables = notices(desk)[0]
    expect(request["origin"] == "alerts" and request["key"].startswith("alerts/"), request)
    expect(request["surface"] == "pager" and request["campaign"]["channel"] == "push", request)
    expect(request["audience"] is None and "AUDIENCE" not in variables, request)
    expect(request["message"]["subject"] == "broken: send-failed", request)
    expect(variables["OCCURRENCE_KEY"] == request["key"] == event["key"], variables)
    expect(len(lines) == 1 and lines[0].startswith("2026-01-01T06:00:00Z broken: error: send-failed: a send failed: "
                                                   "the surface ended with 69"), lines)
    expect(desk.campaignctl("sends") and not [send for send in desk.campaignctl("sends") if "alerts/" in send["key"]],
           "a notice is no campaign's send")

    # Told again by nobody: neither now, nor by the next daemon; nor is what happens while nobody is to be told.
    turns(desk)
    desk.restart_at("2026-01-01 07:00:00")
    turns(desk)
    desk.configure()
    turns(desk)
    fails(desk, "unheard")
    desk.configure(on_alert="pager")
    turns(desk)
    expect(len(notices(desk)) == 1, notices(desk))

    # With an audience of that name.
    desk.audience("alerts", "ann@example.org")
    desk.daemon.reload()
    fails(desk, "listed")
    told(desk)
    request, lines, variables = next(notice for notice in notices(desk) if " listed: " in notice[1][0])
    expect(request["audience"] == {"name": "alerts", "file": f"{desk.folder}/alerts.csv"}, request)
    expect(variables["AUDIENCE"] == f"{desk.folder}/alerts.csv" and len(lines) == 1, variables)


def burst(desk):
    """Many failures are few notices, which name each once; what one notice could not tell, the next daemon does."""
    set_up(desk)
    names = [f"c{number:02}" for number in range(BURST)]
    fails(desk, *names)
    told(desk)
    turns(desk)
    expect(len(notices(desk)) == 1, f"nothing more within the minute: {notices(desk)}")
    if len(notices(desk)[0][1]) < BURST:
        desk.restart_at("2026-01-01 06:00:01")
        told(desk)
    turns(desk)
    found = notices(desk)
    lines = [line for _, lines, _ in found for line in lines]
    expect(len(found) <= 2 and len({request["key"] for request, _, _ in found}) == len(found), found)
    expect(sorted(line.split(" ")[1].rstrip(":") for line in lines) == names, f"each once: {lines}")
    expect(all(": error: send-failed: " in line for line in lines), lines)


def together(desk):
    """What one cause raises everywhere at once is one notice, and so is a repetition meanwhile."""
    desk.surface("goes")
    set_up(desk)
    desk.live(**{f"c{number:02}": {**ONCE, "surface": "goes"} for number in range(BURST)})
    desk.mark()
    desk.drop_surface("goes")
    desk.daemon.reload()
    event = told(desk)
    expect(event["text"] == f"notice of {BURST} alerts: sent", event)
    request, lines, _ = notices(desk)[0]
    expect(request["message"]["subject"] == f"{BURST} alerts: c00, c01, c02, …", request["message"])
    names = [line.split(" ")[1] for line in lines]
    expect(sorted(names) == [f"c{number:02}:" for number in range(BURST)], lines)
    # It goes and comes again.
    for _ in range(2):
        desk.surface("goes")
        desk.daemon.reload()
        turns(desk)
        expect(desk.campaignctl("alerts") == [], "over")
        desk.drop_surface("goes")
        desk.daemon.reload()
        turns(desk)
    expect(len(desk.campaignctl("alerts")) == BURST and len(notices(desk)) == 1, "told once within an hour")


def killed(desk):
    """The daemon is killed while the surface delivers a notice; the notice is told once, and recorded once."""
    set_up(desk)
    desk.hold("pager")
    fails(desk, "broken")
    gate = desk.gates["pager"]
    # Opened when the surface is there: it has begun.
    with open(gate, "w") as answer:
        desk.daemon.process.kill()
        desk.daemon.process.wait(timeout=PATIENCE)
        desk.start()
        turns(desk)
        answer.write("0\n")
    event = told(desk)
    desk.leave("pager")
    expect(event["text"] == "notice of 1 alert: sent", event)
    turns(desk)
    desk.restart_at("2026-01-01 06:00:01")
    turns(desk)
    expect(len(notices(desk)) == 1, notices(desk))
    ends = [event for event in desk.campaignctl("log") if event["kind"] == "alerts-told"]
    expect(len(ends) == 1, ends)


def refused(desk):
    """A notice that fails raises no alert, which would be told in its turn; a temporary failure is tried again."""
    set_up(desk)
    desk.hold("pager")
    fails(desk, "broken")
    desk.answer("pager", 75)
    turns(desk)
    expect(len(notices(desk)) == 1, "not at once")
    desk.restart_at("2026-01-01 06:02:01")
    desk.answer("pager", 69)
    event = told(desk)
    expect(event["text"] == "notice of 1 alert: failed: the surface ended with 69 (EX_UNAVAILABLE)", event)
    keys = [(request["key"], request["attempt"]) for request, _, _ in notices(desk)]
    expect(len({key for key, _ in keys}) == 1 and sorted(number for _, number in keys) == [1, 2], keys)
    desk.leave("pager")
    turns(desk)
    expect([alert["campaign"] for alert in desk.campaignctl("alerts")] == ["broken"], desk.campaignctl("alerts"))
    expect(len(notices(desk)) == 2, "and it is not told again")


play(one=one, burst=burst, together=together, killed=killed, refused=refused)
