"""Every status with every command, through the socket: what is allowed does it, all else answers InvalidState with what
is allowed and changes nothing. Then several clients that change one draft at once: one wins, the others are told, and
nothing is lost.

usage: commands.py DIRECTORY_OF_THE_PROGRAMS
"""

import json
import os
import subprocess
import sys
import tempfile

from campaigns import expect, write
from every_place import (ALLOWED, COMMANDS, EVERYWHERE, FILES, Stage, has_failed_send, name_of, names_of, status_of)

ACTIVATED = {"one-shot draft": "scheduled", "recurring draft": "scheduled", "triggered draft": "active",
             "recurring scheduled-edited": "scheduled", "recurring activating-edited": "active",
             "recurring active-edited": "active", "triggered activating-edited": "activating",
             "triggered active-edited": "active"}
EVENTS = {"activate": "status", "unschedule": "status", "modify": "modified", "discard": "discarded",
          "apply": "changed", "stop": "status", "pause": "paused", "resume": "resumed", "archive": "status",
          "unarchive": "status", "delete": "deleted", "cancel": "ended", "tag": "tagged", "retag": "tagged"}
# Alerts that an acknowledgement takes away; the others are about what is so now.
REPORTS = {"send-failed", "send-interrupted", "occurrence-missed", "outlived-completion", "overlap-skipped"}


def ask(stage, places, command):
    """The same of the campaigns of all places, in as few calls as the command takes; (place, the line that came)."""
    names = [name_of(place, command) for place in places]

    def files(**changes):
        paths = [stage.file(place, command, **{"title": as_it_is(place), **changes}) for place in places]
        return [[word for path in paths for word in ("-f", path)]]

    def keys():
        """Of the send that has failed; of a campaign that was never active, the key is nobody's."""
        return [f"{campaign['id']}/now/failed" for campaign in stage.campaignctl("show", *names)]

    calls = {
        "apply": lambda: [["apply", *words] for words in files(title="Another title")],
        "same": lambda: [["apply", *words] for words in files()],
        "retag": lambda: [["apply", *words] for words in files(tags="[vip]")],
        "duplicate": lambda: [["duplicate", name, f"{name}-2"] for name in names],
        "tag": lambda: [["tag", *names, "--add", "vip"]],
        "trigger": lambda: [["trigger", name, "--request-id", "asked"] for name in names],
        "send-now": lambda: [["send-now", name, "--again", "--request-id", "asked"] for name in names],
        "retry": lambda: [["retry", *keys()]],
    }.get(command, lambda: [[command, *names, *(["--yes"] if command in ("stop", "delete", "cancel") else [])]])()
    lines = []
    for call in calls:
        done = stage.campaignctl.run(*call, "--json")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        errors = [line["error"] for line in found if "error" in line] or [None]
        expect(done.returncode == {None: 0, "NotFound": 3}.get(errors[0], 1), f"{call}: the first one's: {done}")
        lines += found
    expect(len(lines) == len(places), f"{command}: one line for each: {lines}")
    return list(zip(places, lines))


def as_it_is(place):
    return "Edited" if "edited" in place else "As planned"


def refused(place, command, answer):
    case = f"{place}, {command}: {answer}"
    if command == "retry" and not has_failed_send(place):
        return expect(answer.get("error") == "NotFound", case)
    expect(answer.get("error") == "InvalidState", case)
    expect(answer["status"] == status_of(place) and answer["name"] == name_of(place, command), case)
    expect(command not in answer["allowed"], case)
    allowed = set(ALLOWED[place].split()) | EVERYWHERE
    expect(set(answer["allowed"]) == allowed, f"{sorted(allowed)} are allowed: {case}")
    expect(all(word in answer["text"] for word in answer["allowed"]), case)


def done(stage, place, command, answer, before, after):
    """Whether an allowed command did what it says, all of it and no more."""
    case = f"{place}, {command}: {answer}"
    name = name_of(place, command)
    old, new, events = before[0], after[0], after[1][len(before[1]):]
    edited = "edited" in place
    kinds = [event["kind"] for event in events]
    if command == "same" or command == "modify" and edited:
        return expect(after == before, f"{case}: nothing was to change: {events}")
    if command == "ack":
        stays = [alert for alert in old["alerts"] if alert["code"] not in REPORTS]
        expect(new["alerts"] == stays, f"{case}: {new['alerts']}")
        return expect(kinds == ["alert-cleared"] * (len(old["alerts"]) - len(stays)), f"{case}: {kinds}")
    if command in ("trigger", "send-now"):
        return asked(command, case, answer, before, after)
    if command == "retry":
        return retried(case, answer, before, after)
    if command == "delete":
        return expect(kinds[-1] == "deleted", f"{case}: {kinds}")
    if command == "activate" and edited:
        expect("replaced" in kinds and (new["version"], new["draft_version"]) == (2, None), f"{case}: {new} {kinds}")
    else:
        expect(EVENTS[command] in kinds, f"{case}: {kinds}")
    status = {"activate": ACTIVATED.get(place), "unschedule": "draft", "stop": "stopped", "archive": "archived",
              "unarchive": place.rpartition("-")[2]}.get(command, old["status"])
    expect(new["status"] == status, f"{case}: {status} was expected, not {new['status']}")
    if old["status"] != new["status"]:
        steps = [(event["from"], event["to"]) for event in events if event["kind"] == "status"]
        expect(steps[0][0] == old["status"] and steps[-1][1] == status, f"{case}: {steps}")
    expect(all(event["actor"] not in (None, "campaignd") for event in events if event["kind"] == EVENTS[command])
           or command in ("activate", "cancel"), f"{case}: who did it: {events}")
    expect(new["revision"] > old["revision"] or command == "cancel", f"{case}: {new['revision']}")
    details(stage, place, command, case, old, new)


def asked(command, case, answer, before, after):
    """One send more, by whom it was asked for; the campaign is as it was, but for what came of the send by now."""
    key = f"{before[0]['id']}/{'now' if command == 'send-now' else command}/asked"
    expect((answer["key"], answer["origin"], answer["repeated"]) == (key, command, False), case)
    more = [send["key"] for send in after[2] if send["key"] not in [other["key"] for other in before[2]]]
    expect(more == [key] and len(after[2]) == len(before[2]) + 1, f"{case}: {after[2]}")
    actors = [event["actor"] for event in after[1] if event["kind"] == "claimed" and event["key"] == key]
    expect(len(actors) == 1 and actors[0] != "campaignd", f"{case}: who asked: {actors}")
    unchanged(case, before[0], after[0])


def retried(case, answer, before, after):
    """The same send once more, with the next number; the campaign is as it was, but for its alert."""
    expect(answer["key"] == f"{before[0]['id']}/now/failed" and answer["state"] not in ("failed", "queued"), case)
    expect([send["key"] for send in after[2]] == [send["key"] for send in before[2]], f"{case}: {after[2]}")
    for old, new in zip(before[2], after[2]):
        if old["key"] != answer["key"]:
            expect(new == old, f"{case}: another send of it: {new}")
        else:
            expect((old["state"], old["attempts"]) == ("failed", 1), f"{case}: {old}")
            expect((new["state"], new["attempts"]) == ("failed", 2), f"{case}: {new}")
    told = [(event["key"], event["actor"]) for event in after[1] if event["kind"] == "retried"]
    expect(told == [(answer["key"], "root")], f"{case}: {told}")
    found = [[alert["count"] for alert in campaign["alerts"] if alert["code"] == "send-failed"]
             for campaign in (before[0], after[0])]
    expect(found[0] and found[1] == [found[0][0] + 1], f"{case}: the failures are counted: {found}")
    unchanged(case, before[0], after[0])


def unchanged(case, *campaigns):
    """But for what came of its sends."""
    old, new = ({name: value for name, value in campaign.items() if name not in ("revision", "alerts")}
                for campaign in campaigns)
    expect(new == old, f"{case}: {new}")


def duplicated(stage, place, answer, before, after, copy):
    case = f"{place}, duplicate: {answer}"
    expect(after == before, f"{case}: the original stays as it was")
    expect(copy[0] == answer and answer["status"] == "draft", f"{case}: {copy}")
    expect([event["kind"] for event in copy[1]] == ["created"] and copy[2] == [], f"{case}: without history: {copy}")
    expect(answer["version"] == 1 and answer["activated_at"] is None and answer["id"] != before[0]["id"], case)
    # What is live is copied, so the edited title does not come along.
    expect(answer["title"] == "As planned", case)
    for key in ("title", "type", "channel", "surface", "message", "audience", "tags", "recurring", "schedule"):
        expect(answer[key] == before[0][key], f"{case}: {key}")


def details(stage, place, command, case, old, new):
    name = name_of(place, command)
    expect(new["paused"] == {"pause": True, "resume": False, "stop": False, "unschedule": False}.get(
        command, old["paused"]), f"{case}: paused")
    expect(new["tags"] == (["vip"] if command in ("tag", "retag") else old["tags"]), f"{case}: {new['tags']}")
    if command == "archive":
        expect(new["archived_from"] == old["status"], f"{case}: {new}")
    if command in ("stop", "archive", "unarchive"):
        expect(new["ended_at"] and new["next"] == [], f"{case}: ended for good: {new}")
    if command == "discard":
        expect(new["draft_version"] is None and new["title"] == "As planned", f"{case}: {new}")
    if command == "modify":
        draft = stage.campaignctl.one("show", name, "--draft")
        expect(new["draft_version"] == 2 and draft["title"] == old["title"], f"{case}: {draft}")
    if command == "apply" and status_of(place) == "draft":
        expect((new["version"], new["title"]) == (1, "Another title"), f"{case}: {new}")
    elif command == "apply":
        draft = stage.campaignctl.one("show", name, "--draft")
        expect((new["version"], new["draft_version"], draft["title"]) == (1, 2, "Another title"), f"{case}: {draft}")
        expect(new["title"] == "As planned" and new["next"] == old["next"], f"{case}: the live one stays: {new}")
    if command == "unschedule":
        kept = 2 if "edited" in place else 1
        expect((new["version"], new["draft_version"]) == (kept, None), f"{case}: {new}")


def perform(stage, places):
    """Each command on each of the places, which have been reached."""
    pairs = [(place, command) for place in places for command in COMMANDS + FILES]
    allowed = {place: set(ALLOWED[place].split()) | EVERYWHERE | set(FILES) for place in places}
    before = stage.look([name_of(*pair) for pair in pairs])
    for place, command in pairs:
        found = before[name_of(place, command)]
        expect(found[0]["status"] == status_of(place), f"{place} was not reached: {found}")
    last = stage.last()
    answers = {}
    for command in COMMANDS + FILES:
        for place, answer in ask(stage, places, command):
            answers[place, command] = answer
            if command in allowed[place]:
                expect("error" not in answer, f"{place}, {command} is allowed: {answer}")
            else:
                refused(place, command, answer)
    ending = [name_of(place, command) for place in places for command in ("cancel", "retry")
              if command in allowed[place]]
    if ending:
        stage.wait(last, "ended", ending)
    after = stage.look([name_of(*pair) for pair in pairs if not (pair[1] == "delete" and "delete" in allowed[pair[0]])],
                       [name_of(place, "delete") for place in places])
    copies = stage.look([f"{name_of(place, 'duplicate')}-2" for place in places])
    for pair in pairs:
        name = name_of(*pair)
        if pair[1] not in allowed[pair[0]]:
            expect(after[name] == before[name], f"{pair} was refused and changed: {before[name]} {after[name]}")
        elif pair[1] == "duplicate":
            duplicated(stage, pair[0], answers[pair], before[name], after[name], copies[f"{name}-2"])
        else:
            done(stage, *pair, answers[pair], before[name], after[name])


def matrix(stage):
    """In the order in which the clock gets there."""
    activating = [place for place in ALLOWED if status_of(place) == "activating"]
    completed = [place for place in ALLOWED if "completed" in place]
    held = [place for place in activating if place.startswith("triggered")]
    at_once = [place for place in ALLOWED if place not in activating and place not in completed]
    waiting = [place for place in activating if place not in held]
    stage.make([place for place in ALLOWED if place not in held])
    edited = ["recurring activating-edited"]
    stage.bring([place for place in at_once + waiting + completed if place not in edited])
    perform(stage, at_once)
    # As late as can be: its file names a surface that is there.
    stage.bring(edited)

    os.unlink(f"{stage.folder}/config/surfaces.d/away.yaml")
    stage.daemon.reload()
    last = stage.last()
    stage.clock.set("2098-06-01 09:00:00")
    names = names_of(waiting)
    stage.wait(last, "status", names, to="activating")
    perform(stage, waiting)

    # Three days after the activation, to the second; the recurring and triggered ones have ended the day before.
    stage.clock.set("2098-06-04 08:00:00")
    names = names_of(completed)
    stage.wait(last, "status", names, to="completed")
    stage.campaignctl("archive", *names_of([place for place in completed if "archived" in place]))
    perform(stage, completed)

    stage.surface("away", "/bin/true")
    stage.daemon.reload()
    last = stage.last()
    stage.clock.set("1970-01-02 00:00:00")
    stage.wait(last, "alert-raised", [None])
    stage.make(held)
    stage.bring(held)
    perform(stage, held)


def at_once(stage, *commands):
    """Several clients at the same time; how each ended."""
    clients = [subprocess.Popen([stage.campaignctl.path, *command, "--json"], env=stage.campaignctl.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for command in commands]
    answers = [json.loads(client.communicate()[0]) for client in clients]
    return [(client.returncode, answer) for client, answer in zip(clients, answers)]


def contest(stage, name, revision, turn):
    """Two clients change the draft that both have read; the later one is told, reads again, and keeps both changes."""
    paths = {}
    for client in ("ann", "ben"):
        paths[client] = f"{stage.folder}/{client}.yaml"
        write(paths[client], f"name: {name}\ntitle: By {client}, {turn}\nchannel: email\nsurface: newsletter\n"
              f"message: hello\naudience: everybody\ntags: [{client}-{turn}]\nschedule:\n  start: 2099-06-01T09:00\n")
    before = len(stage.campaignctl("log", name))
    answers = at_once(stage, *[("apply", "-f", path, "--revision", str(revision)) for path in paths.values()])
    expect(sorted(status for status, _ in answers) == [0, 1], f"one wins: {answers}")
    winner, loser = ("ann", "ben") if answers[0][0] == 0 else ("ben", "ann")
    won = next(answer for status, answer in answers if status == 0)
    lost = next(answer for status, answer in answers if status == 1)
    expect(lost["error"] == "Conflict" and lost["revision"] == won["revision"] > revision, lost)
    expect(stage.campaignctl.one("show", name) == won, "the winner's draft stands")
    expect((won["title"], won["tags"]) == (f"By {winner}, {turn}", [f"{winner}-{turn}"]), won)
    kinds = [event["kind"] for event in stage.campaignctl("log", name)[before:]]
    expect(sorted(kinds) == ["changed", "tagged"], f"and the history tells of it alone: {kinds}")
    again = stage.campaignctl.one("apply", "-f", paths[loser], "--revision", str(lost["revision"]))
    expect(again["title"] == f"By {loser}, {turn}", again)
    expect(stage.campaignctl.one("apply", "-f", paths[loser]) == again, "its own file is no change")
    return again["revision"]


def conflicts(stage):
    path = f"{stage.folder}/shared.yaml"
    write(path, "name: shared\ntitle: Shared\nchannel: email\nsurface: newsletter\nmessage: hello\n"
          "audience: everybody\nschedule:\n  start: 2099-06-01T09:00\n")
    revision = stage.campaignctl.one("create", "-f", path)["revision"]
    for turn in range(2):
        revision = contest(stage, "shared", revision, turn)
    # A client that adds a tag reads the others first: one that was overtaken is told too.
    tags = [f"tag-{number}" for number in range(4)]
    answers = at_once(stage, *[("tag", "shared", "--add", tag) for tag in tags])
    expect(all(status == 0 or answer["error"] == "Conflict" for status, answer in answers), answers)
    expected = {tag for tag, (status, _) in zip(tags, answers) if status == 0}
    found = set(stage.campaignctl.one("show", "shared")["tags"])
    expect(expected and found & set(tags) == expected, f"{expected} were said to be added: {found}")
    answers = at_once(stage, *[("activate", "shared", "--revision", str(revision)), ("stop", "shared", "--yes")])
    expect(answers[0][1].get("error") == "Conflict", f"activated is what was read, or nothing: {answers}")


with tempfile.TemporaryDirectory() as folder:
    stage = Stage(folder, os.path.abspath(sys.argv[1]))
    try:
        stage.start()
        conflicts(stage)
        matrix(stage)
    finally:
        stage.end()
