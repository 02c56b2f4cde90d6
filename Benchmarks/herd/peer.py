"""The peer: the same herd started by APScheduler."""

import os
import subprocess
import tempfile

from built import HERE
from measuring import BUILD, interpreter
from ours import Watch

JOBS = "SELECT count(*) FROM apscheduler_jobs"
AHEAD_SECONDS = 2


def claims(size):
    """How late the row of each job was gone, in seconds."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        database = f"{folder}/jobs.sqlite"
        side = subprocess.Popen(
            [interpreter(), "-B", f"{HERE}/apscheduler_side.py", database, str(size), str(AHEAD_SECONDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        due = int(side.stdout.readline())
        watch = Watch(database, JOBS, 0)
        side.stdin.write("\n")
        side.stdin.flush()
        if side.stdout.readline() != "started\n":
            raise RuntimeError("the jobs took longer to be made than was foreseen")
        late = []
        for at, left in watch.changes():
            late += [at - due] * (size - left - len(late))
        side.communicate()
    return late
