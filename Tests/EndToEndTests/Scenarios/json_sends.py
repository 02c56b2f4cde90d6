"""docs/json.md on what is sent, what happened and how the daemon is: each object that a verb prints of it is held to
the page, and the page to what was seen. json_page.py does so with campaigns.

usage: json_sends.py DIRECTORY_OF_THE_PROGRAMS
"""

import json
import os
import subprocess

from campaigns import PATIENCE, expect, write
from desk import play
from json_reader import ID, Reader, suspect

# It says what it is told to, line by line, until it is told how to end.
TOLD = """#!/bin/sh
exec 7<"{folder}/steps"
while read -r line <&7; do
    case "$line" in end*) exit "${{line#end }}";; esac
    echo "$line"
done
"""
# It says how far it came, and ends as the file says.
NOTING = """#!/bin/sh
if [ -s {folder}/said ]; then cat {folder}/said; fi
exit "$(cat {folder}/status)"
"""
# Steps after which there is a rate at the latest: looks are a second apart, and it takes three seconds.
STEPS = 10


def walk(desk):
    reader = Reader(desk)
    set_up(reader)
    sends(reader)
    tests(reader)
    watched(reader)
    daemon(reader)
    reader.page.finish_objects("What is sent", "What happened", "The daemon")


def set_up(reader):
    desk = reader.desk
    expect(reader.one("status")["next_due"] is None, "nothing is planned")
    for name, text in (("told", TOLD), ("noting", NOTING)):
        write(f"{desk.folder}/{name}", text.format(folder=desk.folder), 0o755)
        desk.surface(name, f"{desk.folder}/{name}", max_concurrent=10)
    write(f"{desk.folder}/said", '{"progress": 1, "total": 2, "failed": 1, "note": "one came back"}\n')
    write(f"{desk.folder}/status", "0\n")
    os.mkfifo(f"{desk.folder}/steps")
    desk.daemon.reload()
    desk.live(weekly={"start": "2026-01-01T07:30", "every": "day", "end": "2027-03-31", "late_limit": "5m"},
              welcome={"type": "triggered", "start": None})


def sends(reader):
    """Sent, failed and tried again, missed, asked for, to come, and called off."""
    desk = reader.desk
    desk.at("2026-01-01 06:30:00")
    desk.until("ended", "weekly")
    desk.hold("weekly")
    desk.at("2026-01-02 06:30:00")
    desk.answer("weekly", 69)
    desk.until("ended", "weekly")
    failed = reader.lines("sends", "weekly")[0]
    expect(failed["state"] == "failed" and failed["reason"], failed)
    desk.mark()
    expect(reader.one("retry", failed["key"])["attempts"] == 2, "its next attempt")
    desk.answer("weekly", 75)
    desk.until("waiting", "weekly")
    reader.lines("sends", "weekly")
    desk.mark()
    reader.one("cancel", "weekly", "--yes", "--key", failed["key"])
    desk.until("ended", "weekly")
    desk.leave("weekly")
    desk.restart_at("2026-01-06 12:00:00")
    desk.until("ended", "weekly")
    missed = reader.lines("sends", "weekly")[0]
    expect((missed["state"], missed["count"]) == ("missed", 4), missed)
    asked = reader.one("send-now", "weekly", "--request-id", ID)
    expect(reader.one("send-now", "weekly", "--request-id", ID)["repeated"], "the same one")
    desk.campaignctl.story(desk.last).until("ended", key=asked["key"])
    reader.one("trigger", "welcome", "--data", '{"order":17}')
    to_come = reader.one("trigger", "welcome", "--at", "2026-02-01T09:00")
    expect((to_come["state"], to_come["attempts"]) == ("waiting", 0), to_come)
    reader.lines("sends")
    results(reader, asked["key"])
    outlook = reader.one("stop --dry-run", "welcome")
    expect([send["key"] for send in outlook["cancels"]] == [to_come["key"]], outlook)
    desk.settle()
    reader.lines("log")


def results(reader, key):
    """What a sender has kept of a send's recipients; this surface keeps nothing."""
    expect(reader.lines("sends --recipients", key) == [], "nothing is kept")
    reader.desk.keep_results(
        key, "b\t1\tann@example.org", "b\t2\tbob@example.org", "h\t1", "h\t2", "a\t1\t1767700800\t250 2.0.0 Ok",
        "r\t2\t1767700801\t550 5.1.1 no such user", "d\t3\t1767700801\tANN@example.org")
    found = {result["email"]: result for result in reader.lines("sends --recipients", key)}
    expect(found["bob@example.org"]["reason"] == "550 5.1.1 no such user", found)
    expect((found["ANN@example.org"]["state"], found["ANN@example.org"]["reason"]) == ("repeated", None), found)
    expect([result["email"] for result in reader.lines("sends --recipients", key, "--state", "accepted")]
           == ["ann@example.org"], "of one state")
    shown = reader.desk.campaignctl.run("sends", key, "--recipients", "--columns", "email,state")
    expect(shown.stdout == "email,state\nann@example.org,accepted\nbob@example.org,refused\n"
           "ANN@example.org,repeated\n", shown)


def tests(reader):
    desk = reader.desk
    desk.drafts(proved={"surface": "noting", "start": "2026-03-01T09:00"})
    proof = reader.one("send-now --proof", "proved", "--to", "ada@example.org")
    expect((proof["outcome"], proof["note"], proof["failed"]) == ("sent", "one came back", 1), proof)
    write(f"{desk.folder}/status", "69\n")
    write(f"{desk.folder}/said", "")
    failed = reader.one("surface test", "noting", "--request-id", ID, status=1)
    expect(failed["outcome"] == "failed" and failed["reason"], failed)


def watched(reader):
    """One runs with numbers, another one stands in line behind it."""
    desk = reader.desk
    desk.live(told={"start": "2026-01-01T09:00", "every": "day", "end": "2026-12-31", "surface": "told"})
    desk.mark()
    running = reader.one("send-now", "told")
    with open(f"{desk.folder}/steps", "w", buffering=1) as steps:
        desk.until("started", "told")
        queued = reader.one("send-now", "told")
        expect((queued["state"], queued["queue_position"]) == ("queued", 1), queued)
        expect([send["key"] for send in reader.one("stop --dry-run", "told")["goes_on"]] == [running["key"]], "goes on")
        reader.one("cancel", "told", "--yes", "--key", queued["key"])
        watch = subprocess.Popen(
            [desk.campaignctl.path, "watch", "told", "--json"], env=desk.campaignctl.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        seen = [json.loads(watch.stdout.readline())]
        for step in range(1, STEPS + 1):
            steps.write(f'{{"progress": {10 * step}, "total": 1000, "failed": 1}}\n')
            seen.append(json.loads(watch.stdout.readline()))
            if seen[-1]["ends_at"]:
                break
        expect(seen[-1]["rate"] and seen[-1]["ends_at"], f"never measured: {seen}")
        steps.write("end 0\n")
    seen += [json.loads(line) for line in watch.stdout.read().splitlines()]
    expect(watch.wait(timeout=PATIENCE) == 0 and seen[-1]["state"] == "sent", seen)
    reader.page.take("watch", seen)


def daemon(reader):
    """What it says of itself, also with a clock that is not to be believed."""
    desk = reader.desk
    status = reader.one("status")
    expect(status["next_due"] and status["last_tick_at"] and not status["alerts"], status)
    reader.lines("metrics")
    reader.one("backup", f"{desk.folder}/copy.sqlite")
    expect([reader.one(verb)["changed"] for verb in ("adopt-ledger", "accept-clock")] == [False, False], "all is well")
    drop_in = f"{desk.folder}/config/conf.d/bad.yaml"
    write(drop_in, "retrys: 1\n")
    desk.daemon.reload()
    expect(reader.one("status")["configuration"]["refused"], "no key of that name")
    os.unlink(drop_in)
    suspect(desk)
    desk.daemon.stop()
    desk.start()
    reader.one("status")


play(walk=walk)
