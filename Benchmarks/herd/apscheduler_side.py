"""A herd started by APScheduler 3 with SQLAlchemy on SQLite (WAL, synchronous=FULL): peer.py calls it.

usage: apscheduler_side.py DATABASE JOBS AHEAD

The jobs do nothing and are due at one instant, AHEAD seconds after the last is made; a job's row goes when it is
submitted. They are made without syncs. Prints the instant, waits for a line of input, starts the scheduler, and ends
with the input.
"""

import sys
import time
from datetime import datetime, timezone

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event


def scheduler(path, synchronous, executor=None):
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(connection, _):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)}, timezone=timezone.utc,
        executors={"default": executor or ThreadPoolExecutor(10)}, job_defaults={"misfire_grace_time": None})


def job():
    pass


def main(path, jobs, ahead):
    making = scheduler(path, "OFF")
    making.start(paused=True)
    begun = time.time()
    # Making the first of them tells how long all take.
    for number in range(jobs // 10):
        making.add_job(job, "date", run_date=datetime.fromtimestamp(4_000_000_000, timezone.utc), id=f"probe-{number}")
    making.remove_all_jobs()
    due = int(time.time() + 12 * (time.time() - begun) + ahead)
    for number in range(jobs):
        making.add_job(job, "date", run_date=datetime.fromtimestamp(due, timezone.utc), id=f"herd-{number}")
    making.shutdown()
    running = scheduler(path, "FULL")
    print(due, flush=True)
    sys.stdin.readline()
    running.start()
    print("started" if time.time() < due else "late", flush=True)
    sys.stdin.read()
    running.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
