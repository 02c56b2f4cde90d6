"""Ledgers with many campaigns, each made once and kept in Benchmarks/.build/ledgers.

A thousand campaigns are made and activated through the control socket. The rest are copies of their rows, each with an
id, a name and a history of its own, as they lie in the ledger of a daemon that made them one after the other. A long
history is that of campaigns which were paused and resumed again and again.
"""

import concurrent.futures
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

from measuring import BUILD, SCENARIOS

sys.path.insert(0, SCENARIOS)

from campaigns import expect  # noqa: E402
from daemon import Daemon  # noqa: E402
from wire import Wire  # noqa: E402

ORIGINALS = 1_000
# Each activation has the audience counted by a process of its own.
CLIENTS = 4
ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo"]
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
CACHE_KIB = 1 << 19
# Under other ones all campaigns are decided anew.
SETTINGS = "tick_interval: 30s\n"


def name(number):
    """That of the campaign with this number, from 1."""
    return f"held-{number:07}"


@contextlib.contextmanager
def holding(programs, campaigns, events=0):
    """A daemon, not started, that holds so many scheduled campaigns, none of which is due in these years, with so many
    events besides those of their making. Its ledger is kept for the next run as this one leaves it."""
    kept = f"{BUILD}/ledgers/{campaigns}-{events}.sqlite"
    if not os.path.exists(kept):
        make(programs, campaigns, events, kept)
    with placed(programs, kept) as daemon:
        yield daemon


@contextlib.contextmanager
def placed(programs, kept):
    """A daemon on the ledger `kept`, which is nowhere else meanwhile, and lost where the daemon does not end well."""
    os.makedirs(f"{BUILD}/ledgers", exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, open(f"{folder}/messages", "w") as messages:
        daemon = Daemon(os.path.abspath(programs), folder, "/bin/true", SETTINGS)
        daemon.errors = messages
        ledger = f"{folder}/state/ledger.sqlite"
        if os.path.exists(kept):
            os.rename(kept, ledger)
        try:
            yield daemon
        finally:
            if daemon.process is not None:
                daemon.stop()
            os.rename(ledger, kept)


def make(programs, campaigns, events, kept):
    print(f"making a ledger with {campaigns} campaigns and {events} events more", file=sys.stderr)
    unfinished = f"{kept}.unfinished"
    with contextlib.suppress(FileNotFoundError):
        os.remove(unfinished)
    with placed(programs, unfinished) as daemon:
        daemon.start()
        make_originals(daemon)
    with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as ledger:
        ledger.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        ledger.execute("PRAGMA journal_mode = OFF")
        ledger.execute("PRAGMA synchronous = OFF")
        multiply(ledger, campaigns)
        lengthen(ledger, events)
        # The journal has them, or the daemon would write them there.
        ledger.execute("UPDATE ledger SET delivered_sequence = (SELECT max(sequence) FROM events)")
        ledger.execute("PRAGMA journal_mode = WAL")
    descriptor = os.open(unfinished, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    checked = subprocess.run([f"{programs}/campaignd", "check-ledger", unfinished], capture_output=True, text=True)
    is_sound = checked.returncode == 0 and f"campaigns: {campaigns}," in checked.stdout
    expect(is_sound, f"{checked.stdout}{checked.stderr}")
    for beside in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(unfinished + beside)
    os.rename(unfinished, kept)


def make_originals(daemon):
    def part(client):
        with Wire(daemon.socket) as call:
            for number in range(1 + client, ORIGINALS + 1, CLIENTS):
                call("Activate", name=name(number))

    with Wire(daemon.socket) as call:
        upload = call("BeginMessage", name="hello", file_name="hello.txt")["upload"]
        call("PutMessagePart", upload=upload, part="file", data="SGVsbG8uCg==")
        call("CommitMessage", upload=upload)
        call("PublishMessage", name="hello")
        for number in range(1, ORIGINALS + 1):
            call("Create", campaign=definition(number))
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(part, range(CLIENTS)))
        # One that was paused and resumed, for a long history.
        call("Pause", name=name(2))
        call("Resume", name=name(2))
        expect(call("Count")["campaigns"]["scheduled"] == ORIGINALS, "not all are scheduled")


def definition(number):
    """Of two kinds and four zones, from 2090 to 2099."""
    schedule = {"start": f"{2090 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:30",
                "timezone": ZONES[number % len(ZONES)]}
    if number % 2 == 0:
        schedule |= {"every": "week", "end": "2105-12-31"}
    return {"name": name(number), "title": f"The campaign {number % 100}", "channel": "email", "surface": "newsletter",
            "message": "hello", "audience": "everybody", "tags": ["spring"] if number % 10 == 0 else [],
            "schedule": schedule}


def columns(ledger, of, but):
    return ", ".join(row[1] for row in ledger.execute(f"PRAGMA table_info({of})") if row[1] not in but)


def multiply(ledger, campaigns):
    """Makes of the originals so many campaigns; their number is a multiple of that of the originals."""
    generator = random.Random(campaigns)
    ledger.create_function("new_id", 0, lambda: "".join(generator.choices(ID_ALPHABET, k=26)))
    last, = ledger.execute("SELECT max(sequence) FROM events").fetchone()
    expect(ledger.execute("SELECT count(*) FROM alerts").fetchone() == (0,), "an original has an alert")
    rest = columns(ledger, "campaigns", ("number", "id", "name", "search"))
    versions = columns(ledger, "versions", ("campaign",))
    of_event = columns(ledger, "events", ("sequence", "campaign", "campaign_id", "campaign_name"))
    copied = f"printf('held-%07d', number + :away)"
    for away in range(ORIGINALS, campaigns, ORIGINALS):
        values = {"away": away, "originals": ORIGINALS, "last": last}
        ledger.execute(f"""
            INSERT INTO campaigns (number, id, name, search, {rest})
            SELECT number + :away, new_id(), {copied}, replace(search, name, {copied}), {rest}
            FROM campaigns WHERE number <= :originals ORDER BY number""", values)
        ledger.execute(f"""
            INSERT INTO versions (campaign, {versions}) SELECT campaign + :away, {versions}
            FROM versions WHERE campaign <= :originals ORDER BY campaign, number""", values)
        ledger.execute("""
            INSERT INTO campaign_tags (campaign, tag, position) SELECT campaign + :away, tag, position
            FROM campaign_tags WHERE campaign <= :originals ORDER BY campaign, tag""", values)
        ledger.execute(f"""
            INSERT INTO events (campaign, campaign_id, campaign_name, {of_event})
            SELECT copy.number, copy.id, copy.name, {', '.join(f'events.{one}' for one in of_event.split(', '))}
            FROM events JOIN campaigns AS copy ON copy.number = events.campaign + :away
            WHERE events.sequence <= :last ORDER BY events.sequence""", values)


def lengthen(ledger, events):
    """Has all recurring campaigns, every other one, paused and resumed until there are so many events more."""
    campaigns, = ledger.execute("SELECT count(*) FROM campaigns").fetchone()
    of_event = columns(ledger, "events", ("sequence", "campaign", "campaign_id", "campaign_name", "campaign_title"))
    turns = events // campaigns
    for _ in range(turns):
        ledger.execute(f"""
            INSERT INTO events (campaign, campaign_id, campaign_name, campaign_title, {of_event})
            SELECT campaigns.number, id, name, json_extract(definition, '$.title'),
                {', '.join(f'pair.{one}' for one in of_event.split(', '))}
            FROM campaigns JOIN versions ON versions.campaign = campaigns.number AND versions.number = live,
                (SELECT * FROM events WHERE campaign = 2 AND kind IN ('paused', 'resumed') LIMIT 2) AS pair
            WHERE campaigns.kind = 'recurring' ORDER BY campaigns.number, pair.sequence""")
    ledger.execute("UPDATE campaigns SET revision = revision + ? WHERE kind = 'recurring'", (2 * turns,))
