"""What json_page.py and json_errors.py share: someone who runs campaignctl and holds what it prints to docs/json.md."""

import json
import subprocess

from campaigns import PATIENCE, expect
from json_tables import Page

# Names a request; the same one asks for the same thing.
ID = "order-1815"


class Reader:
    """Someone who types verbs with --json and holds what comes to the page."""

    def __init__(self, desk):
        self.desk, self.page = desk, Page()
        self.campaignctl = desk.campaignctl
        self.file = lambda name: f"{desk.folder}/files/{name}"

    def run(self, *arguments, environment=None, **more):
        return subprocess.run(
            [self.campaignctl.path, *arguments, "--json"], env={**self.campaignctl.environment, **(environment or {})},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
            **{"stdin": subprocess.DEVNULL, **more})

    def lines(self, verb, *arguments, status=0, keys=None, **more):
        """The objects of this row of the page; the arguments stand behind its words."""
        done = self.run(*verb.split(), *arguments, **more)
        expect(done.returncode == status, f"{verb} {arguments}: {done}")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.page.take(verb, found, keys)
        return found

    def one(self, verb, *arguments, **more):
        found = self.lines(verb, *arguments, **more)
        expect(len(found) == 1, f"{verb} {arguments}: {found}")
        return found[0]

    def refused(self, error, verb, *arguments, **more):
        """The one error that comes in place of an object."""
        done = self.run(*verb.split(), *arguments, **more)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        expect(len(found) == 1 and found[0].get("error") == error, f"{verb} {arguments}: {done}")
        self.page.take_error(verb.split(" --")[0], done.returncode, found[0])
        return found[0]

    def wrong(self, *arguments):
        """A mistake on the command line is no JSON."""
        done = self.run(*arguments)
        expect(done.returncode == 2 and done.stdout == "" and done.stderr, f"{arguments}: {done}")


def suspect(desk):
    """Its clock reads what can't be."""
    desk.mark()
    desk.clock.set("1970-01-02 00:00:00")
    desk.campaignctl.story(desk.last).until("alert-raised", campaign=None)
