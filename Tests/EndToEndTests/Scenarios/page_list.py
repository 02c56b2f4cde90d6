"""The page on managing campaigns: statuses, and the list with its filters.

usage: page_list.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

from campaigns import expect
from desk import play

LATER = "2026-02-02T09:00"


def population(desk):
    """One campaign in each status; `life` passes through all of them that come by themselves."""
    desk.surface("away")
    desk.daemon.reload()
    made = desk.drafts(
        idea={"start": LATER}, planned={"start": LATER}, life={"start": "2026-01-05T10:00"},
        waiting={"start": "2026-01-08T09:30", "surface": "away"}, once={"start": "now"}, halted={"start": LATER},
        running={"start": "2026-01-01T10:00", "every": "month", "end": "2026-12-31"},
        shelved={"start": "2026-01-05T09:00", "every": "month", "end": "2026-12-31"})
    expect({draft["status"] for draft in made} == {"draft"}, made)
    desk.at("2026-01-05 08:30:00")
    desk.mark()
    answers = desk.campaignctl("activate", *[draft["name"] for draft in made if draft["name"] != "idea"])
    found = {campaign["name"]: campaign["status"] for campaign in answers}
    expect(found == {"planned": "scheduled", "life": "scheduled", "waiting": "scheduled", "once": "active",
                     "halted": "scheduled", "running": "active", "shelved": "active"}, found)
    desk.until("ended", "once")
    desk.campaignctl("stop", "halted", "shelved", "--yes", "--reason", "no budget")
    desk.campaignctl.one("archive", "shelved")
    desk.drop_surface("away")
    desk.daemon.reload()
    desk.at("2026-01-05 09:00:00")
    desk.until("ended", "life")
    desk.at("2026-01-08 09:00:00")


STATUSES = {"idea": "draft", "planned": "scheduled", "waiting": "activating", "running": "active", "halted": "stopped",
            "life": "completed", "once": "completed", "shelved": "archived"}


def statuses(desk):
    population(desk)
    expect(desk.status(*STATUSES) == STATUSES, desk.status(*STATUSES))
    rows = desk.table("--all")
    words = {name: row["STATUS"] for name, row in rows.items()}
    expect(words == {**STATUSES, "waiting": "activating ! 1"}, words)
    for name, status in STATUSES.items():
        expect(desk.page(name)["Status"].startswith(status), desk.page(name))
    counts = {status: count for status, count in desk.campaignctl.one("status")["campaigns"].items()}
    expect(counts == {"draft": 1, "scheduled": 1, "activating": 1, "active": 1, "stopped": 1, "completed": 2,
                      "archived": 1}, counts)

    def told(name):
        return [(event["from"], event["to"]) for event in desk.campaignctl("log", name) if event["kind"] == "status"]

    whole = ["draft", "scheduled", "activating", "active", "completed"]
    expect(told("life") == list(zip(whole, whole[1:])), told("life"))
    expect(told("once") == list(zip([whole[0]] + whole[2:], whole[2:])), told("once"))
    expect(told("planned") == [("draft", "scheduled")], told("planned"))
    expect(told("waiting") == [("draft", "scheduled"), ("scheduled", "activating")], told("waiting"))
    expect(told("shelved")[-2:] == [("active", "stopped"), ("stopped", "archived")], told("shelved"))
    lines = [line for line in desk.text("log", "life").splitlines() if "→" in line]
    expect([line.split("life: ")[1].split(":")[0] for line in lines]
           == ["draft → scheduled", "scheduled → activating", "activating → active", "active → completed"], lines)
    expect(lines[1].startswith("2026-01-05 10:00:00 Europe/Paris life: "), lines)
    expect("(root: no budget)" in desk.text("log", "halted"), desk.text("log", "halted"))

    # A check that passes again lets the one that waits go on.
    desk.surface("away")
    desk.daemon.reload()
    desk.at("2026-01-08 09:00:02")
    expect(desk.show("waiting")["status"] == "active", "checked again")
    expect(desk.table()["waiting"]["STATUS"] == "active", desk.table())


def shown(desk):
    population(desk)
    usual = ["idea", "planned", "running", "waiting"]
    everything = sorted(STATUSES)

    def listed(*arguments):
        names = list(desk.table(*arguments))
        objects = [campaign["name"] for campaign in desk.campaignctl("list", *arguments)]
        expect(names == objects, f"a table and JSON tell the same: {names} {objects}")
        return names

    expect(listed() == usual, listed())
    expect(listed("--all") == everything, listed("--all"))
    for status in sorted(set(STATUSES.values())):
        wanted = [name for name in everything if STATUSES[name] == status]
        expect(listed("--status", status) == wanted, listed("--status", status))
    ended = listed("--status", "stopped", "--status", "completed", "--status", "archived")
    expect(ended == ["halted", "life", "once", "shelved"], ended)
    desk.campaignctl("stop", *usual[1:], "--yes")
    desk.campaignctl.one("delete", "idea", "--yes")
    expect(listed() == [], listed())
    expect(listed("--all") == [name for name in everything if name != "idea"], listed("--all"))
    wrong = desk.campaignctl.run("list", "--status", "finished")
    expect(wrong.returncode == 2 and all(status in wrong.stderr for status in STATUSES.values()), wrong)


FILTERED = {
    "spring-sale": {"title": "Soldes d’été 🎉", "tags": "[fr, spring]", "start": "2026-03-02T09:00"},
    "spring-sms": {"title": "ВЕСНА", "tags": "[ru, spring]", "channel": "sms", "surface": "texts",
                   "start": "2026-03-03T09:00"},
    "weekly": {"title": "The week, 100% of it", "tags": "[fr]", "start": "2026-01-06T09:00", "every": "week"},
    "daily": {"title": "Straßenfest", "channel": "push", "surface": "phones", "start": "2026-01-02T09:00",
              "every": "day"},
    "welcome": {"title": "Welcome", "tags": "[fr, onboarding]", "type": "triggered"},
    "over": {"title": "Last summer", "tags": "[spring]", "start": "2026-04-01T09:00"},
}


def filters(desk):
    desk.surface("texts", channel="sms")
    desk.surface("phones", channel="push")
    desk.daemon.reload()
    for hour, (name, fields) in enumerate(FILTERED.items()):
        desk.at(f"2026-01-01 {7 + hour:02}:00:00")
        desk.apply(name, **fields)
    desk.campaignctl("activate", "weekly", "daily", "welcome", "over")
    desk.campaignctl.one("stop", "over", "--yes")

    cases = [
        ("", "daily spring-sale spring-sms weekly welcome"),
        ("--type triggered", "welcome"),
        ("--type scheduled", "daily spring-sale spring-sms weekly"),
        ("--channel sms", "spring-sms"),
        ("--channel email", "spring-sale weekly welcome"),
        ("--channel fax", ""),
        ("--tag fr", "spring-sale weekly welcome"),
        ("--tag fr --tag spring", "spring-sale"),
        ("--tag fr --tag ru", ""),
        ("--tag spring --all", "over spring-sale spring-sms"),
        ("--recurring", "daily weekly"),
        ("--one-shot", "spring-sale spring-sms"),
        ("--search SPRING-s", "spring-sale spring-sms"),
        ("--search D’ÉTÉ", "spring-sale"),
        ("--search весна", "spring-sms"),
        ("--search 🎉", "spring-sale"),
        ("--search straßen", "daily"),
        ("--search %", "weekly"),
        ("--search _", ""),
        ("--search '", ""),
        ("--search summer", ""),
        ("--search summer --all", "over"),
        # Tags are searched too, which nothing else of it says.
        ("--search onboard", "welcome"),
        ("--type scheduled --channel email --tag fr", "spring-sale weekly"),
        ("--type scheduled --channel email --tag fr --recurring", "weekly"),
        ("--type scheduled --channel email --tag fr --recurring --search week --status scheduled", "weekly"),
        ("--type scheduled --channel email --tag fr --recurring --search week --status draft", ""),
        ("--status draft --channel sms --tag spring --one-shot --search весна --sort next", "spring-sms"),
        ("--sort name", "daily spring-sale spring-sms weekly welcome"),
        # The soonest first; what has nothing to come is last.
        ("--sort next", "daily weekly spring-sale spring-sms welcome"),
        # The newest first.
        ("--sort created", "welcome daily weekly spring-sms spring-sale"),
        ("--sort created --limit 2", "welcome daily"),
        ("--sort next --tag spring --limit 1", "spring-sale"),
    ]
    for words, wanted in cases:
        names = [campaign["name"] for campaign in desk.campaignctl("list", *words.split())]
        expect(names == wanted.split(), f"list {words}: {names}, not {wanted}")
        if words.count("--") > 2:
            expect(list(desk.table(*words.split())) == names, f"list {words}, as a table")
    row = desk.table()["spring-sms"]
    expect((row["TYPE"], row["CHANNEL"], row["TAGS"], row["TITLE"]) == ("one-shot", "sms", "ru,spring", "ВЕСНА"), row)
    row = desk.table()["weekly"]
    expect((row["TYPE"], row["NEXT"]) == ("recurring", "2026-01-06 09:00 Europe/Paris"), row)
    expect(desk.table("--utc")["weekly"]["NEXT"] == "2026-01-06 08:00 UTC", desk.table("--utc"))
    expect(desk.table()["welcome"]["TYPE"] == "triggered", desk.table())


play(statuses=statuses, shown=shown, filters=filters)
