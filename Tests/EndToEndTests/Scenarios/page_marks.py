"""The page on managing campaigns: what the list marks, and what a mark opens.

usage: page_marks.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect
from desk import play

WEEKLY = {"start": "2026-01-02T11:30", "every": "week", "end": "2026-12-31"}


def drafts(desk):
    desk.live(weekly={**WEEKLY, "title": "The week", "note": "as it was"},
              planned={**WEEKLY, "start": "2026-02-06T11:30", "title": "From February"})
    # Of one that has never been in force there is one content alone, and nothing beside it to be marked.
    desk.drafts(idea=WEEKLY)
    desk.at("2026-01-02 10:30:00")
    desk.until("ended", "weekly")
    expect(desk.campaignctl.one("modify", "weekly")["draft_version"] == 2, "a draft beside the live version")
    desk.campaignctl.one("discard", "weekly")
    expect(desk.table()["weekly"]["STATUS"] == "active", "the mark goes with the draft")
    changed = desk.apply("weekly", **{**WEEKLY, "start": "2026-01-02T11:00"}, title="The week, anew", note="earlier")
    expect((changed["version"], changed["draft_version"]) == (1, 3), changed)
    desk.apply("planned", **{**WEEKLY, "start": "2026-02-13T11:30", "title": "Later in February"})

    rows = desk.table()
    marks = {name: row["STATUS"] for name, row in rows.items()}
    expect(marks == {"idea": "draft", "weekly": "active, draft: 3", "planned": "scheduled, draft: 2"}, marks)
    # What is shown beside the mark is the live version's.
    expect(rows["weekly"]["TITLE"] == "The week" and rows["weekly"]["NEXT"] == "2026-01-09 11:30 Europe/Paris", rows)
    listed = {campaign["name"]: campaign["draft_version"] for campaign in desk.campaignctl("list")}
    expect(listed == {"idea": None, "weekly": 3, "planned": 2}, listed)

    def seen(*arguments):
        """What one step shows: to a person, to a script, and of the file as its author wrote it."""
        page, found = desk.page("weekly", *arguments), desk.show("weekly", *arguments)
        head = desk.text("show", "weekly", *arguments).splitlines()[0]
        expect(head.endswith(f"weekly - {found['title']}"), head)
        expect(page["Version"].startswith(str(found["version"])), page)
        return found["title"], found["version"], page["Starts"], desk.text("show", "weekly", "--yaml", *arguments)

    live = ("The week", 1, "2026-01-02 11:30 Europe/Paris")
    newer = ("The week, anew", 3, "2026-01-02 11:00 Europe/Paris")
    for arguments, wanted, note in [((), live, "as it was"), (("--live",), live, "as it was"),
                                    (("--version", "1"), live, "as it was"), (("--draft",), newer, "earlier"),
                                    (("--version", "3"), newer, "earlier")]:
        found = seen(*arguments)
        expect(found[:3] == wanted and found[3].startswith(f"# {note}\nname: weekly\n"), f"show {arguments}: {found}")
    expect(desk.page("weekly")["Version"].startswith("1, draft: 3;"), desk.page("weekly"))
    desk.refused("show", "weekly", "--version", "4", error="NotFound", status=3)

    changes = [(change["field"], change["live"], change["draft"])
               for change in desk.campaignctl.one("diff", "weekly")["changes"]]
    expect(changes == [("title", "The week", "The week, anew"),
                       ("schedule.start", "2026-01-02T11:30", "2026-01-02T11:00")], changes)
    told = desk.text("diff", "weekly").splitlines()
    expect(told == ["--- weekly, version 1 (live)", "+++ weekly, version 3 (draft)", "-title: The week",
                    "+title: The week, anew", " schedule:", "-  start: 2026-01-02T11:30", "+  start: 2026-01-02T11:00"],
           told)
    expect(desk.refused("diff", "idea")["status"] == "draft", "there are not two")
    coming = [desk.campaignctl("preview", "weekly", *which)[0]["local"] for which in ((), ("--draft",))]
    expect(coming == ["2026-01-09T11:30:00", "2026-01-09T11:00:00"], coming)

    desk.campaignctl("activate", "weekly", "planned")
    rows = desk.table()
    expect((rows["weekly"]["STATUS"], rows["planned"]["STATUS"]) == ("active", "scheduled"), rows)
    expect((rows["weekly"]["TITLE"], rows["planned"]["NEXT"])
           == ("The week, anew", "2026-02-13 11:30 Europe/Paris"), rows)
    expect(desk.show("weekly", "--version", "1")["title"] == "The week", "what was replaced can still be read")
    desk.refused("show", "weekly", "--draft", error="NotFound", status=3)


def codes(alerts):
    return sorted(alert["code"] for alert in alerts)


def marked(desk, name, *wanted):
    """The mark beside a campaign's status, and the alerts that are behind it."""
    campaign = desk.show(name)
    mark = f"{campaign['status']} ! {len(wanted)}" if wanted else campaign["status"]
    row = desk.table("--all")[name]
    expect(row["STATUS"] == mark, f"{name}: {row}, not {mark}")
    expect(codes(campaign["alerts"]) == sorted(wanted), f"{name}: {campaign}")


def opened(desk, name):
    """What the steps from a mark tell is the same, to a script and to a person."""
    alerts = desk.campaignctl("alerts", name)
    listed = next(campaign for campaign in desk.campaignctl("list") if campaign["name"] == name)
    expect(desk.show(name)["alerts"] == listed["alerts"] == alerts, f"{name}: {listed} {alerts}")
    lines = desk.page(name)["Alerts"]
    lines = [lines] if isinstance(lines, str) else lines
    told = desk.text("alerts", name)
    for alert, line in zip(alerts, lines, strict=True):
        expect(line.startswith(f"{alert['severity']}: {alert['text']} ({alert['code']}, since "), f"{line} {alert}")
        expect(f"  {alert['code']}  " in told and alert["text"] in told, told)


def warnings(desk):
    endless = {"start": "2026-01-02T09:00", "every": "week"}
    desk.surface("away")
    desk.daemon.reload()
    desk.live(calm={**WEEKLY, "start": "2026-03-06T09:00"}, endless=endless,
              nameless={"start": "2026-03-02T09:00", "title": None}, late={"start": "2026-01-02T09:00"},
              broken={**endless, "start": "2026-01-03T09:00"}, waiting={"start": "2026-01-03T09:00", "surface": "away"})
    # Warnings are errors for nobody.
    marked(desk, "calm")
    marked(desk, "endless", "no-end")
    marked(desk, "nameless", "title-missing")
    expect(desk.campaignctl.run("status", "--check").returncode == 0, "warnings alone are no error")
    expect(codes(desk.campaignctl("alerts")) == ["no-end", "no-end", "title-missing"], desk.campaignctl("alerts"))

    # What was due while the daemon was off, longer ago than its limit; a send that fails; a surface that is gone.
    desk.drop_surface("away")
    desk.restart_at("2026-01-02 09:00:01")
    desk.until("ended", "late", "endless")
    marked(desk, "late", "occurrence-missed")
    desk.hold("broken")
    desk.at("2026-01-03 08:00:00")
    desk.answer("broken", 69)
    desk.until("ended", "broken")
    marked(desk, "broken", "no-end", "send-failed")
    marked(desk, "waiting", "surface-missing")
    expect(desk.campaignctl.run("status", "--check").returncode == 1, "errors are")
    opened(desk, "broken")
    opened(desk, "waiting")
    failed = next(alert for alert in desk.show("broken")["alerts"] if alert["code"] == "send-failed")
    expect((failed["severity"], failed["since"]) == ("error", "2026-01-03T08:00:00Z"), failed)
    expect("the surface ended with 69" in failed["text"] and failed["campaign"] == "broken", failed)
    missing = desk.show("waiting")["alerts"][0]
    expect((missing["severity"], missing["field"]) == ("error", "surface") and "away" in missing["text"], missing)
    checked = desk.campaignctl.run("check", "waiting")
    expect(checked.returncode == 1 and "surface-missing" in checked.stdout, checked)

    # The end of a cause clears its mark; what happened stays until a person has seen it.
    desk.surface("away")
    desk.daemon.reload()
    desk.at("2026-01-03 08:00:02")
    marked(desk, "waiting")
    expect(desk.show("waiting")["status"] == "active", "and it goes on")
    desk.apply("endless", **endless, end="2026-12-31")
    expect("no-end" in codes(desk.show("endless")["alerts"]), "the live version still has none")
    desk.campaignctl.one("activate", "endless")
    seen = desk.campaignctl.one("ack", "broken", "--reason", "sent by hand")
    expect(codes(seen["alerts"]) == ["no-end"], f"acknowledged is what happened, not what is: {seen}")
    desk.campaignctl.one("ack", "late")
    marked(desk, "broken", "no-end")
    marked(desk, "late")
    marked(desk, "endless", "occurrence-missed")
    desk.campaignctl.one("ack", "endless")
    marked(desk, "endless")
    expect(desk.campaignctl.run("status", "--check").returncode == 0, "no error is left")
    told = [(event["kind"], event["text"].split(":")[0], event["actor"], event["reason"])
            for event in desk.campaignctl("log", "broken") if event["kind"].startswith("alert-")]
    expect(told == [("alert-raised", "no-end", "root", None), ("alert-raised", "send-failed", "campaignd", None),
                    ("alert-cleared", "send-failed is over", "root", "sent by hand")], told)


play(drafts=drafts, warnings=warnings)
