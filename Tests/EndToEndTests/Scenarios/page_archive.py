"""The page on managing campaigns: duplicates, the archive, and deleted drafts.

usage: page_archive.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect
from desk import play

DAILY = {"start": "2026-01-02T09:00", "every": "day", "end": "2026-12-31"}
ONCE = {"start": "2026-01-02T09:00"}
# What a copy takes over; all else of it is its own.
COPIED = ("title", "type", "channel", "surface", "message", "audience", "tags", "recurring", "schedule")


def everywhere(desk):
    """A campaign in each status, one-shot and recurring; two of them have been sent."""
    desk.surface("away")
    desk.daemon.reload()
    planned = "2026-03-02T09:00"
    desk.drafts(draft=ONCE)
    desk.live(active={**ONCE, "title": "Été 🎉", "tags": "[fr, spring]", "note": "for the summer"},
              recurring={**DAILY, "title": "Each day", "tags": "[fr]"}, scheduled={"start": planned},
              activating={**ONCE, "surface": "away"}, stopped={**DAILY, "start": planned},
              completed={**DAILY, "end": "2026-01-02T09:00"}, shelved={"start": planned})
    desk.campaignctl("stop", "stopped", "shelved", "--yes")
    desk.campaignctl.one("archive", "shelved")
    desk.drop_surface("away")
    desk.daemon.reload()
    desk.at("2026-01-02 08:00:00")
    desk.until("ended", "active", "recurring", "completed")
    desk.at("2026-01-02 08:30:00")
    statuses = {"draft": "draft", "active": "active", "recurring": "active", "scheduled": "scheduled",
                "activating": "activating", "stopped": "stopped", "completed": "completed", "shelved": "archived"}
    expect(desk.status(*statuses) == statuses, desk.status(*statuses))
    return list(statuses)


def duplicated(desk):
    names = everywhere(desk)
    desk.apply("recurring", **DAILY, title="A newer draft")
    kept, history = desk.everything(*names), desk.campaignctl("log", "active")
    given = len(desk.given())
    told = desk.text("duplicate", "active", "active-copy")
    expect(told == "active-copy: draft\n", told)
    copies = {name: f"{name}-copy" for name in names}
    for name in names:
        if name != "active":
            desk.campaignctl.one("duplicate", name, copies[name], "--reason", "once more")
    found, events = desk.everything(*copies.values()), desk.campaignctl("log")
    for name, copy in copies.items():
        original, (made, states) = kept[name][0], found[copy]
        expect({key: made[key] for key in COPIED} == {key: original[key] for key in COPIED}, f"{made} {original}")
        expect((made["status"], made["version"], made["draft_version"], made["revision"])
               == ("draft", 1, None, 1), made)
        expect((made["activated_at"], made["ended_at"], made["archived_from"], made["paused"], made["alerts"])
               == (None, None, None, False, []), made)
        expect(made["id"] != original["id"] and made["name"] == copy, made)
        kinds = [event["kind"] for event in events if event["campaign"] == copy]
        expect(kinds == ["created"] and not states, f"without history: {kinds}")
    expect(found["recurring-copy"][0]["title"] == "Each day", "what is live is copied, and not its newer draft")
    expect(kept == desk.everything(*names) and history == desk.campaignctl("log", "active"), "the originals stay")
    expect(desk.refused("duplicate", "active", "shelved", error="NameTaken")["name"] == "shelved", "archived or not")
    desk.refused("duplicate", "nobody", "copy", error="NotFound", status=3)

    # Its start was left as it was, and has passed; as a file it names the copy and not the original.
    refused = desk.refused("activate", "active-copy", error="ChecksFailed")
    expect([alert["code"] for alert in refused["alerts"]] == ["start-in-past"], refused)
    text = desk.text("show", "active-copy", "--yaml")
    expect("# for the summer\n" in text and "start: 2026-01-02T09:00" in text, text)
    expect("name: active-copy\n" in text, f"the file of the copy: {text}")
    copy_goes_its_own_way(desk, given)


def copy_goes_its_own_way(desk, given):
    desk.campaignctl.one("tag", "active-copy", "--add", "copy")
    expect(desk.show("active")["tags"] == ["fr", "spring"], "tags are its own")
    desk.apply("active-copy", start="2026-01-03T10:00", tags="[fr, copy]")
    desk.campaignctl("activate", "active-copy", "recurring-copy")
    desk.campaignctl.one("stop", "recurring", "--yes")
    desk.at("2026-01-03 08:00:00")
    desk.until("ended", "recurring-copy")
    desk.at("2026-01-03 09:00:00")
    desk.until("ended", "active-copy")
    later = [request["campaign"]["name"] for request, _ in desk.given()[given:]]
    expect(later == ["recurring-copy", "active-copy"], f"the copies alone: {later}")
    keys = [send["key"] for name in ("active", "active-copy") for send in desk.campaignctl("sends", name)]
    expect(len(keys) == 2 and keys[0].split("/")[0] != keys[1].split("/")[0], keys)


def archived(desk):
    names = everywhere(desk)
    ended = {"stopped": "stopped", "completed": "completed"}
    given = len(desk.given())
    before = desk.everything(*names)
    put_away = desk.text("archive", *ended, "--reason", "done with it")
    expect(put_away == "stopped: archived\ncompleted: archived\n", put_away)
    expect(not set(desk.table()) & {*ended, "shelved"}, "out of sight")
    expect(list(desk.table("--status", "archived")) == ["completed", "shelved", "stopped"], "found again")
    expect(list(desk.table("--status", "archived", "--recurring", "--search", "STOP")) == ["stopped"], "with a filter")
    expect(set(desk.table("--all")) == set(names), "among all")
    expect(not desk.table("--status", "stopped", "--status", "completed"), "their status is another")
    now = desk.everything(*names)
    for name, status in ended.items():
        (campaign, states), page = now[name], desk.page(name)
        expect((campaign["status"], campaign["archived_from"], campaign["next"]) == ("archived", status, []), campaign)
        expect(campaign["ended_at"] == before[name][0]["ended_at"], campaign)
        expect(page["Status"].startswith(f"archived, before that {status}, ended 2026-01-0"), page)
        expect(states == before[name][1], "its sends are kept")

    refusals = {
        "archive": ("draft", "scheduled", "activating", "active", "recurring", "shelved", "stopped"),
        "unarchive": ("draft", "scheduled", "activating", "active"),
        "activate": ("stopped", "completed"), "modify": ("stopped",), "unschedule": ("completed",),
        "stop": ("completed",), "pause": ("stopped",), "delete": ("scheduled", "active", "stopped", "completed"),
    }
    allowed = {"draft": "activate", "scheduled": "unschedule", "activating": "stop", "active": "duplicate",
               "recurring": "pause", "shelved": "unarchive", "stopped": "unarchive", "completed": "unarchive"}
    for verb, refused_for in refusals.items():
        answers = desk.all_refused(verb, *refused_for, *(["--yes"] if verb in ("stop", "delete") else []))
        for name, refused in zip(refused_for, answers, strict=True):
            expect(refused["status"] == now[name][0]["status"] and refused["name"] == name, refused)
            expect(allowed[name] in refused["allowed"] and verb not in refused["allowed"], refused)
    desk.refused("create", "-f", desk.file("completed", **ONCE), error="NameTaken")
    expect(now == desk.everything(*names), "refusals changed something")

    # Brought back, they are what they were, and so they stay, whatever comes.
    for name, status in ended.items():
        back = desk.campaignctl.one("unarchive", name)
        expect((back["status"], back["archived_from"], back["next"]) == (status, None, []), back)
    desk.campaignctl.one("unarchive", "shelved")
    desk.campaignctl.one("archive", "completed")
    desk.at("2026-01-03 08:00:00")
    desk.until("ended", "recurring")
    desk.restart_at("2026-03-02 08:00:00")
    desk.until("ended", "scheduled")
    later = {request["campaign"]["name"] for request, _ in desk.given()[given:]}
    expect(later == {"recurring", "scheduled"}, f"run because of it: {later}")
    statuses = desk.status("stopped", "completed", "shelved")
    expect(statuses == {"stopped": "stopped", "completed": "archived", "shelved": "stopped"}, statuses)
    told = [(event["from"], event["to"]) for event in desk.campaignctl("log", "stopped") if event["kind"] == "status"]
    expect(told[-2:] == [("stopped", "archived"), ("archived", "stopped")], told)
    deleted(desk)


def deleted(desk):
    """Only what has never been in force; its name is free, and the history keeps a line."""
    first = desk.show("draft")
    desk.refused("create", "-f", desk.file("draft", **ONCE), error="NameTaken")
    expect(desk.text("delete", "draft", "--dry-run") == "draft: would be deleted\n", "a dry run")
    expect(desk.show("draft") == first, "a dry run changes nothing")
    expect(desk.text("delete", "draft", "--yes", "--reason", "no use") == "draft: deleted\n", "deleted")
    desk.refused("show", "draft", error="NotFound", status=3)
    expect("draft" not in desk.table("--all"), "gone")
    kept = desk.campaignctl("log", "draft")
    expect([event["kind"] for event in kept] == ["created", "deleted"], kept)
    expect((kept[1]["actor"], kept[1]["reason"]) == ("root", "no use"), kept)
    second = desk.apply("draft", **ONCE, title="Another one")
    expect(second["id"] != first["id"] and second["title"] == "Another one" and second["revision"] == 1, second)


play(duplicated=duplicated, archived=archived)
