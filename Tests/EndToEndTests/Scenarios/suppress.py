"""People unsubscribe while a send goes on, on a page that the web server's user runs; the daemon is restarted, the
sender killed and the send retried: who said so gets nothing from then on, and all others get it once.

usage: suppress.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import csv
import hashlib
import hmac
import io
import math
import os
import signal
import subprocess
import sys
import tempfile
import urllib.parse

from campaigns import PATIENCE, Campaignctl, expect, write
from daemon import Daemon
from mail_relay import Relay

EXAMPLES = os.path.abspath(f"{os.path.dirname(__file__)}/../../../config/examples")
PEOPLE = 600
SECRET = b"well kept"
BOUNCE = """From: MAILER-DAEMON@example.org
To: bounces@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

It did not arrive.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; n590@example.org
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; n591@example.org
Action: failed
Status: 5.2.2
--x--
"""
COMPLAINT = """From: abuse@example.net
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1
Original-Rcpt-To: <n592@example.org>
--x--
"""


class Newsletter:
    """A daemon with a relay, a list and an active campaign that goes as far as the relay lets it."""

    def __init__(self, programs, folder):
        self.folder, self.programs = folder, programs
        self.relay = Relay()
        self.daemon = Daemon(programs, folder, "/bin/true", "tick_interval: 100ms\n")
        self.campaignctl = Campaignctl(programs, self.daemon.socket)
        write(f"{folder}/config/surfaces.d/letters.yaml",
              "channel: email\nmail:\n  from: Shop <news@example.org>\n  host: 127.0.0.1\n"
              f"  port: {self.relay.port}\n")
        write(f"{folder}/list.csv", "email\n" + "".join(f"n{number}@Example.org\n" for number in range(PEOPLE)))
        write(f"{folder}/config/audiences.d/people.yaml", f"file: {folder}/list.csv\n")
        write(f"{folder}/campaign.yaml",
              "name: letter\ntitle: A letter\nchannel: email\nsurface: letters\nmessage: letter\naudience: people\n"
              "schedule:\n  start: now\n  timezone: UTC\n")
        # The page's command with the programs that are tested; sudo and its line are the administrator's.
        write(f"{folder}/bin/sudo", f"#!/bin/sh\n[ \"$*\" = \"$SUDO_ALLOWS\" ] || exit 1\nshift 4\n"
              f"exec {programs}/campaignctl \"$@\"\n", 0o755)
        write(f"{folder}/secret", SECRET.decode())
        self.environment = {**self.campaignctl.environment, "UNSUBSCRIBE_SECRET": f"{folder}/secret",
                            "PATH": f"{folder}/bin:{os.environ['PATH']}"}

    def go(self):
        self.daemon.start()
        write(f"{self.folder}/letter.txt", "Dear reader\n")
        self.campaignctl.one("message", "put", "letter", "-f", f"{self.folder}/letter.txt")
        self.campaignctl.one("message", "publish", "letter")
        self.campaignctl.one("create", "-f", f"{self.folder}/campaign.yaml")
        self.story = self.campaignctl.story()
        self.campaignctl.one("activate", "letter")

    def run(self, *arguments, text="", status=0):
        done = subprocess.run(
            [self.campaignctl.path, "suppress", *arguments], env=self.campaignctl.environment, input=text,
            capture_output=True, text=True, timeout=PATIENCE)
        expect(done.returncode == status, f"{arguments}: {done}")
        return done.stdout

    def example(self, name, allowed, text, **variables):
        allows = "-n -u campaignd /usr/bin/campaignctl " + allowed
        return subprocess.run(
            [f"{EXAMPLES}/{name}"], env={**self.environment, "SUDO_ALLOWS": allows, **variables}, input=text,
            capture_output=True, text=True, timeout=PATIENCE)

    def page(self, method, who, token=None):
        """A request, as a web server runs the page."""
        token = token or hmac.new(SECRET, who.lower().encode(), hashlib.sha256).hexdigest()
        query = urllib.parse.urlencode({"who": who, "token": token})
        done = self.example("unsubscribe", "suppress add -", "List-Unsubscribe=One-Click", REQUEST_METHOD=method,
                            QUERY_STRING=query)
        expect(done.returncode == 0, done)
        return done.stdout.splitlines()[0]

    def sender(self):
        parent = str(self.daemon.process.pid)
        found = subprocess.run(["pgrep", "--parent", parent, "campaign-send"], capture_output=True, text=True).stdout
        pid, = found.split()
        return int(pid)

    def ended(self):
        self.story.until("ended", campaign="letter")
        return self.campaignctl.one("sends", "letter")

    def states(self, key):
        done = self.campaignctl.run("sends", key, "--recipients")
        expect(done.returncode == 0, done.stderr)
        rows = [(row["email"].lower(), row["state"]) for row in csv.DictReader(io.StringIO(done.stdout))]
        expect(len(rows) == len(dict(rows)) == PEOPLE, f"{len(rows)} are told")
        return dict(rows)

    def delivered(self, who):
        return sum(count for address, count in self.relay.delivered.items() if address.lower() == who)


def unsubscribed(letter):
    """In the middle of a send, with the daemon restarted, the sender killed and the send retried."""
    letter.relay.allow(50)
    letter.go()
    letter.relay.until_taken(50)
    expect(letter.run("add", "N500@example.ORG", "n501@example.org") == "2 added\n", "before the send comes to them")
    expect(letter.page("GET", "n599@Example.org") == "Status: 200 OK", "a GET only asks")
    expect(letter.page("POST", "n599@Example.org", "0" * 64) == "Status: 403 Forbidden", "not theirs")
    expect(letter.run("list", "n599@example.org", status=1) == "address,reason,at\n", "neither does anything")
    expect(letter.page("POST", "n599@Example.org") == "Status: 200 OK", "they say so")
    expect(letter.page("POST", "n599@Example.org") == "Status: 200 OK", "and once more")
    for text in (BOUNCE, COMPLAINT, "Subject: hello\n\nhello\n"):
        done = letter.example("bounced", "suppress add - --skip-invalid", text)
        expect(done.returncode == 0, done)
    os.kill(letter.sender(), signal.SIGKILL)
    send = letter.ended()
    expect(send["state"] == "interrupted", send)
    expect(letter.run("remove", "n501@example.org") == "1 removed\n", "wants it after all")
    letter.relay.allow(150)
    letter.campaignctl.one("retry", send["key"])
    letter.relay.until_taken(150)
    letter.daemon.stop()
    letter.daemon.start()
    expect(letter.run("add", "-", text="n598@example.org\nn597@example.org\n") == "2 added\n", "the send goes on")
    letter.relay.allow(math.inf)
    send = letter.ended()
    wanted = {f"n{number}@example.org" for number in (500, 590, 592, 597, 598, 599)}
    states = letter.states(send["key"])
    expect({who for who, state in states.items() if state == "suppressed"} == wanted, states)
    expect(all(letter.delivered(who) == 0 for who in wanted), "they get nothing")
    expect(all(letter.delivered(who) == 1 for who, state in states.items() if state == "accepted"), "none twice")
    unknown = [who for who, state in states.items() if state == "unknown"]
    expect(len(unknown) == 1 and letter.delivered(unknown[0]) == 0, f"on its way when it was killed: {unknown}")
    expect(states["n501@example.org"] == states["n591@example.org"] == "accepted", states)
    expect(send["state"] == "sent" and send["attempts"] == 2, send)


def copied(letter):
    """The list is copied as a file and put back, and the daemon being away keeps nobody from keeping it."""
    letter.daemon.start()
    letter.run("add", "=ann@example.org", "bob@example.org", "--reason", "=asked, \"twice\"")
    copy = letter.run("list")
    # Whoever asks for a test names the address.
    tested = letter.campaignctl.one("surface", "test", "letters", "--to", "bob@example.org")
    expect(tested["outcome"] == "sent" and letter.delivered("bob@example.org") == 1, tested)
    letter.run("remove", "=ann@example.org", "bob@example.org")
    write(f"{letter.folder}/copy.csv", copy)
    expect(letter.run("import", f"{letter.folder}/copy.csv") == "2 added\n", "put back")
    expect(letter.run("list") == copy, "as it was")
    many = "".join(f"m{number}@example.org\n" for number in range(30_000))
    write(f"{letter.folder}/many.txt", many + "nobody\n")
    letter.run("import", f"{letter.folder}/many.txt", status=1)
    expect(letter.run("list") == copy, "all or nothing")
    told = letter.run("import", f"{letter.folder}/many.txt", "--skip-invalid")
    expect(told == "30,000 added, 1 passed over\n", told)
    expect(letter.run("list").count("\n") == 30_003, "all of them")


def main():
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    walks = {"unsubscribed": unsubscribed, "copied": copied}
    for name in sys.argv[2:] or walks:
        signal.alarm(3 * PATIENCE)
        with tempfile.TemporaryDirectory() as folder, open(f"{folder}/told", "w+") as told:
            letter = Newsletter(os.path.abspath(sys.argv[1]), folder)
            # What daemon and senders say goes the way of the journal.
            letter.daemon.errors = told
            try:
                walks[name](letter)
            finally:
                letter.daemon.stop()
            told.seek(0)
            expect("@example" not in told.read().lower(), "no address stands in what is told")


main()
