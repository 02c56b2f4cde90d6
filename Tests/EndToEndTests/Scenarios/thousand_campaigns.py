"""Many campaigns at one instant, through the units. A thousand: each is sent once, no more at a time than the caps say,
and the socket unit takes it. Eleven with a cap of two: positions are shown, and each has its turn. A large one holds up
no small one that comes after it. Prints how many sends a second the thousand were.
"""

import datetime
import time

from campaigns import expect
from machine import (GATED_SURFACE, SENDER_STATE, SOCKET, all_ended, begun, install, journal, let_end, live,
                     make_fifos, run, start_in, surface_log)
from wire import Wire

CAMPAIGNS = 1_000
CAP = 8
PAIR = 2
CROWD = [f"crowd-{number:02}" for number in range(11)]
SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo "ended $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
"""
# So many are made first, to tell how long all of them take.
TASTER = 25
# Beside that time, for what else the machine does.
SPARE_SECONDS = 5


def most_at_once(keys):
    """How many surfaces of these sends were under way together, at most; each began and ended once."""
    running, most, seen = set(), 0, set()
    for line in surface_log():
        word, key = line.split()
        if key not in keys:
            continue
        if word == "begun":
            expect(key not in seen, f"{key} began twice")
            seen.add(key)
            running.add(key)
        else:
            running.remove(key)
        most = max(most, len(running))
    expect(not running and seen == set(keys), f"{len(seen)} of {len(keys)} began, {len(running)} did not end")
    return most


def schedule(names, start, surface="newsletter"):
    # Nobody counts the audience a thousand times: an activation does not wait for a sender that is not there.
    run("systemctl", "stop", "campaign-send.socket")
    with Wire(SOCKET) as call:
        for name in names:
            make(call, name, start, surface)
    run("systemctl", "start", "campaign-send.socket")


def make(call, name, start, surface):
    call("Create", campaign={
        "name": name, "title": f"The campaign {name}", "channel": "email", "surface": surface,
        "message": "hello", "audience": "everybody", "schedule": {"start": start, "timezone": "UTC"}})
    answer = call("Activate", name=name)["campaign"]
    expect(answer["status"] == "scheduled", f"{name}: {answer['status']}")


campaignctl = install(
    SURFACE, f"max_concurrent: {CAP}\n", pair=(GATED_SURFACE, {"max_concurrent": PAIR}), wide=(GATED_SURFACE, {}))
with open("/etc/campaignd/surfaces.d/newsletter.yaml", "a") as file:
    file.write(f"max_concurrent: {CAP}\n")
run("systemctl", "restart", "campaignd.service")
story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])

# --- a thousand at one instant ---

names = [f"at-once-{number:04}" for number in range(CAMPAIGNS)]
begun_at = time.monotonic()
schedule([f"taster-{number}" for number in range(TASTER)], "2099-01-01T00:00")
each = (time.monotonic() - begun_at) / TASTER
start = start_in(SPARE_SECONDS + int(1.25 * each * CAMPAIGNS))
schedule(names, start)
expect(campaignctl.one("list", "--count")["scheduled"] == CAMPAIGNS + TASTER, "all are scheduled before")
keys = all_ended(story, CAMPAIGNS, "at-once-")
took = time.time() - datetime.datetime.fromisoformat(f"{start}+00:00").timestamp()
print(f"{CAMPAIGNS} campaigns at one instant: {CAMPAIGNS / took:.0f} sends a second")
sends = {send["campaign"]: send for send in campaignctl("sends")}
expect(sorted(sends) == names, f"{len(sends)} sends")
for name, send in sends.items():
    expect((send["state"], send["attempts"], send["due"]) == ("sent", 1, f"{start}Z"), f"{name}: {send}")
expect({send["key"] for send in sends.values()} == keys, "another send ended")
expect(most_at_once(keys) <= CAP, f"{most_at_once(keys)} at once")
expect([alert["code"] for alert in campaignctl("alerts") if alert["code"] != "audience-empty"] == [], "alerts")


def socket_is_well():
    shown = run("systemctl", "show", "--property=ActiveState,Result,NRefused", "campaign-send.socket").splitlines()
    expect(sorted(shown) == ["ActiveState=active", "NRefused=0", "Result=success"], shown)
    said = " ".join(entry["MESSAGE"] for entry in journal("--unit=campaign-send.socket"))
    expect("limit" not in said.lower() and "fail" not in said.lower(), said)


socket_is_well()
expect(run("systemctl", "show", "--property=NRestarts", "--value", "campaignd.service") == "0", "the daemon fell over")

# --- eleven with a cap of two ---

make_fifos(*[f"{name}.{end}" for name in CROWD for end in ("begun", "gate")])
start = start_in(SPARE_SECONDS + int(3 * each * len(CROWD)))
story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
schedule(CROWD, start, "pair")
events = story.events()


def told(kind):
    """The campaign of the next such event."""
    return next(event["campaign"] for event in events if event["kind"] == kind)


expect({told("claimed") for _ in CROWD} == set(CROWD), "others are claimed")
expect(len({told("started") for _ in range(PAIR)}) == PAIR, "two have begun")
call = Wire(SOCKET)
crowd = {send["campaign"]: send for send in call("Sends", limit=len(CROWD))["sends"]}
expect(set(crowd) == set(CROWD), crowd)
running = [name for name in CROWD if crowd[name]["state"] == "running"]
expect(len(running) == PAIR, crowd)
waiting = set(CROWD) - set(running)
while running:
    queued = {send["campaign"]: send["queue_position"] for send in call("Sends", states=["queued"])["sends"]}
    expect(set(queued) == waiting, f"{queued} wait, not {waiting}")
    expect(sorted(queued.values()) == list(range(1, len(waiting) + 1)), f"positions: {queued}")
    # One ends, and another one has its turn.
    name = running.pop(0)
    begun(name)
    let_end(name)
    expect(told("ended") == name, "another one ended")
    if waiting:
        next_one = told("started")
        waiting.remove(next_one)
        running.append(next_one)
story.close()
expect({send["state"] for send in campaignctl("sends") if send["campaign"] in CROWD} == {"sent"}, "all are sent")
expect(most_at_once({send["key"] for send in crowd.values()}) <= PAIR, "two at once, no more")

# --- a large one, and small ones after it ---

make_fifos("large.begun", "large.gate", "beside.begun", "beside.gate")
live(campaignctl, "large", {"start": start_in(5)}, surface="wide")
begun("large")
live(campaignctl, "small", {"start": start_in(5)})
live(campaignctl, "beside", {"start": start_in(5)}, surface="wide")
begun("beside")
let_end("beside")
campaignctl.story().until_all("ended", ("small", "beside"))
expect(campaignctl.one("sends", "large")["state"] == "running", campaignctl.one("sends", "large"))
small = campaignctl.one("sends", "small")
expect(small["state"] == "sent", small)
let_end("large")
campaignctl.story().until("ended", campaign="large")
expect(campaignctl.one("sends", "large")["state"] == "sent", campaignctl.one("sends", "large"))
socket_is_well()
