"""Ledgers with many campaigns, each made once and kept in Benchmarks/.build/ledgers.

A thousand campaigns are made and activated through the control socket. The rest are copies of their rows, each with an
id, a name and a history of its own, as they lie in the ledger of a daemon that made them one after the other. A long
history is that of campaigns with which people did the same two things again and again.
"""

import concurrent.futures
import contextlib
import dataclasses
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
# The one with which both things were done.
REPEATED = 2
# Each activation has the audience counted by a process of its own.
CLIENTS = 4
ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo"]
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
CACHE_KIB = 1 << 19
# Under other ones all campaigns are decided anew.
SETTINGS = "tick_interval: 30s\n"
# When a herd is due, until a copy of its ledger says otherwise.
FAR = "2090-01-01T00:00:00"


@dataclasses.dataclass(frozen=True)
class Kind:
    """What the campaigns of a ledger are."""

    name: str
    # {title, schedule} of the one with this number.
    contents: callable
    # What a long history is made of: the second undoes the first, and campaigns of this kind can have both.
    commands: tuple
    repeated: str


def various(number):
    """Of two kinds and four zones, from 2090 to 2099."""
    schedule = {"start": f"{2090 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:30",
                "timezone": ZONES[number % len(ZONES)]}
    if number % 2 == 0:
        schedule |= {"every": "week", "end": "2105-12-31"}
    return {"title": f"The campaign {number % 100}", "tags": ["spring"] if number % 10 == 0 else [],
            "schedule": schedule}


def alike(_):
    return {"title": "One of a herd", "schedule": {"start": FAR, "timezone": "UTC"}}


HELD = Kind("held", various, ("Pause", "Resume"), "recurring")
HERD = Kind("herd", alike, ("Unschedule", "Activate"), "one-shot")


def name(number, kind=HELD):
    """That of the campaign with this number, from 1."""
    return f"{kind.name}-{number:07}"


@contextlib.contextmanager
def holding(programs, campaigns, events=0, kind=HELD):
    """A daemon, not started, that holds so many scheduled campaigns, none of which is due in these years, with so many
    events besides those of their making. Its ledger is kept for the next run as this one leaves it."""
    kept = f"{BUILD}/ledgers/{kind.name}-{campaigns}-{events}.sqlite"
    if not os.path.exists(kept):
        make(programs, campaigns, events, kind, kept)
    with placed(programs, kept) as daemon:
        yield daemon


def to_copy(programs, campaigns, events=0, kind=HERD):
    """Where the ledger of such a daemon lies, in the schema that these programs have."""
    with holding(programs, campaigns, events, kind) as daemon:
        daemon.start()
    return f"{BUILD}/ledgers/{kind.name}-{campaigns}-{events}.sqlite"


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


def make(programs, campaigns, events, kind, kept):
    print(f"making a ledger of {kind.name}, {campaigns} campaigns and {events} events more", file=sys.stderr)
    unfinished = f"{kept}.unfinished"
    with contextlib.suppress(FileNotFoundError):
        os.remove(unfinished)
    with placed(programs, unfinished) as daemon:
        daemon.start()
        make_originals(daemon, kind)
    with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as ledger:
        ledger.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        ledger.execute("PRAGMA journal_mode = OFF")
        ledger.execute("PRAGMA synchronous = OFF")
        multiply(ledger, campaigns, kind)
        lengthen(ledger, events, kind)
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


def make_originals(daemon, kind):
    def part(client):
        with Wire(daemon.socket) as call:
            for number in range(1 + client, ORIGINALS + 1, CLIENTS):
                call("Activate", name=name(number, kind))

    with Wire(daemon.socket) as call:
        upload = call("BeginMessage", name="hello", file_name="hello.txt")["upload"]
        call("PutMessagePart", upload=upload, part="file", data="SGVsbG8uCg==")
        call("CommitMessage", upload=upload)
        call("PublishMessage", name="hello")
        for number in range(1, ORIGINALS + 1):
            call("Create", campaign={
                "name": name(number, kind), "channel": "email", "surface": "newsletter", "message": "hello",
                "audience": "everybody", **kind.contents(number)})
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(part, range(CLIENTS)))
        # One for a long history.
        for command in kind.commands:
            call(command, name=name(REPEATED, kind))
        expect(call("Count")["campaigns"]["scheduled"] == ORIGINALS, "not all are scheduled")


def columns(ledger, of, but):
    return ", ".join(row[1] for row in ledger.execute(f"PRAGMA table_info({of})") if row[1] not in but)


def multiply(ledger, campaigns, kind):
    """Makes of the originals so many campaigns; their number is a multiple of that of the originals."""
    generator = random.Random(campaigns)
    ledger.create_function("new_id", 0, lambda: "".join(generator.choices(ID_ALPHABET, k=26)))
    last, = ledger.execute("SELECT max(sequence) FROM events").fetchone()
    expect(ledger.execute("SELECT count(*) FROM alerts").fetchone() == (0,), "an original has an alert")
    rest = columns(ledger, "campaigns", ("number", "id", "name", "search"))
    versions = columns(ledger, "versions", ("campaign",))
    of_event = columns(ledger, "events", ("sequence", "campaign", "campaign_id", "campaign_name"))
    copied = f"printf('{kind.name}-%07d', number + :away)"
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


def lengthen(ledger, events, kind):
    """Has both things done with all campaigns that can have it until there are so many events more."""
    of_event = columns(ledger, "events", ("sequence", "campaign", "campaign_id", "campaign_name", "campaign_title"))
    able, = ledger.execute("SELECT count(*) FROM campaigns WHERE kind = ?", (kind.repeated,)).fetchone()
    turns = events // (2 * able)
    for _ in range(turns):
        ledger.execute(f"""
            INSERT INTO events (campaign, campaign_id, campaign_name, campaign_title, {of_event})
            SELECT campaigns.number, id, name, json_extract(definition, '$.title'),
                {', '.join(f'pair.{one}' for one in of_event.split(', '))}
            FROM campaigns JOIN versions ON versions.campaign = campaigns.number AND versions.number = live,
                (SELECT * FROM events WHERE campaign = ? ORDER BY sequence DESC LIMIT 2) AS pair
            WHERE campaigns.kind = ? ORDER BY campaigns.number, pair.sequence""", (REPEATED, kind.repeated))
    ledger.execute("UPDATE campaigns SET revision = revision + ? WHERE kind = ?", (2 * turns, kind.repeated))
