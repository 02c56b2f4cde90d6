"""A restart and a kill of the daemon in the middle of sends lose nothing and repeat nothing, whatever each send was
just doing, and also where a surface ends while no daemon is there. A sender that is killed or stopped in the middle
leaves its send interrupted, never sent, and nothing of its surface behind; nothing begins it again by itself.
"""

import os
import signal

from campaigns import expect
from machine import (GATED_SURFACE, SENDER_STATE, begun, counts, drop_in, install, kill, let_end, live, main_pid,
                     make_fifos, run, strangers, surface_log, wait_for_end)

# It says that it was told to end, and leaves a child that nobody but a kill ends, with a life line open.
CUT_SURFACE = f"""#!/bin/sh
cd {SENDER_STATE}
trap 'echo "term $OCCURRENCE_KEY" >>surface.log; exit 0' TERM
echo "begun $OCCURRENCE_KEY" >>surface.log
setsid sh -c 'trap "" TERM HUP INT; exec 9>cut.life; echo lives >&9; read -r never <cut.never' &
echo "$PPID" >"$CAMPAIGN_NAME.begun"
read -r never <cut.never
echo "ended $OCCURRENCE_KEY" >>surface.log
"""
DAEMON = "campaignd.service"
HELD = ("first", "second", "alone")
CUTS = {
    "killed": lambda unit, pid: kill(pid),
    "terminated": lambda unit, pid: kill(pid, signal.SIGTERM),
    "stopped": lambda unit, pid: run("systemctl", "stop", unit),
    "all-killed": lambda unit, pid: run("systemctl", "kill", "--signal=KILL", unit),
}

campaignctl = install(
    GATED_SURFACE, narrow=(GATED_SURFACE, {"max_concurrent": 1}), failing=("#!/bin/sh\nexit 75\n", {}),
    cut=(CUT_SURFACE, {}))
drop_in(DAEMON, "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\n")
make_fifos("cut.life", "cut.never")
for name in (*HELD, "behind", *CUTS):
    make_fifos(f"{name}.begun", f"{name}.gate")


def sends():
    return {send["campaign"]: send for send in campaignctl("sends")}


def another_daemon(way):
    """Returns when the daemon that follows has told that it is there."""
    story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
    before = main_pid(DAEMON)
    way(before)
    story.until("daemon-started")
    expect(main_pid(DAEMON) != before, "it is the same daemon")


# --- the daemon ends while two sends run, one stands behind a cap, and one waits for its retry ---

story = campaignctl.story()
live(campaignctl, "later", surface="failing")
story.until("waiting", campaign="later")
live(campaignctl, "first", surface="newsletter")
live(campaignctl, "second", surface="narrow")
live(campaignctl, "alone")
senders = {name: begun(name) for name in HELD}
live(campaignctl, "behind", surface="narrow")
for name in HELD:
    campaignctl.story().until("started", campaign=name)
before, log = sends(), surface_log()
expect({name: send["state"] for name, send in before.items()}
       == {**dict.fromkeys(HELD, "running"), "behind": "queued", "later": "waiting"}, before)
expect(len(log) == 3, log)
for way in (lambda pid: run("systemctl", "restart", DAEMON), kill, kill,
            lambda pid: run("systemctl", "restart", DAEMON)):
    another_daemon(way)
    expect(sends() == before, f"a send changed: {sends()}, before {before}")
    expect(surface_log() == log, f"a surface began or ended: {surface_log()}")
    for name, pid in senders.items():
        expect(os.path.exists(f"/proc/{pid}"), f"the sender of {name} is gone")

# A kill right after a start, before it has heard anything of the sender.
for _ in range(3):
    kill(main_pid(DAEMON))
    run("systemctl", "start", DAEMON)

# One ends while nobody is there, the others later.
drop_in(DAEMON, "[Service]\nRestart=no\n")
alone = os.pidfd_open(senders["alone"])
kill(main_pid(DAEMON))
let_end("alone")
wait_for_end(alone)
expect(surface_log()[3:] == [f"ended {before['alone']['key']}"], surface_log())
drop_in(DAEMON, "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\n")
run("systemctl", "start", DAEMON)
campaignctl.story().until("ended", campaign="alone")
for name in ("second", "first"):
    let_end(name)
begun("behind")
let_end("behind")
campaignctl.story().until_all("ended", ("first", "second", "behind"))
for name in (*HELD, "behind"):
    send = sends()[name]
    expect((send["state"], send["attempts"]) == ("sent", 1), f"{name}: {send}")
    expect(counts(send["key"]) == (1, 1), f"{name}: {surface_log()}")
    kinds = [event["kind"] for event in campaignctl("log", name)]
    for kind in ("claimed", "started", "ended"):
        expect(kinds.count(kind) == 1, f"{name} is recorded once: {kinds}")
expect(sends()["later"] == before["later"], f"its retry keeps its time: {sends()['later']}")
expect(campaignctl("alerts") == [], campaignctl("alerts"))

# --- a sender ends in the middle ---

for name, cut in CUTS.items():
    story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
    live(campaignctl, name, surface="cut")
    with open(f"{SENDER_STATE}/cut.life") as life:
        expect(life.readline() == "lives\n", f"{name}: the surface's child lives")
        pid = begun(name)
        story.until("started", campaign=name)
        unit = run("ps", "-o", "unit=", "-p", str(pid))
        cut(unit, pid)
        expect(life.read() == "", f"{name}: nobody holds the pipe of the surface's child any more")
    story.until("ended", campaign=name)
    send = campaignctl.one("sends", name)
    expect((send["state"], send["attempts"]) == ("interrupted", 1), f"{name}: {send}")
    expect([alert["code"] for alert in campaignctl("alerts", name)] == ["send-interrupted"], f"{name}: its alert")
    told = f"term {send['key']}" in surface_log()
    expect(told == (name in ("terminated", "stopped")), f"{name}: the surface was told {told}: {surface_log()}")
    wanted = "SIGTERM" if told else "the sender"
    expect(wanted in send["reason"], f"{name}: {send['reason']}")
    expect(strangers() == [], f"{name}: left behind: {strangers()}")

# --- nothing begins them again ---

interrupted = [send for name, send in sends().items() if name in CUTS]
another_daemon(kill)
another_daemon(lambda pid: run("systemctl", "restart", DAEMON))
make_fifos("after.begun", "after.gate")
live(campaignctl, "after")
begun("after")
let_end("after")
campaignctl.story().until("ended", campaign="after")
expect([send for name, send in sends().items() if name in CUTS] == interrupted, sends())
for send in interrupted:
    expect(counts(send["key"]) == (1, 0), f"{send['campaign']}: {surface_log()}")
