"""docs/json.md says what every verb prints with --json. Here each verb on campaigns prints it, of all kinds of them;
each object is held to the page, and the page to what was seen. json_sends.py and json_errors.py do so with the rest.

usage: json_page.py DIRECTORY_OF_THE_PROGRAMS
"""

import json

from campaigns import expect, write
from desk import play
from json_reader import Reader, suspect

WORD = "spring-newsletter"
EVERYTHING = f"""# All that a schedule may have.
name: {WORD}
title: Soldes de printemps
channel: email
surface: newsletter
message: spring-2026
audience: subscribers
tags: [fr, spring]
schedule:
  start: 2026-03-31T09:00
  timezone: Europe/Paris
  every: month
  days: [31]
  at: ["09:00"]
  end: 2027-03-31
  except: [2026-05-31]
  gap: shift
  month_end: clamp
"""
MESSAGE = """subject: Soldes de printemps
html: <p>Bonjour.</p>
headers:
  Reply-To: shop@example.org
attachments: [prices.txt]
"""


def campaigns(desk):
    """Campaigns, what they refer to, and what is to come of them."""
    reader = Reader(desk)
    references(reader)
    made(reader)
    forecasts(reader)
    changed(reader)
    simulated(reader)
    under_way(reader)
    to_come(reader)
    ended(reader)
    reader.page.finish_objects("Campaigns", "What is to come", "What campaigns refer to")
    reader.page.finish_page(verbs(desk))


def verbs(desk):
    """Those that take --json, as the program itself tells them."""
    dump = json.loads(desk.text("--experimental-dump-help"))["command"]
    return [" ".join(words) for words, verb in leaves(dump, []) if "--json" in str(names(verb))]


def leaves(verb, words):
    if not verb.get("subcommands"):
        return [(words, verb)]
    return [leaf for below in verb["subcommands"] for leaf in leaves(below, words + [below["commandName"]])]


def names(verb):
    return [f"--{name['name']}" for argument in verb.get("arguments", []) for name in argument.get("names", [])]


# --- what campaigns refer to ---


def references(reader):
    desk = reader.desk
    desk.surface("spare", retries=2)
    desk.audience("subscribers", "ada@example.org", "ann@example.org")
    desk.audience("guests", "bob@example.org")
    write(f"{desk.folder}/config/audiences.d/partners.yaml", "reference: list-42\n")
    desk.daemon.reload()
    for name, text in (("spring-2026.yaml", MESSAGE), ("prices.txt", "12\n"), ("plain.txt", "Hello.\n")):
        write(reader.file(name), text)
    put = reader.one("message put", "spring-2026", "-f", reader.file("spring-2026.yaml"))
    expect((put["revision"], put["published_revision"], put["attachments"]) == (1, None, 1), put)
    reader.lines("message publish", "spring-2026", "hello")
    reader.one("message put", "plain", "-f", reader.file("plain.txt"))
    expect(len(reader.lines("message list")) == 3, "hello, plain and spring-2026")
    rich = reader.one("message show", "spring-2026")
    expect(rich["headers"] == [{"name": "Reply-To", "value": "shop@example.org"}], rich)
    expect(rich["attachments"] == [{"name": "prices.txt", "bytes": 3}], rich)
    reader.one("message show", "plain")
    previews(reader)
    reader.lines("surface list")
    reader.lines("audience list")
    expect(reader.one("audience count", "subscribers")["count"] == 2, "two")
    expect(reader.one("audience count", "partners")["count"] is None, "only the surface knows")
    expect(reader.one("audience sample", "subscribers", "-n", "1") == {"email": "ada@example.org"}, "its columns")
    expect(reader.lines("audience sample", "partners") == [], "nobody knows")
    suppressions(reader)


def suppressions(reader):
    added = reader.one("suppress add", "Ann@example.org", "nobody", "--reason", "asked to", "--skip-invalid")
    expect((added["changed"], added["invalid"][0]["line"]) == (1, None), added)
    write(reader.file("left.csv"), "email\nbob@example.org\nann@example.org\nnobody\n")
    imported = reader.one("suppress import", reader.file("left.csv"), "--skip-invalid")
    expect((imported["changed"], imported["unchanged"], imported["invalid"][0]["line"]) == (1, 1, 4), imported)
    listed = reader.lines("suppress list")
    expect([(entry["address"], entry["reason"]) for entry in listed]
           == [("ann@example.org", "asked to"), ("bob@example.org", None)], listed)
    expect(reader.one("suppress remove", "ann@example.org", "bob@example.org")["changed"] == 2, "both")


def previews(reader):
    """Of a list that is whole, and of one that breaks."""
    desk = reader.desk
    write(f"{desk.folder}/config/surfaces.d/letters.yaml",
          "channel: email\nmail:\n  from: news@example.org\n  rate: 10/s\n")
    desk.audience("broken", "ada@example.org", "bob@example.org,Bob")
    desk.daemon.reload()
    way = ("plain", "--surface", "letters", "--recipient", "ada@example.org", "--audience")
    preview = reader.one("message preview", *way, "subscribers")
    expect(preview["eml"].endswith("Hello.\r\n") and len(preview["eml"].encode()) == preview["size"], preview)
    filed = reader.one("message preview", *way, "subscribers", "-o", reader.file("ada.eml"))
    expect((filed["eml"], filed["file"]) == (None, reader.file("ada.eml")), filed)
    write(reader.file("plain.txt"), "Hello {{Name}}.\n")
    reader.one("message put", "plain", "-f", reader.file("plain.txt"))
    broken = reader.one("message preview", *way, "broken")
    expect(broken["unknown_tags"] == ["Name"] and "line 3" in broken["list_fault"], broken)


# --- campaigns ---


def made(reader):
    """A draft, planned ones, active ones, and later one that waits for its check."""
    desk = reader.desk
    write(reader.file("idea.yaml"), "name: idea\n")
    write(reader.file(f"{WORD}.yaml"), EVERYTHING)
    reader.one("create", "-f", reader.file("idea.yaml"))
    reader.lines("apply", "-f", reader.file(f"{WORD}.yaml"), reader.file("idea.yaml"))
    expect(reader.one("activate", WORD)["status"] == "scheduled", "its start is to come")
    reader.lines("unschedule", WORD)
    reader.lines("activate", WORD)
    desk.live(weekly={"start": "2026-01-01T07:30", "every": "day", "end": "2027-03-31", "late_limit": "5m"},
              endless={"start": "2026-01-01T08:30", "every": "day", "title": None, "audience": "subscribers"},
              counted={"start": "2026-02-01T08:30", "rrule": "FREQ=DAILY;COUNT=3", "timezone": None},
              three={"start": "2026-02-01T08:30", "every": "2 days", "count": "3"},
              twin={"start": "2026-01-07T07:00", "every": "day", "end": "2026-12-31"},
              welcome={"type": "triggered", "start": None}, waits={"start": "2026-01-01T07:30", "audience": "guests"})
    expect(reader.lines("check", "endless")[0]["severity"] == "warning", "it has no title")


def forecasts(reader):
    """Of a draft with a start, of one that begins when it is asked to, without a rate, and of a list that nobody knows."""
    reader.desk.drafts(
        planned={"start": "2026-03-01T09:00", "surface": "letters", "audience": "subscribers"},
        asked={"type": "triggered", "start": None, "surface": "letters", "audience": "subscribers"},
        plain={"start": "2026-03-01T09:00", "audience": "subscribers"},
        foreign={"start": "2026-03-01T09:00", "audience": "partners"})
    found = {name: reader.one("activate", name, "--dry-run")["forecast"]
             for name in ("planned", "asked", "plain", "foreign")}
    expect(found["planned"]["seconds"] == 1 and found["planned"]["ends_at"] == "2026-03-01T08:00:01Z", found)
    expect((found["asked"]["seconds"], found["asked"]["starts_at"]) == (1, None), found)
    expect((found["plain"]["rate"], found["plain"]["recipients"]) == (None, 2) and found["foreign"] is None, found)
    reader.lines("delete", *found, "--yes")


def changed(reader):
    desk = reader.desk
    reader.lines("tag", "weekly", "--add", "fr")
    reader.one("pause", "weekly")
    reader.one("resume", "weekly")
    reader.one("modify", "weekly")
    expect(reader.one("diff", "weekly")["changes"] == [], "both say the same")
    desk.apply("weekly", start="2026-01-01T07:30", every="day", end="2027-03-31", title="Once a day", surface=None,
               overlap="skip")
    found = {change["field"]: change for change in reader.one("diff", "weekly")["changes"]}
    expect(set(found) == {"title", "surface", "late_limit", "overlap"}, found)
    expect(reader.one("show", "weekly")["draft_version"] == 2, "beside the live one")
    reader.lines("discard", "weekly")
    reader.one("duplicate", "weekly", "weekly-2")
    reader.one("delete", "weekly-2", "--yes")
    write(f"{desk.folder}/editor", "#!/bin/sh\necho 'tags: [spring]' >>\"$1\"\n", 0o755)
    reader.one("edit", "idea", environment={"EDITOR": f"{desk.folder}/editor"})
    reader.one("list --count", keys={"draft", "scheduled", "activating", "active"})
    expect(reader.one("list --count", "--status", "draft", keys={"draft"}) == {"draft": 1}, "of one status")


def simulated(reader):
    found = reader.one("simulate", "--until", "2026-01-07")
    expect(found["events"] and found["clashes"] and found["alerts"], found)


def under_way(reader):
    """One was sent, and one whose audience is gone waits for its check."""
    desk = reader.desk
    desk.drop_audience("guests")
    desk.daemon.reload()
    desk.at("2026-01-01 06:30:00")
    desk.until("ended", "weekly")
    waits = reader.one("show", "waits")
    expect(waits["status"] == "activating" and waits["alerts"], waits)
    key = desk.campaignctl.one("trigger", "welcome", "--at", "2026-02-01T09:00")["key"]
    expect(reader.one("stop --dry-run", "welcome")["cancels"][0]["key"] == key, "what is to come")
    expect(reader.one("cancel", "welcome", "--yes", "--key", key)["notes"], "it says which")


def to_come(reader):
    reader.lines("next", "-n", "100")
    expect(any(found["mark"] == "month end" for found in reader.lines("preview", WORD)), "April has 30 days")
    reader.lines("preview", "--every", "day", "--start", "2026-03-28T02:30", "--timezone", "Europe/Paris")
    found = reader.lines("calendar", "--week", "2026-01-07", "--drafts")
    expect(any(planned["clashes_with"] for planned in found), "weekly and twin go to everybody")
    expect(any(planned["audience"] is None for planned in reader.lines("calendar", "--week", "2026-01-01", "--drafts")),
           "idea")
    reader.lines("export", WORD, "--until", "2026-06-30")
    requests = ['{"id":"a","rrule":"FREQ=DAILY","start":"2026-10-03T02:30:00","timezone":"Europe/Paris","count":2}',
                '{"id":2,"rrule":"FREQ=DAILY","start":"2026-10-03T02:30:00","timezone":"Nowhere"}', "no JSON"]
    write(reader.file("lines"), "\n".join(requests) + "\n")
    with open(reader.file("lines")) as lines:
        answers = reader.lines("preview --batch", stdin=lines)
    expect([answer["id"] for answer in answers] == ["a", 2, None], answers)


def ended(reader):
    """Stopped and archived ones; then a daemon whose clock is not to be believed."""
    stopped = reader.one("stop", "twin", "--yes", "--reason", "a twin")
    expect(stopped["ended_at"], stopped)
    expect(reader.one("archive", "twin")["archived_from"] == "stopped", "put away")
    reader.one("unarchive", "twin")
    reader.desk.at("2026-01-02 07:00:00")
    reader.desk.until("alert-raised", "weekly")
    expect(reader.one("ack", "weekly")["acknowledged"] == ["occurrence-missed"], "later than its limit of 5m")
    reader.lines("list", "--all")
    everything = {"draft", "scheduled", "activating", "active", "stopped", "completed", "archived"}
    reader.one("list --count", "--all", keys=everything)
    suspect(reader.desk)
    reader.lines("alerts")


play(campaigns=campaigns)
