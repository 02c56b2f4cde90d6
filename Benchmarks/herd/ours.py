"""A herd claimed and handed over by campaignd."""

import contextlib
import glob
import os
import subprocess
import sys
import tempfile
import time

import ledgers
from measuring import BUILD

from campaigns import Campaignctl, write
from daemon import Daemon

HERE = os.path.dirname(os.path.abspath(__file__))
# From the start of the daemon to the instant; it is ready long before.
AHEAD_SECONDS = 3
# So long nothing more is committed when a herd has not been claimed as a whole.
PATIENCE = 60
NEWEST_SEND = "SELECT coalesce(max(number), 0) FROM sends"
ENDED = "SELECT count(*) - (SELECT count(*) FROM sends WHERE ended_at IS NULL) FROM sends"


@contextlib.contextmanager
def running(programs, source, due, at_once):
    """A daemon that has started on a copy of that ledger, and the file of its ledger."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, open(f"{folder}/messages", "w") as messages:
        daemon = Daemon(os.path.abspath(programs), folder, "/bin/true", f"max_concurrent: {at_once}\n")
        daemon.errors = messages
        write(f"{folder}/config/surfaces.d/newsletter.yaml",
              f"channel: email\nmax_concurrent: {at_once}\ncommand:\n  run: [/bin/true]\n")
        ledger = f"{folder}/state/ledger.sqlite"
        ledgers.place(source, ledger, due)
        daemon.start()
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


def lateness(changes, instants, before=0):
    """How late each of them was, in seconds: instants has that of each, in the order in which they come."""
    late = []
    for at, number in changes:
        late += [at - instants[each] for each in range(before + len(late), number)]
    return late


def claims(programs, size, others, order):
    """How late each claim of a herd was on disk, and the time that passed until the last one."""
    source = ledgers.kept(programs, size + others)
    due = int(time.time()) + AHEAD_SECONDS + (size + others) // 20_000
    with running(programs, source, {due: ledgers.herd(size, others, order)}, 1) as (_, ledger):
        late = lateness(Watch(ledger, NEWEST_SEND, size).changes(), [due] * size)
    return late


def hand_overs(programs, size, at_once):
    """How late each was claimed, and how late each was the sender's, whose record of it has a time."""
    source = ledgers.kept(programs, size)
    due = int(time.time()) + AHEAD_SECONDS
    with running(programs, source, {due: range(1, size + 1)}, at_once) as (daemon, ledger):
        watch = Watch(ledger, NEWEST_SEND, size)
        Watch(ledger, ENDED, size).changes()
        claimed = lateness(watch.changes(), [due] * size)
        records = glob.glob(f"{daemon.folder}/state/send/keys/*/1.attempt")
        handed = sorted(os.stat(record).st_mtime - due for record in records)
    return claimed, handed
