"""The peer: the same herd started by pg_cron, in a PostgreSQL of its own that ends with the run.

pg_cron 1.4, Debian's, knows minutes and no seconds. It starts as many jobs at once as cron.max_running_jobs allows,
each over a connection of its own; the others wait.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time

from built import HERE
from measuring import BUILD

UNPACKED = f"{BUILD}/postgres"
PROGRAMS = f"{UNPACKED}/usr/lib/postgresql/15/bin"
# PostgreSQL does not run as root.
OTHER_USER = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
AT_ONCE = 32
# For pg_cron to read its table of jobs, which it does each minute or when it was told that it changed.
AHEAD_SECONDS = 5
JOBS_A_SECOND = 1_000
LOOK_SECONDS = 1


@contextlib.contextmanager
def server():
    """Yields what runs SQL and answers with the rows' text."""
    if not os.path.exists(f"{UNPACKED}/ready"):
        subprocess.run([f"{HERE}/unpack-postgres", UNPACKED], check=True)
    as_root = os.geteuid() == 0
    other = OTHER_USER if as_root else []
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        if as_root:
            shutil.chown(folder, "nobody", "nogroup")
        data = f"{folder}/data"
        subprocess.run([*other, f"{PROGRAMS}/initdb", "--pgdata", data, "--username", "cron", "--auth", "trust",
                        "--locale", "C", "--encoding", "UTF8"], check=True, stdout=subprocess.DEVNULL)
        options = {"listen_addresses": "", "unix_socket_directories": folder, "shared_preload_libraries": "pg_cron",
                   "cron.database_name": "postgres", "cron.host": folder, "cron.max_running_jobs": AT_ONCE,
                   "timezone": "UTC"}
        control = [*other, f"{PROGRAMS}/pg_ctl", "--pgdata", data, "--silent", "--wait"]
        subprocess.run([*control, "--log", f"{folder}/log", "--options",
                        " ".join(f"-c {name}='{value}'" for name, value in options.items()), "start"], check=True)

        def sql(text):
            return subprocess.run(
                [f"{PROGRAMS}/psql", "--host", folder, "--username", "cron", "--no-psqlrc", "--tuples-only",
                 "--no-align", "--quiet", "--set", "ON_ERROR_STOP=1", "postgres"],
                input=text, stdout=subprocess.PIPE, text=True, check=True).stdout

        try:
            sql("CREATE EXTENSION pg_cron")
            yield sql
        finally:
            subprocess.run([*control, "--mode", "immediate", "stop"], check=True)


def herd(number, seconds):
    """How late each start of a herd of jobs that do next to nothing was, by pg_cron's own record, of those that came
    within so many seconds."""
    with server() as sql:
        due = (int(time.time() + AHEAD_SECONDS + number / JOBS_A_SECOND) // 60 + 1) * 60
        at = time.gmtime(due)
        sql(f"""SELECT count(cron.schedule('herd-' || number, '{at.tm_min} {at.tm_hour} {at.tm_mday} {at.tm_mon} *',
                'SELECT 1')) FROM generate_series(1, {number}) AS number""")
        if time.time() > due - AHEAD_SECONDS:
            raise RuntimeError("the jobs took longer to be made than was foreseen")
        while time.time() < due + seconds:
            if int(sql("SELECT count(start_time) FROM cron.job_run_details")) >= number:
                break
            time.sleep(LOOK_SECONDS)
        starts = sql("SELECT extract(epoch FROM start_time) FROM cron.job_run_details WHERE start_time IS NOT NULL")
        return [float(start) - due for start in starts.split()]
