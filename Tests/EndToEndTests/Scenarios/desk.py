"""A person's desk in the walks over the page on managing campaigns: a daemon whose clock the walk moves, surfaces that
write down what they are given and wait where they are told to, campaigns from files, and the list as people read it."""

import json
import os
import signal
import sys
import tempfile

from campaigns import PATIENCE, Campaignctl, expect, write
from daemon import Daemon
from faked_clock import FakedClock

# Before the first of the dates that the walks name.
FIRST_DAY = "2026-01-01 06:00:00"
# Keys of a campaign file that stand below `schedule`.
OF_SCHEDULE = ("start", "timezone", "every", "days", "at", "end", "count", "rrule")
SETTINGS = "tick_interval: 100ms\nmax_concurrent: 100\n"
# It notes its request and its message when it begins and when it ends, and between them waits at the campaign's gate,
# if there is one, for the status to end with; `killed` ends it by a signal. Each line is written at once.
SURFACE = """#!/bin/sh
read -r request
note() {{ printf '%s\\t%s\\t%s\\n' "$1" "$(cat "$MESSAGE_FILE")" "$request" >>{folder}/given; }}
note begun
status=0
if [ -p "{folder}/gates/$CAMPAIGN_NAME" ]; then read -r status <"{folder}/gates/$CAMPAIGN_NAME" || status=1; fi
[ "$status" = killed ] && kill -KILL $$
note ended
exit "$status"
"""


def play(**walks):
    """Plays the walks, or the one that the second argument names; the first is the directory of the programs."""
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    for name in sys.argv[2:] or walks:
        # Opening a gate at which nobody comes waits without an end.
        signal.alarm(2 * PATIENCE)
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(os.path.abspath(sys.argv[1]), folder)
            try:
                desk.start()
                desk.publish("hello", "Hello.")
                walks[name](desk)
                desk.settle()
            finally:
                desk.end()


class Desk:
    def __init__(self, programs, folder):
        self.folder = folder
        self.clock = FakedClock(folder)
        self.clock.set(FIRST_DAY)
        write(f"{folder}/surface", SURFACE.format(folder=folder), 0o755)
        write(f"{folder}/given", "")
        self.daemon = Daemon(programs, folder, f"{folder}/surface", SETTINGS)
        self.surface("newsletter", max_concurrent=100)
        self.campaignctl = Campaignctl(programs, self.daemon.socket)
        # For the daemon, besides those that every one gets.
        self.variables = {}
        self.gates = {}
        self.last = 0

    def start(self):
        self.daemon.start(**self.environment)

    @property
    def environment(self):
        # Told of each turn of the scheduler that has ended, as a watchdog is.
        return {"WATCHDOG_USEC": "60000000", **self.clock.environment, **self.variables}

    def settle(self):
        """Waits until nothing of it writes to the folder any more."""
        for name in list(self.gates):
            self.leave(name)
        while any(self.campaignctl.one("status")["sends"][state] for state in ("claimed", "queued", "running")):
            self.daemon.until("WATCHDOG=1")

    def keep_results(self, key, *lines):
        """Keeps results of the recipients of a send's first attempt, as the sender keeps them for mail."""
        name = "=" + key.replace("%", "%25").replace("/", "%2F")
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read().strip().replace("-", "")
        write(f"{self.folder}/state/send/keys/{name}/1.recipients", "\n".join((f"recipients 1 {boot}", *lines)) + "\n")

    def end(self):
        for name in list(self.gates):
            self.leave(name)
        if self.daemon.process:
            self.daemon.stop()

    # --- the clock, and what happens ---

    def at(self, text):
        """Sets the clock, in UTC, and returns when the scheduler has decided all that is due by then."""
        self.mark()
        self.clock.set(text)
        self.decided(text)

    def restart_at(self, text):
        """The same for a daemon that is off until then."""
        self.mark()
        self.daemon.stop()
        self.clock.set(text)
        self.start()
        self.decided(text)

    def decided(self, text):
        self.daemon.forget()
        while (self.campaignctl.one("status")["last_tick_at"] or "") < text.replace(" ", "T") + "Z":
            self.daemon.until("WATCHDOG=1")

    def mark(self):
        """What happens from here on is what `until` waits for."""
        self.last = self.campaignctl.one("log", "--limit", "1")["seq"]

    def until(self, kind, *names, **wanted):
        """Waits until such an event was told of each of these since the mark: the clock was set, or `live`."""
        self.campaignctl.story(self.last).until_all(kind, names, **wanted)

    # --- what campaigns refer to ---

    def publish(self, name, text):
        """A new revision of that message."""
        self.put(name, text)
        self.campaignctl.one("message", "publish", name)

    def put(self, name, text):
        write(f"{self.folder}/{name}.txt", text + "\n")
        return self.campaignctl.one("message", "put", name, "-f", f"{self.folder}/{name}.txt")

    # Surfaces, audiences and settings are the daemon's when it has read its configuration again.

    def surface(self, name, program=None, **settings):
        lines = [f"{key}: {value}" for key, value in {"channel": "email", **settings}.items()]
        write(f"{self.folder}/config/surfaces.d/{name}.yaml",
              "\n".join(lines) + f"\ncommand:\n  run: [{program or self.folder + '/surface'}]\n")

    def drop_surface(self, name):
        os.unlink(f"{self.folder}/config/surfaces.d/{name}.yaml")

    def audience(self, name, *recipients):
        """A list of these."""
        write(f"{self.folder}/config/audiences.d/{name}.yaml", f"file: {self.folder}/{name}.csv\n")
        write(f"{self.folder}/{name}.csv", "\n".join(("email", *recipients)) + "\n")

    def drop_audience(self, name):
        os.unlink(f"{self.folder}/config/audiences.d/{name}.yaml")

    def configure(self, **settings):
        """The daemon's own settings, besides those that every one has; it reads them at once."""
        write(f"{self.folder}/config/campaignd.yaml",
              SETTINGS + "".join(f"{key}: {value}\n" for key, value in settings.items()))
        self.daemon.reload()

    # --- gates ---

    def hold(self, *names):
        """The surface waits with the sends of these campaigns until it is answered."""
        os.makedirs(f"{self.folder}/gates", exist_ok=True)
        for name in names:
            os.mkfifo(f"{self.folder}/gates/{name}")
            self.gates[name] = f"{self.folder}/gates/{name}"

    def answer(self, name, status=0):
        """Waits until the surface has begun such a send, and lets it end with that status."""
        with open(self.gates[name], "w") as gate:
            gate.write(f"{status}\n")

    def leave(self, name):
        """Whoever waits at the gate reads its end, and nobody waits there any more."""
        gate = os.open(self.gates[name], os.O_RDWR)
        os.unlink(self.gates.pop(name))
        os.close(gate)

    # --- campaigns ---

    def file(self, name, note=None, **fields):
        """A campaign file; a field that is None is left out."""
        content = {"title": f"The campaign {name}", "channel": "email", "surface": "newsletter", "message": "hello",
                   "audience": "everybody", "timezone": "Europe/Paris", **fields}
        content = {key: value for key, value in content.items() if value is not None}
        lines = [f"# {note}"] if note else []
        lines += [f"name: {name}"] + [f"{key}: {value}" for key, value in content.items() if key not in OF_SCHEDULE]
        lines += ["schedule:"] + [f"  {key}: {value}" for key, value in content.items() if key in OF_SCHEDULE]
        path = f"{self.folder}/files/{name}.yaml"
        write(path, "\n".join(lines) + "\n")
        return path

    def apply(self, name, **fields):
        return self.campaignctl.one("apply", "-f", self.file(name, **fields))

    def drafts(self, **campaigns):
        """Drafts with these fields; an underscore in a name stands for a hyphen."""
        paths = [self.file(name.replace("_", "-"), **fields) for name, fields in campaigns.items()]
        return self.campaignctl("apply", *[word for path in paths for word in ("-f", path)])

    def live(self, **campaigns):
        """The same, activated."""
        self.mark()
        return self.campaignctl("activate", *[draft["name"] for draft in self.drafts(**campaigns)])

    def live_again(self, name):
        """Activates the draft that is there."""
        self.mark()
        return self.campaignctl.one("activate", name)

    def show(self, name, *arguments):
        return self.campaignctl.one("show", name, *arguments)

    def status(self, *names):
        """The statuses of all these, by name."""
        return {campaign["name"]: campaign["status"] for campaign in self.campaignctl("show", *names)}

    def states(self, name):
        """The states of its sends, the oldest first."""
        return [send["state"] for send in reversed(self.campaignctl("sends", name))]

    # --- what people and surfaces see ---

    def text(self, *arguments):
        """What a person reads; the command must succeed."""
        done = self.campaignctl.run(*arguments)
        expect(done.returncode == 0, f"campaignctl {' '.join(arguments)}: {done}")
        return done.stdout

    def table(self, *arguments):
        """The list that a person sees: the rows by name, each by the heads of its columns, in the list's order."""
        lines = self.text("list", *arguments).splitlines()
        if not lines:
            return {}
        heads = lines[0].split()
        starts = [lines[0].index(head) for head in heads] + [None]
        rows = [{head: line[start:end].strip() for head, start, end in zip(heads, starts, starts[1:])}
                for line in lines[1:]]
        return {row["NAME"]: row for row in rows}

    def page(self, name, *arguments):
        """What `show` tells a person, by its labels; what has several lines is a list."""
        entries, label = {}, None
        for line in self.text("show", name, *arguments).splitlines()[1:]:
            before, colon, value = line[:10].strip(), line[10:11], line[12:]
            label = before if colon == ":" else label
            entries.setdefault(label, []).append(value)
        return {label: values[0] if len(values) == 1 else values for label, values in entries.items()}

    def refused(self, *arguments, error="InvalidState", status=1):
        """The object that tells of the refusal."""
        answers = self.all_refused(*arguments, error=error, status=status)
        expect(len(answers) == 1, f"campaignctl {' '.join(arguments)}: {answers}")
        return answers[0]

    def all_refused(self, *arguments, error="InvalidState", status=1):
        """The same for each of several campaigns."""
        done = self.campaignctl.run(*arguments, "--json")
        expect(done.returncode == status, f"campaignctl {' '.join(arguments)}: {done}")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        expect(all(answer.get("error") == error for answer in answers), f"campaignctl {' '.join(arguments)}: {answers}")
        return answers

    def everything(self, *names):
        """All that is known of each of these campaigns: what `show` tells, and the states of its sends."""
        states = {name: [] for name in names}
        for send in reversed(self.campaignctl("sends")):
            states.get(send["campaign"], []).append(send["state"])
        return {campaign["name"]: (campaign, states[campaign["name"]]) for campaign in self.campaignctl("show", *names)}

    def given(self, name=None, step="begun"):
        """What the surfaces were given, in order: (request, text of the message when that step was reached)."""
        with open(f"{self.folder}/given") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        noted = [(json.loads(request), text) for word, text, request in lines if word == step]
        return [note for note in noted if name in (None, note[0]["campaign"]["name"])]
