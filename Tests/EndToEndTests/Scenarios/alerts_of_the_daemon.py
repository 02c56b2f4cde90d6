"""Every alert of the daemon itself: raised by its cause, told everywhere but on campaigns, and gone with its cause.

`schedule-stuck`, the fuse of a campaign, has no cause that could be given here: each next occurrence is computed to be
later than the one before. It is tested in the model.

usage: alerts_of_the_daemon.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os
import shutil
import subprocess

from alert_marks import daemon_is_well, of_daemon
from campaigns import expect, write
from desk import play
from zone_database import database, install

ONCE = {"start": "2026-01-05T09:00"}
START = "2026-01-05 08:00:00"
MACHINE_ID = "/etc/machine-id"
# Room for a ledger, and for what leaves less than 64 MiB of it.
DISK, FILLING = 128 << 20, 80 << 20


def raised(desk):
    desk.campaignctl.story(desk.last).until("alert-raised", campaign=None)


def cleared(desk):
    desk.campaignctl.story(desk.last).until("alert-cleared", campaign=None)


def turns(desk):
    """Returns when the scheduler has begun a turn and ended it; word of the one before may still be on its way."""
    desk.daemon.forget()
    for _ in range(3):
        desk.daemon.until("WATCHDOG=1")


def holds(desk, *names):
    """Nothing is sent by hand either, and commands work meanwhile."""
    for name in names:
        expect(desk.status(name)[name] in ("scheduled", "active"), desk.show(name))
        expect(desk.campaignctl.one("tag", name, "--add", "seen")["tags"] == ["seen"], "commands work")
    expect(desk.given() == [], "nothing is sent")
    desk.refused("send-now", "in-force", error="Held")


def clock(desk):
    """A clock that nobody can believe."""
    desk.live(planned=ONCE, in_force={"start": "2026-01-01T09:00", "every": "week", "end": "2026-12-31"})
    desk.mark()
    desk.clock.set("1970-01-02 00:00:00")
    raised(desk)
    of_daemon(desk, "clock-suspect", "the clock reads 1970-01-02T00:00:00Z")
    # What is in the ledger is newer.
    desk.mark()
    desk.clock.set(START)
    cleared(desk)
    daemon_is_well(desk, "clock-suspect")
    desk.until("ended", "planned")
    desk.mark()
    desk.clock.set("2026-01-05 06:59:00")
    raised(desk)
    alert = of_daemon(desk, "clock-suspect", "the clock reads 2026-01-05T06:59:00Z")
    expect(alert["since"] == "2026-01-05T06:59:00Z", alert)
    desk.restart_at("2026-01-05 07:30:00")
    daemon_is_well(desk, "clock-suspect")
    expect(desk.states("planned") == ["sent"], desk.campaignctl("sends", "planned"))


def ledger(desk):
    """A ledger on another machine than its own: here the daemon finds another file in the place of the machine's id."""
    write(f"{desk.folder}/machine-id", "0123456789abcdef0123456789abcdef\n")
    mount = f"mount --bind {desk.folder}/machine-id {MACHINE_ID}"
    if subprocess.run(["unshare", "--mount", "sh", "-c", mount], stderr=subprocess.DEVNULL).returncode != 0:
        return print("skipped: ledger-foreign: it needs root, and a machine with an id")
    desk.live(planned=ONCE, in_force={"start": "2025-12-05T09:00", "every": "week", "end": "2026-12-31"})
    programs = desk.daemon.programs
    command = f"{mount} && exec {programs}/campaignd \"$@\""
    write(f"{desk.folder}/elsewhere/campaignd",
          f"#!/bin/sh\nexec unshare --mount sh -c '{command}' campaignd \"$@\"\n", 0o755)
    desk.mark()
    desk.daemon.stop()
    desk.daemon.programs = f"{desk.folder}/elsewhere"
    desk.start()
    raised(desk)
    desk.clock.set(START)
    turns(desk)
    of_daemon(desk, "ledger-foreign", "the ledger was made on another machine")
    holds(desk, "planned", "in-force")
    # Over a restart there, too.
    desk.daemon.stop()
    desk.start()
    of_daemon(desk, "ledger-foreign", "the ledger was made on another machine")

    # Back on its own machine.
    desk.mark()
    desk.daemon.programs = programs
    desk.restart_at("2026-01-05 08:10:00")
    desk.until("ended", "planned")
    daemon_is_well(desk, "ledger-foreign")
    expect(desk.states("planned") == ["sent"], desk.campaignctl("sends", "planned"))


def sender(desk):
    """The sender's program is away: what is due waits, and goes out when it is back."""
    own = f"{desk.folder}/programs"
    os.mkdir(own)
    for program in ("campaignd", "campaign-send"):
        shutil.copy(f"{desk.daemon.programs}/{program}", own)
    desk.daemon.programs = own
    desk.restart_at("2026-01-01 06:00:01")
    desk.live(planned=ONCE, late={**ONCE, "late_limit": "5m"})
    desk.mark()
    os.rename(f"{own}/campaign-send", f"{own}/away")
    desk.at(START)
    raised(desk)
    of_daemon(desk, "launcher-down", "the sender does not answer: ")
    expect(desk.states("planned") == ["claimed"], desk.campaignctl("sends", "planned"))
    desk.refused("audience", "count", "everybody", error="Held")
    desk.at("2026-01-05 08:05:01")
    os.rename(f"{own}/away", f"{own}/campaign-send")
    cleared(desk)
    desk.campaignctl.story(desk.last).until_all("ended", ("late",))
    daemon_is_well(desk, "launcher-down")
    desk.campaignctl.story().until_all("ended", ("planned", "late"))
    expect((desk.states("planned"), desk.states("late")) == (["sent"], ["missed"]), desk.campaignctl("sends"))


def disk(desk):
    """The file system of the ledger is almost full."""
    state = f"{desk.folder}/state"
    desk.daemon.stop()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", state]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        desk.start()
        return print("skipped: disk-low: it needs root, to mount a file system")
    try:
        desk.start()
        desk.publish("hello", "Hello.")
        desk.live(planned=ONCE)
        fill(desk, f"{state}/filling", FILLING)
        raised(desk)
        of_daemon(desk, "disk-low", "the ledger's file system has ")
        desk.at(START)
        desk.until("ended", "planned")
        expect(desk.states("planned") == ["sent"], "what is due goes out as long as it can be recorded")
        # It is over when there is some room more than what raised it.
        desk.mark()
        fill(desk, f"{state}/filling", DISK - (68 << 20))
        of_daemon(desk, "disk-low", "the ledger's file system has ")
        os.unlink(f"{state}/filling")
        cleared(desk)
        daemon_is_well(desk, "disk-low")
    finally:
        desk.daemon.stop()
        subprocess.run(["umount", "--lazy", state], check=True)
    desk.start()


def fill(desk, path, size):
    """A file of that size, larger or smaller than it was, and a turn of the daemon after it."""
    with open(path, "ab") as file:
        file.truncate(size)
        os.posix_fallocate(file.fileno(), 0, size)
    turns(desk)


def zones(desk):
    """A zone that campaigns are planned by can't be read any more."""
    zone = "America/Mexico_City"
    kept = database(desk.folder, "2022e", zone, -5)
    install(desk.folder, kept)
    desk.variables = {"TZDIR": f"{desk.folder}/zoneinfo"}
    desk.restart_at("2026-01-01 06:00:01")
    desk.live(planned={**ONCE, "timezone": zone})
    desk.mark()
    os.rename(f"{kept}/{zone}", f"{desk.folder}/away")
    raised(desk)
    of_daemon(desk, "zone-data-changed", f'"{zone}" is not in the time zone database', "warning")
    expect(desk.campaignctl.run("status", "--check").returncode == 0, "a warning")
    expect(desk.show("planned")["next"] == ["2026-01-05T14:00:00Z"], "planned by what is known")
    desk.mark()
    os.rename(f"{desk.folder}/away", f"{kept}/{zone}")
    cleared(desk)
    daemon_is_well(desk, "zone-data-changed")
    expect(desk.show("planned")["alerts"] == [], "nothing was moved")


play(clock=clock, ledger=ledger, sender=sender, disk=disk, zones=zones)
