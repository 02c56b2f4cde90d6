"""The page on managing campaigns: a one-shot completes three days after its activation, a recurring one at its end.

usage: page_completion.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import datetime

from campaigns import expect
from desk import play

# Activated on a Friday at 18:00 in Paris; three days later the clocks there show another hour where they have changed.
THREE_DAYS = {
    "winter": ("2026-01-09 17:00:00", "2026-01-12 17:00:00", "2026-01-12 18:00"),
    "spring": ("2026-03-27 17:00:00", "2026-03-30 17:00:00", "2026-03-30 19:00"),
    "summer": ("2026-07-03 16:00:00", "2026-07-06 16:00:00", "2026-07-06 18:00"),
    "autumn": ("2026-10-23 16:00:00", "2026-10-26 16:00:00", "2026-10-26 17:00"),
}
# Where and how a recurring campaign ends, and the last second that counts, in UTC. In Paris clocks change at 02:00 on
# 29 March and at 03:00 on 25 October, in Havana at midnight on 8 March and at 01:00 on 1 November, so that one midnight
# is not there and one comes twice; in Beirut the last hour of 24 October comes twice.
ENDS = {
    "havana-before-spring": ("America/Havana", "2026-03-07", "2026-03-08 04:59:59"),
    "havana-spring-gap": ("America/Havana", "2026-03-08T00:30", "2026-03-08 05:30:00"),
    "havana-spring": ("America/Havana", "2026-03-08", "2026-03-09 03:59:59"),
    "paris-before-spring": ("Europe/Paris", "2026-03-28", "2026-03-28 22:59:59"),
    "paris-spring-gap": ("Europe/Paris", "2026-03-29T02:30", "2026-03-29 01:30:00"),
    "paris-spring": ("Europe/Paris", "2026-03-29", "2026-03-29 21:59:59"),
    "paris-after-spring": ("Europe/Paris", "2026-03-30", "2026-03-30 21:59:59"),
    "beirut-autumn": ("Asia/Beirut", "2026-10-24", "2026-10-24 21:59:59"),
    "paris-before-autumn": ("Europe/Paris", "2026-10-24", "2026-10-24 21:59:59"),
    "paris-autumn-fold": ("Europe/Paris", "2026-10-25T02:30", "2026-10-25 00:30:00"),
    "paris-autumn": ("Europe/Paris", "2026-10-25", "2026-10-25 22:59:59"),
    "havana-before-autumn": ("America/Havana", "2026-10-31", "2026-11-01 03:59:59"),
    "havana-autumn": ("America/Havana", "2026-11-01", "2026-11-02 04:59:59"),
}


def second(text, later):
    """That many seconds later than an instant."""
    return str(datetime.datetime.fromisoformat(text) + datetime.timedelta(seconds=later))


def zulu(text):
    return text.replace(" ", "T") + "Z"


def turns(desk, name):
    """When its status became which."""
    return [(event["to"], event["at"]) for event in desk.campaignctl("log", name) if event["kind"] == "status"]


def three_days(desk):
    desk.live(**{name: {"start": f"{begins[:10]}T18:00"} for name, (begins, _, _) in THREE_DAYS.items()})
    for name, (begins, ends, local) in THREE_DAYS.items():
        desk.at(begins)
        desk.until("ended", name)
        # Of one that is activated by hand the three days begin then.
        now = f"{name}-now"
        made = desk.live(**{now: {"start": "now"}})[0]
        desk.until("ended", now)
        for campaign in (made, desk.show(name)):
            expect((campaign["status"], campaign["activated_at"], campaign["completes_at"], campaign["ended_at"])
                   == ("active", zulu(begins), zulu(ends), None), campaign)
        expect(desk.page(name)["Completes"] == f"{local} Europe/Paris, in 3 days", desk.page(name))
        desk.at(second(ends, -1))
        expect(set(desk.status(name, now).values()) == {"active"}, f"{name}: a second before the three days are over")
        desk.at(ends)
        for campaign in desk.campaignctl("show", name, now):
            expect((campaign["status"], campaign["ended_at"], campaign["next"])
                   == ("completed", zulu(ends), []), campaign)
        expect(desk.page(name)["Status"] == f"completed, ended {local} Europe/Paris; just now", desk.page(name))
    expect(turns(desk, "autumn")[1:] == [("activating", "2026-10-23T16:00:00Z"), ("active", "2026-10-23T16:00:00Z"),
                                         ("completed", "2026-10-26T16:00:00Z")], turns(desk, "autumn"))
    a_late_daemon(desk)


def a_late_daemon(desk):
    """The three days begin when the daemon activates it; what is over while it is off is over when it is back."""
    desk.live(late={"start": "2026-11-02T09:00"}, too_late={"start": "2026-11-02T07:00"})
    desk.restart_at("2026-11-02 08:30:00")
    desk.until("ended", "late", "too-late")
    expect(desk.show("late")["completes_at"] == "2026-11-05T08:30:00Z", desk.show("late"))
    expect(desk.states("too-late") == ["missed"], "its send is later than its limit, and its life goes on")
    desk.restart_at("2026-11-20 12:00:00")
    for name in ("late", "too-late"):
        expect(turns(desk, name)[1:] == [("activating", "2026-11-02T08:30:00Z"), ("active", "2026-11-02T08:30:00Z"),
                                         ("completed", "2026-11-20T12:00:00Z")], turns(desk, name))
    # Off from the start to long after the end: all of it happens, in order.
    desk.live(slept={"start": "2026-12-01T09:00"})
    desk.restart_at("2026-12-20 12:00:00")
    desk.until("ended", "slept")
    desk.at("2026-12-23 12:00:00")
    expect(turns(desk, "slept")[1:] == [("activating", "2026-12-20T12:00:00Z"), ("active", "2026-12-20T12:00:00Z"),
                                        ("completed", "2026-12-23T12:00:00Z")], turns(desk, "slept"))
    expect(desk.states("slept") == ["missed"], desk.campaignctl("sends", "slept"))


def at_its_end(desk):
    made = desk.live(
        endless={"start": "2026-01-01T09:00", "every": "month"},
        **{name: {"start": "2026-01-01T10:00", "timezone": zone, "every": "month", "end": end}
           for name, (zone, end, _) in ENDS.items()})
    completes = {campaign["name"]: campaign["completes_at"] for campaign in made}
    expect(completes == {"endless": None, **{name: zulu(last) for name, (_, _, last) in ENDS.items()}}, completes)
    shown = {name: desk.page(name)["Completes"].split(", in ")[0] for name in ("havana-spring-gap", "paris-autumn-fold")}
    expect(shown == {"havana-spring-gap": "2026-03-08 01:30 America/Havana",
                     "paris-autumn-fold": "2026-10-25 02:30 Europe/Paris"}, shown)
    counted(desk)
    due_at_the_end(desk)
    for last in sorted({last for _, _, last in ENDS.values()}):
        names = [name for name, (_, _, end) in ENDS.items() if end == last]
        desk.at(second(last, -1))
        expect(set(desk.status(*names).values()) == {"active"}, f"{names} a second before {last}")
        # The second after a day's last one is the next day's first.
        desk.at(second(last, 1 if last.endswith("59") else 0))
        expect(set(desk.status(*names).values()) == {"completed"}, f"{names} at {last}")
    desk.at("2027-06-01 06:00:00")
    campaign = desk.show("endless")
    expect((campaign["status"], campaign["ended_at"]) == ("active", None) and campaign["next"], campaign)


def counted(desk):
    """With a count, or an UNTIL, a campaign is over when its last send has ended."""
    daily = {"start": "2026-01-05T09:00", "every": "day"}
    rule = "FREQ=DAILY;UNTIL=20260106T080000Z"
    desk.live(twice={**daily, "count": 2}, until={"start": daily["start"], "rrule": rule}, thrice={**daily, "count": 3})
    desk.at("2026-01-05 08:00:00")
    desk.until("ended", "twice", "until", "thrice")
    desk.hold("twice")
    desk.at("2026-01-06 08:00:00")
    desk.until("ended", "until", "thrice")
    desk.until("started", "twice")
    expect(desk.show("twice")["status"] == "active", "its last send is under way")
    desk.at("2026-01-06 08:20:00")
    desk.answer("twice")
    desk.campaignctl.story().until_all("status", ["twice"], to="completed")
    statuses = desk.status("twice", "until", "thrice")
    expect(statuses == {"twice": "completed", "until": "completed", "thrice": "active"}, statuses)
    expect(desk.show("twice")["ended_at"] == "2026-01-06T08:20:00Z", desk.show("twice"))
    desk.at("2026-01-07 08:00:00")
    desk.campaignctl.story().until_all("status", ["thrice"], to="completed")
    for name, count in (("twice", 2), ("until", 2), ("thrice", 3)):
        expect(desk.states(name) == ["sent"] * count, desk.campaignctl("sends", name))


def due_at_the_end(desk):
    """What is due exactly at the end is sent, and a send under way outlives it."""
    desk.live(to_the_minute={"start": "2026-01-08T12:00", "every": "day", "end": "2026-01-09T12:00"},
              last_second={"start": "2026-01-08T23:59:59", "every": "day", "end": "2026-01-09"},
              slow={"start": "2026-01-08T11:00", "every": "day", "end": "2026-01-09T11:30"})
    desk.hold("slow")
    desk.at("2026-01-08 10:00:00")
    desk.answer("slow")
    desk.until("ended", "slow")
    desk.at("2026-01-08 11:00:00")
    desk.until("ended", "to-the-minute")
    desk.at("2026-01-08 22:59:59")
    desk.until("ended", "last-second")
    desk.at("2026-01-09 10:00:00")
    desk.until("started", "slow")
    desk.at("2026-01-09 11:00:00")
    desk.until("ended", "to-the-minute")
    statuses = desk.status("to-the-minute", "slow", "last-second")
    expect(statuses == {"to-the-minute": "completed", "slow": "completed", "last-second": "active"}, statuses)
    expect(desk.states("slow") == ["sent", "running"], "what runs goes on")
    desk.answer("slow")
    desk.until("ended", "slow")
    desk.at("2026-01-09 22:59:59")
    desk.until("ended", "last-second")
    for name in ("to-the-minute", "last-second", "slow"):
        expect(desk.show(name)["status"] == "completed", desk.show(name))
        expect(desk.states(name) == ["sent", "sent"], desk.campaignctl("sends", name))
    expect(desk.show("to-the-minute")["ended_at"] == "2026-01-09T11:00:00Z", desk.show("to-the-minute"))


play(three_days=three_days, at_its_end=at_its_end)
