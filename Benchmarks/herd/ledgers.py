"""Ledgers in which a herd of campaigns is due at one instant, among others that are scheduled for years ahead.

One campaign is made and activated through the control socket. The rest are copies of its rows, each with an id, a name
and a history of its own, as they lie in the ledger of a daemon that made them one after the other.
"""

import contextlib
import datetime
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from measuring import BUILD, SCENARIOS

sys.path.insert(0, SCENARIOS)

from campaigns import Campaignctl, expect  # noqa: E402
from daemon import Daemon  # noqa: E402
from wire import Wire  # noqa: E402

# The same wherever such a ledger is used: under other rules a daemon decides all campaigns again at its start.
SETTINGS = "tick_interval: 30s\n"
FAR = "2090-01-01T00:00:00"
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def kept(programs, campaigns):
    """A ledger with so many campaigns, none of which is due in these years; kept for the next run."""
    path = f"{BUILD}/ledgers/herd-{campaigns}.sqlite"
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        make(programs, campaigns, f"{path}.unfinished")
        os.rename(f"{path}.unfinished", path)
    return path


def make(programs, campaigns, path):
    print(f"making a ledger with {campaigns} campaigns", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, open(f"{folder}/messages", "w") as messages:
        daemon = Daemon(os.path.abspath(programs), folder, "/bin/true", SETTINGS)
        daemon.errors = messages
        daemon.start()
        Campaignctl(programs, daemon.socket).publish_hello(folder)
        with Wire(daemon.socket) as call:
            call("Create", campaign={
                "name": "herd", "title": "One of a herd", "channel": "email", "surface": "newsletter",
                "message": "hello", "audience": "everybody", "schedule": {"start": FAR, "timezone": "UTC"}})
            call("Activate", name="herd")
        daemon.stop()
        shutil.copy(f"{folder}/state/ledger.sqlite", path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.execute("PRAGMA journal_mode = OFF")
        ledger.execute("PRAGMA synchronous = OFF")
        multiply(ledger, campaigns)
        ledger.execute("PRAGMA journal_mode = WAL")
    checked = subprocess.run([f"{programs}/campaignd", "check-ledger", path], capture_output=True, text=True)
    expect(checked.returncode == 0, f"{checked.stdout}{checked.stderr}")


def columns(ledger, table, but):
    return ", ".join(row[1] for row in ledger.execute(f"PRAGMA table_info({table})") if row[1] not in but)


def multiply(ledger, campaigns):
    generator = random.Random(campaigns)
    ledger.create_function("new_id", 0, lambda: "".join(generator.choices(ID_ALPHABET, k=26)))
    ledger.execute("CREATE TEMP TABLE numbers AS WITH RECURSIVE n (number) AS "
                   "(SELECT 2 UNION ALL SELECT number + 1 FROM n WHERE number < ?) SELECT number FROM n", (campaigns,))
    rest = columns(ledger, "campaigns", ("number", "id", "name", "search"))
    versions = columns(ledger, "versions", ("campaign",))
    events = columns(ledger, "events", ("sequence", "campaign", "campaign_id", "campaign_name"))
    ledger.execute("BEGIN")
    ledger.execute(f"""
        INSERT INTO campaigns (number, id, name, search, {rest})
        SELECT numbers.number, new_id(), printf('herd-%07d', numbers.number),
            printf('herd-%07d', numbers.number) || char(10) || 'one of a herd', made.*
        FROM numbers, (SELECT {rest} FROM campaigns WHERE number = 1) AS made ORDER BY numbers.number""")
    ledger.execute(f"""
        INSERT INTO versions (campaign, {versions}) SELECT numbers.number, made.*
        FROM numbers, (SELECT {versions} FROM versions WHERE campaign = 1) AS made ORDER BY numbers.number""")
    ledger.execute(f"""
        INSERT INTO events (campaign, campaign_id, campaign_name, {events})
        SELECT campaigns.number, id, name, {', '.join(f'made.{name}' for name in events.split(', '))}
        FROM campaigns, (SELECT * FROM events WHERE campaign = 1) AS made
        WHERE campaigns.number > 1 ORDER BY campaigns.number, made.sequence""")
    ledger.execute("UPDATE ledger SET delivered_sequence = (SELECT max(sequence) FROM events)")
    ledger.execute("COMMIT")


def place(source, path, due):
    """A copy at `path` in which campaigns are due: their numbers by instants in seconds."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + suffix)
    shutil.copy(source, path)
    os.chmod(path, 0o600)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.execute("PRAGMA synchronous = OFF")
        ledger.execute("BEGIN")
        for at, numbers in due.items():
            local = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
            ledger.executemany("UPDATE campaigns SET wake_at = ?, next_due = ? WHERE number = ?",
                               ((at, at, number) for number in numbers))
            ledger.executemany("""
                UPDATE versions SET definition = replace(definition, ?, ?), anchor_local = ?, anchor_at = ?
                WHERE campaign = ?""", ((FAR, local, local, at, number) for number in numbers))
        ledger.execute("COMMIT")
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def herd(campaigns, size, order):
    """The numbers of a herd's campaigns among all: side by side in their midst, or evenly spread."""
    if order == "together":
        return range(campaigns // 2 - size // 2, campaigns // 2 - size // 2 + size)
    return range(1, 1 + campaigns // size * size, campaigns // size)
