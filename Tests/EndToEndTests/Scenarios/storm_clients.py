"""The clients of a storm: each goes on asking for one thing after the other with campaignctl, whatever happens to the
daemon, and asks again where the connection breaks before the answer. What it was answered is noted for the judge.
"""

import datetime
import json
import os
import random
import threading

from campaigns import Campaignctl, write
from machine import SENDER_STATE, SOCKET
from storm_judge import Planned

# A daemon that is killed again and again answers between two kills at last.
TRIES = 500
UNREACHABLE = 4
# Sends of which one is chosen for what is done to a send.
CHOICES = 10
TIME = "%Y-%m-%dT%H:%M:%S"
RECORD = f"{SENDER_STATE}/record"


class Book:
    """What all clients know and what the judge is given."""

    def __init__(self):
        self.lock = threading.Lock()
        self.plan, self.asked, self.cancels, self.stops = {}, [], set(), {}
        # Campaigns that clients make and stop again; long-lived ones by what may be asked of them.
        self.doomed, self.triggered, self.recurring, self.pausable = [], [], [], []
        self.made = 0

    def name(self, kind):
        with self.lock:
            self.made += 1
            return f"{kind}-{self.made}"


class Client(threading.Thread):
    def __init__(self, number, seed, book, bells):
        super().__init__(name=f"client {number}", daemon=True)
        self.random = random.Random(f"{seed} client {number}")
        self.number, self.book, self.bells = number, book, bells
        self.campaignctl = Campaignctl("/usr/bin", SOCKET)
        self.counter = self.repeats = self.requests = 0
        self.over, self.failure = False, None

    def run(self):
        acts = {self.trigger: 30, self.trigger_ahead: 8, self.send_now: 10, self.ask_again: 5, self.one_shot_ahead: 12,
                self.one_shot_now: 4, self.hasty: 4, self.pause_or_resume: 5, self.cancel: 6, self.retry: 8,
                self.make_doomed: 4, self.stop_doomed: 4}
        try:
            while not self.over:
                self.random.choices(list(acts), list(acts.values()))[0]()
                self.bells.wait(self.random.randint(1, 5))
        except (Exception, SystemExit) as error:
            self.failure = error

    def ask(self, *arguments):
        """How it ended and what was answered, in the end; whether an earlier try may have done it."""
        for number in range(TRIES):
            done = self.campaignctl.run(*arguments, "--json")
            if done.returncode != UNREACHABLE:
                self.requests += 1
                self.repeats += number
                answers = [json.loads(line) for line in done.stdout.splitlines()]
                return done.returncode, answers[0] if len(answers) == 1 else answers, number > 0
        raise ConnectionError(f"campaignctl {' '.join(arguments)}: {done.stderr}")

    # --- asked for ---

    def request(self, verb, name, *more):
        self.counter += 1
        request = f"{self.number}-{self.counter}"
        status, answer, _ = self.ask(verb, name, "--request-id", request, *more)
        note = {"verb": verb, "name": name, "request": request, "more": more, "key": answer.get("key"),
                "refused": answer.get("error") if status else None}
        if not status and not note["key"]:
            raise ValueError(f"{verb} {name}: {answer}")
        with self.book.lock:
            self.book.asked.append(note)

    def trigger(self):
        self.request("trigger", self.random.choice(self.book.triggered))

    def trigger_ahead(self):
        self.request("trigger", self.random.choice(self.book.triggered), "--at", ahead(self.random.randint(1, 4)) + "Z")

    def send_now(self):
        self.request("send-now", self.random.choice(self.book.recurring))

    def ask_again(self):
        """The same request is the same send."""
        with self.book.lock:
            known = [note for note in self.book.asked if note["key"] and not note["more"]]
        if known:
            note = self.random.choice(known)
            status, answer, _ = self.ask(note["verb"], note["name"], "--request-id", note["request"])
            if status or answer["key"] != note["key"] or not answer["repeated"]:
                raise ValueError(f"{note} asked for again is answered {answer}")

    # --- made and ended ---

    def make(self, name, planned, schedule, **fields):
        """Whether it was activated."""
        fields = {"name": name, "title": f"The campaign {name}", "channel": "email", "message": "hello",
                  "audience": "everybody", "retries": planned.retries, "overlap": planned.overlap, **fields}
        lines = [f"{key}: {value}" for key, value in fields.items()] + ["schedule:"]
        lines += [f"  {key}: {value}" for key, value in {"timezone": "UTC", **schedule}.items()]
        write(f"/root/{name}.yaml", "\n".join(lines) + "\n")
        status, answer, again = self.ask("create", "-f", f"/root/{name}.yaml")
        if status and not (again and answer["error"] == "NameTaken"):
            raise ValueError(f"create {name}: {answer}")
        with self.book.lock:
            self.book.plan[name] = planned
        status, answer, again = self.ask("activate", name)
        if status == 0 or (again and answer["error"] == "InvalidState"):
            return True
        # The daemon was away until its start had passed.
        if answer["error"] != "ChecksFailed" or answer["alerts"][0]["code"] != "start-in-past":
            raise ValueError(f"activate {name}: {answer}")
        return False

    def surface(self):
        return self.random.choice(["newsletter", "narrow", "wide"])

    def one_shot_ahead(self, kind="ahead"):
        name, start = self.book.name(kind), ahead(self.random.randint(2, 6))
        planned = Planned("one-shot", seconds(start), retries=self.random.randint(0, 2))
        return name if self.make(name, planned, {"start": start}, surface=self.surface()) else None

    def one_shot_now(self):
        planned = Planned("one-shot", retries=1)
        self.make(self.book.name("now"), planned, {}, surface=self.surface(), on_interrupt="retry")

    def hasty(self):
        """Stopped before it is due, or just then."""
        name = self.one_shot_ahead("hasty")
        if name:
            self.bells.wait(self.random.randint(1, 20))
            self.stop(name)

    def recurring(self, name, every, **fields):
        start = ahead(self.random.randint(1, 3))
        planned = Planned("recurring", seconds(start), every, **fields)
        self.make(name, planned, {"start": start, "rrule": f"FREQ=SECONDLY;INTERVAL={every}"}, surface=self.surface())

    def make_doomed(self):
        name = self.book.name("doomed")
        if self.random.random() < 0.5:
            self.recurring(name, self.random.randint(2, 4), overlap="allow", retries=self.random.randint(0, 2))
        else:
            planned = Planned("triggered", overlap="allow", retries=1)
            self.make(name, planned, {}, surface=self.surface(), type="triggered")
            self.request("trigger", name)
            self.request("trigger", name, "--at", ahead(3) + "Z")
        with self.book.lock:
            self.book.doomed.append(name)

    def stop_doomed(self):
        with self.book.lock:
            name = self.book.doomed.pop(0) if self.book.doomed else None
        if name:
            self.stop(name)

    def stop(self, name):
        """Notes how much the surfaces had noted when it was answered."""
        for _ in range(TRIES):
            status, answer, again = self.ask("stop", name, "--yes")
            size = os.path.getsize(RECORD)
            if status == 0 or (answer["error"] == "InvalidState" and again and answer["status"] == "stopped"):
                with self.book.lock:
                    self.book.stops[name] = size
                return
            if answer["error"] == "InvalidState":
                # A one-shot's send was accepted.
                return
            if answer["error"] != "Held":
                raise ValueError(f"stop {name}: {answer}")
            self.bells.wait(1)
        raise TimeoutError(f"{name} can't be stopped")

    # --- changed ---

    def pause_or_resume(self):
        self.ask(self.random.choice(["pause", "resume"]), self.random.choice(self.book.pausable))

    def some_send(self, *states):
        words = [word for state in states for word in ("--state", state)]
        _, found, _ = self.ask("sends", *words, "--limit", str(CHOICES))
        return self.random.choice(found) if isinstance(found, list) and found else None

    def cancel(self):
        if send := self.some_send("running", "queued", "waiting"):
            self.cancel_one(send)

    def cancel_one(self, send):
        # It may have been done though nobody was told.
        with self.book.lock:
            self.book.cancels.add(send["key"])
        self.ask("cancel", send["campaign"], "--key", send["key"], "--yes")

    def retry(self):
        if send := self.some_send("failed", "interrupted", "cancelled"):
            self.ask("retry", send["key"], "--attempt", str(send["attempts"] + 1))


def ahead(number):
    """That many whole seconds from now, in UTC."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=number)).strftime(TIME)


def seconds(text):
    return int(datetime.datetime.strptime(text + "+0000", TIME + "%z").timestamp())
