"""What is to come, as it is told and as it comes: a simulation is held to what then happens, a calendar file is read by a
parser that is not ours (PyPI's icalendar), and the calendar has each occurrence on its day.

usage: what_is_to_come.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import json
import os
import subprocess

from campaigns import expect
from desk import play

TOLD = ("status", "claimed", "started", "ended", "alert-raised", "alert-cleared", "replaced")


def population(desk):
    desk.audience("few", "bob@example.org")
    desk.daemon.reload()
    desk.at("2026-03-26 08:30:00")
    # Over the night that clocks in Paris change; the last one ends by itself, and the one-shot is completed three days on.
    desk.live(
        daily={"start": "2026-03-27T09:00", "every": "day", "count": 4}, once={"start": "2026-03-28T10:00"},
        weekly={"start": "2026-03-27T02:30", "every": "week", "days": "[sunday]", "audience": "few",
                "timezone": "Europe/Paris", "end": "2026-04-20"},
        far={"start": "2026-06-01T09:00"})


def essence(event):
    return event["at"], event["campaign"], event["kind"], event["from"], event["to"], event["text"]


def simulation(desk):
    population(desk)
    forecast = desk.campaignctl.one("simulate", "--until", "2026-04-01")
    expect(forecast["complete"] and forecast["until"] == "2026-04-01T23:59:59Z", forecast["until"])
    events = [event for event in forecast["events"] if event["kind"] in TOLD]
    expect(sum(event["kind"] == "ended" for event in events) == 6, [essence(event) for event in events])
    expect({"completed", "active", "activating"} <= {event["to"] for event in events}, events)
    clashes = {(clash["campaign"], clash["due"], tuple(clash["with"])) for clash in forecast["clashes"]}
    expect(("once", "2026-03-28T09:00:00Z", ("daily",)) in clashes, clashes)
    expect(not any("weekly" in (clash["campaign"], *clash["with"]) for clash in forecast["clashes"]), clashes)

    # Nothing of it was done.
    before = desk.campaignctl.one("log", "--limit", "1")["seq"]
    expect(desk.status("daily", "once") == {"daily": "scheduled", "once": "scheduled"}, desk.status("daily", "once"))
    expect(desk.given() == [], desk.given())
    expect(not os.path.exists(f"{desk.folder}/state/simulation"), "the copy is removed")

    # Each instant comes, and all that was told of it has happened before the next one does.
    for instant in sorted({event["at"] for event in events}):
        desk.at(instant.replace("T", " ").rstrip("Z"))
        for event in events:
            if event["at"] == instant and event["kind"] == "ended":
                desk.campaignctl.story(before).until("ended", campaign=event["campaign"], at=instant)
        desk.settle()
    happened = [essence(event) for event in desk.campaignctl("log")
                if event["seq"] > before and event["kind"] in TOLD]
    expect(sorted(happened) == sorted(map(essence, events)), (happened, events))


def with_file(desk):
    """What a file would bring about, and what it would clash with; a file that is not ready is refused."""
    population(desk)
    path = desk.file("flash", start="2026-03-28T12:00")
    alone = desk.campaignctl.one("simulate", "--until", "2026-03-29")
    more = desk.campaignctl.one("simulate", "--until", "2026-03-29", "--with", path)
    expect({event["campaign"] for event in more["events"]} - {event["campaign"] for event in alone["events"]}
           == {"flash"}, more["events"])
    expect(any(clash["campaign"] == "flash" and clash["with"] == ["daily", "once"] for clash in more["clashes"]),
           more["clashes"])
    near = desk.campaignctl.one("simulate", "--until", "2026-03-29", "--with", path, "--clash-within", "2h")
    expect(not any(clash["campaign"] == "flash" for clash in near["clashes"]), near["clashes"])
    answer = desk.refused(
        "simulate", "--until", "2026-03-29", "--with", desk.file("bad", message="none"), error="ChecksFailed")
    expect(answer["alerts"][0]["code"] == "message-missing", answer)
    answer = desk.refused("simulate", "--until", "2026-03-01", error="InvalidField")
    expect((answer["field"], answer["value"]) == ("--until", "2026-03-01"), answer)
    expect(answer["text"].startswith('--until: "2026-03-01" is out of range'), answer)
    expect("flash" not in desk.table("--all"), "nothing was made")


def calendar_file(desk):
    from icalendar import Calendar

    population(desk)
    desk.drafts(idea={"start": "2026-04-02T09:00", "title": "Soldes d’été; 50 %, \\ and more " + "é" * 60})
    export = ["export", "--ics", "--drafts", "--until", "2026-06-30"]
    text = subprocess.run(
        [desk.campaignctl.path, *export], env=desk.campaignctl.environment, capture_output=True, check=True).stdout
    expect(all(len(line) <= 75 for line in text.split(b"\r\n")), "lines of 75 octets at most, each ended by CRLF")
    calendar = Calendar.from_ical(text)
    expect(not calendar.errors and calendar["VERSION"] == "2.0", calendar.errors)
    events = calendar.walk("VEVENT")
    expect(not any(event.errors for event in events), [event.errors for event in events])
    planned = desk.campaignctl("export", "--drafts", "--until", "2026-06-30")
    told = sorted((one["due"], one["title"]) for one in planned)
    read = sorted((event.decoded("DTSTART").strftime("%Y-%m-%dT%H:%M:%SZ"), str(event["SUMMARY"])) for event in events)
    expect(read == told and len(read) == 11, (read, told))
    expect(len({str(event["UID"]) for event in events}) == len(events), "each has an identity of its own")
    again = Calendar.from_ical(desk.text(*export)).walk("VEVENT")
    expect([event["UID"] for event in again] == [event["UID"] for event in events], "and keeps it")
    expect({str(event["STATUS"]) for event in events} == {"CONFIRMED", "TENTATIVE"}, events)
    one = Calendar.from_ical(desk.text("export", "--ics", "once"))
    expect([str(event["SUMMARY"]) for event in one.walk("VEVENT")] == ["The campaign once"], one)
    expect(desk.campaignctl.run("export", "--ics", "nobody").returncode == 3, "a name that nothing has")


def calendar(desk):
    population(desk)
    desk.drafts(idea={"start": "2026-03-28T11:00"})
    found = desk.campaignctl("calendar", "--month", "2026-03")
    expect([(one["campaign"], one["local"]) for one in found] == [
        ("daily", "2026-03-27T09:00:00"), ("daily", "2026-03-28T09:00:00"), ("once", "2026-03-28T10:00:00"),
        ("weekly", "2026-03-29T03:30:00"), ("daily", "2026-03-29T09:00:00"), ("daily", "2026-03-30T09:00:00")], found)
    expect([one["clashes_with"] for one in found if one["campaign"] == "once"] == [["daily"]], found)
    week = desk.text("calendar", "--week", "2026-03-28", "--drafts")
    expect(week.startswith("23 to 29 March 2026\nMon 23 March 2026\n    -\n"), week)
    expect("    !?11:00 Europe/Paris  idea    The campaign idea; draft; clashes with daily, once\n" in week, week)
    expect("    03:30 Europe/Paris    weekly  The campaign weekly; gap: shifted\n" in week, week)
    month = desk.text("calendar", "--month", "2026-03")
    expect(month.splitlines()[0].strip() == "March 2026" and "│!10:00" in month, month)
    empty = desk.campaignctl.run("calendar", "--month", "2026-05")
    expect(empty.stderr == "Nothing is planned; --drafts shows drafts too.\n", json.dumps(empty.stderr))


play(simulation=simulation, with_file=with_file, calendar_file=calendar_file, calendar=calendar)
