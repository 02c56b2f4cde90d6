"""A herd: campaigns of a kept ledger that are due at one instant in a copy of it, among others that are not."""

import contextlib
import datetime
import os
import shutil
import sqlite3

from ledgers import FAR


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


def numbers(campaigns, size, order):
    """Those of a herd's campaigns among all, from 1: side by side in their midst, or evenly spread."""
    if order == "together":
        first = 1 + (campaigns - size) // 2
        return range(first, first + size)
    return range(1, 1 + campaigns // size * size, campaigns // size)
