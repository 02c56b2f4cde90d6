"""A person's first hour: files with every kind of mistake, each refused with its place and without a trace; then the
whole life of campaigns by hand. Every object that is printed has the keys that programs rely on.

usage: first_hour.py DIRECTORY_OF_THE_PROGRAMS
"""

import json
import os
import sys
import tempfile

from campaigns import Campaignctl, campaign_file, expect, write
from daemon import Daemon

CAMPAIGN = {"id", "name", "title", "type", "status", "channel", "surface", "message", "audience", "tags", "recurring",
            "version", "draft_version", "revision", "schedule", "next", "paused", "activated_at", "completes_at",
            "ended_at", "archived_from", "alerts"}
# What a command tells beside the campaign.
BESIDE = {"notes", "acknowledged", "forecast", "cancels", "goes_on", "drops"}
ALERT = {"code", "severity", "text", "field", "campaign", "since", "count"}
SEND = {"campaign", "key", "origin", "version", "surface", "nominal", "due", "state", "reason", "attempts", "queue_position",
        "next_attempt_at", "claimed_at", "started_at", "ended_at", "progress", "total", "failed", "count",
        "nominal_last"}
EVENT = {"seq", "at", "campaign", "kind", "from", "to", "version", "key", "actor", "reason", "text"}
FAR = "2099-12-07T09:00"


class Person:
    """Someone who types commands and reads all that comes back."""

    def __init__(self, programs, daemon):
        self.folder = daemon.folder
        self.campaignctl = Campaignctl(programs, daemon.socket)

    def lines(self, *arguments, status=0):
        done = self.campaignctl.run(*arguments, "--json")
        expect(done.returncode == status, f"{arguments}: {done.returncode} {done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def campaigns(self, *arguments):
        found = self.lines(*arguments)
        for campaign in found:
            expect(set(campaign) - BESIDE == CAMPAIGN, f"{arguments}: {sorted(set(campaign) ^ CAMPAIGN)}")
            expect({"rrule", "text"} <= set(campaign["schedule"]), campaign["schedule"])
            for alert in campaign["alerts"]:
                expect(set(alert) == ALERT, alert)
        return found

    def campaign(self, *arguments):
        found = self.campaigns(*arguments)
        expect(len(found) == 1, f"{arguments}: {found}")
        return found[0]

    def refused(self, *arguments, error, status=1):
        """The one error; nothing but it is printed."""
        found = self.lines(*arguments, status=status)
        expect(len(found) == 1 and found[0].get("error") == error and found[0]["text"], f"{arguments}: {found}")
        return found[0]

    def checks_failed(self, name):
        error = self.refused("activate", name, error="ChecksFailed")
        return [alert["code"] for alert in error["alerts"] if alert["severity"] == "error"]

    def names(self, *arguments):
        return [campaign["name"] for campaign in self.campaigns("list", *arguments)]

    def state(self, name):
        """All that a change would show in."""
        return self.campaign("show", name), self.lines("log", name), self.lines("sends", name)

    def file(self, name, text):
        path = f"{self.folder}/{name}"
        if isinstance(text, bytes):
            with open(path, "wb") as file:
                file.write(text)
        else:
            write(path, text)
        return path


def good(name="spring", **more):
    members = {"name": name, "title": "Spring", "channel": "email", "surface": "newsletter", "message": "hello",
               "audience": "everybody", **more}
    return "".join(f"{key}: {value}\n" for key, value in members.items())


def bad_files(person):
    """(the file, line and column, field, a part of the sentence)"""
    start = "schedule:\n  start: "
    mistakes = [
        ("not YAML", "name: [spring\n", (2, 1), "file", "is not YAML"),
        ("an unknown key", good() + "chanel: sms\n", (7, 1), "chanel", "did you mean channel?"),
        ("a key far from any", good() + "colour: red\n", (7, 1), "colour", "allowed are audience, channel"),
        ("a repeated key", good() + "title: Again\n", None, "title", "repeated key"),
        ("an alias", "name: &n spring\ntitle: *n\n", (1, 7), "name", "anchors"),
        ("a wrong type", good(title="[a, b]"), (2, 8), "title", "is a list, and must be a single value"),
        ("no mapping", "- name\n", (1, 1), "file", "must be a mapping"),
        ("a bad number", good(retries="many"), (7, 10), "retries", "is not a whole number from 0 to 100"),
        ("an unknown zone", good() + start + FAR + "\n  timezone: Europe/Pariss\n", (9, 13), "schedule.timezone",
         "the nearest name there is Europe/Paris"),
        ("a zone that is a path", good() + start + FAR + "\n  timezone: ../../etc/passwd\n", (9, 13),
         "schedule.timezone", "is not the name of a zone"),
        ("a start that is no date", good() + start + "tomorrow\n", (8, 10), "schedule.start", '"tomorrow"'),
        ("a start on no day", good() + start + "2026-02-30T09:00\n", (8, 10), "schedule.start", '"2026-02-30T09:00"'),
        ("a rule that never occurs",
         good() + start + "2026-01-01T09:00\n  rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n", None, None, ""),
        ("no name", "title: Spring\n", None, "name", "is missing"),
        ("a name with a capital", good("Spring"), (1, 7), "name", '"Spring" is not a name'),
        ("a name that is a path", good("../spring"), (1, 7), "name", '"../spring" is not a name'),
        ("a name that is too long", good("s" * 64), (1, 7), "name", "63 characters at most"),
        ("a control character", good(title='"Spr\\e[31ming"'), (2, 8), "title", "holds the control character U+1B"),
        ("a line break", good(title='"Spring\\nSummer"'), (2, 8), "title", "U+A"),
        ("a bidirectional override", good(title="gnirpS \u202eSpring"), (2, 8), "title", "U+202E"),
        ("an empty title", good(title='""'), (2, 8), "title", "has 0 characters; 1 to 256 are allowed"),
        ("a title that is too long", good(title="é" * 257), (2, 8), "title", "has 257 characters; 1 to 256"),
        ("a file of 10 MB", good() + "#" * 10_000_000, None, "file", "131072 at most are allowed"),
        ("invalid UTF-8", good().encode() + b"# caf\xe9\n", (7, 6), "file", "is not valid UTF-8"),
        ("a NUL", good().encode() + b"#\0\n", None, "file", ""),
        ("nothing", "", None, "name", "is missing"),
    ]
    for mistake, text, place, field, sentence in mistakes:
        path = person.file("mistake.yaml", text)
        for verb in ("create", "apply"):
            error = person.refused(verb, "-f", path, error="InvalidField")
            expect(error["file"] == path and path in error["text"], f"{mistake}: {error}")
            expect(field is None or error["field"] == field, f"{mistake}: {error}")
            expect(sentence in error["text"], f"{mistake}: {error}")
            expect("\u202e" not in error["text"] and "\x1b" not in error["text"], f"{mistake}: shown escaped: {error}")
            if place:
                expect((error["line"], error["column"]) == place, f"{mistake}: {error}")
                expect(error["text"].startswith(f"{path}:{place[0]}:{place[1]}: "), f"{mistake}: {error}")
        # The same for people, on standard error and with nothing on standard output.
        told = person.campaignctl.run("create", "-f", path)
        expect(told.returncode == 1 and told.stdout == "" and sentence in told.stderr, f"{mistake}: {told}")
        expect(told.stderr.startswith("campaignctl: "), f"{mistake}: {told}")
        expect(person.names("--all") == [], f"{mistake}: left something")
    person.refused("create", "-f", f"{person.folder}/absent.yaml", error="InvalidField")
    person.refused("create", "-f", person.folder, error="InvalidField")
    expect(person.names("--all") == [], "nothing was made")
    expect([event["kind"] for event in person.lines("log")] == ["daemon-started"], "nothing happened")


def usage(person):
    for arguments in [("frobnicate",), ("create",), ("show",), ("list", "--limit", "0"), ("activate",),
                      ("show", "a", "--live", "--version", "1"), ("stop", "a", "b", "--revision", "1", "--yes")]:
        done = person.campaignctl.run(*arguments)
        expect(done.returncode == 2 and done.stdout == "" and done.stderr, f"{arguments}: {done}")


def create_and_apply(person):
    schedule = f"schedule:\n  start: {FAR}\n  timezone: Europe/Paris\n"
    path = person.file("spring.yaml", good(tags="[fr, spring]") + schedule)
    planned = person.campaign("create", "-f", path, "--dry-run")
    expect(planned["status"] == "draft" and person.names("--all") == [], "a dry run makes nothing")
    made = person.campaign("create", "-f", path)
    expect((made["status"], made["version"], made["draft_version"]) == ("draft", 1, None), made)
    expect(made["next"] == ["2099-12-07T08:00:00Z"] and made["tags"] == ["fr", "spring"], made)
    expect(person.refused("create", "-f", path, error="NameTaken")["name"] == "spring", "the name is named")
    before = person.state("spring")
    expect(person.campaign("apply", "-f", path) == before[0], "the same file changes nothing")
    expect(person.state("spring") == before, "and leaves no event")
    later = person.file("spring.yaml", open(path).read().replace("09:00", "10:00"))
    expect(person.campaign("apply", "-f", later, "--dry-run")["next"] == ["2099-12-07T09:00:00Z"], "what would be")
    expect(person.state("spring") == before, "a dry run changes nothing")
    changed = person.campaign("apply", "-f", later)
    expect(changed["next"] == ["2099-12-07T09:00:00Z"] and changed["revision"] > made["revision"], changed)
    expect(person.campaign("apply", "-f", later) == changed, "twice is once")
    expect(person.campaign("show", "spring") == changed, "show shows it")
    shown = person.campaignctl.run("show", "spring", "--yaml")
    expect(shown.stdout == open(later).read(), "the file as its author wrote it")
    person.refused("apply", "-f", path, "--revision", str(made["revision"]), error="Conflict")


def checks(person):
    path = person.file("bare.yaml", "name: bare\nchannel: email\nsurface: nowhere\nmessage: nothing\naudience: nobody\n"
                       "schedule:\n  start: 2020-01-01T09:00\n")
    person.campaign("create", "-f", path)
    before = person.state("bare")
    error = person.refused("activate", "bare", error="ChecksFailed")
    codes = sorted(alert["code"] for alert in error["alerts"] if alert["severity"] == "error")
    expect(codes == ["audience-missing", "message-missing", "start-in-past", "surface-missing"],
           f"all at once: {error}")
    for alert in error["alerts"]:
        expect(set(alert) == ALERT and alert["campaign"] == "bare", alert)
    expect(person.state("bare") == before, "a refused activation changes nothing")
    expect(person.checks_failed("spring") == ["message-missing"], "its message is missing")
    person.campaign("delete", "bare", "--yes")
    person.refused("show", "bare", error="NotFound", status=3)


def messages(person):
    path = person.file("hello.txt", "Hello.\n")
    planned = person.lines("message", "put", "hello", "-f", path, "--dry-run")[0]
    expect(planned["revision"] == 1 and person.lines("message", "list") == [], "a dry run puts nothing")
    person.refused("message", "publish", "hello", error="NotFound", status=3)
    put = person.lines("message", "put", "hello", "-f", path)[0]
    expect((put["revision"], put["published_revision"], put["bytes"]) == (1, None, 7), put)
    expect(person.checks_failed("spring") == ["message-not-published"], "a draft is not published")
    for name, text in [("bad.yaml", "subjet: x\ntext: y\n"), ("bad.txt", b"caf\xe9")]:
        person.refused("message", "put", "hello", "-f", person.file(name, text), error="InvalidField")
    person.refused("message", "put", "Hello", "-f", path, error="InvalidField")
    expect(person.lines("message", "publish", "hello", "--dry-run")[0]["published_revision"] == 1, "what would be")
    expect(person.lines("message", "list")[0]["published_revision"] is None, "a dry run publishes nothing")
    expect(person.lines("message", "publish", "hello")[0]["published_revision"] == 1, "published")


def life(person):
    before = person.state("spring")
    expect(person.campaign("activate", "spring", "--dry-run")["status"] == "scheduled", "what would be")
    expect(person.state("spring") == before, "a dry run changes nothing")
    conflict = person.refused("activate", "spring", "--revision", "999", error="Conflict")
    expect(conflict["revision"] == before[0]["revision"], conflict)
    active = person.campaign("activate", "spring", "--revision", str(before[0]["revision"]), "--reason", "it is time")
    expect(active["status"] == "scheduled", active)
    expect(person.lines("log", "spring")[-1]["reason"] == "it is time", "the reason is kept")
    tagged = person.campaign("tag", "spring", "--add", "vip", "--remove", "fr")
    expect(tagged["tags"] == ["spring", "vip"] and tagged["version"] == active["version"], tagged)
    expect(person.names("--tag", "vip") == ["spring"] and person.names("--tag", "fr") == [], "tags filter")
    person.refused("tag", "spring", "--add", "Bad Tag", error="InvalidField")
    copy = person.campaign("duplicate", "spring", "summer")
    expect((copy["status"], copy["tags"], copy["next"]) == ("draft", ["spring", "vip"], tagged["next"]), copy)
    person.refused("duplicate", "spring", "summer", error="NameTaken")
    person.refused("delete", "spring", "--yes", error="InvalidState")
    stopped = person.campaign("stop", "spring", "--yes")
    expect(stopped["status"] == "stopped" and stopped["ended_at"] and stopped["next"] == [], stopped)
    refusal = person.refused("activate", "spring", error="InvalidState")
    expect(refusal["status"] == "stopped", refusal)
    put_away = person.campaign("archive", "spring")
    expect((put_away["status"], put_away["archived_from"]) == ("archived", "stopped"), put_away)
    expect(person.names() == ["summer"] and person.names("--all") == ["spring", "summer"], "it is out of sight")
    expect(person.names("--status", "archived") == ["spring"], "unless it is asked for")
    expect(person.campaign("unarchive", "spring")["status"] == "stopped", "brought back")
    person.refused("unarchive", "spring", error="InvalidState")


def several(person):
    person.campaign("create", "-f", person.file("autumn.yaml", good("autumn") + f"schedule:\n  start: {FAR}\n"))
    found = person.lines("activate", "autumn", "winter", "summer", status=3)
    expect(len(found) == 3, found)
    expect(found[0]["name"] == "autumn" and found[0]["status"] == "scheduled", found[0])
    expect(found[1]["name"] == "winter" and found[1]["error"] == "NotFound", found[1])
    expect(found[2]["name"] == "summer" and found[2]["status"] == "scheduled", "the others are done all the same")
    # The code is that of the first one that failed.
    found = person.lines("activate", "spring", "winter", status=1)
    expect([line["error"] for line in found] == ["InvalidState", "NotFound"], found)
    shown = person.campaigns("show", "autumn", "summer")
    expect([campaign["name"] for campaign in shown] == ["autumn", "summer"], shown)
    person.campaigns("stop", "autumn", "summer", "--yes")


def sends(person):
    campaign = campaign_file(f"{person.folder}/now.yaml", "now", "now")
    person.campaign("create", "-f", campaign)
    story = person.campaignctl.story()
    expect(person.campaign("activate", "now")["status"] in ("activating", "active"), "at once")
    expect(person.campaignctl.run("cancel", "spring", "--yes").returncode == 1, "nothing is being sent")
    story.until("ended", campaign="now")
    send = person.lines("sends", "now")[0]
    expect(set(send) == SEND, sorted(set(send) ^ SEND))
    expect((send["state"], send["attempts"], send["progress"], send["total"]) == ("failed", 1, 1, 3), send)
    expect("EX_NOUSER" in send["reason"] or "67" in send["reason"], send)
    expect(person.lines("sends") == [send], "all sends")
    expect(person.lines("sends", "--state", "sent") == [], "a filter")
    person.refused("sends", "nobody", error="NotFound", status=3)
    alerts = person.lines("alerts", "now")
    expect([alert["code"] for alert in alerts] == ["send-failed"], alerts)
    expect(set(alerts[0]) == ALERT and alerts[0]["campaign"] == "now", alerts)
    expect(person.lines("alerts") == alerts, "and among all")
    expect(person.campaign("list")["alerts"] == alerts, "list shows it beside the status")
    expect(person.campaignctl.run("status", "--check").returncode == 1, "status --check tells it")
    expect(person.campaign("ack", "now", "--dry-run")["alerts"] == [], "what would be")
    expect(person.lines("alerts", "now") == alerts, "a dry run acknowledges nothing")
    expect(person.campaign("ack", "now", "--reason", "resent by hand")["alerts"] == [], "acknowledged")
    expect(person.lines("alerts") == [], "gone")
    expect(person.campaignctl.run("status", "--check").returncode == 0, "all is well")


def history(person):
    events = person.lines("log")
    for event in events:
        expect(set(event) == EVENT, sorted(set(event) ^ EVENT))
    expect([event["seq"] for event in events] == list(range(1, len(events) + 1)), "oldest first, none is missing")
    story = [(event["kind"], event["from"], event["to"]) for event in person.lines("log", "spring")]
    expect(story == [
        ("created", None, "draft"), ("changed", None, None), ("status", "draft", "scheduled"), ("tagged", None, None),
        ("status", "scheduled", "stopped"), ("status", "stopped", "archived"), ("status", "archived", "stopped"),
    ], story)
    expect(person.lines("log", "bare")[-1]["kind"] == "deleted", "the history keeps a line of what is gone")
    expect(len(person.lines("log", "--limit", "2")) == 2, "a limit")
    person.refused("log", "nobody", error="NotFound", status=3)
    status = person.lines("status")[0]
    counts = {name: count for name, count in status["campaigns"].items() if count}
    expect(counts == {"active": 1, "stopped": 3}, status)
    expect(status["alerts"] == [] and status["pid"] > 0, status)


def unreachable(person, programs):
    stranger = Campaignctl(programs, f"{person.folder}/no.sock")
    done = stranger.run("list", "--json")
    expect(done.returncode == 4 and json.loads(done.stdout)["error"], done)


with tempfile.TemporaryDirectory() as folder:
    programs = os.path.abspath(sys.argv[1])
    write(f"{folder}/surface", '#!/bin/sh\necho \'{"progress": 1, "total": 3}\'\nexit 67\n', 0o755)
    daemon = Daemon(programs, folder, f"{folder}/surface")
    daemon.start()
    try:
        person = Person(programs, daemon)
        for step in (bad_files, usage, create_and_apply, checks, messages, life, several, sends, history):
            step(person)
        unreachable(person, programs)
    finally:
        daemon.stop()
