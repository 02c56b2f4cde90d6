"""`retry KEY`: a person has a send tried again that has ended badly. It keeps its key and takes the next attempt
number, once, whatever becomes of the daemon and of its answers; who may ask for it when, and what stays of the alert.

usage: retry.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import json
import os
import shutil
import signal
import socket

from alert_marks import history, stands
from campaigns import PATIENCE, expect, write
from desk import play

NOW = {"start": "now"}
DAILY = {"start": "2025-12-01T09:00", "every": "day", "end": "2026-12-31"}
TRIGGERED = {"type": "triggered", "start": None}
# It notes who started it, with the key, and goes on as the surface of the desk.
NOTING = """#!/bin/sh
echo "$PPID $OCCURRENCE_KEY" >>{folder}/senders
exec {folder}/surface
"""


def retry(desk, *keys):
    return desk.campaignctl("retry", *keys)


def send_of(desk, name):
    return desk.campaignctl.one("sends", name)


def fails(desk, *names, **fields):
    """A send of each of these campaigns has failed; their keys."""
    desk.hold(*names)
    desk.live(**{name: fields or NOW for name in names})
    for name in names:
        if fields:
            desk.campaignctl.one("send-now", name)
        desk.answer(name, 69)
    desk.until("ended", *names)
    return [send_of(desk, name)["key"] for name in names]


def attempts(desk, name):
    """What its surface was given: key and number of each attempt."""
    return [(request["key"], request["attempt"]) for request, _ in desk.given(name)]


def told(desk, name, kind="retried"):
    return [(event["key"], event["actor"], event["reason"], event["text"])
            for event in desk.campaignctl("log", name) if event["kind"] == kind]


def killed(desk):
    desk.daemon.process.kill()
    desk.daemon.process.wait(timeout=PATIENCE)
    desk.start()


# --- what is tried again ---


def again(desk):
    """One that failed, one whose sender was killed, one that was cancelled, and a trigger that was called off."""
    write(f"{desk.folder}/noting", NOTING.format(folder=desk.folder), 0o755)
    desk.surface("noting", f"{desk.folder}/noting")
    desk.daemon.reload()
    names = ("failed", "interrupted", "cancelled")
    desk.hold(*names)
    desk.live(**{name: {**NOW, "surface": "noting"} for name in names}, planned=TRIGGERED)
    desk.until("started", *names)
    desk.answer("failed", 69)
    with open(desk.gates["interrupted"], "w"):
        os.kill(sender(desk, "interrupted"), signal.SIGKILL)
        desk.until("ended", "interrupted")
    desk.campaignctl.one("cancel", "cancelled", "--yes")
    key = desk.campaignctl.one("trigger", "planned", "--at", "2026-01-02T09:00")["key"]
    desk.campaignctl.one("cancel", "planned", "--key", key, "--yes")
    desk.until("ended", *names, "planned")
    before = {name: send_of(desk, name) for name in (*names, "planned")}
    expect({name: (send["state"], send["attempts"]) for name, send in before.items()}
           == {**{name: (name, 1) for name in names}, "planned": ("cancelled", 0)}, before)

    # Called off before its time: it waits for that again.
    planned = desk.campaignctl.one("retry", before.pop("planned")["key"])
    expect((planned["state"], planned["attempts"], planned["next_attempt_at"])
           == ("waiting", 0, "2026-01-02T08:00:00Z"), planned)
    desk.mark()
    for name, send in before.items():
        answer = desk.campaignctl.one("retry", send["key"], "--reason", "mended")
        expect((answer["key"], answer["campaign"], answer["ended_at"], answer["reason"])
               == (send["key"], name, None, None), answer)
        number = send["attempts"] + 1
        expect(told(desk, name) == [(send["key"], "root", "mended", f"tried again: attempt {number} is asked for")],
               told(desk, name))
    for name in names:
        desk.answer(name)
    desk.until("ended", *names, text="sent")
    for name, send in before.items():
        after, numbers = send_of(desk, name), range(1, send["attempts"] + 2)
        expect((after["key"], after["state"], after["attempts"], after["nominal"], after["due"])
               == (send["key"], "sent", numbers[-1], send["nominal"], send["due"]), after)
        expect(attempts(desk, name) == [(send["key"], number) for number in numbers], attempts(desk, name))
        started = [event["text"] for event in desk.campaignctl("log", name) if event["kind"] == "started"]
        expect(started == [f"attempt {number} started" for number in numbers], started)
    with open(f"{desk.folder}/senders") as file:
        keys = [line.split()[1] for line in file]
    expect(all(keys.count(before[name]["key"]) == 2 for name in names), f"OCCURRENCE_KEY is the same: {keys}")


def sender(desk, name):
    """The process that started the surface of its one send."""
    with open(f"{desk.folder}/senders") as file:
        pids = {key: int(pid) for pid, key in (line.split() for line in file)}
    return pids[send_of(desk, name)["key"]]


# --- what is refused ---


def refused(desk):
    """What has gone well, has not ended, or never began; what has ended for good; what nobody knows."""
    desk.hold("running", "waiting")
    desk.live(sent=NOW, running=NOW, late={"start": "2026-01-01T08:00"}, put_off=TRIGGERED)
    desk.until("ended", "sent")
    desk.until("started", "running")
    desk.campaignctl.one("trigger", "put-off", "--at", "2026-01-01T08:00")
    desk.campaignctl.one("pause", "put-off")
    keys = dict(zip(("stopped", "archived", "held"), fails(desk, "stopped", "archived", "held", **DAILY)))
    desk.leave("held")
    desk.campaignctl("stop", "stopped", "archived", "--yes")
    desk.campaignctl.one("archive", "archived")
    desk.campaignctl.one("pause", "held")
    desk.restart_at("2026-01-01 09:00:00")
    desk.until("ended", "late")
    desk.campaignctl.one("resume", "put-off")
    desk.live(waiting=NOW)
    desk.answer("waiting", 75)
    desk.until("waiting", "waiting")
    for name in ("sent", "running", "waiting", "late", "put-off"):
        keys[name] = send_of(desk, name)["key"]
    before, begun = desk.everything(*keys), len(desk.given())
    seen = desk.campaignctl.one("log", "--limit", "1")["seq"]
    for name, words in {"sent": "was sent; send-now sends", "running": "is running and has not ended",
                        "waiting": "is waiting and has not ended", "late": "was missed and never begun; send-now",
                        "put-off": "was skipped and never begun; send-now", "stopped": "duplicate it instead",
                        "archived": "duplicate it instead"}.items():
        answer = desk.refused("retry", keys[name])
        expect(words in answer["text"] and answer["name"] == name, f"{name}: {answer}")
        expect("retry" not in answer["allowed"] and ("send-now" in answer["allowed"]) == (answer["status"] == "active"),
               answer)
        told = desk.campaignctl.run("retry", keys[name])
        expect(told.returncode == 1 and told.stdout == "" and words in told.stderr, f"people are told: {told}")
    # Nothing has that key; another campaign's id, a word that can be no key, and none at all.
    unknown = keys["sent"].split("/")[0] + "/now/nobody"
    for key in (unknown, unknown[::-1], "sent"):
        desk.refused("retry", key, error="NotFound", status=3)
    expect(desk.refused("retry", "two words", error="InvalidField")["field"] == "key", "no key")
    expect(desk.campaignctl.run("retry").returncode == 2, "which one?")
    expect(desk.campaignctl.one("log", "--limit", "1")["seq"] == seen, "the history tells of nothing")
    expect(desk.everything(*keys) == before and len(desk.given()) == begun, "refusals changed something")
    # A pause holds what is planned, not a person.
    desk.mark()
    desk.campaignctl.one("retry", keys["held"])
    desk.until("ended", "held", text="sent")


def several(desk):
    """Each by itself; the exit status is that of the first one that fails."""
    first, second, third = fails(desk, "first", "second", "third")
    desk.live(sent=NOW)
    desk.until("ended", "sent")
    sent, unknown = send_of(desk, "sent")["key"], f"{first}-unknown"
    desk.mark()
    for keys, status, errors in [((first, unknown, sent), 3, [None, "NotFound", "InvalidState"]),
                                 ((sent, second, unknown), 1, ["InvalidState", None, "NotFound"])]:
        done = desk.campaignctl.run("retry", *keys, "--json")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        expect(done.returncode == status, f"the first one that fails says it: {done}")
        expect([answer.get("error") for answer in answers] == errors, answers)
        expect([answer["key"] for answer in answers if "error" not in answer]
               == [key for key, error in zip(keys, errors) if error is None], answers)
    for name in ("first", "second"):
        desk.answer(name)
    desk.until("ended", "first", "second", text="sent")
    for _ in range(2):
        desk.mark()
        line = desk.text("retry", third)
        expect(line.startswith("third: attempt ") and line.endswith(f" of {third} is under way\n"), line)
        desk.answer("third", 69)
        desk.until("ended", "third")
    revision = desk.show("third")["revision"]
    desk.refused("retry", third, "--revision", str(revision - 1), error="Conflict")
    expect(desk.campaignctl.run("retry", third, first, "--revision", "1").returncode == 2, "one key has a revision")
    expect(attempts(desk, "third") == [(third, number) for number in (1, 2, 3)], attempts(desk, "third"))


def looked(desk):
    """`--dry-run` says what would be, and nothing of it is."""
    key, = fails(desk, "failed")
    before, seen = desk.everything("failed"), desk.campaignctl.one("log", "--limit", "1")["seq"]
    answer = desk.campaignctl.one("retry", key, "--dry-run")
    expect((answer["key"], answer["state"], answer["attempts"]) == (key, "waiting", 1), answer)
    expect(desk.text("retry", key, "--dry-run") == f"failed: attempt 2 of {key} would begin\n", "for people")
    desk.decided("2026-01-01 06:00:00")
    expect(desk.everything("failed") == before and len(desk.given()) == 1, "a look changed something")
    expect(desk.campaignctl.one("log", "--limit", "1")["seq"] == seen, "the history tells of nothing")


# --- once ---


def durable(desk):
    """What was answered is done, though the daemon is killed right then; what was not answered is asked for again."""
    desk.hold("answered", "lost")
    names = ("answered", "lost")
    desk.live(**{name: NOW for name in names})
    for name in names:
        desk.answer(name, 69)
    desk.until("ended", *names)
    answered, lost = [send_of(desk, name)["key"] for name in names]
    desk.mark()
    desk.campaignctl.one("retry", answered)
    killed(desk)
    desk.answer("answered")
    desk.until("ended", "answered", text="sent")
    expect(attempts(desk, "answered") == [(answered, 1), (answered, 2)], attempts(desk, "answered"))

    # Nobody reads the answer. When its surface has begun, the same request says so and begins nothing.
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(desk.daemon.socket)
        client.sendall(json.dumps({"method": "org.campaignd.Retry", "parameters": {"key": lost}}).encode() + b"\0")
        with open(desk.gates["lost"], "w") as gate:
            desk.until("started", "lost")
            answer = desk.refused("retry", lost)
            expect("is running and has not ended" in answer["text"], answer)
            killed(desk)
            expect("is running" in desk.refused("retry", lost)["text"], "the next daemon says the same")
            gate.write("0\n")
    desk.until("ended", "lost", text="sent")
    expect("was sent" in desk.refused("retry", lost)["text"], "and what it has come to")
    expect(attempts(desk, "lost") == [(lost, 1), (lost, 2)], attempts(desk, "lost"))
    for name in names:
        expect(len(told(desk, name)) == 1, told(desk, name))


# --- beside others ---


def in_line(desk):
    """With overlap queue it waits behind the one that runs, and one more is refused; with skip it is refused."""
    desk.hold("daily", "apart")
    desk.live(daily=DAILY, apart={**DAILY, "overlap": "skip"})
    keys = {}
    for name in ("daily", "apart"):
        for word in ("first", "second"):
            desk.mark()
            desk.campaignctl.one("send-now", name, "--request-id", word)
            desk.answer(name, 69)
            desk.until("ended", name)
        keys[name] = [send["key"] for send in desk.campaignctl("sends", name)]
        desk.mark()
        desk.campaignctl.one("send-now", name, "--request-id", "third")
        desk.until("started", name)
    second, first = keys["daily"]
    desk.campaignctl.one("retry", first)
    found = {send["key"]: send for send in desk.campaignctl("sends", "daily")}[first]
    expect(found["state"] in ("queued", "waiting") and found["attempts"] == 1, f"it has not begun: {found}")
    expect("another one waits" in desk.refused("retry", second)["text"], "one runs and one waits")
    expect("overlap is skip" in desk.refused("retry", keys["apart"][0])["text"], "one runs")
    for name in ("daily", "apart"):
        desk.answer(name)
    desk.answer("daily")
    desk.settle()
    given = [request["key"] for request, _ in desk.given("daily")]
    third = first.replace("/first", "/third")
    expect(given == [first, second, third, first], f"behind the one that ran: {given}")
    expect(desk.states("daily") == ["sent", "failed", "sent"], desk.campaignctl("sends", "daily"))
    # Nothing is in its way any more.
    desk.hold("daily")
    desk.mark()
    desk.campaignctl("retry", second, keys["apart"][0])
    desk.answer("daily")
    desk.until("ended", "daily", "apart")


def stopping(desk):
    """A stop that waits for the sender's word is not overtaken."""
    own = f"{desk.folder}/programs"
    os.mkdir(own)
    shutil.copy(f"{desk.daemon.programs}/campaignd", own)
    # While the door is there, a sender waits before it reads anything.
    write(f"{own}/campaign-send", f"#!/bin/sh\n[ -p {desk.folder}/door ] && read -r open <{desk.folder}/door\n"
          f'exec {desk.daemon.programs}/campaign-send "$@"\n', 0o755)
    desk.daemon.programs = own
    desk.restart_at("2026-01-01 06:00:01")
    key, = fails(desk, "failed", **DAILY)
    os.mkfifo(f"{desk.folder}/door")
    desk.campaignctl.one("send-now", "failed")
    expect(desk.refused("stop", "failed", "--yes", error="Held")["name"] == "launcher-down", "it waits")
    answer = desk.refused("retry", key)
    expect("is being stopped" in answer["text"], answer)
    expect(set(answer["allowed"]) == {"stop", "cancel", "duplicate", "tag", "ack"}, answer)
    desk.mark()
    door = os.open(f"{desk.folder}/door", os.O_RDWR)
    os.unlink(f"{desk.folder}/door")
    os.close(door)
    desk.until("status", "failed", to="stopped")
    expect("duplicate it instead" in desk.refused("retry", key)["text"], "and then it has ended")
    expect(told(desk, "failed") == [], told(desk, "failed"))


def counted(desk):
    """The alert of the first failure stays, and counts the others, until a person has seen it."""
    key, = fails(desk, "failed")
    first = stands(desk, "failed", "send-failed")
    expect(first["count"] == 1 and "times)" not in desk.text("alerts"), first)
    for minute, (count, status) in enumerate([(2, 1), (3, 70), (3, 0)]):
        desk.at(f"2026-01-01 06:1{minute}:00")
        desk.campaignctl.one("retry", key)
        desk.answer("failed", status)
        desk.until("ended", "failed")
        alert = desk.campaignctl.one("alerts", "failed")
        expect((alert["code"], alert["count"], alert["since"]) == ("send-failed", count, first["since"]), alert)
        expect(desk.show("failed")["alerts"] == desk.campaignctl.one("list")["alerts"] == [alert], "told everywhere")
        told = desk.text("alerts", "failed").splitlines()[1:]
        expect(len(told) == 1 and f"{alert['text']} ({count} times)" in told[0], told)
        expect(f"{alert['text']} ({count} times) (send-failed, since " in str(desk.page("failed")), desk.page("failed"))
    expect("the surface ended with 70" in alert["text"], f"the newest one's reason: {alert}")
    expect(len(history(desk, "failed", "send-failed")) == 1, "it was raised once")
    expect(desk.campaignctl.one("ack", "failed")["alerts"] == [], "seen")
    desk.mark()
    desk.campaignctl.one("send-now", "failed", "--again")
    desk.answer("failed", 69)
    desk.until("ended", "failed")
    alert = stands(desk, "failed", "send-failed")
    expect(alert["count"] == 1 and alert["since"] > first["since"] and "times)" not in desk.text("alerts"), alert)
    kinds = [event["kind"] for event in history(desk, "failed", "send-failed")]
    expect(kinds == ["alert-raised", "alert-cleared", "alert-raised"], kinds)


play(again=again, refused=refused, several=several, looked=looked, durable=durable, in_line=in_line,
     stopping=stopping, counted=counted)
