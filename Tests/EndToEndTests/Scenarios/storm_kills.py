"""What a storm kills, and what each kill hits: the daemon, senders, surfaces, as the control groups of their units know
them. Whoever is killed is stopped first, so that what it is in the middle of can be read and nothing changes any more.
"""

import contextlib
import glob
import os
import re
import select
import signal

from campaigns import expect
from machine import wait_for_end

SLICE = "/sys/fs/cgroup/system.slice"
SENDERS = f"{SLICE}/system-campaign\\x2dsend.slice/campaign-send@*.service/cgroup.procs"
# A process that is told to stop does so at once, or after a call that can't be interrupted.
STOP_LOOKS = 100_000


class Kills:
    def __init__(self):
        self.hits = set()
        self.daemons = set()
        self.senders = 0
        self.surfaces = 0

    def kill_daemon(self):
        """Kills the daemon if there is one; answers whether."""
        return any([self.strike_daemon(pid) for pid in members(f"{SLICE}/campaignd.service/cgroup.procs")
                    if command(pid) == "campaignd"])

    def strike_daemon(self, pid):
        process, life = opened(pid), invocation(pid)
        if process is None or life is None:
            return False
        try:
            signal.pidfd_send_signal(process, signal.SIGKILL)
        except ProcessLookupError:
            return False
        wait_for_end(process)
        self.daemons.add(life)
        return True

    def strike(self, victims):
        """Kills these senders and surfaces at once; answers how many lived until then."""
        processes = [(pid, unit, process) for pid, unit in victims if (process := opened(pid)) is not None]
        stopped = [(pid, unit, process) for pid, unit, process in processes if stop(pid, process)]
        for pid, unit, process in stopped:
            held = set().union(*map(records, members(unit)))
            self.hits |= held
            if command(pid) == "campaign-send":
                self.senders += 1
            else:
                self.surfaces += 1
        for _, _, process in stopped:
            with contextlib.suppress(ProcessLookupError):
                # A surface dies with its sender.
                signal.pidfd_send_signal(process, signal.SIGKILL)
        for _, _, process in processes:
            wait_for_end(process)
        return len(stopped)


def senders():
    """(pid, unit) of each sender that runs."""
    return [found for found in running() if command(found[0]) == "campaign-send"]


def surfaces():
    return [found for found in running() if command(found[0]) not in ("campaign-send", None)]


def running():
    return [(pid, unit) for unit in glob.glob(SENDERS) for pid in members(unit)]


def members(unit):
    try:
        with open(unit) as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        # Its last process has ended, and the group with it.
        return []


def command(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return None


def invocation(pid):
    """What systemd calls this one life of the unit; its pid may be another one's later."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return re.search(rb"INVOCATION_ID=([0-9a-f]+)", file.read())[1].decode()
    except (OSError, TypeError):
        return None


def opened(pid):
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def stop(pid, process):
    """Whether it is stopped: it may have ended before."""
    try:
        signal.pidfd_send_signal(process, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    for _ in range(STOP_LOOKS):
        if select.select([process], [], [], 0)[0]:
            return False
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] in "Tt":
                    return True
        except OSError:
            return False
    expect(False, f"process {pid} does not stop")


def records(pid):
    """(key, attempt) of the records that it holds locked: what it is sending."""
    found = set()
    for path in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            name = re.search(r"/keys/=([^/]+)/(\d+)\.(attempt|new)\b", os.readlink(path))
            if not name:
                continue
            with open(path.replace("/fd/", "/fdinfo/")) as file:
                if "FLOCK" in file.read():
                    found.add((name[1].replace("%2F", "/").replace("%25", "%"), int(name[2])))
        except OSError:
            # Closed meanwhile.
            continue
    return found
