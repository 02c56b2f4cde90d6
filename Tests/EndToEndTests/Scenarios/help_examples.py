"""The help of every verb has examples. Each of them is run here as a shell runs it, with a real daemon, at a moment at
which it makes sense, and does something: it ends with 0 and prints what it is about.

usage: help_examples.py DIRECTORY_OF_THE_PROGRAMS
"""

import concurrent.futures
import json
import os
import re
import signal
import subprocess

from campaigns import PATIENCE, expect, write
from desk import play

# So wide that no example is broken into lines.
COLUMNS = "1000"
# Before the dates that they name.
TODAY = "2026-12-01 06:00:00"
# The argument parser's own verb.
WITHOUT = {"help"}
SPRING = """name: spring-newsletter
title: Soldes d’été
channel: email
surface: newsletter
audience: subscribers
message: spring-2026
tags: [draft-idea]
schedule:
  start: 2026-12-04T09:00
  timezone: Europe/Paris
  every: 2 weeks
  days: [monday, friday]
  end: 2099-12-31
"""
# The key of the help is somebody's: here the campaign's own id stands in its place.
SOMEBODYS_ID = "dm3c7dgx5cmy3tzrspm6rkm4oy"
ORDER = "order-1815"


class Shell:
    """A person's shell in a folder with the files that the examples name."""

    def __init__(self, desk):
        self.desk, self.folder = desk, f"{desk.folder}/home"
        self.environment = {**desk.campaignctl.environment, "EDITOR": f"{desk.folder}/editor",
                            "PATH": f"{desk.daemon.programs}:{os.environ['PATH']}"}
        self.left = self.examples()

    def examples(self):
        """Those of the help, with the verb that each stands in."""
        dump = json.loads(self.desk.text("--experimental-dump-help"))["command"]
        verbs = [words for words in self.verbs(dump, []) if words and words[0] not in WITHOUT]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            helps = list(pool.map(self.help, verbs))
        for words, found in zip(verbs, helps):
            expect(found, f"{' '.join(words)}: its help has no example")
        return {example for found in helps for example in found}

    def verbs(self, verb, words):
        yield words
        for below in verb.get("subcommands", []):
            if below.get("shouldDisplay", True):
                yield from self.verbs(below, words + [below["commandName"]])

    def help(self, words):
        done = subprocess.run(
            [self.desk.campaignctl.path, *words, "--help"], env={**self.environment, "COLUMNS": COLUMNS},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        expect(done.returncode == 0, f"{words}: {done}")
        found = re.findall(r"^ *Example: (.*)$", done.stdout, re.MULTILINE)
        expect(all(example.startswith("campaignctl ") for example in found), f"{words}: {found}")
        return found

    def take(self, example):
        expect(example in self.left, f"no help has this example, or it comes twice: {example}")
        self.left.discard(example)

    def start(self, example, **words):
        """The words are what somebody else would write in place of those of the help."""
        self.take(example)
        for word, own in words.items():
            example = example.replace(word, own)
        return subprocess.Popen(
            ["/bin/sh", "-c", example], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def __call__(self, *examples, **words):
        """Runs them one after the other; answers what the last one printed."""
        for example in examples:
            process = self.start(example, **words)
            output, errors = process.communicate(timeout=PATIENCE)
            expect(process.returncode == 0, f"{example}: {process.returncode} {output}{errors}")
            expect(output, f"{example}: it prints nothing; {errors}")
        return output


def walk(desk):
    desk.at(TODAY)
    shell = Shell(desk)
    set_up(desk, shell)
    references(shell)
    files(desk, shell)
    draft(desk, shell)
    planned(desk, shell)
    versions(desk, shell)
    weekly(desk, shell)
    asked(desk, shell)
    sending(desk, shell)
    ended(desk, shell)
    expect(not shell.left, f"examples that nobody runs: {sorted(shell.left)}")


def set_up(desk, shell):
    """The files of the examples, an editor, and a list of subscribers."""
    desk.audience("subscribers", *(f"{name}@example.org" for name in ("ada", "ann", "bob", "eve")))
    desk.daemon.reload()
    write(f"{shell.folder}/spring-newsletter.yaml", SPRING)
    write(f"{shell.folder}/spring-2026.yaml", "subject: Soldes d’été\ntext: Bonjour.\n")
    campaigns = {"weekly-digest": "  start: 2026-12-04T10:00\n  every: week\n  end: 2099-12-31\n",
                 "autumn-newsletter": "  start: 2027-10-05T09:00\n", "welcome": ""}
    for name, schedule in campaigns.items():
        lines = SPRING.split("tags:")[0].replace("spring-newsletter", name)
        lines += "type: triggered\n" if not schedule else f"schedule:\n{schedule}  timezone: Europe/Paris\n"
        write(f"{shell.folder}/campaigns/{name}.yaml", lines)
    write(f"{shell.folder}/unsubscribed.txt", "ann@example.org\n")
    write(f"{shell.folder}/unsubscribed.csv", "Email Address,First Name\nzoe@example.org,Zoe\n")
    write(f"{shell.folder}/subscribers.csv",
          "uuid,email,status\n1,ada@example.org,enabled\n2,joe@example.org,blocklisted\n")
    write(f"{desk.folder}/editor", "#!/bin/sh\nsed -i 's/^title: .*/title: Soldes/' \"$1\"\n", 0o755)


def references(shell):
    shell("campaignctl surface list", "campaignctl surface test newsletter --to ada@example.org",
          "campaignctl audience list", "campaignctl audience count subscribers", "campaignctl completion bash",
          "campaignctl status --check || echo look at it", "campaignctl status --config",
          "campaignctl metrics | grep lateness",
          "campaignctl metrics --output campaignd.prom && cat campaignd.prom", "campaignctl backup campaignd.sqlite",
          'campaignctl adopt-ledger --reason "mail1 is gone, mail2 takes over"',
          'campaignctl accept-clock --reason "the battery of its clock was replaced"')
    expect(shell("campaignctl audience sample subscribers -n 3").count("@example.org") == 3, "three of them")
    shell('campaignctl suppress add eve@example.org --reason "asked by telephone"',
          "campaignctl suppress add - <unsubscribed.txt", "campaignctl suppress list ann@example.org",
          "campaignctl suppress list >suppressed.csv && cat suppressed.csv",
          "campaignctl suppress remove ann@example.org")
    shell('campaignctl suppress import unsubscribed.csv --reason "left the old list"',
          "campaignctl suppress import subscribers.csv --only status=blocklisted --dry-run")
    shell("campaignctl message put spring-2026 -f spring-2026.yaml")
    shell.desk.campaignctl.one("message", "put", "spring-2026", "-f", f"{shell.folder}/spring-2026.yaml")
    shell("campaignctl message publish spring-2026", "campaignctl message list",
          "campaignctl message show spring-2026 --revision 2")


def files(desk, shell):
    """Campaigns that are files still."""
    shell("campaignctl preview -f spring-newsletter.yaml -n 20",
          "campaignctl preview --rrule 'FREQ=DAILY' --start 2026-10-03T02:30 --timezone Australia/Sydney",
          "campaignctl apply --dry-run -f campaigns/*.yaml")
    expect(desk.campaignctl("list") == [], "a dry run")
    shell("campaignctl apply -f campaigns", "campaignctl simulate --until 2027-01-31 --with spring-newsletter.yaml")
    expect(set(desk.status("weekly-digest", "autumn-newsletter", "welcome").values()) == {"draft"}, "three drafts")


def draft(desk, shell):
    create = "campaignctl create -f spring-newsletter.yaml"
    shell(create, "campaignctl delete spring-newsletter")
    desk.campaignctl.one("create", "-f", f"{shell.folder}/spring-newsletter.yaml")
    shell("campaignctl tag spring-newsletter --add fr --remove draft-idea",
          "campaignctl edit spring-newsletter --reason \"new title\"",
          "campaignctl duplicate spring-newsletter spring-newsletter-2",
          "campaignctl send-now spring-newsletter --proof --to ada@example.org",
          "campaignctl activate spring-newsletter --dry-run")
    previews(desk, shell)
    found = desk.show("spring-newsletter")
    expect((found["status"], found["title"], found["tags"]) == ("draft", "Soldes", ["fr"]), found)
    shell("campaignctl check spring-newsletter && campaignctl activate spring-newsletter")
    expect(desk.status("spring-newsletter") == {"spring-newsletter": "scheduled"}, "its start is to come")


def previews(desk, shell):
    """By a surface that the sender itself makes messages for."""
    surface = f"{desk.folder}/config/surfaces.d/newsletter.yaml"
    with open(surface) as file:
        before = file.read()
    write(surface, "channel: email\nmail:\n  from: The Shop <news@example.org>\n")
    shown = shell("campaignctl message preview spring-2026 --recipient ada@example.org --campaign spring-newsletter")
    expect("To: ada@example.org" in shown and "Bonjour." in shown, shown)
    shell("campaignctl message preview spring-2026 --recipient ada@example.org -o ada.eml")
    with open(f"{shell.folder}/ada.eml") as file:
        expect("Bonjour." in file.read(), "the same in a file")
    write(surface, before)


def planned(desk, shell):
    shell("campaignctl unschedule spring-newsletter")
    desk.campaignctl("activate", "spring-newsletter", "weekly-digest", "autumn-newsletter", "welcome")
    shell("campaignctl next -n 5", "campaignctl calendar --month 2026-12",
          "campaignctl calendar --week 2026-12-07 --drafts", "campaignctl simulate --until 2027-01-31",
          "campaignctl export --ics --until 2027-06-30")
    expect("BEGIN:VEVENT" in shell("campaignctl export --ics spring-newsletter"), "it is planned")


def versions(desk, shell):
    """A draft beside the live version."""
    desk.at("2026-12-04 09:00:00")
    desk.campaignctl.story().until_all("ended", ("spring-newsletter", "weekly-digest"))
    write(f"{shell.folder}/changed.yaml", SPRING.replace("09:00", "10:00"))
    desk.campaignctl.one("apply", "-f", f"{shell.folder}/changed.yaml")
    shown = shell("campaignctl show spring-newsletter --draft --yaml", "campaignctl diff spring-newsletter")
    expect("+  start: 2026-12-04T10:00" in shown, shown)
    shell("campaignctl preview spring-newsletter --draft")
    desk.campaignctl.one("discard", "spring-newsletter")


def weekly(desk, shell):
    shell("campaignctl modify weekly-digest", "campaignctl discard weekly-digest",
          "campaignctl pause weekly-digest --reason holidays", "campaignctl resume weekly-digest",
          "campaignctl stop weekly-digest --reason \"list is being cleaned\"")
    expect(desk.status("weekly-digest") == {"weekly-digest": "stopped"}, "for good")


def asked(desk, shell):
    """Triggers, and one that fails."""
    shell(f"campaignctl trigger welcome --data '{{\"email\":\"ada@example.org\"}}' --request-id {ORDER}",
          "campaignctl trigger welcome --at 2026-12-07T09:00")
    spring = "spring-newsletter"
    desk.campaignctl("tag", spring, "--add", "fr")
    shell("campaignctl list --status active --tag fr --sort next")
    desk.hold(spring)
    desk.mark()
    send = desk.campaignctl.one("send-now", spring, "--request-id", ORDER)
    desk.answer(spring, 69)
    desk.until("ended", spring)
    shell("campaignctl alerts spring-newsletter", "campaignctl sends spring-newsletter --state failed")
    desk.mark()
    key = f"{SOMEBODYS_ID}/now/{ORDER}"
    desk.keep_results(send["key"], "b\t1\tann@example.org", "h\t1", "r\t1\t1767700800\t550 5.1.1 no such user")
    shell(f"campaignctl sends {key} --recipients --state refused", **{key: send["key"]})
    shell(f"campaignctl retry {key} --reason \"mail server is back\"", **{key: send["key"]})
    desk.answer(spring)
    desk.until("ended", spring)
    expect(desk.campaignctl("sends", spring)[0]["state"] == "sent", "tried again")
    shell("campaignctl ack spring-newsletter --reason \"resent by hand\"")
    expect(desk.campaignctl("alerts", spring) == [], "seen")


def sending(desk, shell):
    """What is under way: watched, called off, and told."""
    spring = "spring-newsletter"
    desk.mark()
    shell("campaignctl send-now spring-newsletter --reason \"missed in the night\"")
    desk.until("started", spring)
    watch = shell.start("campaignctl watch spring-newsletter")
    expect("running" in watch.stdout.readline(), "it shows what runs")
    desk.answer(spring)
    output, errors = watch.communicate(timeout=PATIENCE)
    expect(watch.returncode == 0 and "sent" in output, f"it ends with it: {watch.returncode} {output}{errors}")
    desk.mark()
    desk.campaignctl.one("send-now", spring)
    desk.until("started", spring)
    shell("campaignctl cancel spring-newsletter --reason \"wrong prices\"")
    desk.leave(spring)
    desk.until("ended", spring)
    log = shell.start("campaignctl log spring-newsletter --follow")
    expect("created" in log.stdout.readline(), "the oldest first")
    os.killpg(log.pid, signal.SIGINT)
    log.communicate(timeout=PATIENCE)
    expect(log.returncode == -signal.SIGINT, f"Ctrl-C ends it: {log.returncode}")


def ended(desk, shell):
    desk.campaignctl("stop", "spring-newsletter", "autumn-newsletter", "--yes")
    shell("campaignctl archive spring-newsletter autumn-newsletter", "campaignctl unarchive spring-newsletter")
    expect(desk.status("spring-newsletter", "autumn-newsletter")
           == {"spring-newsletter": "stopped", "autumn-newsletter": "archived"}, "one is back")


play(walk=walk)
