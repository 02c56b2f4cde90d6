"""A storm on the real programs: campaigns of every kind, clients that ask for everything, and in each round a kill -9
at a drawn moment, of the daemon, of a daemon that is just starting, of senders, of surfaces, or of several at once. In
the end everything comes to rest, and what was lost, repeated or wrongly reported is counted. Zero of each is the only
pass.

usage: storm.py [--seed N] [--rounds N] [--self-check]

The seed repeats what is drawn: rounds, requests, and what each surface does; not the moments, which are the machine's.
After the storm, and alone with --self-check, lies are planted in what was found, each of which must be counted.
"""

import argparse
import os
import random
import secrets
import select
import signal
import sys
import time

import storm_kills
import storm_lies
from campaigns import expect, write
from machine import SENDER_STATE, drop_in, install, journal, run
from storm_bells import Bells
from storm_clients import RECORD, Book, Client
from storm_judge import OPEN, Evidence, Judge, Planned, counts

CLIENTS = 2
# Of ten rounds in a row, in a drawn order.
ROUNDS = ["daemon"] * 3 + ["starting"] + ["sender"] * 2 + ["surface"] * 2 + ["several"] * 2
# How much of what happens is let go by before a kill.
MOST_RINGS = 30
# Kills are to fall between two things that happen, too: so long after the last one at most. A start takes longer.
MOST_MOMENT_MS = 40
MOST_START_MS = 400
MOST_AT_ONCE = 4
# A round and its share of the rest take some seconds; one that takes so long hangs.
ROUND_SECONDS = 20
REST_SECONDS = 240
SETTINGS = "tick_interval: 200ms\nmin_spacing: 1s\nmax_concurrent: 10\nlimits:\n  campaigns: 100000\n"
# Dead for a moment only, and never given up. It rings before each start.
DAEMON = ("[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\n"
          "ExecStartPre=+/bin/sh -c 'printf s 1<>/run/storm-bell >&1'\n")


class Storm:
    def __init__(self, seed, rounds):
        self.seed, self.rounds = seed, rounds
        self.random = random.Random(f"{seed} storm")
        self.bells, self.book, self.kills = Bells(), Book(), storm_kills.Kills()
        self.at_once = self.starting = 0

    def set_up(self):
        with open(os.path.join(os.path.dirname(__file__), "storm_surface.py")) as file:
            surface = file.read().replace("@SEED@", str(self.seed))
        self.campaignctl = install(
            surface, SETTINGS, narrow=(surface, {"max_concurrent": 1}), wide=(surface, {"max_concurrent": 8}))
        signal.alarm(REST_SECONDS + ROUND_SECONDS * self.rounds)
        drop_in("campaignd.service", DAEMON)
        run("install", "-m", "600", "-o", "campaign-send", "/dev/null", RECORD)
        self.bells.listen()
        self.gate = os.open(f"{SENDER_STATE}/gate", os.O_RDWR)
        run("systemctl", "restart", "campaignd.service")
        self.clients = [Client(number, self.seed, self.book, self.bells) for number in range(CLIENTS)]
        maker, book = self.clients[0], self.book
        for name, every, overlap in (("each-2", 2, "allow"), ("each-3", 3, "queue"), ("each-5", 5, "skip")):
            maker.recurring(name, every, overlap=overlap, retries=1)
            book.recurring.append(name)
        maker.recurring("pausable", 2, overlap="allow", retries=1, pausable=True)
        book.pausable.append("pausable")
        for name in ("asked", "asked-too"):
            maker.make(name, Planned("triggered", overlap="allow", retries=1), {}, type="triggered", surface="wide",
                       on_interrupt="retry" if name == "asked-too" else "leave")
            book.triggered.append(name)

    # --- the rounds ---

    def rage(self):
        for client in self.clients:
            client.start()
        bag = []
        for _ in range(self.rounds):
            if not bag:
                bag = self.random.sample(ROUNDS, len(ROUNDS))
            self.bells.wait(self.random.randint(1, MOST_RINGS))
            getattr(self, f"kill_{bag.pop()}")()
            for client in self.clients:
                expect(client.failure is None, f"{client.name}: {client.failure!r}")

    def moment(self, most=MOST_MOMENT_MS):
        """The moment between two things that happen is what is drawn: no event can tell it."""
        select.poll().poll(self.random.uniform(0, most))

    def some(self, kind, least=1, most=1):
        """Waits until so many of that kind run; answers some of them."""
        while True:
            seen = self.bells.count()
            if len(found := kind()) >= least:
                break
            self.bells.wait_beyond(seen)
        return self.random.sample(found, min(len(found), self.random.randint(least, most)))

    def strike(self, kind):
        """One that runs is killed; it may have ended just before, and then it is another one."""
        self.moment()
        while not self.kills.strike(self.some(kind)):
            pass

    def kill_daemon(self):
        self.moment()
        self.until(self.kills.kill_daemon)

    def kill_starting(self):
        starts = self.bells.count("start")
        self.kill_daemon()
        self.bells.wait_beyond(starts, "start")
        self.moment(MOST_START_MS)
        self.starting += self.kills.kill_daemon()

    def kill_sender(self):
        self.strike(storm_kills.senders)

    def kill_surface(self):
        self.strike(storm_kills.surfaces)

    def kill_several(self):
        victims = self.some(storm_kills.running, 2, MOST_AT_ONCE)
        self.moment()
        self.at_once += (self.kills.strike(victims) + self.kills.kill_daemon()) > 1

    # --- and the calm ---

    def come_to_rest(self):
        """Whatever was to be decided is; what runs has ended; what would be tried again later is called off."""
        for client in self.clients:
            client.over = True
        for client in self.clients:
            client.join()
            expect(client.failure is None, f"{client.name}: {client.failure!r}")
        os.write(self.gate, b"open\n")
        self.until(lambda: not self.campaignctl("list", "--status", "scheduled", "--status", "activating"))
        self.until(lambda: all(send["attempts"] for send in self.campaignctl("sends", "--state", "waiting")))
        for name, planned in self.book.plan.items():
            if planned.kind != "one-shot" and name not in self.book.stops:
                self.clients[0].stop(name)
        self.until(self.has_settled)

    def until(self, condition):
        """Looks again whenever something has happened."""
        while True:
            seen = self.bells.count()
            if condition():
                return
            self.bells.wait_beyond(seen)

    def has_settled(self):
        for send in self.campaignctl("sends", "--state", "waiting"):
            self.clients[0].cancel_one(send)
        sends = self.campaignctl.one("status")["sends"]
        return not any(sends[state] for state in OPEN)

    def evidence(self):
        """Stopped, the daemon has delivered its history; started again, it tells what it keeps."""
        restarts = int(run("systemctl", "show", "--property=NRestarts", "--value", "campaignd.service"))
        kills = len(self.kills.daemons)
        expect(restarts == kills, f"it fell over by itself: {restarts} restarts, {kills} kills")
        run("systemctl", "stop", "campaignd.service")
        entries = [{"seq": int(entry["EVENT_SEQ"]), "life": entry["_SYSTEMD_INVOCATION_ID"],
                    "key": entry.get("OCCURRENCE_KEY"), "campaign": entry.get("CAMPAIGN")}
                   for entry in journal("-u", "campaignd.service") if "EVENT_SEQ" in entry]
        run("systemctl", "start", "campaignd.service")
        events = self.campaignctl("log")
        stopped = max(event["seq"] for event in events if event["kind"] == "daemon-stopped")
        return Evidence(
            plan=self.book.plan, sends=self.campaignctl("sends"), asked=self.book.asked, cancels=self.book.cancels,
            stops=self.book.stops, events=[event for event in events if event["seq"] <= stopped], journal=entries,
            record=storm_lies.lines_of(RECORD), hits=self.kills.hits, killed_daemons=self.kills.daemons)


def play(seed, rounds):
    storm = Storm(seed, rounds)
    began = time.monotonic()
    storm.set_up()
    storm.rage()
    storm.come_to_rest()
    evidence, kills = storm.evidence(), storm.kills
    judge = Judge(evidence)
    findings = judge.judge()
    found = counts(findings)
    requests, repeats = (sum(getattr(client, what) for client in storm.clients) for what in ("requests", "repeats"))
    again = len(evidence.journal) - len({entry["seq"] for entry in evidence.journal})
    print(f"storm: seed {seed}, {rounds} rounds in {time.monotonic() - began:.0f} s, {judge.occurrences} occurrences, "
          f"{len(judge.begins)} attempts, {len(evidence.events)} events, of which the journal has {again} again, "
          f"{requests} requests, {repeats} of them asked again; killed: daemon {len(kills.daemons)} (while it starts "
          f"{storm.starting}), senders {kills.senders}, surfaces {kills.surfaces}, {storm.at_once} times several at "
          f"once; lost {found['lost']}, repeated {found['repeated']}, wrongly reported {found['wrong']}")
    keep(evidence)
    for word, text in findings:
        print(f"{word}: {text}")
    if findings:
        sys.exit(f"seed {seed}: {len(findings)} findings")
    storm_lies.expect_all_found(evidence)


def keep(evidence):
    """Where a folder is given for it, what the judge has judged is kept there."""
    if folder := os.environ.get("STORM_EVIDENCE"):
        write(f"{folder}/evidence.py", repr(evidence))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--self-check", action="store_true")
    options = parser.parse_args()
    if options.self_check:
        storm_lies.self_check()
    else:
        # Also where it is ended before its end.
        print(f"seed {options.seed}", flush=True)
        play(options.seed, options.rounds)
