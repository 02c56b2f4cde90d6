"""A wall clock that the test moves, for programs that Debian's faketime is preloaded into."""

import glob
import os

from campaigns import expect, write

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")


class FakedClock:
    def __init__(self, folder):
        expect(LIBRARY, "Debian's package faketime is installed (make test does it)")
        self.path = f"{folder}/clock"
        # faketime reads the file's time in TZ.
        self.environment = {"LD_PRELOAD": LIBRARY[0], "FAKETIME_TIMESTAMP_FILE": self.path, "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}

    def set(self, text):
        # Renamed, so that nobody reads half of it.
        write(f"{self.path}.new", text + "\n")
        os.rename(f"{self.path}.new", self.path)
