"""A disk that is full: the ledger's, or the sender's. A filler leaves so many pages free, from none to as many as the
work takes, so that each write is once the first to fail. Whatever fails, the daemon lives and answers, nothing is sent
twice or called sent that was not, what was answered is so, and when there is room again it goes on by itself.

usage: disk_full.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os
import signal
import sqlite3
import subprocess
import sys

from campaigns import PATIENCE, expect, write
from desk import play

PAGE = 4_096
# Larger than what raises disk-low, and with room for a log of the ledger that is due to be brought into it.
DISK = 320 << 20
# Never so many: what is written then needs fewer.
PAGES = 100
# Each number of pages, or each eighth of them.
STEP = int(os.environ.get("CAMPAIGND_DISK_STEP", "8"))


class Disk:
    """A file system of that size at a path; answers how much of it is free, and takes it away."""

    def __init__(self, path):
        self.path = path
        self.filler = f"{path}/filler"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", path], check=True)

    def free(self):
        status = os.statvfs(self.path)
        return status.f_bavail * status.f_frsize // PAGE

    def leave(self, pages, daemon):
        """All but so many pages are taken, from one turn of the daemon to the next."""
        os.kill(daemon.process.pid, signal.SIGSTOP)
        with open(self.filler, "ab") as file:
            if (more := self.free() - pages) > 0:
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), more * PAGE)
        os.kill(daemon.process.pid, signal.SIGCONT)

    def make_room(self):
        os.unlink(self.filler)

    def end(self):
        subprocess.run(["umount", "--lazy", self.path], check=True)


def on_disks(desk, walk):
    """Plays the walk with the ledger and the sender's records on a file system each."""
    if os.getuid() != 0:
        return print("skipped: it needs root, to mount file systems")
    desk.daemon.stop()
    state = f"{desk.folder}/state"
    disks = [Disk(state)]
    try:
        os.mkdir(f"{state}/send", 0o700)
        disks.append(Disk(f"{state}/send"))
        desk.start()
        desk.publish("hello", "Hello.")
        walk(desk, *disks)
        desk.settle()
        desk.daemon.stop()
        sound(state)
    finally:
        if desk.daemon.process.poll() is None:
            desk.daemon.stop()
        for disk in reversed(disks):
            disk.end()
    desk.start()


def sound(state):
    log = f"{state}/ledger.sqlite-wal"
    expect(not os.path.exists(log) or os.path.getsize(log) == 0, "all is in one file after a stop")
    ledger = sqlite3.connect(f"file:{state}/ledger.sqlite?mode=ro", uri=True)
    found = [ledger.execute(f"PRAGMA {check}").fetchall() for check in ("integrity_check", "foreign_key_check")]
    expect(found == [[("ok",)], []], found)
    ledger.close()


def turns(desk):
    """Returns when the scheduler has begun a turn and ended it, or failed to."""
    desk.daemon.forget()
    for _ in range(3):
        desk.daemon.until("WATCHDOG=1")


def minute(number):
    return f"2026-01-05T{8 + number // 60:02}:{number % 60:02}"


def answers(desk, name):
    """What people ask for is answered, whatever can't be written."""
    for words in (("status",), ("list", "--all"), ("show", name), ("log", "--limit", "1"), ("next",)):
        desk.campaignctl(*words)
    return [(send["state"], send["attempts"]) for send in desk.campaignctl("sends", name)]


def tried(desk, *words):
    """Whether the command did it; else it must have said that it can't be written."""
    done = desk.campaignctl.run(*words, "--json")
    expect(done.returncode == 0 or '"Held"' in done.stdout, f"{words}: {done}")
    return done.returncode == 0


def once(desk, name):
    """It was sent, once, and is told so once."""
    sends = desk.campaignctl("sends", name)
    expect([(send["state"], send["attempts"]) for send in sends] == [("sent", 1)], sends)
    expect(len(desk.given(name)) == len(desk.given(name, "ended")) == 1, desk.given(name))
    kinds = [event["kind"] for event in desk.campaignctl("log", name)]
    for kind in ("claimed", "started", "ended"):
        expect(kinds.count(kind) == 1, f"{name}: {kinds}")


# --- the ledger's disk ---


def sends(desk, ledger, _):
    """A send that falls due and begins, and one that ends."""
    seen = []
    for pages in steps():
        name = f"full-{pages}"
        desk.hold(name)
        desk.live(**{name: {"start": minute(pages), "timezone": "UTC"}})
        ledger.leave(pages, desk.daemon)
        desk.clock.set(minute(pages).replace("T", " ") + ":00")
        turns(desk)
        begun = answers(desk, name)
        is_low(desk)
        ledger.make_room()
        desk.until("started", name)
        ledger.leave(pages, desk.daemon)
        desk.answer(name)
        turns(desk)
        ended = answers(desk, name)
        is_low(desk)
        ledger.make_room()
        desk.until("ended", name)
        once(desk, name)
        seen.append((pages, begun, ended))
        if begun == [("running", 1)] and ended == [("sent", 1)]:
            break
    came_through(seen, [], [("claimed", 0)], [("running", 1)])
    goes_on(desk)


def came_through(seen, *states):
    """Pages were left for all of it in the end, and before that for some of it."""
    last, *_ = seen[-1]
    expect(last < PAGES - 1, f"it takes more than {last} pages")
    found = [begun for _, begun, _ in seen]
    # With each number of pages each write was once the first to fail.
    expect(STEP > 1 or all(state in found for state in states), found)
    print(f"{len(seen)} walks, {last} pages were enough")


def commands(desk, ledger, _):
    """What people command is done, or refused and not done."""
    desk.live(asked={"start": "2026-06-01T09:00"})
    done = {}
    for pages in steps():
        name = f"new-{pages}"
        desk.file(name, start="2026-06-01T09:00")
        write(f"{desk.folder}/{name}.txt", "Hello. " * 2_000)
        ledger.leave(pages, desk.daemon)
        done[name] = [
            tried(desk, "create", "-f", f"{desk.folder}/files/{name}.yaml"),
            tried(desk, "message", "put", name, "-f", f"{desk.folder}/{name}.txt"),
            tried(desk, "tag", "asked", "--add", name)]
        turns(desk)
        answers(desk, "asked")
        is_low(desk)
        ledger.make_room()
        if all(done[name]):
            break
    expect(len(done) > 1 and pages < PAGES - 1, done)
    found = [{campaign["name"] for campaign in desk.campaignctl("list", "--all")},
             {message["name"] for message in desk.campaignctl("message", "list")}, set(desk.show("asked")["tags"])]
    for name, was_done in done.items():
        expect([name in names for names in found] == was_done, f"{name}: {was_done}")
    print(f"{len(done)} walks, {pages} pages were enough")
    goes_on(desk)


def log(desk, ledger, _):
    """The ledger's log is brought into its file, as happens once it is large: there is no room to do so."""
    text = "Hello. " * (9 << 20 >> 3)
    desk.live(planned={"start": minute(1), "timezone": "UTC"})
    for number in range(3):
        put_large(desk, number, text)
    # Two of these fit, and then its log is long enough.
    ledger.leave(2 * (9 << 20) // PAGE + 1_000, desk.daemon)
    number = 3
    while put_large(desk, number, text):
        number += 1
        expect(number < 9, "its log does not end")
    desk.clock.set(minute(1).replace("T", " ") + ":00")
    turns(desk)
    ledger.make_room()
    desk.until("ended", "planned")
    once(desk, "planned")
    messages = {message["name"] for message in desk.campaignctl("message", "list")}
    expect(messages == {"hello", *(f"large-{found}" for found in range(number))}, messages)
    put_large(desk, number, text)
    print(f"{number} large messages")
    goes_on(desk)


def put_large(desk, number, text):
    signal.alarm(PATIENCE)
    write(f"{desk.folder}/large.txt", text)
    return tried(desk, "message", "put", f"large-{number}", "-f", f"{desk.folder}/large.txt")


def restart(desk, ledger, _):
    """It is stopped, and started, with no room at all; then there is some."""
    desk.live(planned={"start": minute(1), "timezone": "UTC"})
    ledger.leave(0, desk.daemon)
    desk.daemon.stop()
    desk.clock.set(minute(1).replace("T", " ") + ":00")
    # Its manager starts it again and again.
    desk.daemon.begin(**desk.environment)
    ended = desk.daemon.process.wait(timeout=PATIENCE)
    expect(ended == 1, f"it can't begin without a write: {ended}")
    ledger.make_room()
    desk.start()
    desk.until("ended", "planned")
    once(desk, "planned")


def goes_on(desk):
    """With room again there is no alert, and the next send goes out."""
    desk.daemon.forget()
    while desk.campaignctl("alerts"):
        desk.daemon.until("WATCHDOG=1")
    expect(desk.campaignctl.run("status", "--check").returncode == 0, "all is well")
    desk.live(last={"start": "now"})
    desk.until("ended", "last")
    once(desk, "last")


def is_low(desk):
    alert, = desk.campaignctl("alerts")
    expect((alert["code"], alert["severity"], alert["campaign"]) == ("disk-low", "error", None), alert)
    expect(desk.campaignctl.run("status", "--check").returncode == 1, alert)


# --- the sender's disk ---


def records(desk, _, sender):
    """The sender can't make its record, or what comes after it: it begins nothing, or tells all of it."""
    seen = []
    # A record is few pages.
    for pages in steps(min(STEP, 2)):
        name = f"full-{pages}"
        desk.hold(name)
        desk.live(**{name: {"start": minute(pages), "timezone": "UTC"}})
        sender.leave(pages, desk.daemon)
        desk.clock.set(minute(pages).replace("T", " ") + ":00")
        turns(desk)
        if begins := desk.campaignctl("sends", name)[0]["attempts"] > 0 and desk.given(name):
            desk.answer(name)
            desk.until("ended", name)
        else:
            sender.make_room()
            desk.answer(name)
            desk.until("ended", name)
        once(desk, name)
        seen.append((pages, begins))
        if begins:
            break
    print(f"{len(seen)} walks, {pages} pages were enough")


def steps(step=STEP):
    for pages in range(0, PAGES, step):
        signal.alarm(PATIENCE)
        yield pages


def plays(walk):
    return lambda desk: on_disks(desk, walk)


play(**{walk.__name__: plays(walk) for walk in (sends, commands, log, restart, records)})
