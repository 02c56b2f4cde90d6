"""Sends that are asked for by name: `trigger`, at once or for a time to come, and `send-now`. The same request id is
the same send for ever, over restarts and kills; who may ask when, and what withdraws, skips or misses one to come.

usage: triggers.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import json

from campaigns import PATIENCE, expect, write
from desk import play

TRIGGERED = {"type": "triggered", "start": None}
ONCE = {"start": "2026-01-05T09:00"}
DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31"}
DATA = {"email": "ada@example.org", "total": 12.50, "name": "Zoë 🎉", "big": 9007199254740993}
DATA_LIMIT = 64 * 1_024


def trigger(desk, name, *arguments):
    return desk.campaignctl.one("trigger", name, *arguments)


def killed(desk):
    """The daemon is killed, and the next one starts."""
    desk.daemon.process.kill()
    desk.daemon.process.wait(timeout=PATIENCE)
    desk.start()


def at_once(desk):
    desk.live(welcome=TRIGGERED, other=TRIGGERED)
    asked = ("--data", json.dumps(DATA), "--request-id", "order-1815")
    looked = trigger(desk, "welcome", *asked, "--dry-run")
    expect(desk.campaignctl("sends") == [] and looked["repeated"] is False, f"a dry run sends nothing: {looked}")
    first = trigger(desk, "welcome", *asked, "--reason", "ordered")
    desk.until("ended", "welcome")
    expect((first["campaign"], first["origin"], first["request_id"], first["repeated"], first["due"], first["nominal"])
           == ("welcome", "trigger", "order-1815", False, "2026-01-01T06:00:00Z", None), first)
    expect(first["key"] == f"{desk.show('welcome')['id']}/trigger/order-1815", first)
    request, text = desk.given()[0]
    expect((request["key"], request["origin"], text) == (first["key"], "trigger", "Hello."), request)
    expect(request["data"] == DATA, request)
    claimed = next(event for event in desk.campaignctl("log", "welcome") if event["kind"] == "claimed")
    expect((claimed["actor"], claimed["reason"], claimed["key"]) == ("root", "ordered", first["key"]), claimed)

    # The same request again is that one, whatever it carries, and whatever became of daemon and campaign.
    def again(*more):
        answer = trigger(desk, "welcome", "--request-id", "order-1815", *more)
        expect((answer["key"], answer["repeated"], answer["state"]) == (first["key"], True, "sent"), answer)
        expect(len(desk.given("welcome")) == 1 and desk.states("welcome") == ["sent"], "sent once")

    again(*asked[:2])
    again("--data", "[]", "--at", "2026-02-01T09:00")
    killed(desk)
    again()
    # Killed while it runs: the same request finds it there.
    desk.hold("other")
    running = trigger(desk, "other", "--request-id", "order-1815", "--data", "null")
    with open(desk.gates["other"], "w") as gate:
        killed(desk)
        found = trigger(desk, "other", "--request-id", "order-1815")
        expect((found["key"], found["repeated"]) == (running["key"], True) and found["key"] != first["key"], found)
        gate.write("0\n")
    desk.until("ended", "other")
    desk.leave("other")
    expect(desk.given("other")[0][0]["data"] is None and len(desk.given("other")) == 1, desk.given("other"))
    desk.campaignctl("stop", "welcome", "other", "--yes")
    again()
    desk.refused("trigger", "welcome", "--request-id", "order-1816")
    expect("This request id was used before" in desk.campaignctl.run(
        "trigger", "welcome", "--request-id", "order-1815").stderr, "people are told too")
    without_an_id(desk)


def without_an_id(desk):
    """An id is made, told with the answer, and another one each time."""
    desk.live(quick=TRIGGERED)
    answers = [trigger(desk, "quick") for _ in range(3)]
    expect(all(len({answer[name] for answer in answers}) == 3 for name in ("request_id", "key")), answers)
    told = desk.campaignctl.run("trigger", "quick")
    made = told.stderr.split("request id: ")[1].split(";")[0]
    expect(f"/trigger/{made}" in told.stdout, told)
    desk.settle()
    expect(desk.states("quick") == ["sent"] * 4, desk.campaignctl("sends", "quick"))


def to_come(desk):
    desk.live(welcome={**TRIGGERED, "end": "2026-12-31"}, plain=TRIGGERED, daily=DAILY)
    local = trigger(desk, "welcome", "--at", "2026-01-03T09:00", "--request-id", "local", "--data", '{"n": 1}')
    instant = trigger(desk, "welcome", "--at", "2026-01-02T08:00:00Z", "--request-id", "instant")
    expect((local["due"], instant["due"]) == ("2026-01-03T08:00:00Z", "2026-01-02T08:00:00Z"), (local, instant))
    for send in (local, instant):
        expect((send["state"], send["attempts"], send["next_attempt_at"], send["started_at"])
               == ("waiting", 0, send["due"], None), send)
    planned = [event["text"] for event in desk.campaignctl("log", "welcome") if event["kind"] == "trigger-planned"]
    expect(planned == ["trigger local is planned for 2026-01-03 09:00 Europe/Paris",
                       "trigger instant is planned for 2026-01-02 09:00 Europe/Paris"],
           planned)

    # Everywhere that tells what is to come.
    found = {send["key"]: send for send in desk.campaignctl("sends", "welcome")}
    expect(set(found) == {local["key"], instant["key"]}, found)
    lines = desk.text("sends", "welcome").splitlines()[1:]
    expect(len(lines) == 2 and all("to come" in line for line in lines), lines)
    coming = [(planned["campaign"], planned["due"]) for planned in desk.campaignctl("next", "-n", "3")]
    expect(coming == [("welcome", instant["due"]), ("welcome", local["due"]), ("daily", "2026-01-05T08:00:00Z")],
           coming)
    rows = desk.table()
    expect((rows["welcome"]["NEXT"], rows["plain"]["NEXT"]) == ("2026-01-02 09:00 Europe/Paris", "-"), rows)
    listed = {campaign["name"]: campaign["next"] for campaign in desk.campaignctl("list")}
    expect(listed["welcome"] == [instant["due"]] and listed["plain"] == [], listed)
    expect(desk.show("welcome")["next"][0] == instant["due"], desk.show("welcome"))
    expect("2026-01-02 09:00" in str(desk.page("welcome")), desk.page("welcome"))

    fires(desk, local, instant)
    withdrawn(desk)
    stopped(desk)


def fires(desk, local, instant):
    """Each at its own time, not a second before, also after a kill; the same request finds it, before and after."""
    answer = trigger(desk, "welcome", "--request-id", "local")
    expect((answer["key"], answer["repeated"], answer["state"]) == (local["key"], True, "waiting"), answer)
    desk.at("2026-01-02 07:59:59")
    expect(desk.given() == [], "not yet")
    desk.at("2026-01-02 08:00:00")
    desk.until("ended", "welcome")
    expect([request["key"] for request, _ in desk.given()] == [instant["key"]], desk.given())
    killed(desk)
    # It gets the version and the message of its own time.
    desk.apply("welcome", **TRIGGERED, end="2026-12-31", title="The second one")
    desk.live_again("welcome")
    desk.publish("hello", "Later.")
    desk.at("2026-01-03 08:00:00")
    desk.until("ended", "welcome")
    request, text = desk.given()[-1]
    expect((request["key"], request["data"], text, request["campaign"]["version"])
           == (local["key"], {"n": 1}, "Later.", 2), request)
    expect(trigger(desk, "welcome", "--request-id", "local")["state"] == "sent", "and it is sent once")
    expect(len(desk.given()) == 2 and desk.show("welcome")["next"] == [], desk.given())


def withdrawn(desk):
    """One to come is called off by its key alone."""
    keys = [trigger(desk, "plain", "--at", "2026-01-04T09:00", "--request-id", word)["key"] for word in "ab"]
    refused = desk.refused("cancel", "plain", "--yes")
    expect("by its key" in refused["text"] and "cancel" not in refused["allowed"], refused)
    desk.campaignctl.one("cancel", "plain", "--key", keys[0], "--yes", "--reason", "ordered twice")
    ended = [event for event in desk.campaignctl("log", "plain") if event["kind"] == "ended"]
    expect([(event["key"], event["actor"]) for event in ended] == [(keys[0], "root")], ended)
    answer = trigger(desk, "plain", "--request-id", "a")
    expect((answer["state"], answer["reason"], answer["repeated"]) == ("cancelled", "ordered twice", True), answer)
    desk.refused("cancel", "plain", "--key", keys[0], "--yes", error="NotFound", status=3)
    desk.at("2026-01-04 08:00:00")
    desk.until("ended", "plain")
    expect([request["key"] for request, _ in desk.given("plain")] == [keys[1]], desk.given("plain"))


def stopped(desk):
    """A stop says beforehand what it cancels, and cancels it; what is asked for once more is that."""
    sends = [trigger(desk, "welcome", "--at", f"2026-02-0{day}T09:00", "--request-id", f"d{day}") for day in (1, 2)]
    looked = desk.campaignctl.one("stop", "welcome", "--dry-run")
    expect(looked["status"] == "stopped", looked)
    expect([send["key"] for send in looked["cancels"]] == [send["key"] for send in sends], looked["cancels"])
    expect((looked["goes_on"], looked["drops"]) == ([], []), looked)
    told = desk.text("stop", "welcome", "--dry-run").splitlines()
    expect(told[0] == "welcome: would be stopped" and len(told) == 3, told)
    for send, line in zip(sends, told[1:], strict=True):
        expect("would be cancelled: 2026-02-0" in line and "to come" in line and send["key"] in line, told)
    expect(desk.show("welcome")["status"] == "active", "a look changes nothing")
    desk.campaignctl.one("stop", "welcome", "--yes")
    expect(desk.states("welcome") == ["sent", "sent", "cancelled", "cancelled"], desk.campaignctl("sends", "welcome"))
    expect(trigger(desk, "welcome", "--request-id", "d1")["state"] == "cancelled", "for ever")
    given = len(desk.given())
    desk.at("2026-02-03 09:00:00")
    desk.until("ended", "daily")
    expect(not [request for request, _ in desk.given()[given:] if request["campaign"]["name"] == "welcome"], "nothing")


def refused(desk):
    """Who may not be asked, and what can't be taken: told with the reason, and nothing is kept."""
    window = {**TRIGGERED, "start": "2026-01-10T09:00", "end": "2026-01-20"}
    desk.live(window=window, ended=TRIGGERED, held=TRIGGERED, plain=TRIGGERED, daily={**DAILY, "start": "now"})
    desk.drafts(idea=TRIGGERED)
    desk.until("ended", "daily")
    desk.campaignctl.one("stop", "ended", "--yes")
    desk.campaignctl.one("pause", "held")
    names = ("window", "ended", "held", "plain", "daily", "idea")
    before, begun = desk.everything(*names), len(desk.given())

    for name, status, words in [("idea", "draft", "activate it first"), ("ended", "stopped", "has ended"),
                                ("held", "active", "paused"), ("daily", "active", "send-now")]:
        for arguments in ((), ("--at", "2026-01-15T09:00")):
            answer = desk.refused("trigger", name, *arguments)
            expect(answer["status"] == status and words in answer["text"], answer)
            expect("trigger" not in answer["allowed"], answer)
    # Open from its start to its end, both included.
    for arguments in ((), ("--at", "2026-01-10T08:59:59"), ("--at", "2026-01-20T23:00:00Z"),
                      ("--at", "2025-12-31T09:00")):
        answer = desk.refused("trigger", "window", *arguments, error="InvalidField")
        expect(answer["field"] == "--at", answer)
    for option, value in [("--request-id", "with space"), ("--request-id", "x" * 65), ("--request-id", ""),
                          ("--data", "{not json"), ("--data", ""), ("--at", "tomorrow"),
                          ("--data", json.dumps("x" * (DATA_LIMIT - 1)))]:
        answer = desk.refused("trigger", "plain", option, value, error="InvalidField")
        expect(answer["field"] == option and answer["text"].startswith(f"{option}: "), answer)
    desk.refused("trigger", "nobody", error="NotFound", status=3)
    expect(desk.everything(*names) == before and len(desk.given()) == begun, "refusals changed something")

    # As much as is allowed goes through, from a file too.
    write(f"{desk.folder}/data", json.dumps("x" * (DATA_LIMIT - 2)))
    trigger(desk, "plain", "--data-file", f"{desk.folder}/data", "--request-id", "x" * 64)
    desk.until("ended", "plain")
    expect(len(desk.given("plain")[0][0]["data"]) == DATA_LIMIT - 2, "all of it")
    for word, time in {"first": "2026-01-10T09:00", "last": "2026-01-20T23:59:59"}.items():
        trigger(desk, "window", "--at", time, "--request-id", word)
    desk.at("2026-01-10 08:00:00")
    desk.until("ended", "window")
    desk.at("2026-01-20 22:59:59")
    desk.until("ended", "window")
    desk.at("2026-01-20 23:00:00")
    expect((desk.status("window")["window"], desk.states("window")) == ("completed", ["sent"] * 2), desk.show("window"))
    expect("has ended" in desk.refused("trigger", "window")["text"], "after its end")


def not_begun(desk):
    """What falls due in a pause is skipped, what is too late is missed, and of those to come there are not too many."""
    desk.live(held=TRIGGERED, late=TRIGGERED, caught=TRIGGERED, full=TRIGGERED)
    trigger(desk, "held", "--at", "2026-01-02T09:00", "--request-id", "skipped")
    trigger(desk, "held", "--at", "2026-01-03T09:00", "--request-id", "sent")
    desk.campaignctl.one("pause", "held")
    expect("held" not in {planned["campaign"] for planned in desk.campaignctl("next")}, "nothing of it is to come")
    desk.at("2026-01-02 08:00:00")
    desk.campaignctl.one("resume", "held")
    expect(desk.states("held") == ["skipped", "waiting"], desk.campaignctl("sends", "held"))
    expect(desk.campaignctl("alerts") == [] and desk.given() == [], "what is skipped alarms nobody")
    for name, time in {"late": "2026-01-03T10:00", "caught": "2026-01-03T10:31"}.items():
        trigger(desk, name, "--at", time, "--request-id", "one")
    desk.at("2026-01-03 08:00:00")
    desk.until("ended", "held")
    expect(desk.states("held") == ["skipped", "sent"], desk.campaignctl("sends", "held"))
    desk.restart_at("2026-01-03 10:30:00")
    desk.until("ended", "late", "caught")
    expect((desk.states("late"), desk.states("caught")) == (["missed"], ["sent"]), desk.campaignctl("sends"))
    expect([(alert["campaign"], alert["code"]) for alert in desk.campaignctl("alerts")]
           == [("late", "occurrence-missed")], desk.campaignctl("alerts"))
    expect(trigger(desk, "late", "--request-id", "one")["state"] == "missed", "asked for again it is the same")

    desk.configure(limits="{pending_triggers: 2}")
    keys = [trigger(desk, "full", "--at", "2026-02-01T09:00", "--request-id", word)["key"] for word in "ab"]
    answer = desk.refused("trigger", "full", "--at", "2026-02-01T09:00", "--request-id", "c", error="Held")
    expect(answer["name"] == "limits.pending_triggers" and answer["request_id"] == "c", answer)
    expect(trigger(desk, "full", "--request-id", "b")["key"] == keys[1], "those that are there are answered")
    trigger(desk, "full", "--request-id", "at-once")
    desk.until("ended", "full")
    trigger(desk, "caught", "--at", "2026-02-01T09:00")
    desk.campaignctl.one("cancel", "full", "--key", keys[0], "--yes")
    trigger(desk, "full", "--at", "2026-02-01T09:00", "--request-id", "c")


def shown(desk):
    """A campaign's page shows the next five of those to come, and the list the first."""
    desk.live(welcome=TRIGGERED)
    for day in (7, 2, 5, 3, 6, 4):
        trigger(desk, "welcome", "--at", f"2026-01-0{day}T09:00", "--request-id", f"d{day}")
    days = [f"2026-01-0{day}T08:00:00Z" for day in range(2, 8)]
    expect([planned["due"] for planned in desk.campaignctl("next")] == days, desk.campaignctl("next"))
    expect(desk.campaignctl.one("list")["next"] == days[:1], desk.campaignctl("list"))
    expect(desk.show("welcome")["next"] == days[:5], desk.show("welcome"))


play(at_once=at_once, to_come=to_come, refused=refused, not_begun=not_begun, shown=shown)
