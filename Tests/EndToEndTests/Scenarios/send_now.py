"""`send-now`: a person sends an active campaign once, at once, beside its schedule; the same request id, the same send.

usage: send_now.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import PATIENCE, expect
from desk import play

ONCE = {"start": "2026-01-05T09:00"}
DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31"}
TRIGGERED = {"type": "triggered", "start": None}


def send_now(desk, name, *arguments):
    return desk.campaignctl.one("send-now", name, *arguments)


def beside(desk):
    """Beside the schedule, which it does not move; asked for again, after whatever, it is that one."""
    desk.live(daily={**DAILY, "start": "2026-01-01T06:30"}, welcome=TRIGGERED)
    planned = desk.show("daily")["next"]
    looked = send_now(desk, "daily", "--request-id", "one", "--dry-run")
    expect(looked["repeated"] is False and desk.campaignctl("sends") == [], looked)
    first = send_now(desk, "daily", "--request-id", "one", "--reason", "the list was late")
    desk.until("ended", "daily")
    expect((first["origin"], first["nominal"], first["due"], first["request_id"], first["repeated"])
           == ("send-now", None, "2026-01-01T06:00:00Z", "one", False), first)
    expect(first["key"] == f"{desk.show('daily')['id']}/now/one", first)
    expect([(request["key"], request["origin"]) for request, _ in desk.given()] == [(first["key"], "send-now")],
           desk.given())
    claimed = next(event for event in desk.campaignctl("log", "daily") if event["kind"] == "claimed")
    expect((claimed["actor"], claimed["reason"]) == ("root", "the list was late"), claimed)
    expect(desk.show("daily")["next"] == planned, "what is planned stays")
    desk.at("2026-01-02 05:30:00")
    desk.until("ended", "daily")
    expect(desk.states("daily") == ["sent", "sent"], desk.campaignctl("sends", "daily"))

    def again():
        answer = send_now(desk, "daily", "--request-id", "one")
        expect((answer["key"], answer["repeated"], answer["state"]) == (first["key"], True, "sent"), answer)

    again()
    desk.daemon.process.kill()
    desk.daemon.process.wait(timeout=PATIENCE)
    desk.start()
    again()
    second = send_now(desk, "daily")
    expect(second["key"] != first["key"] and second["repeated"] is False, second)
    # The same id for a trigger is another request.
    send_now(desk, "welcome", "--request-id", "one")
    desk.campaignctl.one("trigger", "welcome", "--request-id", "one")
    desk.campaignctl.story(desk.last).until_all("ended", ("welcome",))
    desk.settle()
    expect(sorted(send["origin"] for send in desk.campaignctl("sends", "welcome")) == ["send-now", "trigger"],
           desk.campaignctl("sends", "welcome"))
    desk.campaignctl.one("stop", "daily", "--yes")
    again()
    desk.refused("send-now", "daily", "--request-id", "two")
    expect(len(desk.given("daily")) == 3, desk.given("daily"))


def once(desk):
    """A one-shot is sent once unless a person says `--again`."""
    desk.hold("running", "retried", "sent", "failed")
    desk.live(planned=ONCE, late={**ONCE, "start": "2026-01-02T09:00"})
    desk.restart_at("2026-01-03 06:00:00")
    desk.until("ended", "late")
    desk.live(**{name: {"start": "now"} for name in ("running", "retried", "sent", "failed")})
    for name, status in {"retried": 75, "sent": 0, "failed": 69}.items():
        desk.answer(name, status)
    desk.campaignctl.story(desk.last).until_all("ended", ("sent", "failed"))
    desk.campaignctl.story(desk.last).until_all("waiting", ("retried",))
    desk.campaignctl.story(desk.last).until_all("started", ("running",))
    for name in list(desk.gates):
        if name != "running":
            desk.leave(name)
    begun = len(desk.given())
    expect("not active yet" in desk.refused("send-now", "planned")["text"], "its start is to come")
    for name, words in {"running": "is running", "retried": "is waiting", "sent": "has ended as sent",
                        "failed": "has ended as failed"}.items():
        answer = desk.refused("send-now", name, "--request-id", "one")
        key = desk.campaignctl.one("sends", name)["key"]
        expect(words in answer["text"] and "--again" in answer["text"] and key in answer["text"], answer)
        expect((f"retry '{key}'" in answer["text"]) == (name == "failed"), f"the way out: {answer}")
        expect(answer["request_id"] == "one", answer)
    expect(len(desk.given()) == begun, "refused is refused")

    # No attempt of it was ever accepted.
    answer = send_now(desk, "late", "--request-id", "one")
    desk.campaignctl.story(desk.last).until_all("ended", ("late",))
    expect(answer["repeated"] is False and desk.states("late") == ["missed", "sent"], desk.campaignctl("sends", "late"))
    for name in ("sent", "failed"):
        desk.mark()
        send_now(desk, name, "--again", "--request-id", "one")
        desk.until("ended", name)
        expect(desk.states(name) == [name, "sent"], desk.campaignctl("sends", name))
        expect(send_now(desk, name, "--request-id", "one")["repeated"] is True, "asked for again")
    # It stands behind the one that runs.
    expect(send_now(desk, "running", "--again")["state"] == "queued", desk.campaignctl("sends", "running"))
    desk.mark()
    desk.answer("running")
    desk.until("ended", "running")
    desk.answer("running")
    desk.settle()
    expect(desk.states("running") == ["sent", "sent"], desk.campaignctl("sends", "running"))


def refused(desk):
    """Only an active campaign that is not paused, and only where its overlap lets it."""
    desk.drafts(idea=DAILY)
    desk.live(planned=DAILY, held={**DAILY, "start": "2025-12-01T09:00"}, ended=DAILY, put_away=DAILY,
              apart={**DAILY, "start": "2025-12-01T09:00", "overlap": "skip"})
    desk.campaignctl.one("pause", "held")
    desk.campaignctl("stop", "ended", "put-away", "--yes")
    desk.campaignctl.one("archive", "put-away")
    for name, words in {"idea": "activate it first", "planned": "not active yet", "held": "paused",
                        "ended": "duplicate it instead", "put-away": "duplicate it instead"}.items():
        answer = desk.refused("send-now", name)
        expect(words in answer["text"] and "send-now" not in answer["allowed"], answer)
    for word in ("with space", "x" * 65, ""):
        answer = desk.refused("send-now", "apart", "--request-id", word, error="InvalidField")
        expect(answer["field"] == "--request-id", answer)
    desk.hold("apart")
    desk.mark()
    send_now(desk, "apart")
    desk.until("started", "apart")
    expect("overlap is skip" in desk.refused("send-now", "apart")["text"], "one runs")
    desk.answer("apart")
    desk.leave("apart")
    desk.until("ended", "apart")
    expect(desk.states("apart") == ["sent"], desk.campaignctl("sends", "apart"))


def in_line(desk):
    """One runs, one waits for its end, whatever their ids are, and no more; a stop cancels what waits."""
    names = ("forward", "backward", "both")
    desk.live(**{name: {**DAILY, "start": "2025-12-01T09:00"} for name in names})
    desk.hold(*names)
    desk.mark()
    for name, word in {"forward": "a", "backward": "b", "both": "a"}.items():
        send_now(desk, name, "--request-id", word)
    desk.until("started", *names)
    for name, word in {"forward": "b", "backward": "a", "both": "b"}.items():
        answer = send_now(desk, name, "--request-id", word)
        expect((answer["state"], answer["attempts"], answer["queue_position"] is None) == ("queued", 0, False),
               f"{name}: it waits: {answer}")
        expect("another one waits" in desk.refused("send-now", name)["text"], "and no more")
    desk.campaignctl.one("stop", "both", "--yes")
    for name in names:
        desk.answer(name)
    desk.until("ended", *names)
    for name in ("forward", "backward"):
        desk.answer(name)
    desk.settle()
    expect([desk.states(name) for name in names] == [["sent"] * 2, ["sent"] * 2, ["sent", "cancelled"]],
           desk.campaignctl("sends"))


play(beside=beside, once=once, refused=refused, in_line=in_line)
