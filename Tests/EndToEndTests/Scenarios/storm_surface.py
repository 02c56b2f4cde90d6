#!/usr/bin/python3 -IS
"""The surface of the storm. It notes when it begins and how it ends, a line each, appended and synced before it goes
on, rings the storm's bell, and between the two does what is drawn for its key and attempt: ends at once, goes on for a
while with progress, fails for now or for good, or kills itself.
"""

import json
import os
import select
import signal
import sys
import time
import zlib

STATE = "/var/lib/campaign-send"
SEED = "@SEED@"
# Of a hundred: how it ends, and whether it takes its time before that.
BEHAVIOURS = ([("0", False)] * 45 + [("0", True)] * 30 + [("75", False)] * 5 + [("75", True)] * 3 + [("69", False)] * 5
              + [("69", True)] * 4 + [("signal", False)] * 4 + [("signal", True)] * 4)
STEPS = 4


def note(word, **more):
    line = {"word": word, "key": request["key"], "attempt": request["attempt"], **more}
    os.write(record, json.dumps(line).encode() + b"\n")
    os.fsync(record)
    try:
        os.write(bell, b"s")
    except OSError:
        # Nobody listens, or it has rung often enough.
        pass


def told(*_):
    note("end", status="told")
    os._exit(1)


def take_time():
    """A drawn while, up to two seconds: that sends last is what kills are to meet. The gate, once open, ends it."""
    gate = select.poll()
    gate.register(os.open(f"{STATE}/gate", os.O_RDONLY | os.O_NONBLOCK), select.POLLIN)
    for step in range(1, STEPS + 1):
        gate.poll(draw("while") % 2_000 / STEPS)
        print(json.dumps({"progress": step, "total": STEPS}), flush=True)


def draw(what):
    tail = request["key"].partition("/")[2]
    return zlib.crc32(f"{SEED} {what} {os.environ['CAMPAIGN_NAME']} {tail} {request['attempt']}".encode())


request = json.loads(sys.stdin.readline())
record = os.open(f"{STATE}/record", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
bell = os.open(f"{STATE}/bell", os.O_RDWR | os.O_NONBLOCK)
signal.signal(signal.SIGTERM, told)
note("begin", pid=os.getpid(), at=time.time())
status, slow = BEHAVIOURS[draw("behaviour") % len(BEHAVIOURS)]
if slow:
    take_time()
# What it has noted is how it ends, whatever it is told from here on.
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
note("end", status=status)
if status == "signal":
    os.kill(os.getpid(), signal.SIGKILL)
os._exit(int(status))
