"""The page on managing campaigns: campaigns are held and go on, and nothing is made up for; a stop is final.

usage: page_inbound.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect
from desk import play

HOURLY = {"start": "2026-01-02T09:00", "every": "hour", "end": "2026-12-31"}
DAILY = {"start": "2026-01-02T09:00", "every": "day", "end": "2026-12-31"}
TRIGGERED = {"type": "triggered", "start": None}


def summary(desk, name):
    """The newest record of that campaign, if it is one of many."""
    send = desk.campaignctl("sends", name, "--limit", "1")[0]
    return send["state"], send["count"], send["nominal"], send["nominal_last"]


def paused(desk):
    desk.hold("runs", "retried")
    desk.live(pulse=HOURLY, runs=HOURLY, retried=HOURLY, vacation=DAILY, edited=DAILY, halted=DAILY,
              over={**DAILY, "end": "2026-01-04T12:00"}, planned={**DAILY, "start": "2026-01-03T09:00"},
              welcome=TRIGGERED, goodbye=TRIGGERED, once={"start": "2026-03-02T09:00"})
    names = ("pulse", "runs", "retried", "vacation", "edited", "halted", "over", "planned", "welcome", "goodbye")
    sending = ("pulse", "vacation", "edited", "halted", "over")
    desk.at("2026-01-02 08:00:00")
    desk.until("ended", *sending)
    desk.answer("retried", 75)
    desk.until("waiting", "retried")
    desk.until("started", "runs")
    desk.at("2026-01-02 08:00:30")
    told = desk.text("pause", *names, "--reason", "holidays").splitlines()
    expect(told[0] == "pulse: active, paused, next 2026-01-02 10:00 Europe/Paris", told)
    rows = desk.table()
    marks = {name: rows[name]["STATUS"] for name in names}
    expect(marks == {**{name: "active, paused" for name in names}, "planned": "scheduled, paused"}, marks)
    expect(all(campaign["paused"] for campaign in desk.campaignctl("show", *names)), "as JSON too")
    # Nothing of a paused campaign is to come.
    expect({planned["campaign"] for planned in desk.campaignctl("next")} == {"once"}, desk.campaignctl("next"))
    for answer in desk.all_refused("pause", *names):
        expect("resume" in answer["allowed"] and "pause" not in answer["allowed"], answer)
    refused = desk.refused("pause", "once")
    expect("unschedule" in refused["text"] and "one-shot" in refused["text"], refused)

    # What was claimed before goes on, its next attempts too.
    desk.at("2026-01-02 08:10:00")
    for name in ("retried", "runs"):
        desk.answer(name)
        desk.until("ended", name)
        desk.leave(name)
    given = len(desk.given())
    resumed(desk, given)
    over_weeks(desk, names)


def resumed(desk, given):
    """After some hours, of which a part is spent by another daemon."""
    desk.at("2026-01-02 10:00:00")
    desk.restart_at("2026-01-02 11:59:00")
    expect(desk.show("pulse")["paused"], "over a restart too")
    expect(desk.states("pulse") == ["sent"], "nothing is decided meanwhile")
    told = desk.text("resume", "pulse", "runs", "retried").splitlines()
    expect(told[0] == "pulse: active, next 2026-01-02 13:00 Europe/Paris", told)
    for name, count in (("pulse", 3), ("runs", 3), ("retried", 3)):
        expect(summary(desk, name) == ("skipped", count, "2026-01-02T10:00:00", "2026-01-02T12:00:00"),
               desk.campaignctl("sends", name))
        expect(desk.states(name) == ["sent", "skipped"], desk.campaignctl("sends", name))
        expect(not desk.campaignctl("alerts", name), "what is skipped alarms nobody")
    expect("skipped (3)" in desk.text("sends", "pulse"), desk.text("sends", "pulse"))
    expect(len(desk.given()) == given, "a resume replays nothing")
    refused = desk.refused("resume", "pulse")
    expect("pause" in refused["allowed"] and "resume" not in refused["allowed"], refused)
    desk.at("2026-01-02 12:00:00")
    desk.until("ended", "pulse", "runs", "retried")
    expect(len(desk.given()) == given + 3, "on with the next ones")
    told = [(event["kind"], event["actor"], event["reason"])
            for event in desk.campaignctl("log", "pulse") if event["kind"] in ("paused", "resumed")]
    expect(told == [("paused", "root", "holidays"), ("resumed", "root", None)], told)
    # One that fell due is a record of its own, and a pause in which nothing did leaves none.
    desk.campaignctl.one("pause", "runs")
    desk.at("2026-01-02 12:30:00")
    desk.campaignctl.one("resume", "runs")
    expect(desk.states("runs") == ["sent", "skipped", "sent"], desk.campaignctl("sends", "runs"))
    desk.campaignctl.one("pause", "runs")
    desk.at("2026-01-02 13:00:00")
    desk.until("ended", "pulse", "retried")
    desk.campaignctl.one("resume", "runs")
    expect(summary(desk, "runs") == ("skipped", None, "2026-01-02T14:00:00", None), desk.campaignctl("sends", "runs"))
    desk.campaignctl("stop", "pulse", "runs", "retried", "--yes")


def over_weeks(desk, names):
    """Weeks later: each is one record, however it comes to be written, and statuses went on by themselves."""
    given = len(desk.given())
    desk.at("2026-01-05 08:30:00")
    desk.restart_at("2026-02-20 12:00:00")
    statuses = desk.status(*names)
    expect(statuses == {"pulse": "stopped", "runs": "stopped", "retried": "stopped", "vacation": "active",
                        "edited": "active", "halted": "active", "over": "completed", "planned": "active",
                        "welcome": "active", "goodbye": "active"}, statuses)
    expect(desk.show("over")["ended_at"] == "2026-01-05T08:30:00Z", "completed while it was paused")
    desk.campaignctl("resume", "vacation", "planned", "welcome")
    desk.campaignctl("stop", "halted", "goodbye", "--yes")
    desk.apply("edited", **{**DAILY, "start": "2026-01-02T08:00"})
    expect(desk.campaignctl.one("activate", "edited")["paused"], "a newer version is paused as the live one was")
    # From 3 January to 20 February are 49 days.
    for name in ("vacation", "planned", "halted", "edited"):
        expect(summary(desk, name) == ("skipped", 49, "2026-01-03T09:00:00", "2026-02-20T09:00:00"),
               f"{name}: {desk.campaignctl('sends', name)}")
    expect(summary(desk, "over") == ("skipped", 2, "2026-01-03T09:00:00", "2026-01-04T09:00:00"),
           desk.campaignctl("sends", "over"))
    desk.campaignctl.one("resume", "edited")
    expect(desk.states("edited") == ["sent", "skipped"], desk.campaignctl("sends", "edited"))
    expect(desk.campaignctl("alerts") == [], "nothing of it is missed")
    expect(len(desk.given()) == given, "nothing is replayed")
    desk.at("2026-02-21 07:00:00")
    desk.until("ended", "edited")
    desk.at("2026-02-21 08:00:00")
    desk.until("ended", "vacation", "planned")
    sent = sorted(request["campaign"]["name"] for request, _ in desk.given()[given:])
    expect(sent == ["edited", "planned", "vacation"], sent)

    for answer in desk.all_refused("resume", "halted", "goodbye", "over"):
        expect("duplicate" in answer["allowed"] and not {"resume", "activate"} & set(answer["allowed"]), answer)
    for answer in desk.all_refused("activate", "halted", "goodbye"):
        expect(answer["status"] == "stopped", answer)
    expect(desk.table()["welcome"]["STATUS"] == "active", "an inbound one goes on")


play(paused=paused)
