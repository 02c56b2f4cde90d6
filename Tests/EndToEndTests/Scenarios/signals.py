"""A daemon takes each signal from the moment on in which it says that it is ready: a reload is a reload, never lost and
never its end, and a request to end is heeded at once.

usage: signals.py DIRECTORY_OF_THE_PROGRAMS
"""

import signal

from campaigns import PATIENCE, expect
from daemon import play

ROUNDS = 20


def walk(folder, daemon, campaignctl):
    for _ in range(ROUNDS):
        daemon.start()
        daemon.reload()
        daemon.stop()
        daemon.start()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            daemon.process.send_signal(number)
        expect(daemon.process.wait(timeout=PATIENCE) == 0, f"it ended with {daemon.process.returncode}")
        daemon.forget()


if __name__ == "__main__":
    play(walk)
