"""Every alert that checks find: raised by its cause, told everywhere, blocking or not, and gone with its cause.

usage: alerts_of_checks.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os

from alert_marks import codes, found_by_check, gone, history, stands
from campaigns import expect, write
from desk import play

DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31"}
START = "2026-01-05 08:00:00"


def refused(desk, name, *wanted):
    """An activation is refused with all these errors at once, and changes nothing; answers the alerts."""
    before = desk.show(name)
    answer = desk.refused("activate", name, error="ChecksFailed")
    expect(codes(answer["alerts"]) == sorted(wanted), f"activate {name}: {answer}")
    expect({alert["severity"] for alert in answer["alerts"]} == {"error"}, f"warnings block nothing: {answer}")
    done = desk.campaignctl.run("activate", name)
    expect(all(f"({code}" in done.stderr for code in wanted) and done.stdout == "", done)
    expect(desk.show(name) == before, f"a refused activation changed {name}")
    return {alert["code"]: alert for alert in answer["alerts"]}


def missing(desk):
    desk.drafts(wrong={"start": "2025-12-01T09:00", "message": "later", "surface": "later", "audience": "later",
                       "title": None})
    errors = ("message-missing", "surface-missing", "audience-missing", "start-in-past")
    found = refused(desk, "wrong", *errors)
    fields = {code: alert["field"] for code, alert in found.items()}
    expect(fields == {"message-missing": "message", "surface-missing": "surface", "audience-missing": "audience",
                      "start-in-past": "schedule.start"}, fields)
    for code, way_out in {"message-missing": "campaignctl message put", "surface-missing": "surfaces.d",
                          "audience-missing": "audiences.d", "start-in-past": "move it"}.items():
        expect(way_out in found[code]["text"], f"what to do: {found[code]}")
    found_by_check(desk, "wrong", 1, *errors, "title-missing")

    # Mended one after the other. Once a message is published it can't be gone again, nor be unpublished.
    desk.put("later", "Later.")
    refused(desk, "wrong", "message-not-published", *errors[1:])
    found_by_check(desk, "wrong", 1, "message-not-published", *errors[1:], "title-missing")
    desk.campaignctl.one("message", "publish", "later")
    desk.surface("later", channel="sms")
    desk.daemon.reload()
    found = refused(desk, "wrong", "surface-wrong-channel", *errors[2:])["surface-wrong-channel"]
    expect(found["field"] == "surface" and "sms" in found["text"] and "email" in found["text"], found)
    desk.surface("later")
    desk.audience("later", "ann@example.org")
    desk.daemon.reload()
    found_by_check(desk, "wrong", 1, "start-in-past", "title-missing")
    refused(desk, "wrong", "start-in-past")
    desk.apply("wrong", start="2026-01-05T09:00", message="later", surface="later", audience="later")
    found_by_check(desk, "wrong", 0)
    told = [event["kind"] for event in desk.campaignctl("log", "wrong")]
    expect("alert-raised" not in told, f"what was refused is no alert: {told}")
    expect(desk.live_again("wrong")["status"] == "scheduled", "nothing stands in its way any more")
    stands_in_the_way(desk)


def stands_in_the_way(desk):
    """What was there at the activation is taken away: told at once, and nothing is sent until it is back."""
    cases = {"no-surface": ("surface-missing", "surface"), "wrong-channel": ("surface-wrong-channel", "surface"),
             "no-audience": ("audience-missing", "audience"), "no-surface-daily": ("surface-missing", "surface")}
    desk.surface("goes")
    desk.surface("turns")
    desk.audience("goes", "ann@example.org")
    desk.daemon.reload()
    desk.live(no_surface={"start": "2026-01-05T09:00", "surface": "goes"},
              no_surface_daily={**DAILY, "surface": "goes"},
              wrong_channel={"start": "2026-01-05T09:00", "surface": "turns"},
              no_audience={"start": "2026-01-05T09:00", "audience": "goes"})
    desk.mark()
    desk.drop_surface("goes")
    desk.surface("turns", channel="push")
    desk.drop_audience("goes")
    desk.daemon.reload()
    desk.until("alert-raised", *cases)
    for name, (code, field) in cases.items():
        stands(desk, name, code, field=field)
        found_by_check(desk, name, 1, code)
    expect(set(desk.status(*cases).values()) == {"scheduled"}, "told before the start")
    desk.at(START)
    desk.until("status", *cases, to="activating")
    desk.at("2026-01-05 08:30:00")
    rows = desk.table()
    for name, (code, field) in cases.items():
        expect(rows[name]["STATUS"] == "activating ! 1", f"until it passes: {rows[name]}")
        expect([alert["code"] for alert in desk.show(name)["alerts"]] == [code], desk.show(name))
    stands(desk, "no-surface-daily", "surface-missing", field="surface")
    expect({request["campaign"]["name"] for request, _ in desk.given()} <= {"wrong"}, "nothing was handed over")

    desk.mark()
    desk.surface("goes")
    desk.surface("turns")
    desk.audience("goes", "ann@example.org")
    desk.daemon.reload()
    desk.until("ended", *cases)
    for name, (code, _) in cases.items():
        gone(desk, name, code)
        expect((desk.status(name)[name], desk.states(name)) == ("active", ["sent"]), desk.campaignctl("sends", name))
        kinds = [event["kind"] for event in history(desk, name, code)]
        expect(kinds == ["alert-raised", "alert-cleared"], f"{name}: told once: {kinds}")


def schedules(desk):
    past = {"start": "2025-11-01T09:00", "every": "day"}
    desk.drafts(late={"start": "2026-01-01T06:00", "timezone": "UTC"}, over={**past, "end": "2025-12-01"},
                spent={**past, "count": 3}, onward={**past, "end": "2026-12-31"}, welcome={
                    "type": "triggered", "start": None, "end": "2025-12-31"})
    cases = {"late": ("start-in-past", "schedule.start"), "over": ("end-in-past", "schedule.end"),
             "spent": ("never-occurs", "schedule"), "welcome": ("end-in-past", "schedule.end")}
    for name, (code, field) in cases.items():
        found = refused(desk, name, code)[code]
        expect(found["field"] == field, found)
        found_by_check(desk, name, 1, code)
    # Its start is past too, and it goes on.
    found_by_check(desk, "onward", 0)
    expect(desk.live_again("onward")["status"] == "active", "a recurring one goes on with its next occurrence")
    never = desk.file("never", start="2026-02-01T09:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    desk.refused("apply", "-f", never, error="InvalidField")

    desk.apply("late", start="2026-01-01T06:00:01", timezone="UTC")
    desk.apply("over", **past, end="2026-12-01")
    desk.apply("spent", **past, count=300)
    desk.apply("welcome", type="triggered", start=None, end="2026-12-31")
    for name in cases:
        found_by_check(desk, name, 0)
        expect(desk.live_again(name)["status"] == ("scheduled" if name == "late" else "active"), desk.show(name))
    over_at_once(desk, past)


def over_at_once(desk, past):
    """A newer draft whose end is past is only warned of where it completes an active campaign at once."""
    desk.live(planned={"start": "2026-02-01T09:00", "every": "day", "end": "2026-12-31"})
    desk.apply("planned", start="2025-11-01T09:00", every="day", end="2025-12-01")
    refused(desk, "planned", "end-in-past")
    desk.apply("onward", **past, end="2025-12-31T12:00")
    found = found_by_check(desk, "onward", 0, "end-in-past")[0]
    expect((found["severity"], found["field"]) == ("warning", "schedule.end"), found)
    expect(desk.status("onward")["onward"] == "active", "the check changed nothing")
    done = desk.campaignctl.one("activate", "onward")
    expect((done["status"], done["alerts"]) == ("completed", []), done)
    told = [event["kind"] for event in history(desk, "onward", "end-in-past")]
    expect(told == ["alert-raised", "alert-cleared"], told)
    gone(desk, "onward", "end-in-past")


def warned(desk):
    endless = {"start": "2026-01-05T09:00", "every": "week"}
    desk.audience("nobody")
    desk.audience("lost", "ann@example.org")
    os.unlink(f"{desk.folder}/lost.csv")
    desk.audience("unknown")
    write(f"{desk.folder}/config/audiences.d/unknown.yaml", "reference: list-42\n")
    desk.daemon.reload()
    cases = {"empty": ("audience-empty", "audience", "audience nobody is empty"),
             "uncounted": ("audience-empty", "audience", "audience lost could not be counted: "),
             "nameless": ("title-missing", "title", "give the campaign a title"),
             "endless": ("no-end", "schedule.end", "give it an end or a count")}
    desk.drafts(empty={**DAILY, "audience": "nobody"}, uncounted={**DAILY, "audience": "lost"},
                nameless={**DAILY, "title": None}, endless=endless, foreign={**DAILY, "audience": "unknown"})
    found_by_check(desk, "foreign", 0)
    for name, (code, field, text) in cases.items():
        found_by_check(desk, name, 0, code)
        done = desk.live_again(name)
        expect((done["status"], codes(done["alerts"])) == ("scheduled", [code]), f"warnings block nothing: {done}")
        stands(desk, name, code, "warning", field, text)

    # Counted again by a check, as soon as anybody is in it; until then what was counted stands.
    desk.at(START)
    desk.until("ended", *cases)
    for name in ("empty", "uncounted"):
        stands(desk, name, "audience-empty", "warning", "audience")
    desk.audience("nobody", "ann@example.org")
    desk.audience("lost", "ann@example.org")
    for name in ("empty", "uncounted"):
        found_by_check(desk, name, 0)
        gone(desk, name, "audience-empty")
    desk.audience("lost")
    found_by_check(desk, "uncounted", 0, "audience-empty")
    stands(desk, "uncounted", "audience-empty", "warning", "audience", "audience lost is empty")

    # A newer version without the fault, from its activation on.
    desk.apply("nameless", **DAILY, title="A name")
    desk.apply("endless", **endless, count=50)
    for name in ("nameless", "endless"):
        found_by_check(desk, name, 0)
        stands(desk, name, cases[name][0], "warning", cases[name][1])
        desk.live_again(name)
        gone(desk, name, cases[name][0])


play(missing=missing, schedules=schedules, warned=warned)
