"""A ledger of each earlier schema under the present programs: the manager is told and gives it time, what it was stays
beside it, and the daemon that is killed at one of its calls to the system has lost nothing when it is started again.

usage: migration.py DIRECTORY_OF_THE_PROGRAMS
"""

import collections
import os
import re
import shutil
import signal
import subprocess

from campaigns import PATIENCE, Campaignctl, expect
from daemon import play

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../CampaignStoreTests/Fixtures")
# What changes files or makes a change last; each of them is once the last that the daemon does, or each so many.
CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "link", "linkat", "rename", "renameat", "unlink", "unlinkat")
STEP = int(os.environ.get("CAMPAIGND_MIGRATION_STEP", "8"))


def schema(path):
    """Read without SQLite, which would bring a log into the file."""
    with open(path, "rb") as file:
        file.seek(60)
        return int.from_bytes(file.read(4), "big")


def versions():
    names = [re.fullmatch(r"ledger\.v(\d+)\.sqlite", name) for name in os.listdir(FIXTURES)]
    found = sorted(int(name[1]) for name in names if name)
    expect(found == list(range(1, len(found) + 1)), found)
    return found


class Ledger:
    def __init__(self, folder, daemon, campaignctl, version):
        self.daemon, self.campaignctl, self.version = daemon, campaignctl, version
        self.state = f"{folder}/state"
        self.path = f"{self.state}/ledger.sqlite"

    def put(self):
        shutil.rmtree(self.state)
        os.mkdir(self.state)
        shutil.copyfile(f"{FIXTURES}/ledger.v{self.version}.sqlite", self.path)

    def holds(self):
        """What a person sees of it; its clock is of no use, since it is another machine's and held."""
        return (sorted((each["name"], each["status"], each["version"]) for each in self.campaignctl("list", "--all")),
                sorted((each["key"], each["state"], each["attempts"]) for each in self.campaignctl("sends")))

    def check(self, path):
        done = subprocess.run(
            [f"{self.daemon.programs}/campaignd", "check-ledger", path], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PATIENCE)
        expect(done.returncode == 0, f"{path}: {done.stdout}{done.stderr}")

    def is_whole(self, newest, wanted):
        """As the daemon finds it now, and the one that it was made of."""
        self.check(self.path)
        self.daemon.start()
        found = self.holds()
        expect(found == wanted, f"{found} is not {wanted}")
        self.daemon.stop()
        expect(schema(self.path) == newest, "it is brought to the present schema")
        old = f"{self.path}.v{self.version}"
        expect(schema(old) == self.version, "the old one stays")
        self.check(old)
        left = [name for name in os.listdir(self.state) if name.startswith("ledger.sqlite.")]
        expect(left == [f"ledger.sqlite.v{self.version}"], left)

    def traced(self, *options):
        """The daemon, as far as strace(1) lets it come."""
        self.daemon.forget()
        tracer = subprocess.Popen(
            ["strace", "--follow-forks", "--quiet=all", f"--trace={','.join(CALLS)}", *options, *self.daemon.command()],
            env={**os.environ, "NOTIFY_SOCKET": f"{self.daemon.folder}/notify"}, stdin=subprocess.DEVNULL)
        return tracer


def walk(folder, daemon, campaignctl):
    found = versions()
    newest = found[-1]
    for version in found[:-1]:
        ledger = Ledger(folder, daemon, campaignctl, version)
        ledger.put()
        daemon.begin()
        size = os.path.getsize(ledger.path)
        # Ten minutes, and a second for each MiB.
        daemon.until(f"EXTEND_TIMEOUT_USEC={(600 + (size >> 20)) * 1_000_000}")
        daemon.until("READY=1")
        wanted = ledger.holds()
        daemon.stop()
        ledger.is_whole(newest, wanted)
        killed = kill_at_each_call(ledger, newest, wanted)
        print(f"schema {version}: whole after {killed} kills")


def kill_at_each_call(ledger, newest, wanted):
    ledger.put()
    log = f"{ledger.daemon.folder}/calls"
    tracer = ledger.traced(f"--output={log}")
    ledger.daemon.until("READY=1")
    # strace(1) counts the calls of each thread.
    calls = collections.Counter()
    with open(log) as lines:
        for line in lines:
            match = re.match(r"(\d+) +(\w+)\(", line)
            if match:
                calls[match.groups()] += 1
    end(tracer)
    kills = 0
    for name in CALLS:
        most = max((count for (_, called), count in calls.items() if called == name), default=0)
        for number in range(1, most + 1, STEP):
            ledger.put()
            tracer = ledger.traced("--output=/dev/null", f"--inject={name}:signal=KILL:when={number}")
            while tracer.poll() is None and not ledger.daemon.is_ready():
                pass
            # A thread may have left the call to another one this time.
            kills += tracer.poll() is not None
            end(tracer)
            ledger.is_whole(newest, wanted)
    expect(kills, "none was killed")
    return kills


def end(tracer):
    if tracer.poll() is None:
        traced = subprocess.run(["pgrep", "--parent", str(tracer.pid)], capture_output=True, text=True).stdout.split()
        os.kill(int(traced[0]), signal.SIGTERM)
        tracer.wait(timeout=PATIENCE)


play(walk)
