"""Walks the points at which a crash test can end the daemon or the sender with SIGKILL, and holds each to the promise:
no surface is started twice; no claimed send is left unstarted, but where the sender died between its accepted record
and the surface, which is `interrupted` with an alert; none is called sent that was not.
"""

from campaigns import campaign_file, expect

# Ends at a point: the program, the point, and what must have become of the send: its state, how often its surface
# began, and how often it ended.
POINTS = [
    ("campaignd", "claim", "sent", 1, 1),
    ("campaignd", "commit", "sent", 1, 1),
    ("campaignd", "connect", "sent", 1, 1),
    ("campaignd", "request-written", "sent", 1, 1),
    ("campaignd", "heard-accepted", "sent", 1, 1),
    ("campaignd", "heard-outcome", "sent", 1, 1),
    ("campaignd", "recorded", "sent", 1, 1),
    ("campaign-send", "request-read", "sent", 1, 1),
    ("campaign-send", "accepted", "interrupted", 0, 0),
    ("campaign-send", "accepted-told", "interrupted", 0, 0),
    ("campaign-send", "surface-started", "interrupted", None, None),
    ("campaign-send", "outcome-written", "sent", 1, 1),
    ("campaign-send", "outcome-told", "sent", 1, 1),
]

# Runs a program that dies at the point named in a file, once.
WITH_FAULT = """#!/bin/sh
file=$1
shift
if [ -e "$file" ]; then
    CAMPAIGND_FAULT=$(cat "$file")
    export CAMPAIGND_FAULT
    rm -f "$file"
fi
exec "$@"
"""


def surface(log):
    return f'#!/bin/sh\necho "begun $OCCURRENCE_KEY" >>{log}\necho "ended $OCCURRENCE_KEY" >>{log}\n'


def trigger(bench, program, name):
    """The daemon may die before it answers. Then nobody knows whether it was done, and the same request tells."""
    request = ("trigger", name, "--request-id", "once")
    done = bench.campaignctl.run(*request, "--json")
    expect(done.returncode in (0, 4), f"trigger {name}: {done.returncode} {done.stdout}{done.stderr}")
    bench.see_it_die(program)
    if done.returncode == 4:
        bench.campaignctl.one(*request)


def walk(bench):
    """`bench` has campaignctl, folder, arm(program, fault), see_it_die(program) and surface_log()."""
    for program, point, state, begun, ended in POINTS:
        name = f"at-{point}"
        story = bench.campaignctl.story()
        file = campaign_file(f"{bench.folder}/{name}.yaml", name, "now", type="triggered")
        bench.campaignctl.one("create", "-f", file)
        # Before: an activation asks the sender to count.
        bench.campaignctl.one("activate", name)
        bench.arm(program, f"kill@{point}")
        trigger(bench, program, name)
        story.until("ended", campaign=name)
        send = bench.campaignctl.one("sends", name)
        expect(send["state"] == state, f"{point}: {send}")
        log = bench.surface_log()
        counts = [log.count(f"{word} {send['key']}") for word in ("begun", "ended")]
        # A surface that is killed right after its start may have written nothing, or all.
        for count, wanted, word in zip(counts, (begun, ended), ("begun", "ended")):
            expect(count <= 1 if wanted is None else count == wanted, f"{point}: {word} {count} times")
        expect(send["attempts"] == 1, f"{point}: {send}")
        alerts = [alert["code"] for alert in bench.campaignctl("alerts", name)]
        expect(alerts == (["send-interrupted"] if state == "interrupted" else []), f"{point}: {alerts}")
        print(f"{program} at {point}: {send['state']}, begun {counts[0]}, ended {counts[1]}")
