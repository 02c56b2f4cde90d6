"""Campaigns in every place of their lives: what each allows there, and how they are brought there together."""

import os

from campaigns import Campaignctl, write
from daemon import Daemon
from faked_clock import FakedClock
from wire import Wire

# The commands that a campaign and its sends allow in each place of its life, by hand from the design's tables. `apply`
# is that of another content, `send-now` that with --again, `retry` that of a send that has failed. Where a daemon's
# clock is wrong, a triggered campaign waits as activating; else it is active at once.
ALLOWED = {
    "one-shot draft": "activate apply delete",
    "one-shot scheduled": "unschedule stop",
    "one-shot activating": "unschedule stop",
    "one-shot waiting": "stop cancel send-now retry",
    "one-shot running": "cancel send-now retry",
    "one-shot sent": "send-now retry",
    "one-shot failed": "send-now retry",
    "one-shot stopped": "archive",
    "one-shot completed": "archive",
    "one-shot completed-running": "archive cancel",
    "one-shot archived-stopped": "unarchive",
    "one-shot archived-completed": "unarchive",
    "recurring draft": "activate apply delete",
    "recurring scheduled": "unschedule modify apply stop pause",
    "recurring scheduled-edited": "activate unschedule modify discard apply stop pause",
    "recurring scheduled-paused": "unschedule modify apply stop resume",
    "recurring activating": "unschedule modify apply stop pause",
    "recurring activating-edited": "activate unschedule modify discard apply stop pause",
    "recurring activating-paused": "unschedule modify apply stop resume",
    "recurring active": "modify apply stop pause send-now retry",
    "recurring active-edited": "activate modify discard apply stop pause send-now retry",
    "recurring active-paused": "modify apply stop resume retry",
    "recurring running": "modify apply stop pause cancel send-now retry",
    "recurring stopped": "archive",
    "recurring stopped-running": "archive cancel",
    "recurring completed": "archive",
    "recurring archived-stopped": "unarchive",
    "recurring archived-completed": "unarchive",
    "triggered draft": "activate apply delete",
    "triggered activating": "unschedule modify apply stop pause",
    "triggered activating-edited": "activate unschedule modify discard apply stop pause",
    "triggered activating-paused": "unschedule modify apply stop resume",
    "triggered active": "modify apply stop pause send-now trigger retry",
    "triggered active-edited": "activate modify discard apply stop pause send-now trigger retry",
    "triggered active-paused": "modify apply stop resume retry",
    "triggered stopped": "archive",
    "triggered completed": "archive",
    "triggered archived-stopped": "unarchive",
    "triggered archived-completed": "unarchive",
}
EVERYWHERE = {"duplicate", "tag", "ack"}
# An equal file and one with other tags alone are welcome everywhere too.
FILES = ["same", "retag"]
COMMANDS = ["activate", "unschedule", "modify", "discard", "apply", "stop", "pause", "resume", "duplicate", "archive",
            "unarchive", "delete", "cancel", "trigger", "send-now", "retry", "tag", "ack"]
STATUS = {"waiting": "active", "running": "active", "sent": "active", "failed": "active"}
EARLIER, START, ENDS = "2098-05-31T07:00", "2098-06-01T09:00", "2098-06-03T12:00"


def status_of(place):
    word = place.split(" ")[1]
    return STATUS.get(word, word.split("-")[0])


def has_failed_send(place):
    """Whether the campaign on which `retry` is tried there was ever active: a send of it has failed then."""
    kind, word = place.split(" ")
    return not word.startswith(("draft", "scheduled", "activating")) and not (kind == "one-shot" and "stopped" in word)


def name_of(place, command):
    """A campaign of its own for what changes it. All that must not change anything is tried on one and the same."""
    own = command in ALLOWED[place].split() or command in ("tag", "retag", "ack", "retry")
    if command == "modify" and "edited" in place:
        own = False
    return f"{place}-{command if own else 'kept'}".replace(" ", "-")


def names_of(places):
    return sorted({name_of(place, command) for place in places for command in COMMANDS + FILES})


class Stage:
    """The campaigns of all places, brought to their places together."""

    def __init__(self, folder, programs):
        self.folder = folder
        self.gate = f"{folder}/gate"
        os.mkfifo(self.gate)
        # Held open: who reads it waits, until this side is closed.
        self.hold = os.open(self.gate, os.O_RDWR)
        self.daemon = Daemon(programs, folder, "/bin/true", "tick_interval: 200ms\nmax_concurrent: 1000\n")
        for name, line in {"slow": f"read answer <{self.gate}", "busy": "exit 75", "broken": "exit 69",
                           "newsletter": "exit 0"}.items():
            write(f"{folder}/{name}.sh",
                  f'#!/bin/sh\ncase "$OCCURRENCE_KEY" in */now/failed) exit 69;; esac\n{line}\n', 0o755)
            self.surface(name, f"{folder}/{name}.sh")
        self.surface("away", "/bin/true")
        self.clock = FakedClock(folder)
        self.campaignctl = Campaignctl(programs, self.daemon.socket)

    def surface(self, name, program):
        write(f"{self.folder}/config/surfaces.d/{name}.yaml",
              f"channel: email\nmax_concurrent: 1000\ncommand:\n  run: [{program}]\n")

    def start(self):
        self.clock.set("2098-06-01 08:00:00")
        self.daemon.start(**self.clock.environment)
        self.campaignctl.publish_hello(self.folder)

    def end(self):
        # Whoever waits reads its end now, and whoever comes later finds nothing to wait for.
        os.unlink(self.gate)
        os.close(self.hold)
        if self.daemon.process:
            self.daemon.stop()

    def file(self, place, command, title="As planned", tags="[]"):
        kind, word = place.split(" ")
        surface = {"waiting": "busy", "failed": "broken"}.get(
            word, "slow" if "running" in word else "away" if word.startswith("activating") else "newsletter")
        if word == "activating-edited" and title != "As planned":
            surface = "newsletter"
        at_once = status_of(place) == "active" or "completed" in word or "running" in word
        if command == "retry" and has_failed_send(place):
            at_once = True
        lines = [f"name: {name_of(place, command)}", f"title: {title}", f"tags: {tags}", "channel: email",
                 f"surface: {surface}", "message: hello", "audience: everybody"]
        if kind == "triggered":
            lines += ["type: triggered"] + (["schedule:", f"  end: {ENDS}"] if "completed" in word else [])
        else:
            # A recurring one with a start in the past is active at once, and its next send is tomorrow's.
            early = EARLIER if kind == "recurring" and "running" not in word else "now"
            lines += ["schedule:", f"  start: {early if at_once else START}"]
        if kind == "recurring":
            lines += ["  every: day", f"  end: {ENDS}"]
        if command == "retry":
            # Whatever else it sends.
            lines += ["overlap: allow"]
        path = f"{self.folder}/files/{name_of(place, command)}.yaml"
        write(path, "\n".join(lines) + "\n")
        return path

    def make(self, places):
        """Drafts, from files that are kept."""
        paths = sorted({self.file(place, command) for place in places for command in COMMANDS + FILES})
        self.campaignctl("apply", *[word for path in paths for word in ("-f", path)])

    def bring(self, places):
        """From drafts to their places, or as far as the clock lets them."""
        words = {place: place.split(" ")[1] for place in places}
        names = {place: names_of([place]) for place in places}

        def those(mark):
            return [name for place in places if mark in words[place] for name in names[place]]

        before = self.last()
        self.campaignctl("activate", *[name for place in places if words[place] != "draft" for name in names[place]])
        signs = {"running": "started", "waiting": "waiting", "sent": "ended", "failed": "alert-raised"}
        for mark, kind in signs.items():
            if those(mark):
                self.wait(before, kind, those(mark))
        self.fail([name_of(place, "retry") for place in places if has_failed_send(place)])
        paths = sorted({self.file(place, command, "Edited") for place in places if "edited" in words[place]
                        for command in COMMANDS + FILES})
        if paths:
            self.campaignctl("apply", *[word for path in paths for word in ("-f", path)])
        if those("paused"):
            self.campaignctl("pause", *those("paused"))
        if those("stopped"):
            self.campaignctl("stop", *those("stopped"), "--yes")
        if those("archived-stopped"):
            self.campaignctl("archive", *those("archived-stopped"))

    def fail(self, names):
        """A send of each of them fails, besides its others."""
        before = self.last()
        with Wire(self.daemon.socket) as call:
            for name in names:
                call("SendNow", name=name, again=True, request_id="failed")
        if names:
            self.wait(before, "ended", names)

    def wait(self, after, kind, names, to=None):
        """Until such an event was told of each of them."""
        wanted = {} if to is None else {"to": to}
        self.campaignctl.story(after).until_all(kind, names, **wanted)

    def last(self):
        return self.campaignctl.one("log", "--limit", "1")["seq"]

    def look(self, names, gone=()):
        """All that a change would show in, of each of them; of those that may be gone, what is left."""
        shown = {campaign["name"]: campaign for campaign in self.campaignctl("show", *names)}
        names = set(names) | set(gone)
        events = {name: [] for name in names}
        sends = {name: [] for name in names}
        for event in self.campaignctl("log"):
            events.get(event["campaign"], []).append(event)
        for send in self.campaignctl("sends"):
            sends.get(send["campaign"], []).append(send)
        return {name: (shown.get(name), events[name], sends[name]) for name in names}
