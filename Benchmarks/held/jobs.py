"""APScheduler 3 with many jobs in SQLite: Benchmarks/held/run calls it.

usage: jobs.py make FILE JOBS   none of them due in these years
       jobs.py hold FILE        says `ready` when it is started, `answered` when one job is found, and ends with stdin
"""

import datetime
import random
import sys

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event


def scheduler(file, synchronous):
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def set_up(connection, _):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    return BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(engine=engine)}, timezone="UTC")


def make(file, jobs):
    found = scheduler(file, "OFF")
    found.start(paused=True)
    for number in range(int(jobs)):
        at = datetime.datetime(2090 + number % 10, 1 + number % 12, 1 + number % 28, number % 24, 30,
                               tzinfo=datetime.timezone.utc)
        found.add_job("time:time", "date", run_date=at, id=f"held-{number:07}", name=f"The campaign {number % 100}")
    found.shutdown()


def hold(file):
    found = scheduler(file, "FULL")
    found.start()
    print("ready", flush=True)
    assert found.get_job(f"held-{random.randrange(1_000):07}")
    print("answered", flush=True)
    sys.stdin.read()
    found.shutdown()


{"make": make, "hold": hold}[sys.argv[1]](*sys.argv[2:])
