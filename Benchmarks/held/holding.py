"""One daemon with many campaigns: how it starts, what it takes, and what it does when nothing is due."""

import contextlib
import os
import queue
import random
import time

import ledgers
from campaigns import expect
from process import memory, processor_seconds, switches, wake_ups
from wire import Wire

TICKS = 30
WARM_TICKS = 3
# A watchdog has the daemon tick twice in its time and tell so. That is no change of its configuration, after which all
# campaigns would be decided anew.
QUICK = {"WATCHDOG_USEC": "200000"}
SLOW = {"WATCHDOG_USEC": "600000000"}
# The default, and that of the ledgers.
TICK_SECONDS = 30
# A tick is over so long after it said so, and the next one is that far away when one looks again.
AROUND_TICK_SECONDS = 2
BETWEEN_TICKS_SECONDS = TICK_SECONDS - 3 * AROUND_TICK_SECONDS


def drop_from_memory(file):
    """The next one who reads it reads the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def start(programs, size, events, is_cold):
    """Seconds to READY=1 and to the first answer, from the start of the program; where its ledger was in memory also
    what it takes after three ticks, and what a tick costs."""
    with ledgers.holding(programs, size, events) as daemon:
        if is_cold:
            drop_from_memory(f"{daemon.folder}/state/ledger.sqlite")
        begun = time.monotonic()
        daemon.begin(**QUICK)
        daemon.until("READY=1")
        ready = time.monotonic() - begun
        with Wire(daemon.socket) as call:
            name = ledgers.name(random.randint(1, size))
            expect(call("Show", name=name)["campaign"]["status"] == "scheduled", name)
        answered = time.monotonic() - begun
        if is_cold:
            return {"ready": ready, "answered": answered}
        for _ in range(WARM_TICKS):
            daemon.until("WATCHDOG=1")
        pid = daemon.process.pid
        held = memory(pid)
        before = processor_seconds(pid)
        for _ in range(TICKS):
            daemon.until("WATCHDOG=1")
        tick = (processor_seconds(pid) - before) / TICKS
        size_on_disk = os.path.getsize(f"{daemon.folder}/state/ledger.sqlite")
    return {"ready": ready, "answered": answered, "tick": tick, "disk": size_on_disk, **held}


def idle(programs, kinds, ticks):
    """{(size, events): {"around": [wake-ups about a tick], "between": [wake-ups until the next one]}} of daemons that all
    have nothing to do, at the default interval of ticks, side by side."""
    found = {}
    with contextlib.ExitStack() as stack:
        daemons = {kind: stack.enter_context(ledgers.holding(programs, *kind)) for kind in kinds}
        for daemon in daemons.values():
            daemon.start(**SLOW)
        for _ in range(ticks):
            # They started within a moment: after the last one's tick all are at rest.
            for daemon in daemons.values():
                daemon.forget()
            for daemon in daemons.values():
                daemon.until("WATCHDOG=1")
            rest(daemons, AROUND_TICK_SECONDS)
            before = {kind: switches(daemon.process.pid) for kind, daemon in daemons.items()}
            spoken = rest(daemons, BETWEEN_TICKS_SECONDS)
            expect(not spoken, f"ticks of daemons that started together lie too far apart: {spoken}")
            for kind, daemon in daemons.items():
                found.setdefault(kind, []).append((before[kind], switches(daemon.process.pid)))
    return {kind: {"between": [wake_ups(before, after) for before, after in looks],
                   "around": [wake_ups(after, before) for (_, after), (before, _) in zip(looks, looks[1:])]}
            for kind, looks in found.items()}


def rest(daemons, seconds):
    """So long nobody asks anything; what they say meanwhile."""
    said = []
    deadline = time.monotonic() + seconds
    first = next(iter(daemons.values()))
    while (left := deadline - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            said.append(first.said.get(timeout=left))
    return said
