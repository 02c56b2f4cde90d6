"""What the sender keeps of a campaign's sends goes 30 days and the longest late limit (366 days) after the campaign has
ended, and not before; that of a campaign in force stays, and tests are kept for 30 days.

The file system dates files by a clock of its own, which nobody can move. So the walk dates each record by the clock
that daemon and sender had when it was made, and faketime leaves the dates of files alone.

usage: retention.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import calendar
import glob
import os
import time
import urllib.parse

from campaigns import PATIENCE, expect
from desk import FIRST_DAY, play

TRIGGERED = {"type": "triggered", "start": None}
# Three days after its activation a one-shot is completed; 396 days later nobody can need its records.
ENDS, OTHER_ENDS = "2026-01-04 06:00:00", "2026-01-07 06:00:00"
NOT_YET, GONE = "2027-02-04 06:00:00", "2027-02-05 06:00:01"
OTHER_NOT_YET, OTHER_GONE = "2027-02-07 06:00:00", "2027-02-08 06:00:01"


def kept(desk):
    desk.variables = {"NO_FAKE_STAT": "1"}
    desk.restart_at(FIRST_DAY)
    desk.live(ended={"start": "now"}, in_force=TRIGGERED)
    desk.until("ended", "ended")
    desk.campaignctl.one("trigger", "in-force", "--request-id", "old")
    desk.until("ended", "in-force")
    desk.campaignctl.one("send-now", "ended", "--proof", "--to", "ada@example.org", "--request-id", "old")
    dated(desk, FIRST_DAY)
    desk.at(ENDS)
    desk.until("status", "ended", to="completed")
    desk.live(other={"start": "now"})
    desk.until("ended", "other")
    owner = {name: desk.show(name)["id"] for name in ("ended", "other", "in-force")}
    dated(desk, ENDS, owner["other"])
    desk.at(OTHER_ENDS)
    desk.until("status", "other", to="completed")
    everything = desk.everything(*owner)

    expect(asked(desk, "2026-01-31 05:59:59") == {*owner.values(), "proof"}, "a proof is kept for 30 days")
    expect(asked(desk, "2026-02-02 06:00:00") == set(owner.values()), "and no longer")
    expect(asked(desk, NOT_YET) == set(owner.values()), "a ledger of then could still be put back")
    expect(asked(desk, GONE) == {owner["other"], owner["in-force"]}, "each campaign has its own day")
    expect(asked(desk, OTHER_NOT_YET) == {owner["other"], owner["in-force"]}, "not yet")
    expect(asked(desk, OTHER_GONE) == {owner["in-force"]}, "what is in force keeps its records")
    # The ledger keeps all that it knows, and what the sender has forgotten is not sent again.
    desk.restart_at("2027-03-01 06:00:00")
    expect(desk.everything(*owner) == everything, desk.everything(*owner))
    given = [request["key"] for request, _ in desk.given() if not request["test"]]
    expect(len(given) == len(set(given)) == 3, f"sent twice: {given}")
    answer = desk.campaignctl.one("trigger", "in-force", "--request-id", "old")
    expect((answer["repeated"], answer["state"]) == (True, "sent"), answer)


def asked(desk, date):
    """The owners of the records that are left, when the sender has been asked at that time to forget what is old."""
    # One that goes whenever it is asked.
    desk.campaignctl.one("surface", "test", "newsletter", "--request-id", date.split(" ")[0])
    dated(desk, "2025-11-01 00:00:00", "test")
    desk.at(date)
    deadline = time.monotonic() + PATIENCE
    while "test" in records(desk) or children(desk):
        expect(time.monotonic() < deadline, f"{date}: nothing is forgotten: {sorted(records(desk))}")
        desk.daemon.until("WATCHDOG=1")
    return set(records(desk))


def records(desk):
    """The folders of the records, by their owners."""
    found = {}
    for folder in glob.glob(f"{desk.folder}/state/send/keys/*"):
        owner = urllib.parse.unquote(os.path.basename(folder)).lstrip("=").split("/")[0]
        found.setdefault(owner, []).append(folder)
    return found


def dated(desk, text, *owners):
    """The records of these owners, or all there are, as made at that time."""
    instant = calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))
    for owner, folders in records(desk).items():
        for file in [file for folder in folders for file in os.scandir(folder) if owner in (owners or [owner])]:
            os.utime(file.path, (instant, instant))


def children(desk):
    """The senders that have not ended."""
    found = ""
    for path in glob.glob(f"/proc/{desk.daemon.process.pid}/task/*/children"):
        with open(path) as file:
            found += file.read()
    return found.split()


play(kept=kept)
