"""Twenty campaigns and two places: the daemon is stopped in the middle of them, and started again. Twenty are sent,
each once, never more than two at a time.
"""

import os

from campaigns import expect
from machine import (SENDER_STATE, all_ended, begun, install, journal, let_end, live, make_fifos, run,
                     surface_log, wait_for_end)

CAMPAIGNS = [f"drained-{number:02}" for number in range(20)]
PLACES = 2
# The first ones are held, so that the daemon goes in the middle of them; it takes no more of the others then.
HELD = CAMPAIGNS[:4]
SURFACE = f"""#!/bin/sh
cd {SENDER_STATE}
echo "begun $OCCURRENCE_KEY" >>surface.log
if [ -p "$CAMPAIGN_NAME.gate" ]; then
    echo "$PPID" >"$CAMPAIGN_NAME.begun"
    read -r status <"$CAMPAIGN_NAME.gate"
fi
echo "ended $OCCURRENCE_KEY" >>surface.log
"""

campaignctl = install(SURFACE, f"max_concurrent: {PLACES}\ntick_interval: 200ms\n")
make_fifos(*[f"{name}.{end}" for name in HELD for end in ("begun", "gate")])
for name in CAMPAIGNS:
    live(campaignctl, name)

# --- two are sent, two run, sixteen wait: it is told to end ---

senders = {}
for name in HELD[:PLACES]:
    begun(name)
    let_end(name)
for name in HELD[PLACES:]:
    senders[name] = os.pidfd_open(begun(name))
    campaignctl.story().until("started", campaign=name)
story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
states = [send["state"] for send in campaignctl("sends")]
expect({state: states.count(state) for state in set(states)} == {"sent": 2, "running": 2, "queued": 16}, states)
log = surface_log()
run("systemctl", "stop", "campaignd.service")
ended = run("systemctl", "show", "--property=Result,ExecMainStatus,ExecMainCode", "campaignd.service").splitlines()
expect(sorted(ended) == ["ExecMainCode=1", "ExecMainStatus=0", "Result=success"], f"SIGTERM drains it: {ended}")
expect(surface_log() == log, f"something began or ended by the stop: {surface_log()}")

# --- one of those that run ends meanwhile ---

let_end(HELD[PLACES])
wait_for_end(senders.pop(HELD[PLACES]))
expect(len(surface_log()) == len(log) + 1, f"nothing begins without the daemon: {surface_log()}")

# --- started again, it goes on with all ---

run("systemctl", "start", "campaignd.service")
let_end(HELD[PLACES + 1])
all_ended(story, len(CAMPAIGNS) - PLACES, "drained-")
os.close(senders.pop(HELD[PLACES + 1]))
sends = campaignctl("sends")
expect(sorted(send["campaign"] for send in sends) == CAMPAIGNS, f"{len(sends)} sends")
for send in sends:
    expect((send["state"], send["attempts"]) == ("sent", 1), send)
running, began = set(), []
for line in surface_log():
    word, key = line.split()
    if word == "begun":
        began.append(key)
        running.add(key)
    else:
        running.remove(key)
    expect(len(running) <= PLACES, f"{len(running)} at once")
expect(sorted(began) == sorted(send["key"] for send in sends) and not running, f"each began once: {began}")
outcomes = [entry["OCCURRENCE_KEY"] for entry in journal("-u", "campaignd", "SEND_OUTCOME=sent")]
expect(sorted(outcomes) == sorted(began), f"each is recorded once: {outcomes}")
expect(campaignctl("alerts") == [], campaignctl("alerts"))
