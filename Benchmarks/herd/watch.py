"""Watches a database from outside: when was how much of it committed?

usage: watch.py DATABASE QUERY UNTIL SECONDS [INSTANT…]

QUERY gives a number. Prints a line, the time and the number, each time that it has changed, and ends when it is UNTIL
or when SECONDS have passed without a change after the last INSTANT. What another connection sees of a database in WAL
mode with synchronous=FULL is on disk. The look is taken each millisecond; with instants given, without a pause from
shortly before each one to the next change, which tells the time to some hundredths of a millisecond.
"""

import sqlite3
import sys
import time

PAUSE = 0.001
BEFORE = 0.003


def watch(path, query, until, seconds, instants):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    seen, = database.execute(query).fetchone()
    print("ready", flush=True)
    found = []
    changed = time.time()
    last = instants[-1] if instants else changed
    while seen != until and time.time() < max(changed, last) + seconds:
        now, = database.execute(query).fetchone()
        if now != seen:
            changed, seen = time.time(), now
            found.append((changed, now))
            while instants and instants[0] <= changed:
                instants.pop(0)
        elif not instants:
            time.sleep(PAUSE)
        else:
            time.sleep(max(0, min(instants[0] - BEFORE - time.time(), PAUSE * 10)))
    database.close()
    for at, number in found:
        print(f"{at:.6f} {number}")


watch(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), [float(each) for each in sys.argv[5:]])
