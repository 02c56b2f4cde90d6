"""Proofs of campaigns and tests of surfaces: marked as tests, to oneself, of what is newest. They are no occurrence,
change nothing of any campaign, and are made once for each request. Then what a fault in surfaces.d does to them.

usage: proofs.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import glob
import json
import os
import re
import shutil
import subprocess

from campaigns import PATIENCE, expect, write
from desk import play

DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31", "surface": "noting"}
ADDRESS = "ada.lovelace@example.org"
# It keeps what it is given in a folder of its own, and ends as the file says; then waits at its gate, if there is one.
NOTING = """#!/bin/sh
place=$(mktemp -d {folder}/tests/XXXXXX)
cat >"$place/request"
cp "$MESSAGE_FILE" "$place/message"
env >"$place/environment"
echo '{{"progress": 1, "total": 1, "note": "this far"}}'
if [ -p {folder}/gates/proof ]; then read -r go <{folder}/gates/proof; fi
status=$(cat {folder}/status)
[ "$status" = killed ] && kill -KILL $$
exit "$status"
"""


def set_up(desk):
    """Surfaces that note what they get, and a daemon whose journal is a file."""
    os.mkdir(f"{desk.folder}/tests")
    write(f"{desk.folder}/noting", NOTING.format(folder=desk.folder), 0o755)
    desk.surface("noting", f"{desk.folder}/noting")
    ends_with(desk, 0)
    write(f"{desk.folder}/programs/campaignd",
          f'#!/bin/sh\nexec {desk.daemon.programs}/campaignd "$@" 2>>{desk.folder}/journal\n', 0o755)
    desk.daemon.stop()
    desk.daemon.programs = f"{desk.folder}/programs"
    desk.start()


def ends_with(desk, status):
    write(f"{desk.folder}/status", f"{status}\n")


def given(desk):
    """What the surface was given since the last look, in no order: request, message's file, environment."""
    found = []
    for place in glob.glob(f"{desk.folder}/tests/*"):
        with open(f"{place}/request") as request, open(f"{place}/message") as message, \
                open(f"{place}/environment") as environment:
            variables = dict(line.split("=", 1) for line in environment.read().splitlines() if "=" in line)
            found.append((json.loads(request.read()), message.read(), variables))
        shutil.rmtree(place)
    return found


def once(desk):
    found = given(desk)
    expect(len(found) == 1, f"its surface began once: {found}")
    return found[0]


def proof(desk, name, *arguments, to=ADDRESS):
    return desk.campaignctl.one("send-now", name, "--proof", "--to", to, *arguments)


def told_to_nobody(desk):
    """The address stands in no history, journal or ledger."""
    with open(f"{desk.folder}/journal", "rb") as journal:
        texts = {"the history": desk.text("log", "--json").encode(), "the journal": journal.read()}
    for path in glob.glob(f"{desk.folder}/state/ledger.sqlite*"):
        with open(path, "rb") as file:
            texts[path] = file.read()
    for place, text in texts.items():
        expect(text and ADDRESS.encode() not in text, f"the address is in {place}")


# --- proofs ---


def draft(desk):
    """Of a draft that was never active."""
    set_up(desk)
    desk.drafts(idea=DAILY)
    before = desk.everything("idea")
    events = len(desk.campaignctl("log", "idea"))
    desk.mark()
    answer = proof(desk, "idea", "--request-id", "first", "--reason", "how does it look")
    request, text, variables = once(desk)
    key = answer["key"]
    expect(re.fullmatch(f"proof/{before['idea'][0]['id']}/first/[0-9a-f]{{16}}", key), key)
    for name, value in {"key": key, "surface": "noting", "campaign": "idea", "version": 1, "message": "hello",
                        "revision": 1, "to": ADDRESS, "outcome": "sent", "reason": None, "progress": 1, "total": 1,
                        "note": "this far", "request_id": "first"}.items():
        expect(answer[name] == value, f"{name}: {answer}")
    for name, value in {"key": key, "attempt": 1, "test": True, "to": ADDRESS, "audience": None, "origin": "test",
                        "surface": "noting", "due": "2026-01-01T06:00:00Z"}.items():
        expect(name in request and request[name] == value, f"{name}: {request}")
    expect((request["campaign"]["name"], request["campaign"]["version"], text) == ("idea", 1, "Hello.\n"), request)
    expect((variables["TEST"], variables["TO"], variables["OCCURRENCE_KEY"]) == ("1", ADDRESS, key), variables)
    expect("AUDIENCE" not in variables, variables)
    # It is no send, and nothing of the campaign changed but that the history tells of it.
    expect(desk.everything("idea") == before and desk.campaignctl("sends") == [], "a proof is no occurrence")
    event, = desk.campaignctl("log", "idea")[events:]
    expect((event["kind"], event["key"], event["actor"], event["text"])
           == ("tested", key, "root", "proof of version 1: sent"), event)
    # The newest revision of its message, which nobody has published; told to people.
    desk.put("hello", "Not yet.")
    line = desk.text("send-now", "idea", "--proof", "--to", ADDRESS)
    expect(line == f"idea: the proof to {ADDRESS} was sent (version 1, hello revision 2, surface noting)\n", line)
    request, text, _ = once(desk)
    expect((request["message"]["revision"], text) == (2, "Not yet.\n"), request)
    told_to_nobody(desk)
    # A draft is deleted as before, and a proof of it is gone with it.
    desk.campaignctl.one("delete", "idea", "--yes")
    desk.refused("send-now", "idea", "--proof", "--to", ADDRESS, error="NotFound", status=3)


def newer(desk):
    """Of a campaign in force: its newer draft, else its live version, in every later place of its life."""
    set_up(desk)
    desk.live(daily={**DAILY, "start": "2025-12-01T09:00"})
    desk.apply("daily", **{**DAILY, "start": "2025-12-01T09:00"}, title="The newer one")
    desk.put("hello", "The newer text.")

    def proves(version, title):
        before, planned = desk.everything("daily"), desk.campaignctl("next")
        answer = proof(desk, "daily")
        request, text, _ = once(desk)
        expect((answer["version"], answer["revision"], answer["outcome"]) == (version, 2, "sent"), answer)
        expect((request["campaign"]["version"], request["campaign"]["title"], text)
               == (version, title, "The newer text.\n"), request)
        expect(desk.everything("daily") == before and desk.campaignctl("next") == planned, "nothing changed")

    proves(2, "The newer one")
    desk.campaignctl.one("discard", "daily")
    proves(1, "The campaign daily")
    for verb in ("pause", "stop", "archive"):
        desk.campaignctl.one(verb, "daily", *(["--yes"] if verb == "stop" else []))
        proves(1, "The campaign daily")
    expect(desk.campaignctl("sends") == [] and desk.campaignctl("alerts") == [], "no sends, no alerts")


def again(desk):
    """The same request is the same proof: while it runs, when it has ended, and after a kill of the daemon."""
    set_up(desk)
    desk.drafts(idea=DAILY, other=DAILY)
    desk.hold("proof")
    asked = ("send-now", "idea", "--proof", "--to", ADDRESS, "--request-id", "one", "--json")
    clients = [subprocess.Popen([desk.campaignctl.path, *asked], env=desk.campaignctl.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    desk.answer("proof", "go")
    answers = [json.loads(client.communicate(timeout=PATIENCE)[0]) for client in clients]
    expect([client.returncode for client in clients] == [0, 0], answers)
    # The other one is told that it goes on, or how it has ended.
    outcomes = {answer["outcome"] for answer in answers}
    expect("sent" in outcomes and outcomes <= {"sent", "running"}, answers)
    first = once(desk)[0]["key"]
    expect({answer["key"] for answer in answers} == {first}, answers)
    desk.daemon.process.kill()
    desk.daemon.process.wait(timeout=PATIENCE)
    desk.start()
    # Another start would wait at the gate.
    found = desk.campaignctl.one(*asked[:-1])
    expect((found["key"], found["outcome"]) == (first, "sent") and given(desk) == [], f"made once: {found}")
    desk.leave("proof")
    # The same id is another proof for another campaign, and without one each request is another.
    keys = {proof(desk, name, *words)["key"] for name, words in
            [("other", ("--request-id", "one")), ("idea", ()), ("idea", ())]}
    expect(len(keys | {first}) == 4 and len(given(desk)) == 3, keys)


def failing(desk):
    """One that does not arrive says why, exits with 1, raises no alert and is not tried again."""
    set_up(desk)
    desk.drafts(idea=DAILY)
    for status, outcome, words in [(69, "failed", "ended with 69"), (75, "temporary", "ended with 75"),
                                   ("killed", "interrupted", "killed by SIGKILL")]:
        ends_with(desk, status)
        asked = ("send-now", "idea", "--proof", "--to", ADDRESS, "--request-id", f"as-{outcome}")
        done = desk.campaignctl.run(*asked, "--json")
        answer = json.loads(done.stdout)
        expect((done.returncode, answer["outcome"]) == (1, outcome) and words in answer["reason"], done)
        once(desk)
        ends_with(desk, 0)
        told = desk.campaignctl.run(*asked)
        expect(told.returncode == 1 and words in told.stdout and given(desk) == [], f"it is that one still: {told}")
        event = desk.campaignctl("log", "idea")[-1]
        expect(event["kind"] == "tested" and words in event["text"], event)
    desk.at("2026-01-02 06:00:00")
    expect(given(desk) == [] and desk.campaignctl("alerts") == [] and desk.campaignctl("sends") == [], "that is all")
    told_to_nobody(desk)


def refused(desk):
    """What could not be shown is refused with all that is missing for it, and nothing else; nothing begins."""
    set_up(desk)
    desk.surface("chat", f"{desk.folder}/noting", channel="push")
    desk.daemon.reload()
    desk.drafts(bare={**DAILY, "surface": "nowhere", "message": "nothing", "audience": "nobody"},
                wrong={**DAILY, "surface": "chat"}, idea=DAILY)
    before = desk.everything("bare", "wrong", "idea")
    for name, codes in {"bare": ["message-missing", "surface-missing"], "wrong": ["surface-wrong-channel"]}.items():
        answer = desk.refused("send-now", name, "--proof", "--to", ADDRESS, error="ChecksFailed")
        expect(sorted(alert["code"] for alert in answer["alerts"]) == codes, answer)
    desk.refused("send-now", "nobody", "--proof", "--to", ADDRESS, error="NotFound", status=3)
    for address in ("", " ada@example.org", "ada\n@example.org", "a" * 321):
        answer = desk.refused("send-now", "idea", "--proof", "--to", address, error="InvalidField")
        expect(answer["field"] == "--to", answer)
    for words in (("--proof",), ("--to", ADDRESS), ("--proof", "--to", ADDRESS, "--again"),
                  ("--proof", "--to", ADDRESS, "--dry-run")):
        expect(desk.campaignctl.run("send-now", "idea", *words).returncode == 2, words)
    expect(desk.everything("bare", "wrong", "idea") == before and given(desk) == [], "refused is refused")


# --- tests of surfaces ---


def surface(desk):
    """A message of the daemon's own, to an address or to nobody."""
    set_up(desk)
    for words, address in [((), None), (("--to", ADDRESS), ADDRESS)]:
        asked = ("surface", "test", "noting", *words, "--request-id", f"to-{address is not None}")
        answer = desk.campaignctl.one(*asked)
        request, text, variables = once(desk)
        key = answer["key"]
        expect(re.fullmatch(f"test/noting/to-{address is not None}/[0-9a-f]{{16}}", key), key)
        expect((answer["key"], answer["campaign"], answer["version"], answer["to"], answer["outcome"])
               == (key, None, None, address, "sent"), answer)
        expect((request["key"], request["test"], request["audience"], request.get("to"))
               == (key, True, None, address), request)
        expect((variables["TEST"], variables.get("TO")) == ("1", address) and "AUDIENCE" not in variables, variables)
        expect("This is a test of surface noting" in text, text)
        expect(desk.campaignctl.one(*asked) == answer and given(desk) == [], "made once")
    line = desk.text("surface", "test", "noting")
    expect(line == "noting: the test passed\n", line)
    once(desk)
    tested = [event for event in desk.campaignctl("log") if event["kind"] == "tested"]
    expect(len(tested) >= 3 and {event["campaign"] for event in tested} == {None}, tested)
    expect(desk.campaignctl("list", "--all") == [] and desk.campaignctl("sends") == [], "it belongs to no campaign")
    desk.refused("surface", "test", "nowhere", error="NotFound", status=3)
    desk.refused("surface", "test", "noting", "--to", "", error="InvalidField")
    told_to_nobody(desk)

    # The sender reads the file itself, and takes it from nobody who could not have written it.
    file = f"{desk.folder}/config/surfaces.d/noting.yaml"
    os.chmod(file, 0o664)
    done = desk.campaignctl.run("surface", "test", "noting", "--json")
    answer = json.loads(done.stdout)
    expect((done.returncode, answer["outcome"]) == (1, "failed") and file in answer["reason"]
           and "writ" in answer["reason"], done)
    os.chmod(file, 0o644)
    expect(desk.campaignctl.one("surface", "test", "noting")["outcome"] == "sent", "and as it should be, it does")
    once(desk)


def reloaded(desk):
    """A fault in one file keeps all of the configuration as it was, and is told with file, line and key."""
    set_up(desk)
    folder = f"{desk.folder}/config/surfaces.d"
    before = desk.campaignctl("surface", "list")
    desk.surface("added", f"{desk.folder}/noting")
    desk.surface("newsletter", f"{desk.folder}/noting", max_concurrent=7)
    desk.drop_surface("noting")
    write(f"{folder}/zeta.yaml", "channel: email\nmax_concurrent: many\ncommand:\n  run: [/bin/true]\n")
    desk.daemon.reload()
    with open(f"{desk.folder}/journal") as journal:
        kept = [line for line in journal if "the configuration stays as it was: " in line]
    expect(len(kept) == 1 and f"{folder}/zeta.yaml:2:17: max_concurrent: " in kept[0] and "many" in kept[0], kept)
    expect(desk.campaignctl("surface", "list") == before, "none of it is used")
    desk.refused("surface", "test", "added", error="NotFound", status=3)
    # One that is known still, whose file is gone: the sender says so.
    done = desk.campaignctl.run("surface", "test", "noting", "--json")
    expect(done.returncode == 1 and json.loads(done.stdout)["outcome"] == "failed", done)
    os.unlink(f"{folder}/zeta.yaml")
    desk.daemon.reload()
    found = {found["name"]: found for found in desk.campaignctl("surface", "list")}
    expect(set(found) == {"added", "newsletter"} and found["newsletter"]["max_concurrent"] == 7, found)
    expect(desk.campaignctl.one("surface", "test", "added")["outcome"] == "sent", "all of it is used")
    once(desk)
    desk.refused("surface", "test", "noting", error="NotFound", status=3)


play(draft=draft, newer=newer, again=again, failing=failing, refused=refused, surface=surface, reloaded=reloaded)
