"""The limit of claiming: raw.c on a copy of the ledger that campaignd claims from."""

import os
import subprocess
import tempfile
import time

import ledgers
from measuring import BUILD

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = f"{BUILD}/raw"
# As many as campaignd decides in one transaction.
BATCH = 500


def build():
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", PROGRAM, f"{HERE}/raw.c", "-lsqlite3"], check=True)


def claims(programs, size, others, order):
    """How late each was on disk where the first BEGIN is at the instant, in seconds."""
    source = ledgers.kept(programs, size + others)
    due = int(time.time())
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        ledgers.place(source, f"{folder}/ledger.sqlite", {due: ledgers.herd(size, others, order)})
        done = subprocess.run([PROGRAM, f"{folder}/ledger.sqlite", str(due), str(BATCH)], capture_output=True, text=True,
                              check=True)
    late = []
    for at, number in map(str.split, done.stdout.splitlines()):
        late += [float(at)] * (int(number) - len(late))
    return late
