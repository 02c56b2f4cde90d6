"""The page on managing campaigns: modifying what is in force, messages that change meanwhile, and planned campaigns
that become drafts again.

usage: page_versions.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect
from desk import play

# Every Friday; 11:30 in Paris is 10:30 UTC, and 11:00 is 10:00.
FRIDAYS = {"start": "2026-01-02T11:30", "every": "week", "days": "[friday]", "end": "2026-12-31"}
FRIDAYS_AT_11 = {**FRIDAYS, "at": '["11:00"]'}
DAILY = {"start": "2026-01-02T09:00", "every": "day", "end": "2026-12-31"}


def modified(desk):
    desk.live(before=FRIDAYS, after=FRIDAYS, restarted=FRIDAYS)
    desk.at("2026-01-02 10:30:00")
    desk.until("ended", "before", "after", "restarted")

    # On Thursday evening the same Friday is earlier, and nothing is sent because of the change.
    desk.at("2026-01-08 19:00:00")
    changed = desk.apply("before", **FRIDAYS_AT_11, title="Half an hour earlier")
    expect(changed["next"][0] == "2026-01-09T10:30:00Z", f"the live one stands until then: {changed}")
    told = desk.campaignctl.run("activate", "before")
    expect(told.stdout == "before: active, next 2026-01-09 11:00 Europe/Paris\n" and "slot" not in told.stderr, told)
    before = desk.show("before")
    expect(before["next"][:2] == ["2026-01-09T10:00:00Z", "2026-01-16T10:00:00Z"], before)
    expect((before["version"], before["draft_version"]) == (2, None), before)
    # A start of now in a newer draft moves nothing: the series keeps its anchor.
    desk.apply("restarted", **{**FRIDAYS, "start": "now", "title": "From now"})
    restarted = desk.campaignctl.one("activate", "restarted")
    expect(restarted["next"][0] == "2026-01-09T10:30:00Z", restarted)
    desk.at("2026-01-09 09:59:59")
    expect(len(desk.given()) == 3, "nothing was sent by the edit")
    desk.at("2026-01-09 10:00:00")
    desk.until("ended", "before")

    # At 11:15 on Friday that day's 11:00 has passed, and its 11:30 is no more.
    desk.at("2026-01-09 10:15:00")
    desk.apply("after", **FRIDAYS_AT_11, title="Too late for today")
    told = desk.campaignctl.run("activate", "after")
    expect(told.returncode == 0 and told.stdout.startswith("after: active"), told)
    expect("next 2026-01-16 11:00 Europe/Paris" in told.stdout, told)
    expect(any("today's slot, 11:00, has passed" in line for line in told.stderr.splitlines()), told)
    desk.at("2026-01-09 10:30:00")
    desk.until("ended", "restarted")
    expect(desk.states("before") == ["sent", "sent"], desk.campaignctl("sends", "before"))
    expect(desk.states("after") == ["sent", "missed"], desk.campaignctl("sends", "after"))
    desk.at("2026-01-16 10:00:00")
    desk.until("ended", "before", "after")
    sent = [(request["due"], request["campaign"]["version"], request["campaign"]["title"])
            for request, _ in desk.given("after")]
    expect(sent == [("2026-01-02T10:30:00Z", 1, "The campaign after"),
                    ("2026-01-16T10:00:00Z", 2, "Too late for today")], sent)
    sent = [request["due"][:16] for request, _ in desk.given("before")]
    expect(sent == ["2026-01-02T10:30", "2026-01-09T10:00", "2026-01-16T10:00"], sent)
    sent = [request["due"][:16] for request, _ in desk.given("restarted")]
    expect(sent == ["2026-01-02T10:30", "2026-01-09T10:30"], sent)
    running(desk)
    replaced(desk)
    tags(desk)
    later_on_the_same_day(desk)


def running(desk):
    """A send that has begun, or waits for its next attempt, is its version's to the end."""
    desk.hold("slow", "again")
    desk.live(slow={**DAILY, "title": "First"}, again={**DAILY, "title": "First"})
    desk.at("2026-01-17 08:00:00")
    desk.answer("again", 75)
    desk.until("waiting", "again")
    desk.until("started", "slow")
    for name in ("slow", "again"):
        desk.apply(name, **DAILY, title="Second")
    desk.campaignctl("activate", "slow", "again")
    desk.at("2026-01-17 08:10:00")
    desk.answer("again")
    desk.until("ended", "again")
    desk.answer("slow")
    desk.until("ended", "slow")
    for name in ("slow", "again"):
        expect(desk.show(name)["version"] == 2, "the live version is the new one")
        expect([send["version"] for send in desk.campaignctl("sends", name)] == [1], desk.campaignctl("sends", name))
        desk.leave(name)
    desk.at("2026-01-18 08:00:00")
    desk.until("ended", "slow", "again")

    def versions(name):
        return [(request["attempt"], request["campaign"]["version"], request["campaign"]["title"])
                for request, _ in desk.given(name)]

    expect(versions("slow") == [(1, 1, "First"), (1, 2, "Second")], versions("slow"))
    expect(versions("again") == [(1, 1, "First"), (2, 1, "First"), (1, 2, "Second")], versions("again"))
    desk.campaignctl("stop", "slow", "again", "--yes")


def replaced(desk):
    """What an activation over the live version does to the status; what is equal, and what can't be modified."""
    desk.live(planned={**DAILY, "start": "2026-03-02T09:00"}, sooner={**DAILY, "start": "2026-03-02T09:00"},
              moved=DAILY, over=DAILY, single={"start": "2026-03-02T09:00"})
    edits = {"planned": {"start": "2026-03-09T09:00"}, "sooner": {"start": "2026-01-12T09:00"},
             "moved": {"start": "2026-04-06T09:00"}, "over": {"end": "2026-01-17"}}
    for name, edit in edits.items():
        desk.apply(name, **{**DAILY, **edit})
    done = {campaign["name"]: (campaign["status"], campaign["version"], (campaign["next"] or [None])[0])
            for campaign in desk.campaignctl("activate", *edits)}
    expect(done == {"planned": ("scheduled", 2, "2026-03-09T08:00:00Z"), "over": ("completed", 2, None),
                    "sooner": ("active", 2, "2026-01-19T08:00:00Z"), "moved": ("active", 2, "2026-04-06T07:00:00Z")},
           done)
    expect(sum(len(desk.given(name)) for name in edits) == 0, "nothing is sent by an activation over a live version")

    once = desk.campaignctl.one("modify", "planned")
    again = desk.campaignctl.one("modify", "planned")
    expect(once == again and once["draft_version"] == 3, "with a draft present, modify changes nothing")
    desk.campaignctl.one("discard", "planned")
    expect(desk.show("planned")["draft_version"] is None, "dropped")
    same = desk.apply("planned", **{**DAILY, "start": "2026-03-09T09:00"})
    expect(same["draft_version"] is None, f"a file equal to the live version makes no draft: {same}")
    expect(desk.campaignctl.one("modify", "planned")["draft_version"] == 4, "a number is not used again")
    refused = desk.refused("modify", "single")
    expect("unschedule" in refused["text"] and "duplicate" in refused["text"], refused)
    expect(refused["status"] == "scheduled" and "modify" not in refused["allowed"], refused)


def tags(desk):
    desk.drafts(idea=DAILY)
    desk.campaignctl.one("archive", "over")
    before = {campaign["name"]: campaign for campaign in desk.campaignctl("list", "--all")}
    names = ["idea", "planned", "moved", "slow", "over"]
    statuses = [before[name]["status"] for name in names]
    expect(statuses == ["draft", "scheduled", "active", "stopped", "archived"], before)
    for tagged in desk.campaignctl("tag", *names, "--add", "vip", "--add", "fr"):
        old = before[tagged["name"]]
        # The list tells one of the next instants, and the answer five.
        new = {"tags": ["vip", "fr"], "revision": old["revision"] + 1, "next": tagged["next"], "notes": []}
        expect(tagged == {**old, **new}, f"{old} {tagged}")
    desk.campaignctl("tag", *names, "--remove", "fr")
    found = [campaign["name"] for campaign in desk.campaignctl("list", "--all", "--tag", "vip")]
    expect(found == sorted(names), found)
    expect(desk.campaignctl("list", "--all", "--tag", "fr") == [], "removed")


def later_on_the_same_day(desk):
    """What was sent at nine is moved to ten at noon: that day has had its send, and misses none."""
    desk.live(shifted={**DAILY, "start": "2026-01-19T09:00"})
    desk.at("2026-01-19 08:00:00")
    desk.until("ended", "shifted")
    desk.at("2026-01-19 11:00:00")
    desk.apply("shifted", **{**DAILY, "start": "2026-01-19T10:00"})
    shifted = desk.campaignctl.one("activate", "shifted")
    expect(shifted["next"][0] == "2026-01-20T09:00:00Z" and shifted["alerts"] == [], shifted)
    expect(desk.states("shifted") == ["sent"], desk.campaignctl("sends", "shifted"))


def revisions(desk):
    """A revision that is published while a send runs, waits for its next attempt or for its turn is not that send's."""
    desk.surface("narrow", max_concurrent=1)
    desk.daemon.reload()
    offer = {**DAILY, "message": "offer"}
    desk.publish("offer", "Revision one.")
    desk.live(runs=offer, waits=offer, first={**offer, "surface": "narrow"}, queued={**offer, "surface": "narrow"})
    desk.hold("runs", "waits", "first")
    desk.at("2026-01-02 08:00:00")
    desk.answer("waits", 75)
    desk.until("waiting", "waits")
    desk.until("started", "runs", "first")
    expect(desk.states("queued") == ["queued"], desk.campaignctl("sends", "queued"))
    desk.publish("offer", "Revision two.")
    # Nobody is sent a draft.
    expect(desk.put("offer", "Revision three.")["published_revision"] == 2, "revision 3 is a draft")
    for name in ("runs", "first"):
        desk.answer(name)
        desk.until("ended", name)
    desk.until("ended", "queued")
    desk.at("2026-01-02 08:10:00")
    desk.answer("waits")
    desk.until("ended", "waits")
    names = ("runs", "waits", "first", "queued")
    for name in ("runs", "waits", "first"):
        desk.leave(name)
    desk.at("2026-01-03 08:00:00")
    desk.until("ended", *names)
    one, two = (1, "Revision one.\n", "Revision one."), (2, "Revision two.\n", "Revision two.")
    for name in names:
        for step in ("begun", "ended"):
            got = [(request["message"]["revision"], request["message"]["text"], text)
                   for request, text in desk.given(name, step)]
            wanted = [one, one, two] if name == "waits" else [one, two]
            expect(got == wanted, f"{name}, when it has {step}: {got}")
    desk.campaignctl.one("message", "publish", "offer")
    desk.at("2026-01-04 08:00:00")
    desk.until("ended", *names)
    expect([desk.given(name)[-1][1] for name in names] == ["Revision three."] * 4, desk.given())


def unscheduled(desk):
    desk.surface("away")
    desk.daemon.reload()
    once = {"start": "2026-01-05T09:00"}
    desk.live(single=once, edited={**DAILY, "start": "2026-01-05T09:00", "title": "First"},
              held={**once, "surface": "away"}, active=DAILY | {"start": "2026-01-01T06:00"}, dropped=once)
    desk.apply("edited", **{**DAILY, "start": "2026-01-06T09:00", "title": "Second"})
    back = {campaign["name"]: campaign for campaign in desk.campaignctl("unschedule", "single", "edited", "dropped")}
    for name, version, title in [("single", 1, "The campaign single"), ("edited", 2, "Second")]:
        campaign = back[name]
        expect((campaign["status"], campaign["version"], campaign["draft_version"], campaign["title"])
               == ("draft", version, None, title), campaign)
    rows = desk.table()
    expect([rows[name]["STATUS"] for name in back] == ["draft"] * 3, rows)
    desk.drop_surface("away")
    desk.daemon.reload()
    desk.at("2026-01-05 08:00:00")
    expect(desk.show("held")["status"] == "activating", "a check fails")
    expect(desk.campaignctl.one("unschedule", "held")["status"] == "draft", "a draft again")
    desk.surface("away")
    desk.daemon.reload()
    desk.at("2026-01-07 08:00:00")
    desk.until("ended", "active")
    expect(set(desk.status(*back, "held").values()) == {"draft"}, "nothing goes on by itself")
    for name in (*back, "held"):
        expect(not desk.given(name) and not desk.states(name), f"{name} was sent")
        expect(desk.show(name)["activated_at"] is None, desk.show(name))

    refused = desk.refused("activate", "single", error="ChecksFailed")
    expect([alert["code"] for alert in refused["alerts"]] == ["start-in-past"], "its date has passed meanwhile")
    desk.apply("single", start="2026-01-08T09:00")
    desk.campaignctl("activate", "single", "edited")
    desk.at("2026-01-08 08:00:00")
    desk.until("ended", "single", "edited")
    expect(desk.show("single")["version"] == 1, "the same version, mended")
    sent = [(request["due"], request["campaign"]["version"]) for request, _ in desk.given("edited")]
    expect(sent == [("2026-01-08T08:00:00Z", 2)], sent)
    desk.campaignctl.one("delete", "dropped", "--yes")
    desk.refused("show", "dropped", error="NotFound", status=3)
    for name, status in (("active", "active"), ("held", "draft")):
        refused = desk.refused("unschedule", name)
        expect(refused["status"] == status and "unschedule" not in refused["allowed"], refused)


play(modified=modified, revisions=revisions, unscheduled=unscheduled)
