"""The wall clock of a machine, as its daemon and its senders see it: Debian's faketime is preloaded into their units by
a drop-in. It goes on by itself, so far from the real one as the test has set it. The journal's own times stay real."""

import calendar
import os
import time

from campaigns import expect, write
from faked_clock import LIBRARY
from machine import drop_in

FILE = "/run/test-clock"
UNITS = ("campaignd.service", "campaign-send@.service")


class MachineClock:
    def __init__(self, text):
        expect(LIBRARY, "Debian's package faketime is installed (make test does it)")
        self.shift = 0.0
        self.set(text)
        variables = {"LD_PRELOAD": LIBRARY[0], "FAKETIME_TIMESTAMP_FILE": FILE, "FAKETIME_NO_CACHE": "1",
                     "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        lines = [f"Environment={name}={value}" for name, value in variables.items()]
        for unit in UNITS:
            # The library keeps its state in shared memory, which a sandbox may hide.
            drop_in(unit, "\n".join(["[Service]", "InaccessiblePaths=", *lines]) + "\n")

    def set(self, text):
        """In UTC, as `2027-03-01 09:00:00`; answers by how many seconds it was set forward."""
        before = self.shift
        self.shift = calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S")) - time.time()
        # Renamed, so that nobody reads half of it.
        write(f"{FILE}.new", f"{self.shift:+f}\n")
        os.rename(f"{FILE}.new", FILE)
        return self.shift - before
