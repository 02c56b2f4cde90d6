"""The limit of claiming: raw.c on a copy of the ledger that campaignd claims from."""

import subprocess
import tempfile
import time

import herds
from built import built
from measuring import BUILD

# As many as campaignd decides in one transaction.
BATCH = 500


def claims(source, numbers):
    """How late each was on disk where the first BEGIN is at the instant, in seconds."""
    program = built("raw", "-lsqlite3")
    due = int(time.time())
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        herds.place(source, f"{folder}/ledger.sqlite", {due: numbers})
        done = subprocess.run(
            [program, f"{folder}/ledger.sqlite", str(due), str(BATCH)], capture_output=True, text=True, check=True)
    late = []
    for at, number in map(str.split, done.stdout.splitlines()):
        late += [float(at)] * (int(number) - len(late))
    return late
