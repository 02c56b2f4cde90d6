"""Every alert about what happened to a send: raised by its cause, told everywhere, and gone when a person has seen it,
or with its cause. Then what an acknowledgement takes and what it leaves, and the alerts of many campaigns page by page.

usage: alerts_of_sends.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from alert_marks import codes, found_by_check, gone, history, stands
from campaigns import expect
from desk import play
from wire import Wire
from zone_database import database, install

ONCE = {"start": "2026-01-05T09:00"}
DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31"}
HOURLY = {"start": "2026-01-05T09:00", "every": "hour", "end": "2026-01-05T22:00"}
START = "2026-01-05 08:00:00"
ZONE = "America/Mexico_City"


def seen(desk, name, code, beside=()):
    """A person has seen it: what it reported is no alert any more."""
    desk.campaignctl.one("ack", name, "--reason", "seen")
    told = gone(desk, name, code, beside)
    expect((told["actor"], told["reason"]) == ("root", "seen"), told)


def ended_badly(desk):
    """A send that fails, one of which nobody knows the end, and one that could not begin in time."""
    desk.hold("failing", "killed", "busy")
    desk.live(failing=DAILY, killed=DAILY, busy={**ONCE, "retries": 0})
    desk.at(START)
    for name, status in {"failing": 69, "killed": "killed", "busy": 75}.items():
        desk.answer(name, status)
    desk.until("ended", "failing", "killed", "busy")
    stands(desk, "failing", "send-failed", text="a send failed: the surface ended with 69")
    stands(desk, "killed", "send-interrupted", text="nobody knows how far a send came: ")
    stands(desk, "busy", "send-failed", text="a send failed: ")
    expect([desk.states(name) for name in ("failing", "killed", "busy")]
           == [["failed"], ["interrupted"], ["failed"]], desk.campaignctl("sends"))
    # What a send came to blocks no activation, and the next one that goes well is no answer to it.
    desk.apply("failing", **DAILY, title="Anew")
    found_by_check(desk, "failing", 0)
    expect(desk.live_again("failing")["status"] == "active", "a newer version can be activated")
    desk.at("2026-01-06 08:00:00")
    desk.answer("failing")
    desk.answer("killed")
    desk.until("ended", "failing", "killed")
    stands(desk, "failing", "send-failed")
    stands(desk, "killed", "send-interrupted")
    seen(desk, "failing", "send-failed")
    seen(desk, "killed", "send-interrupted")
    seen(desk, "busy", "send-failed")
    # Again: a new alert, not the old one.
    desk.at("2026-01-07 08:00:00")
    desk.answer("failing", 1)
    desk.answer("killed")
    desk.until("ended", "failing", "killed")
    again = stands(desk, "failing", "send-failed", text="the surface ended with 1")
    expect(again["since"] == "2026-01-07T08:00:00Z", again)


def not_begun(desk):
    """The daemon is off for longer than a send may be late; what it catches up is no alert."""
    desk.live(single=ONCE, patient={**ONCE, "late_limit": "4h"}, hourly={**HOURLY, "late_limit": "30m"}, daily=DAILY)
    desk.restart_at("2026-01-05 10:31:00")
    desk.until("ended", "single", "patient", "hourly", "daily")
    expect([desk.states(name) for name in ("single", "patient", "hourly", "daily")]
           == [["missed"], ["sent"], ["missed"], ["missed"]], desk.campaignctl("sends"))
    stands(desk, "single", "occurrence-missed", text="later than its limit of 1h")
    stands(desk, "hourly", "occurrence-missed", text="3 occurrences up to 2026-01-05 11:00")
    stands(desk, "daily", "occurrence-missed", text="later than its limit of 1h")
    expect(desk.show("patient")["alerts"] == [], "its limit is its own")
    for name in ("single", "hourly", "daily"):
        seen(desk, name, "occurrence-missed")
    desk.at("2026-01-05 11:00:00")
    desk.until("ended", "hourly")
    expect(desk.show("hourly")["alerts"] == [], "on with the next one")


def while_it_runs(desk):
    """A send that takes long; those that it keeps from beginning; and the end of its campaign."""
    desk.configure(slow_after="10m")
    desk.hold("slow", "apart", "queueing", "closing", "brief")
    desk.live(slow=DAILY, apart={**HOURLY, "overlap": "skip"}, queueing=HOURLY, brief=DAILY,
              closing={**DAILY, "end": "2026-01-05T09:30"})
    desk.at(START)
    desk.until("started", "slow", "apart", "queueing", "closing", "brief")
    desk.at("2026-01-05 08:09:59")
    desk.answer("brief")
    desk.until("ended", "brief")
    expect(desk.campaignctl("alerts") == [], "not yet")
    desk.at("2026-01-05 08:10:00")
    desk.until("alert-raised", "slow", "apart", "queueing", "closing")
    stands(desk, "slow", "send-slow", "warning", text="a send has been running for 10m")
    desk.answer("slow")
    desk.until("ended", "slow")
    gone(desk, "slow", "send-slow")
    expect(history(desk, "slow", "send-slow")[-1]["actor"] == "campaignd", "by itself")

    # Completed at its end while a send of it runs, which goes on.
    desk.at("2026-01-05 08:30:00")
    desk.until("status", "closing", to="completed")
    expect(desk.states("closing") == ["running"], desk.campaignctl("sends", "closing"))
    stands(desk, "closing", "outlived-completion", "warning", beside=["send-slow"])
    desk.answer("closing")
    desk.until("ended", "closing")
    stands(desk, "closing", "outlived-completion", "warning")
    seen(desk, "closing", "outlived-completion")

    desk.at("2026-01-05 09:00:00")
    desk.until("ended", "apart")
    expect(desk.states("apart") == ["running", "skipped"], desk.campaignctl("sends", "apart"))
    expect(desk.states("queueing") == ["running", "queued"], desk.campaignctl("sends", "queueing"))
    stands(desk, "apart", "overlap-skipped", "warning", beside=["send-slow"])
    desk.at("2026-01-05 10:00:00")
    desk.until("ended", "queueing")
    expect(desk.states("queueing") == ["running", "queued", "skipped"], desk.campaignctl("sends", "queueing"))
    stands(desk, "queueing", "overlap-skipped", "warning", beside=["send-slow"])
    # What was left out has ended before.
    desk.mark()
    desk.answer("apart")
    desk.until("ended", "apart")
    stands(desk, "apart", "overlap-skipped", "warning")
    expect(desk.campaignctl.run("status", "--check").returncode == 0, "warnings are no error")
    seen(desk, "apart", "overlap-skipped")


def runs_on(desk):
    """That a send takes long is so until it ends: a person who has seen it is not told of it anew."""
    desk.hold("slow")
    desk.live(slow={"start": "now"})
    desk.until("started", "slow")
    desk.at("2026-01-01 06:30:00")
    stands(desk, "slow", "send-slow", "warning")
    desk.campaignctl.one("ack", "slow")
    desk.at("2026-01-01 06:30:02")
    stands(desk, "slow", "send-slow", "warning")
    expect(len(history(desk, "slow", "send-slow")) == 1, history(desk, "slow", "send-slow"))
    desk.answer("slow")
    desk.until("ended", "slow")
    gone(desk, "slow", "send-slow")


def zone_moved(desk):
    """The system's zone data change while a campaign is planned."""
    folder = desk.folder
    old, new = database(folder, "2022e", ZONE, -5), database(folder, "2022f", ZONE, -6)
    install(folder, old)
    desk.variables = {"TZDIR": f"{folder}/zoneinfo"}
    desk.restart_at("2026-01-01 06:00:01")
    desk.live(moved={**DAILY, "timezone": ZONE}, elsewhere={**DAILY, "timezone": "UTC"})
    expect(desk.show("moved")["next"][0] == "2026-01-05T14:00:00Z", desk.show("moved"))
    desk.mark()
    install(folder, new)
    desk.until("alert-raised", "moved")
    expect(desk.show("moved")["next"][0] == "2026-01-05T15:00:00Z", desk.show("moved"))
    stands(desk, "moved", "zone-data-changed", "warning", text="2022f")
    expect(desk.show("elsewhere")["alerts"] == [], "no zone of its")
    seen(desk, "moved", "zone-data-changed")


def acknowledged(desk):
    """What happened is a person's to take away; what is so goes with its cause alone."""
    desk.surface("goes")
    desk.audience("nobody")
    desk.daemon.reload()
    fields = {"start": "2026-01-05T09:00", "every": "hour", "audience": "nobody", "surface": "goes", "title": None,
              "overlap": "skip"}
    desk.hold("all-of-it")
    desk.live(all_of_it=fields, another={"start": "2026-01-05T09:00", "title": None},
              third={"start": "2026-01-05T09:00", "title": None}, calm=DAILY)
    desk.at(START)
    desk.until("ended", "another", "third", "calm")
    desk.at("2026-01-05 09:00:00")
    desk.answer("all-of-it", 69)
    desk.until("ended", "all-of-it")
    desk.drop_surface("goes")
    desk.daemon.reload()
    desk.until("alert-raised", "all-of-it")
    is_so = ["audience-empty", "no-end", "surface-missing", "title-missing"]
    happened = ["overlap-skipped", "send-failed"]
    desk.at("2026-01-05 09:00:01")
    expect(codes(desk.show("all-of-it")["alerts"]) == sorted(is_so + happened), desk.show("all-of-it"))

    last = desk.campaignctl.one("log", "--limit", "1")["seq"]
    looked = desk.campaignctl.one("ack", "all-of-it", "--dry-run")
    expect(codes(looked["alerts"]) == is_so and sorted(looked["acknowledged"]) == happened, looked)
    expect(codes(desk.show("all-of-it")["alerts"]) == sorted(is_so + happened), "a dry run takes nothing")
    acked = desk.campaignctl.one("ack", "all-of-it", "--reason", "sent by hand")
    expect(codes(acked["alerts"]) == is_so and sorted(acked["acknowledged"]) == happened, acked)
    told = sorted((event["kind"], event["text"], event["actor"], event["reason"])
                  for event in desk.campaignctl("log", "all-of-it") if event["seq"] > last)
    expect(told == [("alert-cleared", f"{code} is over", "root", "sent by hand") for code in happened], told)
    # Nothing is left to acknowledge, there and where nothing happened: no change.
    before = desk.everything("all-of-it", "another", "calm")
    desk.campaignctl("ack", "all-of-it", "another", "calm")
    expect(desk.everything("all-of-it", "another", "calm") == before, "there was nothing to take away")
    expect(desk.campaignctl.one("ack", "all-of-it")["acknowledged"] == [], "and it says so")
    desk.refused("ack", "nobody", error="NotFound", status=3)


def many(desk):
    """The alerts of many campaigns page by page: each once, in the order of the whole, the daemon's own first."""
    desk.audience("nobody")
    desk.daemon.reload()
    desk.live(**{f"c{number}": {"start": "2026-01-05T09:00", "every": "week", "title": None, "audience": "nobody"}
                 for number in range(3)}, c3={"start": "2026-01-05T09:00", "title": None}, calm=DAILY)
    desk.mark()
    desk.clock.set("1970-01-02 00:00:00")
    desk.campaignctl.story(desk.last).until("alert-raised", campaign=None)
    whole = desk.campaignctl("alerts")
    three = ["audience-empty", "no-end", "title-missing"]
    expect([alert["campaign"] for alert in whole] == [None] + ["c0"] * 3 + ["c1"] * 3 + ["c2"] * 3 + ["c3"], whole)
    expect(all(codes(desk.campaignctl("alerts", f"c{number}")) == three for number in range(3)), whole)
    expect(desk.campaignctl("alerts", "--limit", "5") == whole[:5], "the first five")
    table = desk.text("alerts").splitlines()
    expect(table[0].split() == ["SEVERITY", "CODE", "CAMPAIGN", "SINCE", "TEXT"] and len(table) == 12, table)
    with Wire(desk.daemon.socket) as call:
        pages, cursor = [], None
        while not pages or cursor:
            page = call("Alerts", limit=4, **({"cursor": cursor} if cursor else {}))
            pages.append(page["alerts"])
            cursor = page["next_cursor"]
    expect([alert for page in pages for alert in page] == whole, f"{pages} are not {whole}")
    expect([len(page) for page in pages] == [4, 4, 3], [len(page) for page in pages])


play(ended_badly=ended_badly, not_begun=not_begun, while_it_runs=while_it_runs, runs_on=runs_on,
     zone_moved=zone_moved, acknowledged=acknowledged, many=many)
