"""The page on managing campaigns: a stopped campaign's send in progress goes on, planned and later ones do not.

usage: page_stop.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect, write
from desk import play

DAILY = {"start": "2026-01-02T09:00", "every": "day", "end": "2026-12-31"}
ONCE = {"start": "2026-01-02T09:00"}
NARROW = {"surface": "narrow"}
# What each is doing when it is stopped, and what is recorded of its sends afterwards.
STOPPED_AT_ONCE = {
    "flows": (["running"], ["running"]), "crowd": (["running"], ["running"]),
    "retried": (["waiting"], ["cancelled"]), "single-retried": (["waiting"], ["cancelled"]),
    "behind-cap": (["queued"], ["cancelled"]), "single-queued": (["queued"], ["cancelled"]),
    "planned": ([], []), "single-planned": ([], []),
    # Their start has come, and a check failed: what is due is decided by the stop.
    "held": ([], ["cancelled"]), "single-held": ([], ["cancelled"]),
}
REFUSED = {"single-running": "cancel", "single-ended": "ended as sent", "idea": "scheduled, activating or active"}


def set_up(desk):
    desk.surface("narrow", max_concurrent=1)
    desk.surface("away")
    desk.daemon.reload()
    desk.hold("flows", "retried", "crowd", "overlapping", "single-running", "single-retried")
    desk.live(flows=DAILY, retried=DAILY, crowd=DAILY | NARROW, overlapping=DAILY | {"every": "hour"},
              single_running=ONCE, single_retried=ONCE, single_ended=ONCE, held=DAILY | {"surface": "away"},
              planned=DAILY | {"start": "2026-01-05T09:00"}, single_planned={"start": "2026-01-05T09:00"},
              single_held=ONCE | {"surface": "away"}, goes_on=DAILY)
    desk.drafts(idea=DAILY)
    desk.drop_surface("away")
    desk.daemon.reload()
    desk.at("2026-01-02 08:00:00")
    desk.until("started", "flows", "crowd", "overlapping", "single-running")
    # Due at once, and for the surface that has one place, which is taken.
    desk.live(behind_cap=DAILY | NARROW | {"start": "now"}, single_queued=NARROW | {"start": "now"})
    for name in ("retried", "single-retried"):
        desk.answer(name, 75)
    desk.campaignctl.story().until_all("waiting", ("retried", "single-retried"))
    desk.campaignctl.story().until_all("ended", ("single-ended", "goes-on"))


def stopped(desk):
    set_up(desk)
    names = list(STOPPED_AT_ONCE)
    before = desk.everything(*names)
    expect({name: states for name, (_, states) in before.items()}
           == {name: now for name, (now, _) in STOPPED_AT_ONCE.items()}, before)
    begun = len(desk.given())

    # A preview of what it cancels, which changes nothing.
    preview = desk.text("stop", *names, "--dry-run").splitlines()
    expect([line for line in preview if line[0] != " "] == [f"{name}: would be stopped" for name in names], preview)
    for told in desk.campaignctl("stop", *names, "--dry-run"):
        open_now = STOPPED_AT_ONCE[told["name"]][0]
        expect([send["state"] for send in told["goes_on"]] == [state for state in open_now if state == "running"], told)
        expect([send["state"] for send in told["cancels"]] == [state for state in open_now if state != "running"], told)
        is_to_come = told["recurring"] or told["name"] in ("single-planned", "single-held")
        expect(len(told["drops"]) == (5 if told["recurring"] else is_to_come), told)
    expect(desk.everything(*names) == before, "a dry run changed something")

    # Several at once, among them one that nobody knows.
    done = desk.campaignctl.run("stop", *names, "nobody", "--yes", "--reason", "the list is being cleaned")
    expect(done.returncode == 3 and done.stdout.splitlines() == [f"{name}: stopped" for name in names], done)
    after, events = desk.everything(*names), desk.campaignctl("log")
    for name in names:
        expect((after[name][0]["status"], after[name][1]) == ("stopped", STOPPED_AT_ONCE[name][1]), after[name])
        last = [event for event in events if event["campaign"] == name][-1]
        expect((last["kind"], last["to"], last["actor"], last["reason"])
               == ("status", "stopped", "root", "the list is being cleaned"), last)
    before = desk.everything(*REFUSED)
    for name, refused in zip(REFUSED, desk.all_refused("stop", *REFUSED, "--yes"), strict=True):
        expect("stop" not in refused["allowed"] and refused["allowed"] and REFUSED[name] in refused["text"], refused)
    expect(desk.everything(*REFUSED) == before, "a refusal changed something")

    # Behind a send of its own, which goes on.
    desk.at("2026-01-02 09:00:00")
    expect(desk.states("overlapping") == ["running", "queued"], desk.campaignctl("sends", "overlapping"))
    desk.campaignctl.one("stop", "overlapping", "--yes")
    expect(desk.states("overlapping") == ["running", "cancelled"], desk.campaignctl("sends", "overlapping"))
    expect(len(desk.given()) == begun, "nothing was handed over meanwhile")

    running = ("flows", "crowd", "overlapping", "single-running")
    for name in running:
        desk.answer(name)
    desk.until("ended", *running)
    expect([desk.states(name)[0] for name in running] == ["sent"] * 4, desk.campaignctl("sends"))
    for name in list(desk.gates):
        desk.leave(name)
    nothing_later(desk, names + ["overlapping"], begun)


def nothing_later(desk, names, begun):
    """What failed a check is mended, days pass, and the daemon is another one."""
    before = desk.everything(*names)
    desk.surface("away")
    desk.daemon.reload()
    desk.at("2026-01-05 08:00:00")
    desk.until("ended", "goes-on")
    desk.restart_at("2026-01-20 08:00:00")
    desk.until("ended", "goes-on")
    later = {request["campaign"]["name"] for request, _ in desk.given()[begun:]}
    expect(later == {"goes-on"}, f"handed over after the stop: {later}")
    expect(desk.everything(*names) == before, "stopped is the end")
    expect(not set(names) & set(desk.table()), "they are out of the list")
    expect(not {planned["campaign"] for planned in desk.campaignctl("next")} & set(names), "nothing of them is to come")
    for verb in ("activate", "unschedule", "modify", "pause", "resume", "stop", "delete"):
        done = desk.campaignctl.run(verb, *names, *(["--yes"] if verb in ("stop", "delete") else []))
        expect(done.returncode == 1 and done.stdout == "", f"{verb}: {done}")
        expect(done.stderr.count("allowed are ") == len(names), f"{verb}: {done}")
    desk.refused("apply", "-f", desk.file("flows", **DAILY, title="Once more"))
    expect(desk.everything(*names) == before, "refusals changed something")
    due_at_the_stop(desk)


def due_at_the_stop(desk):
    """The scheduler has most likely not looked yet; the stop decides first what is due, and cancels it."""
    write(f"{desk.folder}/config/campaignd.yaml", "tick_interval: 1h\n")
    desk.daemon.reload()
    desk.daemon.forget()
    desk.clock.set("2026-01-21 08:00:00")
    given = len(desk.given())
    desk.campaignctl.one("stop", "goes-on", "--yes")
    send = desk.campaignctl("sends", "goes-on")[0]
    events = desk.campaignctl("log", "goes-on")
    if claims := [event["seq"] for event in events if (event["kind"], event["key"]) == ("claimed", send["key"])]:
        # A turn that was under way has looked after all: what it claimed came before the stop.
        stopped_by = next(event["seq"] for event in events if event["kind"] == "fenced" or event["to"] == "stopped")
        return expect(claims[0] < stopped_by, events)
    expect((send["due"], send["state"], send["attempts"]) == ("2026-01-21T08:00:00Z", "cancelled", 0), send)
    expect(len(desk.given()) == given, "handed over after the stop")


play(stopped=stopped)
