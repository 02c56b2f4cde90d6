"""A herd claimed and handed over by campaignd."""

import contextlib
import glob
import os
import subprocess
import sys
import tempfile
import time

import herds
import ledgers
from built import HERE
from held.process import processor_seconds
from measuring import BUILD

from campaigns import expect, write
from daemon import Daemon

# From the copy of the ledger, which takes its time, to the instant.
AHEAD_SECONDS = 6
COPIED_A_SECOND = 50_000_000
# So long nothing more is committed when a herd has not been claimed as a whole.
PATIENCE = 60
NEWEST_SEND = "SELECT coalesce(max(number), 0) FROM sends"
ENDED = "SELECT count(*) - (SELECT count(*) FROM sends WHERE ended_at IS NULL) FROM sends"


def ahead(source):
    """When what is due in a copy of that ledger may be due, in seconds; the daemon is ready before."""
    return int(time.time() + AHEAD_SECONDS + os.path.getsize(source) / COPIED_A_SECOND)


@contextlib.contextmanager
def running(programs, source, due, at_once):
    """A daemon that has started on a copy of that ledger, and the file of its ledger."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, open(f"{folder}/messages", "w") as messages:
        settings = f"{ledgers.SETTINGS}max_concurrent: {at_once}\n"
        daemon = Daemon(os.path.abspath(programs), folder, "/bin/true", settings)
        daemon.errors = messages
        write(f"{folder}/config/surfaces.d/newsletter.yaml",
              f"channel: email\nmax_concurrent: {at_once}\ncommand:\n  run: [/bin/true]\n")
        ledger = f"{folder}/state/ledger.sqlite"
        begun = time.time()
        herds.place(source, ledger, due)
        daemon.start()
        expect(not any(begun < at < time.time() for at in due), "the instant came before the daemon was ready")
        try:
            yield daemon, ledger
        finally:
            daemon.stop()


class Watch:
    """What watch.py sees of a database."""

    def __init__(self, database, query, until, instants=(), seconds=PATIENCE, python=sys.executable):
        self.process = subprocess.Popen(
            [python, "-B", f"{HERE}/watch.py", database, query, str(until), str(seconds), *map(str, instants)],
            stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def changes(self):
        """When it was how much, as (seconds, number), in the order of time; waits for the end."""
        lines = self.process.communicate()[0].splitlines()
        return [(float(at), int(number)) for at, number in map(str.split, lines)]


def lateness(changes, instants):
    """How late each of them was, in seconds: instants has that of each, in the order in which they come."""
    late = []
    for at, number in changes:
        late += [at - each for each in instants[len(late):number]]
    return late


def claims(programs, source, numbers):
    """How late each claim of a herd was on disk, in seconds."""
    due = ahead(source)
    with running(programs, source, {due: numbers}, 1) as (_, ledger):
        return lateness(Watch(ledger, NEWEST_SEND, len(numbers)).changes(), [due] * len(numbers))


def growth(programs, source, numbers):
    """How late the last claim of a herd was on disk, and the daemon's processor time for each, in seconds."""
    due = ahead(source)
    with running(programs, source, {due: numbers}, 1) as (daemon, ledger):
        watch = Watch(ledger, NEWEST_SEND, len(numbers))
        before = processor_seconds(daemon.process.pid)
        last = watch.changes()[-1][0]
        return last - due, (processor_seconds(daemon.process.pid) - before) / len(numbers)


def hand_overs(programs, source, numbers, at_once):
    """How late each was claimed, and how late each was the sender's, whose record of it has a time."""
    due = ahead(source)
    with running(programs, source, {due: numbers}, at_once) as (daemon, ledger):
        watch = Watch(ledger, NEWEST_SEND, len(numbers))
        Watch(ledger, ENDED, len(numbers)).changes()
        claimed = lateness(watch.changes(), [due] * len(numbers))
        records = glob.glob(f"{daemon.folder}/state/send/keys/*/1.attempt")
        handed = sorted(os.stat(record).st_mtime - due for record in records)
    return claimed, handed


def steady(programs, source, numbers, a_second):
    """How late each claim was on disk, in seconds, where so many are due in each second."""
    first = ahead(source)
    seconds = range(len(numbers) // a_second)
    due = {first + second: numbers[second * a_second:(second + 1) * a_second] for second in seconds}
    with running(programs, source, due, 1) as (_, ledger):
        instants = [at for at in due for _ in range(a_second)]
        return lateness(Watch(ledger, NEWEST_SEND, len(numbers)).changes(), instants)


def single(programs, source, instants):
    """How late the claim of a campaign was on disk that was the only one due, at each of these instants."""
    due = {at: [number] for number, at in enumerate(instants, 1)}
    with running(programs, source, due, 1) as (_, ledger):
        return lateness(Watch(ledger, NEWEST_SEND, len(instants), instants).changes(), instants)
