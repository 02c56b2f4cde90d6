"""A stop at any moment of a send: what was accepted goes on to its end, all else never begins, and nothing is handed
over after the reply, also when its later times come. A cancel ends the surface, before and after a restart of the
daemon, and a part of a send is recorded as such. The same where the surface is a webhook whose peer takes its time.
"""

import signal

from campaigns import expect, write
from machine import (GATED_SURFACE, SENDER_STATE, SOCKET, begun, counts, drop_in, install, kill, let_end, live,
                     main_pid, make_fifos, run, start_in, strangers, surface_log)
from webhook_peer import Peer, held, never
from wire import Wire

# Due each second, for ever; what falls due while one is under way is queued, and then skipped.
EACH_SECOND = {"rrule": "FREQ=SECONDLY;INTERVAL=1"}
QUICK_SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo "ended $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
"""
FAILING_SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo "ended $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
exit 75
"""
# Three of ten, and then it waits until it is told to end.
PART_SURFACE = f"""#!/bin/sh
cd {SENDER_STATE}
trap 'echo "term $OCCURRENCE_KEY" >>surface.log; exit 1' TERM
echo "begun $OCCURRENCE_KEY" >>surface.log
echo '{{"progress": 3, "total": 10}}'
echo "$PPID" >"$CAMPAIGN_NAME.begun"
read -r never <"$CAMPAIGN_NAME.gate"
echo "ended $OCCURRENCE_KEY" >>surface.log
"""
# Triggers that are stopped before their time are asked for so far ahead; the stop comes right after.
PLANNED_SECONDS = 4
# Stops that meet a hand-over which the sender has not answered yet.
HASTY = 8


# When what was stopped would have come.
instants = []


def states(name):
    return [send["state"] for send in campaignctl("sends", name)]


def in_all(name, word):
    return sum(counts(send["key"])[word] for send in campaignctl("sends", name))


def stop(name):
    """Stops it; answers what the surfaces had done at the reply."""
    stopped = campaignctl.one("stop", name, "--yes")
    expect(stopped["status"] == "stopped", f"{name}: {stopped}")
    return surface_log()


# Each row brings a campaign to its moment and yields; it goes on when it has been stopped and later times have passed.


def while_it_runs(name):
    make_fifos(f"{name}.begun", f"{name}.gate")
    live(campaignctl, name, EACH_SECOND, surface="gated")
    begun(name)
    story.until("started", campaign=name)
    yield
    found = states(name)
    expect(found[-1] == "running" and set(found[:-1]) <= {"cancelled", "skipped"}, f"{name}: {found}")
    let_end(name)
    campaignctl.story().until("ended", campaign=name, text="sent")
    expect(states(name)[-1] == "sent" and in_all(name, 0) == in_all(name, 1) == 1, f"{name}: {states(name)}")


def between_retries(name):
    live(campaignctl, name, EACH_SECOND, surface="failing", retries=5)
    campaignctl.story().until("waiting", campaign=name)
    yield
    expect(set(states(name)) <= {"cancelled", "skipped"} and states(name)[-1] == "cancelled", f"{name}: {states(name)}")
    send = campaignctl("sends", name)[-1]
    expect(send["attempts"] == 1 and send["next_attempt_at"] is None, f"{name}: {send}")
    expect(in_all(name, 0) == 1, f"{name}: another attempt: {surface_log()}")


def behind_a_cap(name):
    make_fifos("in-front.begun", "in-front.gate")
    live(campaignctl, "in-front", surface="narrow")
    begun("in-front")
    live(campaignctl, name, EACH_SECOND, surface="narrow")
    expect(states(name)[-1] == "queued", f"{name}: {states(name)}")
    yield
    let_end("in-front")
    campaignctl.story().until("ended", campaign="in-front")
    expect(set(states(name)) <= {"cancelled", "skipped"}, f"{name}: {states(name)}")
    expect(in_all(name, 0) == 0, f"{name}: begun: {surface_log()}")


def triggers_to_come(name):
    live(campaignctl, name, type="triggered", surface="quick")
    instants.append(f"{start_in(PLANNED_SECONDS)}Z")
    for _ in range(3):
        campaignctl.one("trigger", name, "--at", instants[-1])
    yield
    expect(states(name) == ["cancelled"] * 3 and in_all(name, 0) == 0, f"{name}: {states(name)}")


def while_a_webhook_answers(name):
    live(campaignctl, name, EACH_SECOND, surface="slow-web")
    request = peer.wait_for("slow-web")
    campaignctl.story().until("started", campaign=name, key=request.body["key"])
    yield
    found = states(name)
    expect(found[-1] == "running" and set(found[:-1]) <= {"cancelled", "skipped"}, f"{name}: {found}")
    peer.let_end("slow-web")
    campaignctl.story().until("ended", campaign=name, text="sent")
    sent = [send["key"] for send in campaignctl("sends", name) if send["state"] == "sent"]
    expect(sent == [request.body["key"] for request in peer.given("slow-web")] == [request.body["key"]],
           f"{name}: {sent} {peer.given('slow-web')}")


def webhooks_of_triggers(name):
    live(campaignctl, name, type="triggered", surface="triggered-web")
    for _ in range(2):
        campaignctl.one("trigger", name)
        request = peer.wait_for("triggered-web")
        campaignctl.story().until("started", campaign=name, key=request.body["key"])
    yield
    expect(states(name) == ["running"] * 2, f"{name}: {states(name)}")
    for _ in range(2):
        peer.let_end("triggered-web")
    for request in peer.given("triggered-web"):
        campaignctl.story().until("ended", campaign=name, key=request.body["key"], text="sent")
    expect(states(name) == ["sent"] * 2 and len(peer.given("triggered-web")) == 2, f"{name}: {states(name)}")


def all_the_time(name):
    live(campaignctl, name, EACH_SECOND, surface="quick", overlap="allow")
    campaignctl.story().until("ended", campaign=name)
    yield
    for send in campaignctl("sends", name):
        expect(counts(send["key"]) == ((1, 1) if send["state"] == "sent" else (0, 0)), f"{name}: {send}")
    expect("sent" in states(name), f"{name}: {states(name)}")


ROWS = {row.__name__.replace("_", "-"): row
        for row in (while_it_runs, while_a_webhook_answers, between_retries, behind_a_cap, all_the_time,
                    webhooks_of_triggers, triggers_to_come)}


def nothing_after_the_stop(name):
    """By the history, whose order is that of what happened."""
    kinds = [(event["kind"], event["to"]) for event in campaignctl("log", name)]
    after = [kind for kind, _ in kinds[kinds.index(("status", "stopped")) + 1:]]
    expect(set(after) <= {"ended"}, f"{name}: after its stop: {after}")


peer = Peer({"slow-web": [held], "triggered-web": [held], "mute-web": [never]})
for surface in peer.plans:
    write(f"/etc/campaignd/surfaces.d/{surface}.yaml", f"channel: email\nwebhook:\n  url: {peer.url(surface)}\n")
campaignctl = install(
    QUICK_SURFACE, "tick_interval: 100ms\nmin_spacing: 1s\nmax_concurrent: 20\n", gated=(GATED_SURFACE, {}),
    quick=(QUICK_SURFACE, {"max_concurrent": 20}), failing=(FAILING_SURFACE, {}),
    narrow=(GATED_SURFACE, {"max_concurrent": 1}), part=(PART_SURFACE, {}))
drop_in("campaignd.service", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\n")
story = campaignctl.story()

# --- stopped at every moment ---

walks = {name: row(name) for name, row in ROWS.items()}
for walk in walks.values():
    next(walk)
# The triggers' time would come first.
at_the_reply = {name: stop(name) for name in reversed(walks)}
instants.append(f"{start_in(2)}Z")
# One of the same kind goes on: when it is sent, the others' times have come as well.
live(campaignctl, "goes-on", EACH_SECOND, surface="quick", overlap="allow")
going_on = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
while going_on.until("ended", campaign="goes-on")["at"] <= max(instants):
    pass
log = surface_log()
for name in walks:
    keys = {send["key"] for send in campaignctl("sends", name)}
    accepted = {event["key"] for event in campaignctl("log", name) if event["kind"] == "started"}
    begins = {line.split()[1] for line in log[len(at_the_reply[name]):] if line.startswith("begun ")}
    # What the sender accepted before the reply may come to its surface after it.
    expect(begins & keys <= accepted, f"{name}: handed over after the reply: {begins & keys - accepted}")
for name, walk in walks.items():
    next(walk, None)
    nothing_after_the_stop(name)
campaignctl.one("stop", "goes-on", "--yes")

# --- stopped between the hand-over and the sender's answer ---

revoked = 0
for number in range(HASTY):
    name = f"hasty-{number}"
    live(campaignctl, name, type="triggered", surface="quick")
    with Wire(SOCKET) as call:
        key = call("Trigger", name=name, request_id="once")["send"]["key"]
        stopped = call("Stop", name=name)["campaign"]
        expect(stopped["status"] == "stopped", f"{name}: {stopped}")
        send = call("Sends", campaign=name)["sends"][0]
    # Revoked before the reply, or accepted before it.
    expect(send["state"] in ("cancelled", "running", "sent"), f"{name}: {send}")
    if send["state"] == "running":
        campaignctl.story().until("ended", campaign=name)
        send = campaignctl.one("sends", name)
    revoked += send["state"] == "cancelled"
    wanted = (0, 0) if send["state"] == "cancelled" else (1, 1)
    expect(counts(key) == wanted, f"{name}: {send} {surface_log()}")
    nothing_after_the_stop(name)
print(f"stopped between hand-over and answer: {revoked} of {HASTY} revoked, the others sent")

# --- cancelled, before and after another daemon ---

CANCELLED = {
    "at-once": lambda: None,
    "after-a-restart": lambda: run("systemctl", "restart", "campaignd.service"),
    "after-a-kill": lambda: kill(main_pid("campaignd.service"), signal.SIGKILL),
}
for name, before in CANCELLED.items():
    make_fifos(f"{name}.begun", f"{name}.gate")
    story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
    live(campaignctl, name, surface="part")
    begun(name)
    story.until("started", campaign=name)
    before()
    campaignctl.one("cancel", name, "--yes", "--reason", "wrong prices")
    story.until("ended", campaign=name)
    send = campaignctl.one("sends", name)
    expect((send["state"], send["attempts"]) == ("cancelled", 1), f"{name}: {send}")
    expect("wrong prices" in send["reason"], f"{name}: {send}")
    expect((send["progress"], send["total"]) == (3, 10), f"{name}: a part of it was sent: {send}")
    expect(surface_log()[-2:] == [f"begun {send['key']}", f"term {send['key']}"], f"{name}: {surface_log()[-3:]}")
for name, before in CANCELLED.items():
    name = f"mute-{name}"
    story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
    live(campaignctl, name, surface="mute-web")
    peer.wait_for("mute-web")
    story.until("started", campaign=name)
    before()
    campaignctl.one("cancel", name, "--yes", "--reason", "wrong prices")
    peer.wait_for_end("mute-web")
    story.until("ended", campaign=name)
    send = campaignctl.one("sends", name)
    expect((send["state"], send["attempts"]) == ("cancelled", 1), f"{name}: {send}")
    expect("wrong prices" in send["reason"], f"{name}: {send}")
expect(strangers() == [], f"left behind: {strangers()}")

# --- none of it comes back ---

log, requests, before = surface_log(), len(peer.requests), campaignctl("sends")
run("systemctl", "restart", "campaignd.service")
live(campaignctl, "last", surface="quick")
campaignctl.story().until("ended", campaign="last")
expect(campaignctl("sends")[1:] == before, "a send changed")
expect(len(surface_log()) == len(log) + 2, f"begun again: {surface_log()[len(log):]}")
expect(len(peer.requests) == requests, f"asked again: {peer.requests[requests:]}")
