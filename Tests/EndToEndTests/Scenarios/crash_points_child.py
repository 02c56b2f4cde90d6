"""Daemon and sender, each ended with SIGKILL at every named point, without systemd (--launcher child).

usage: crash_points_child.py DIRECTORY_OF_THE_PROGRAMS
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

import crashes
from campaigns import PATIENCE, Campaignctl, expect, write
from daemon import Daemon


class Bench:
    def __init__(self, programs, folder):
        self.folder = folder
        self.log = f"{folder}/surface.log"
        write(self.log, "")
        write(f"{folder}/surface", crashes.surface(self.log), 0o755)
        # The child launcher looks for its program beside the daemon's own.
        own = f"{folder}/programs"
        os.mkdir(own)
        shutil.copy(f"{programs}/campaignd", f"{own}/campaignd")
        write(f"{folder}/with-fault", crashes.WITH_FAULT, 0o755)
        write(f"{own}/campaign-send",
              f'#!/bin/sh\nexec {folder}/with-fault {folder}/sender-fault {programs}/campaign-send "$@"\n', 0o755)
        self.daemon = Daemon(own, folder, f"{folder}/surface")
        self.daemon.start()
        self.campaignctl = Campaignctl(programs, self.daemon.socket)
        self.campaignctl.publish_hello(folder)

    def arm(self, program, fault):
        if program == "campaignd":
            self.daemon.stop()
            self.daemon.start(CAMPAIGND_FAULT=fault)
        else:
            write(f"{self.folder}/sender-fault", fault)

    def see_it_die(self, program):
        if program == "campaignd":
            expect(self.daemon.process.wait(timeout=PATIENCE) == -signal.SIGKILL, "the daemon ended otherwise")
            self.daemon.start()

    def surface_log(self):
        with open(self.log) as file:
            return file.read().splitlines()


with tempfile.TemporaryDirectory() as folder:
    bench = Bench(os.path.abspath(sys.argv[1]), folder)
    try:
        crashes.walk(bench)
    finally:
        bench.daemon.stop()
