"""The ledger in its administrator's hands: copied while the daemon works, looked through, put back, adopted by another
machine; and a clock that is taken for right.

usage: ledger_care.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import threading

from campaigns import PATIENCE, expect, write
from desk import play
from wire import Wire

ONCE = {"start": "2026-01-05T09:00"}
WRITTEN = 300


def check(desk, *arguments):
    """How campaignd looks through a ledger: exit status, standard output, standard error."""
    done = subprocess.run(
        [f"{desk.daemon.programs}/campaignd", "check-ledger", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE, env={**os.environ, "STATE_DIRECTORY": f"{desk.folder}/state"})
    return done.returncode, done.stdout, done.stderr


def files(folder):
    return sorted(os.listdir(folder))


def copied(desk):
    """A copy that is made while campaigns are written is one moment's, whole, and its owner's alone."""
    desk.live(planned=ONCE)
    copies = f"{desk.folder}/copies"
    os.mkdir(copies)
    busy, enough = threading.Event(), threading.Event()

    def load():
        with Wire(desk.daemon.socket) as call:
            for number in range(WRITTEN):
                call("Create", campaign={"name": f"c{number}", "schedule": {"start": "2099-12-07T09:00"}})
                busy.set()
                if enough.is_set():
                    break

    writer = threading.Thread(target=load)
    writer.start()
    busy.wait(PATIENCE)
    made = [desk.campaignctl.one("backup", f"{copies}/{number}.sqlite") for number in range(3)]
    enough.set()
    writer.join()
    counts = []
    for number, copy in enumerate(made):
        path = f"{copies}/{number}.sqlite"
        expect(copy == {"file": path, "bytes": os.path.getsize(path)}, copy)
        expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, "only its owner reads it")
        code, told, errors = check(desk, path)
        expect((code, errors) == (0, "") and told.startswith(f"{path} is sound: schema 2, campaigns: "), (told, errors))
        ledger = sqlite3.connect(path)
        counts.append(ledger.execute("SELECT count(*) FROM campaigns").fetchone()[0])
        ledger.close()
        expect(f"campaigns: {counts[-1]}," in told, told)
    expect(counts == sorted(counts) and counts[0] >= 2, f"each has what was there: {counts}")
    takers = [event for event in desk.campaignctl("log") if event["kind"] == "backed-up"]
    expect(len(takers) == 3 and all(event["actor"] for event in takers), takers)
    # Nothing of it stays with the daemon.
    expect("backup" not in files(f"{desk.folder}/state"), files(f"{desk.folder}/state"))

    # What is there is left alone, unless it is to be replaced.
    before = open(f"{copies}/0.sqlite", "rb").read()
    refused = desk.campaignctl.run("backup", f"{copies}/0.sqlite")
    expect(refused.returncode == 1 and "is there already; --force replaces it" in refused.stderr, refused)
    expect(open(f"{copies}/0.sqlite", "rb").read() == before, "it is as it was")
    desk.campaignctl.one("backup", "--force", f"{copies}/0.sqlite")
    expect(open(f"{copies}/0.sqlite", "rb").read() != before, "it is a new one")
    # A disk that is full leaves no half of it.
    little = subprocess.run(
        [desk.campaignctl.path, "backup", f"{copies}/little.sqlite"], env=desk.campaignctl.environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536)))
    expect(little.returncode == 1 and "can't be written: File too large" in little.stderr, little)
    refused = desk.campaignctl.run("backup", f"{copies}/none/a.sqlite")
    expect(refused.returncode == 1 and "can't be written: No such file or directory" in refused.stderr, refused)
    expect(files(copies) == ["0.sqlite", "1.sqlite", "2.sqlite"], files(copies))
    # To standard output, for a program that packs it.
    piped = subprocess.run([desk.campaignctl.path, "backup", "-"], env=desk.campaignctl.environment,
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    expect(piped.returncode == 0 and piped.stdout.startswith(b"SQLite format 3\0"), piped.stderr)
    write(f"{copies}/piped.sqlite", "")
    with open(f"{copies}/piped.sqlite", "wb") as file:
        file.write(piped.stdout)
    expect(check(desk, f"{copies}/piped.sqlite")[0] == 0, "what came through the pipe is whole")
    # The daemon's own, while it works.
    expect(check(desk)[0] == 0 and check(desk)[1].startswith(f"{desk.folder}/state/ledger.sqlite is sound"), check(desk))


def damaged(desk):
    """Whatever happened to the file is told in one sentence; it is not written to, and a copy puts all back."""
    desk.live(planned=ONCE)
    # More than a few pages, so that one can go bad.
    with Wire(desk.daemon.socket) as call:
        for number in range(WRITTEN):
            call("Create", campaign={"name": f"c{number}", "schedule": {"start": "2099-12-07T09:00"}})
    copy, ledger = f"{desk.folder}/copy.sqlite", f"{desk.folder}/state/ledger.sqlite"
    desk.campaignctl.one("backup", copy)
    desk.daemon.stop()
    sound = open(copy, "rb").read()
    page = 4_096
    for what, content, sentence in [
        ("cut in the middle of a page", sound[:len(sound) // 2 + 100], "is damaged: "),
        ("with its first page alone", sound[:page], "is damaged: "),
        ("with the pages of its table of tables overwritten", sound[:page - 1_000] + b"\xff" * 1_000 + sound[page:],
         "is damaged: "),
        ("empty", b"", "is empty, which no ledger ever is; restore it from a backup, or remove it to begin a new one"),
        ("of text", b"name: spring\n" * 400, "is not a ledger of campaignd and was left as it is: "),
        ("of another program", other_program(desk), "is not a ledger of campaignd and was left as it is: "),
        ("of a newer campaignd", newer(desk, sound), "has schema version 99, and this campaignd knows versions up to 2"),
    ]:
        with open(ledger, "wb") as file:
            file.write(content)
        code, told, errors = check(desk)
        expect(code == 1 and told == "" and errors.startswith(f"campaignd: {ledger} {sentence}"), f"{what}: {errors}")
        started = desk.daemon.start_in_vain()
        expect(started.returncode == 1 and f"campaignd ends: {ledger} {sentence}" in started.stderr, f"{what}: {started}")
        expect(open(ledger, "rb").read() == content, f"{what}: it is as it was")
    # A page in the middle that is wrong: the daemon meets it only where it reads it, a look through the file finds it.
    spoilt = bytearray(sound)
    middle = (len(sound) // page // 2) * page
    spoilt[middle:middle + 64] = os.urandom(64)
    with open(ledger, "wb") as file:
        file.write(spoilt)
    code, told, errors = check(desk)
    expect(code == 1 and told == "" and errors.startswith(f"campaignd: {ledger} is damaged: "), errors)
    # The way back.
    shutil.copy(copy, ledger)
    desk.start()
    expect(desk.status("planned") == {"planned": "scheduled"}, desk.campaignctl("list"))
    desk.at("2026-01-05 09:00:00")
    desk.until("ended", "planned")


def other_program(desk):
    path = f"{desk.folder}/songs.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    return open(path, "rb").read()


def newer(desk, sound):
    path = f"{desk.folder}/newer.sqlite"
    with open(path, "wb") as file:
        file.write(sound)
    with sqlite3.connect(path) as ledger:
        ledger.execute("PRAGMA user_version = 99")
    ledger.close()
    return open(path, "rb").read()


def adopted(desk):
    """A ledger of another machine sends nothing until somebody says so; then by the rules of lateness."""
    desk.live(planned=ONCE, early={"start": "2026-01-05T07:00"})
    desk.daemon.stop()
    ledger = f"{desk.folder}/state/ledger.sqlite"
    with sqlite3.connect(ledger) as file:
        own = file.execute("SELECT machine_id FROM ledger").fetchone()[0]
        file.execute("UPDATE ledger SET machine_id = '0123456789abcdef0123456789abcdef'")
    file.close()
    if own is None:
        return print("skipped: adopted: this machine has no id")
    desk.clock.set("2026-01-05 08:10:00")
    desk.start()
    desk.daemon.until("WATCHDOG=1")
    alert = desk.campaignctl.one("status")["alerts"][0]
    expect(alert["code"] == "ledger-foreign" and "adopt-ledger" in alert["text"], alert)
    expect(desk.given() == [], "nothing is sent")
    expect(desk.campaignctl.run("status", "--check").returncode == 1, "monitoring sees it")
    done = desk.campaignctl.run("adopt-ledger", "--reason", "mail1 is gone")
    expect(done.returncode == 0 and done.stdout.startswith("the ledger is this machine's; "), done)
    desk.campaignctl.story().until_all("ended", ("planned", "early"))
    expect((desk.states("planned"), desk.states("early")) == (["sent"], ["missed"]), desk.campaignctl("sends"))
    [event] = [event for event in desk.campaignctl("log") if event["kind"] == "ledger-adopted"]
    expect(event["reason"] == "mail1 is gone" and event["actor"], event)
    again = desk.campaignctl.one("adopt-ledger")
    expect(again == {"changed": False}, again)
    desk.daemon.stop()
    desk.start()
    desk.daemon.until("WATCHDOG=1")
    expect(desk.campaignctl.one("status")["alerts"] == [], "it is this machine's for good")


def accepted(desk):
    """A clock that was years ahead, and is right now: somebody says so, and nothing is sent twice."""
    desk.live(daily={"start": "2026-01-02T09:00", "every": "day", "end": "2026-12-31"})
    desk.mark()
    desk.clock.set("2026-03-01 09:00:00")
    desk.until("ended", "daily", text="sent")
    sent = desk.given()
    desk.mark()
    desk.clock.set("2026-01-02 08:00:00")
    desk.campaignctl.story(desk.last).until("alert-raised", campaign=None)
    desk.mark()
    done = desk.campaignctl.run("accept-clock", "--reason", "its clock was months ahead")
    expect(done.returncode == 0 and done.stdout.startswith("the clock is accepted; "), done)
    expect(desk.campaignctl.one("accept-clock") == {"changed": False}, "it is believed by now")
    expect(desk.campaignctl.one("status")["alerts"] == [], "nothing is wrong any more")
    expect(desk.given() == sent, "nothing is sent for that")
    desk.at("2026-01-03 09:00:00")
    desk.until("ended", "daily", text="sent")
    keys = [send["key"] for send in desk.campaignctl("sends", "daily") if send["state"] == "sent"]
    expect(len(keys) == len(set(keys)) and len(keys) in (2, 3), keys)
    [event] = [event for event in desk.campaignctl("log") if event["kind"] == "clock-accepted"]
    expect(event["reason"] == "its clock was months ahead", event)


play(copied=copied, damaged=damaged, adopted=adopted, accepted=accepted)
