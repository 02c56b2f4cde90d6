"""A ledger is put back that is older than what was sent since: from before the claims, and from the middle of the
sends. None of them is repeated: what the sender's records tell is what the older ledger learns.
"""

import glob
import os
import signal
import time

from campaigns import expect
from machine import (GATED_SURFACE, SENDER_STATE, begun, counts, install, kill, let_end, live, make_fifos, run,
                     start_in, surface_log)

LEDGER = "/var/lib/campaignd/ledger.sqlite"
QUICK_SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo '{{"progress": 3, "total": 3}}'
echo "ended $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
"""
TIMES = 5


def copied(to):
    """Stops the daemon, keeps its ledger, and starts it again."""
    run("systemctl", "stop", "campaignd.service")
    expect([size for size in map(os.path.getsize, glob.glob(f"{LEDGER}-wal")) if size] == [], "one file is all")
    run("cp", "--preserve=all", LEDGER, to)
    run("systemctl", "start", "campaignd.service")


def put_back(copy):
    """What docs/operations.md says."""
    run("systemctl", "stop", "campaignd.service")
    run("rm", "-f", f"{LEDGER}-wal", f"{LEDGER}-shm")
    run("cp", "--preserve=all", copy, LEDGER)
    run("systemctl", "start", "campaignd.service")


def last():
    return campaignctl.one("log", "--limit", "1")["seq"]


def sends(*names):
    """The sends of these campaigns, without their instants, which are those of the ledger that noted them."""
    return {name: [{field: send[field] for field in ("key", "state", "attempts", "progress", "total", "reason")}
                   for send in campaignctl("sends", name)] for name in names}


campaignctl = install(
    QUICK_SURFACE, "tick_interval: 200ms\nmin_spacing: 1s\n", gated=(GATED_SURFACE, {}),
    narrow=(GATED_SURFACE, {"max_concurrent": 1}))
for name in ("cut", "cancelled", "held", "front", "behind"):
    make_fifos(f"{name}.begun", f"{name}.gate")

# --- a copy from before the claims ---

began = time.monotonic()
live(campaignctl, "asked", type="triggered")
# All that comes before the copy takes a dozen times as long at most.
start = start_in(4 + int(12 * (time.monotonic() - began)))
live(campaignctl, "planned", {"start": start})
live(campaignctl, "cut", {"start": start}, surface="gated")
live(campaignctl, "cancelled", {"start": start}, surface="gated")
live(campaignctl, "often", {"start": start, "rrule": f"FREQ=SECONDLY;INTERVAL=1;COUNT={TIMES}"}, overlap="allow")
copied("/root/before")
story = campaignctl.story(last())
kill(begun("cut"), signal.SIGKILL)
begun("cancelled")
campaignctl.one("cancel", "cancelled", "--yes", "--reason", "wrong prices")
asked = campaignctl.one("trigger", "asked", "--request-id", "order-1815", "--data", '{"n": 1}')
for _ in range(TIMES):
    story.until("ended", campaign="often")
story = campaignctl.story()
story.until_all("ended", ("planned", "cut", "cancelled", "asked"))

# --- a copy from the middle ---

live(campaignctl, "held", surface="gated")
live(campaignctl, "front", surface="narrow")
live(campaignctl, "behind", surface="narrow")
for name in ("held", "front"):
    begun(name)
    campaignctl.story().until("started", campaign=name)
expect([campaignctl.one("sends", name)["state"] for name in ("held", "front", "behind")]
       == ["running", "running", "queued"], campaignctl("sends"))
copied("/root/middle")
for name in ("held", "front"):
    let_end(name)
begun("behind")
let_end("behind")
campaignctl.story().until_all("ended", ("held", "front", "behind"))

early = sends("planned", "cut", "cancelled", "asked", "often")
expect({name: [send["state"] for send in found] for name, found in early.items()}
       == {"planned": ["sent"], "cut": ["interrupted"], "cancelled": ["cancelled"], "asked": ["sent"],
           "often": ["sent"] * TIMES}, early)
late = sends("held", "front", "behind")
log = surface_log()

# --- the one from before the claims is put back: they are claimed anew, and found at the sender ---

put_back("/root/before")
# The ledger that is back knows nothing of what came after it.
expect({campaign["name"] for campaign in campaignctl("list", "--all")}
       == {"planned", "cut", "cancelled", "asked", "often"}, campaignctl("list", "--all"))
campaignctl.story().until_all("ended", ("planned", "cut", "cancelled"))
campaignctl.story().until("ended", campaign="often", text="sent")
again = campaignctl.one("trigger", "asked", "--request-id", "order-1815", "--data", '{"n": 1}')
expect(again["key"] == asked["key"] and not again["repeated"], f"the same request is the same send: {again}")
campaignctl.story().until("ended", campaign="asked")
found = sends(*early)
for name in ("planned", "cut", "cancelled", "asked"):
    expect(found[name] == early[name], f"{name}: {found[name]}, before {early[name]}")
# After a downtime the newest one is caught up, and the sender knows it; the others are told together.
expect([send["state"] for send in found["often"]] == ["sent", "missed"], f"often: {found['often']}")
expect(found["often"][0] == early["often"][0], f"often: {found['often'][0]}, before {early['often'][0]}")
expect(surface_log() == log, f"a surface began again: {surface_log()[len(log):]}")

# --- so is the one from the middle ---

put_back("/root/middle")
campaignctl.story().until_all("ended", ("held", "front", "behind"))
expect(sends(*late) == late, f"{sends(*late)}, before {late}")
expect(surface_log() == log, f"a surface began again: {surface_log()[len(log):]}")
for send in [send for found in (early, late) for of_one in found.values() for send in of_one]:
    expect(counts(send["key"]) == ((1, 1) if send["state"] == "sent" else (1, 0)), f"{send}: {surface_log()}")
