"""Whatever a surface does, its send ends in the right state with a reason, and the daemon answers meanwhile. A send
goes on over the end of its daemon, and is recorded once by the next one. No sender inherits what is the daemon's own,
and none is left behind.

usage: surfaces.py DIRECTORY_OF_THE_PROGRAMS
"""

import datetime
import glob
import json
import os
import shutil
import sys
import tempfile

from campaigns import Campaignctl, expect, write
from watched_daemon import WatchedDaemon

PRIVATE = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}
# A shell reads its script, and keeps what it redirects, from here on.
SHELLS_OWN = 10
# Connections of campaignctl that the daemon has not yet seen to end.
ENDING = 3


class Bench:
    def __init__(self, programs, folder):
        self.folder = folder
        # The child launcher looks for its program beside the daemon's own: a script that notes what it was given.
        own = f"{folder}/programs"
        os.mkdir(own)
        shutil.copy(f"{programs}/campaignd", f"{own}/campaignd")
        write(f"{own}/campaign-send",
              f"#!/bin/sh\nls /proc/$$/fd >{folder}/open.$$\nenv >{folder}/given.$$\n"
              f'exec {programs}/campaign-send "$@"\n', 0o755)
        self.daemon = WatchedDaemon(own, folder, "/bin/true")
        self.start()
        self.campaignctl = Campaignctl(programs, self.daemon.socket)
        self.campaignctl.publish_hello(folder)

    def start(self):
        self.daemon.start(WATCHDOG_USEC="60000000")

    def fifo(self, name):
        os.mkfifo(f"{self.folder}/{name}")
        return f"{self.folder}/{name}"

    def surface(self, name, script=None, program=None, settings=""):
        """A surface of that name; the daemon knows it when it has read its configuration again."""
        if script is not None:
            program = f"{self.folder}/{name}.sh"
            write(program, f"#!/bin/sh\ncd {self.folder}\n{script}\n", 0o755)
        write(f"{self.folder}/config/surfaces.d/{name}.yaml",
              f"channel: email\n{settings}command:\n  run: [{program}]\n")

    def activate(self, name):
        """A campaign named like its surface, active at once."""
        write(f"{self.folder}/{name}.yaml",
              f"name: {name}\ntitle: {name}\nchannel: email\nsurface: {name}\nmessage: hello\naudience: everybody\n")
        self.campaignctl.one("create", "-f", f"{self.folder}/{name}.yaml")
        self.campaignctl.one("activate", name)

    def send(self, name):
        return self.campaignctl.one("sends", name)

    def ended(self, name, state, reason, story):
        story.until("ended", campaign=name)
        send = self.send(name)
        expect(send["state"] == state and (send["reason"] or "") == reason, f"{name}: {send}")
        expect(send["attempts"] == 1 and send["ended_at"] and send["next_attempt_at"] is None, f"{name}: {send}")
        alerts = [alert["code"] for alert in self.campaignctl("alerts", name)]
        wanted = {"sent": [], "cancelled": [], "failed": ["send-failed"], "interrupted": ["send-interrupted"]}[state]
        expect(alerts == wanted, f"{name}: {alerts}")
        return send

    def answers(self):
        expect(self.campaignctl.one("status")["pid"] == self.daemon.process.pid, "status answers")
        expect(self.campaignctl("list"), "list answers")

    def events(self, name):
        return [event["kind"] for event in self.campaignctl("log", name)]

    def sockets(self):
        return len([link for link in map(os.readlink, glob.glob(f"/proc/{self.daemon.process.pid}/fd/*"))
                    if link.startswith("socket:")])


def set_up(bench):
    write(f"{bench.folder}/plain", "#!/bin/sh\n", 0o644)
    bench.surface("missing", program=f"{bench.folder}/nowhere")
    bench.surface("plain", program=f"{bench.folder}/plain")
    bench.surface("later", "exit 75")
    bench.surface("wrong", 'echo \'{"progress": 1, "total": 3, "failed": 1}\'; exit 1')
    bench.surface("killed", "kill -KILL $$")
    bench.surface("late", f"read -r go <{bench.fifo('never')}", settings="timeout: 200ms\n")
    bench.surface("flood", "seq -f 'line %.0f of its output' 100000\n"
                  'i=0; while [ $i -lt 1000 ]; do i=$((i + 1)); echo "{\\"progress\\": $i, \\"total\\": 1000}"; done')
    bench.surface("parent", f"sh -c 'exec 9>{bench.fifo('life')}; echo begun >&9; read -r go <{bench.fifo('gate')}' &\n"
                  f"read -r go <{bench.fifo('ready')}")
    for name in ("cancelled", "held", "alone"):
        bench.surface(name, f"echo $OCCURRENCE_KEY >>{name}.log\necho begun >{bench.fifo(name + '-begun')}\n"
                      f"read -r go <{bench.fifo(name + '-gate')}\necho '{{\"progress\": 3, \"total\": 3}}'")
    # Known without a restart.
    bench.daemon.reload()


def wait_for(bench, name):
    with open(f"{bench.folder}/{name}-begun") as fifo:
        expect(fifo.read() == "begun\n", f"{name} says something else")


def release(bench, name):
    with open(f"{bench.folder}/{name}-gate", "w") as fifo:
        fifo.write("go\n")


def endings(bench):
    program = "the surface's program"
    for name, state, reason in [
        ("missing", "failed", f"{program} {bench.folder}/nowhere did not start: No such file or directory"),
        ("plain", "failed", f"{program} {bench.folder}/plain did not start: Permission denied"),
        ("wrong", "failed", "the surface ended with 1"),
        ("killed", "interrupted", "the surface was killed by SIGKILL"),
        ("late", "interrupted", "the surface was ended after its timeout of 200ms"),
    ]:
        story = bench.campaignctl.story()
        bench.activate(name)
        send = bench.ended(name, state, reason, story)
        if name == "wrong":
            expect((send["progress"], send["total"], send["failed"]) == (1, 3, 1), send)


def a_failure_for_now(bench):
    story = bench.campaignctl.story()
    bench.activate("later")
    story.until("waiting", campaign="later")
    send = bench.send("later")
    expect(send["state"] == "waiting" and send["attempts"] == 1 and send["ended_at"] is None, send)
    expect(send["reason"] == "the surface ended with 75 (EX_TEMPFAIL)", send)
    wait = instant(send["next_attempt_at"]) - instant(send["started_at"])
    expect(60 <= wait <= 80, f"a minute and some jitter: {wait} s")
    # Nothing was accepted that goes on, so that it can be stopped.
    expect(bench.campaignctl.one("stop", "later", "--yes")["status"] == "stopped", "stopped")
    story.until("ended", campaign="later")
    expect(bench.send("later")["state"] == "cancelled", bench.send("later"))


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def a_flood(bench):
    story = bench.campaignctl.story()
    bench.activate("flood")
    bench.answers()
    send = bench.ended("flood", "sent", "", story)
    expect((send["progress"], send["total"]) == (1000, 1000), send)
    said = [line for line in bench.daemon.messages() if " of its output" in line]
    expect(len(said) == 10_001, f"{len(said)} lines of it were kept")
    expect("90000 more lines of its output" in said[-1], said[-1])


def a_child_that_stays(bench):
    story = bench.campaignctl.story()
    bench.activate("parent")
    with open(f"{bench.folder}/life") as life:
        expect(life.readline() == "begun\n", "the child lives")
        with open(f"{bench.folder}/ready", "w") as ready:
            ready.write("go\n")
        expect(life.read() == "", "nobody holds its pipe any more: the child is dead")
    bench.ended("parent", "sent", "", story)


def a_cancellation(bench):
    story = bench.campaignctl.story()
    bench.activate("cancelled")
    wait_for(bench, "cancelled")
    story.until("started", campaign="cancelled")
    bench.answers()
    refused = bench.campaignctl.run("stop", "cancelled", "--yes", "--json")
    expect(refused.returncode == 1 and json.loads(refused.stdout)["error"] == "InvalidState", refused.stdout)
    expect(bench.send("cancelled")["state"] == "running", "it runs")
    bench.campaignctl.one("cancel", "cancelled", "--yes", "--reason", "wrong prices")
    story.until("ended", campaign="cancelled")
    send = bench.send("cancelled")
    expect(send["state"] == "cancelled" and "wrong prices" in send["reason"], send)


def another_daemon(bench):
    """The daemon ends in the middle of two sends; one ends after the next one is there, and one before."""
    story = bench.campaignctl.story()
    for name in ("held", "alone"):
        bench.activate(name)
        wait_for(bench, name)
        story.until("started", campaign=name)
        story = bench.campaignctl.story()
    first = bench.daemon.process.pid
    bench.daemon.stop()
    release(bench, "alone")
    bench.start()
    expect(bench.daemon.process.pid != first, "another daemon")
    bench.answers()
    expect(bench.send("held")["state"] == "running", "what runs is running still")
    release(bench, "held")
    for name in ("alone", "held"):
        story = bench.campaignctl.story()
        send = bench.ended(name, "sent", "", story)
        expect((send["progress"], send["total"]) == (3, 3), send)
        with open(f"{bench.folder}/{name}.log") as log:
            expect(log.read() == f"{send['key']}\n", f"{name} was started once")
        kinds = bench.events(name)
        for kind in ("claimed", "started", "ended"):
            expect(kinds.count(kind) == 1, f"{name} is recorded once: {kinds}")
    # Nor does the next one find anything to do.
    before = bench.campaignctl("log")
    bench.daemon.stop()
    bench.start()
    added = [event["kind"] for event in bench.campaignctl("log")[len(before):]]
    expect(added == ["daemon-stopped", "daemon-started"], added)


def nothing_left(bench):
    senders = glob.glob(f"{bench.folder}/given.*")
    expect(len(senders) >= 11, senders)
    for file in senders:
        with open(file) as given:
            names = {line.split("=", 1)[0] for line in given}
        expect(not names & PRIVATE, f"inherited: {names & PRIVATE}")
    for file in glob.glob(f"{bench.folder}/open.*"):
        with open(file) as numbers:
            descriptors = {int(number) for number in numbers}
        given = {number for number in descriptors if number < SHELLS_OWN}
        expect(given == {0, 1, 2, 3}, f"descriptors that a sender was given: {descriptors}")
        expect(len(descriptors - given) <= 2, f"descriptors that a sender was given: {descriptors}")


def zombies(bench):
    found = []
    for file in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(file) as stat:
                state, parent = stat.read().rsplit(")", 1)[1].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state == "Z" and int(parent) == bench.daemon.process.pid:
            found.append(file)
    return found


with tempfile.TemporaryDirectory() as folder:
    bench = Bench(os.path.abspath(sys.argv[1]), folder)
    try:
        set_up(bench)
        sockets = bench.sockets()
        for step in (endings, a_failure_for_now, a_flood, a_child_that_stays, a_cancellation):
            step(bench)
            expect(zombies(bench) == [], "the daemon's children are reaped")
        after = bench.sockets()
        expect(after <= sockets + ENDING, f"{after} sockets are open, and {sockets} before the sends")
        another_daemon(bench)
        nothing_left(bench)
    finally:
        bench.daemon.stop()
