"""The programs under callgrind, which counts instructions: what a busy machine does not change."""

import glob
import os
import re
import subprocess
import sys

from measuring import SCENARIOS

sys.path.insert(0, SCENARIOS)

from daemon import Daemon  # noqa: E402

PROGRAMS = ("campaignd", "campaignctl", "campaign-send")


def callgrind(file):
    return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={file}"]


def stripped(programs, folder):
    """Copies as they are installed; besides, valgrind 3.19 cannot read the symbols of some."""
    os.makedirs(folder)
    for name in PROGRAMS:
        subprocess.run(["strip", "-o", f"{folder}/{name}", f"{programs}/{name}"], check=True)
    return folder


def total(file):
    """What was counted in a file of callgrind's, which goes."""
    with open(file) as lines:
        found = next(match[1] for line in lines if (match := re.match(r"(?:summary|totals): (\d+)", line)))
    os.remove(file)
    return int(found)


def of_run(folder, *command, **variables):
    """A program from its start to its end."""
    file = f"{folder}/run.counted"
    subprocess.run([*callgrind(file), *command], env={**os.environ, **variables}, check=True, stdout=subprocess.DEVNULL)
    return total(file)


class Counted(Daemon):
    """A daemon whose instructions are counted; not those of what it starts."""

    def command(self):
        return [*callgrind(f"{self.folder}/daemon.counted"), *super().command()]

    def senders(self):
        """Those that run now, as files that are ready to be read when they have ended."""
        return [os.pidfd_open(int(pid)) for file in glob.glob(f"/proc/{self.process.pid}/task/*/children")
                for pid in open(file).read().split()]

    def count(self):
        """Since its start, or the last look."""
        subprocess.run(["vgdb", f"--pid={self.process.pid}", "dump"], check=True, capture_output=True)
        file, = glob.glob(f"{self.folder}/daemon.counted.*")
        return total(file)
