"""A newsletter by the surface mail to ten thousand, every outcome among them: each recipient has its end, none gets the
message twice, whatever kills the sender on the way, and no address stands in what is told.

usage: mail.py DIRECTORY_OF_THE_PROGRAMS [WALK RELAY [PART]]

RELAY is `relay`, an aiosmtpd that misbehaves, or `postfix`, which delivers to a Maildir and needs root. PART is one of
so many: 10 for a thousand.
"""

import collections
import csv
import email
import email.policy
import io
import os
import random
import re
import signal
import subprocess
import sys
import tempfile

from campaigns import PATIENCE, Campaignctl, expect, write
from daemon import Daemon
from mail_postfix import Postfix
from mail_relay import Relay

COUNTS = {"ok": 9_500, "no": 200, "big": 50, "never": 20, "cut": 10, "broken": 20, "repeated": 200}
STATES = {"ok": "accepted", "no": "refused", "big": "refused", "never": "temporary", "cut": "unknown"}
LEFT_OUT = {"invalid": "broken", "repeated": "repeated"}
CONNECTIONS = 4
KILLS = 8


def recipients(counts):
    """The lines of the list, and what is to become of each address."""
    lines, wanted = [], {}
    for kind, count in counts.items():
        for number in range(0 if kind == "repeated" else count):
            address = f"{kind}{number}.example.org" if kind == "broken" else f"{kind}{number}@example.org"
            lines.append((f"Nr. {number}, \"{kind}\"", address))
            if kind in STATES:
                wanted[address] = STATES[kind]
    lines += [("again", f"OK{number}@Example.org") for number in range(counts["repeated"])]
    random.Random(7).shuffle(lines)
    return lines, wanted


class Newsletter:
    """A daemon with a relay, a list and an active campaign."""

    def __init__(self, programs, folder, relay, part):
        self.relay = relay
        # Of those outcomes that the relay knows.
        own = {"broken", "repeated"} | relay.outcomes
        self.counts = {kind: count // part if kind in own else 0 for kind, count in COUNTS.items()}
        self.folder = folder
        self.daemon = Daemon(programs, folder, "/bin/true", "tick_interval: 100ms\n")
        self.campaignctl = Campaignctl(programs, self.daemon.socket)
        self.lines, self.wanted = recipients(self.counts)
        self.make_surface()
        with open(f"{folder}/list.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("name", "Email"))
            writer.writerows(self.lines)
        write(f"{folder}/config/audiences.d/people.yaml", f"file: {folder}/list.csv\n")
        write(f"{folder}/letter.yaml",
              "subject: Sales, {{name}}\ntext: |\n  Dear {{name}},\n  .a line\nhtml: <p>Dear {{name}}</p>\n"
              "headers:\n  List-Unsubscribe: <https://example.org/off?who={{Email}}>\n")
        write(f"{folder}/campaign.yaml",
              "name: letter\ntitle: A letter\nchannel: email\nsurface: letters\nmessage: letter\naudience: people\n"
              "schedule:\n  start: now\n  timezone: UTC\n")

    def make_surface(self, *settings):
        write(f"{self.folder}/config/surfaces.d/letters.yaml", "\n".join([
            "channel: email", "retries: 0", "mail:", "  from: Shop <news@example.org>", "  host: 127.0.0.1",
            f"  port: {self.relay.port}", f"  connections: {CONNECTIONS}", *settings, ""]))

    def go(self):
        self.daemon.start()
        self.campaignctl.one("message", "put", "letter", "-f", f"{self.folder}/letter.yaml")
        self.campaignctl.one("message", "publish", "letter")
        self.campaignctl.one("create", "-f", f"{self.folder}/campaign.yaml")
        self.story = self.campaignctl.story()
        self.campaignctl.one("activate", "letter")

    def sender(self):
        """The process that sends."""
        parent = str(self.daemon.process.pid)
        found = subprocess.run(["pgrep", "--parent", parent, "campaign-send"], capture_output=True, text=True).stdout
        return [int(pid) for pid in found.split()]

    def ended(self):
        """How the attempt ended that runs now."""
        self.story.until("ended", campaign="letter")
        return self.campaignctl.one("sends", "letter")

    def is_accounted_for(self, send, wanted):
        """Every line of the list has its end, and nobody got two."""
        done = self.campaignctl.run("sends", send["key"], "--recipients")
        expect(done.returncode == 0, done.stderr)
        found = list(csv.DictReader(io.StringIO(done.stdout)))
        counted = {state: sum(row["state"] == state for row in found) for state in LEFT_OUT}
        expect(counted == {state: self.counts[kind] for state, kind in LEFT_OUT.items()}, counted)
        # Of two spellings of an address the first one of the list gets the message.
        told = [(row["email"].lower(), row["state"]) for row in found if row["state"] not in LEFT_OUT]
        expect(len(told) == len(dict(told)) == len(wanted), f"{len(told)} told, {len(wanted)} wanted")
        told = dict(told)
        wrong = {address: (told.get(address), state) for address, state in wanted.items()
                 if told.get(address) not in (state, "unknown")}
        expect(not wrong, wrong)
        # Who is called accepted, and perhaps who is unknown.
        self.relay.until_delivered(sum(state == "accepted" for state in told.values()))
        delivered = collections.Counter()
        for address, count in self.relay.delivered.items():
            delivered[address.lower()] += count
        twice = [address for address, count in delivered.items() if count > 1]
        expect(not twice, f"twice: {twice}")
        lost = [address for address, state in told.items() if state == "accepted" and not delivered[address]]
        expect(not lost, f"called accepted: {lost}")
        return sum(state == "unknown" for state in told.values())


def outcomes(letter):
    """All at one go. A send is sent when each recipient has come to its end."""
    letter.go()
    send = letter.ended()
    ended = len(letter.lines) - letter.counts["never"]
    failed = sum(letter.counts[kind] for kind in ("no", "big", "cut"))
    expect((send["state"], send["progress"], send["failed"]) == ("sent", ended, failed), send)
    unknown = letter.is_accounted_for(send, letter.wanted)
    expect(unknown == letter.counts["cut"], f"{unknown} are unknown")
    message = email.message_from_bytes(letter.relay.message("ok277@example.org"), policy=email.policy.default)
    expect(message["Subject"] == 'Sales, Nr. 277, "ok"' and message["To"] == "ok277@example.org", message)
    expect(message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", message)
    is_as_previewed(letter, "ok777@example.org")
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    expect(text == 'Dear Nr. 277, "ok",\n.a line\n', message)


def is_as_previewed(letter, address):
    """A preview is what its recipient got, to the byte."""
    command = [letter.campaignctl.path, "message", "preview", "letter", "--recipient", address.upper()]
    done = subprocess.run(command, env=letter.campaignctl.environment, capture_output=True, timeout=PATIENCE)
    expect((done.returncode, done.stderr) == (0, f"Audience people has this recipient {found(letter, address)} times; "
           "the first counts.\n".encode() if found(letter, address) > 1 else b""), done)
    own = [re.sub(rb"^(?:Date|Message-ID): .*\r\n", b"", mail, flags=re.MULTILINE | re.IGNORECASE)
           for mail in (done.stdout, letter.relay.messages[address])]
    expect(own[0] == own[1] and len(done.stdout) == len(letter.relay.messages[address]), own)
    read = email.message_from_bytes(done.stdout, policy=email.policy.default)
    expect(not read.defects and not any(part.defects for part in read.walk()), read.defects)
    expect(read["Message-ID"] and read["Date"].datetime, "they are there")


def found(letter, address):
    return sum(line[1].lower() == address for line in letter.lines)


def kills(letter):
    """Killed at random moments, it goes on where it was when a person says so."""
    chance = random.Random(11)
    # So slow that each kill comes before the end, whatever else the machine does.
    letter.make_surface(f"  rate: {letter.counts['ok'] // 15}/s")
    letter.go()
    for number in range(1, KILLS + 1):
        letter.relay.until_taken(int((number + chance.random()) * letter.counts["ok"] / (KILLS + 2)))
        pid, = letter.sender()
        os.kill(pid, signal.SIGKILL)
        send = letter.ended()
        expect(send["state"] == "interrupted", send)
        letter.campaignctl.one("retry", send["key"])
    send = letter.ended()
    expect((send["state"], send["attempts"]) == ("sent", KILLS + 1), send)
    unknown = letter.is_accounted_for(send, letter.wanted)
    expect(unknown <= letter.counts["cut"] + KILLS * CONNECTIONS, f"{unknown} are unknown")
    print(f"{KILLS} kills: {unknown - letter.counts['cut']} unknown that were on their way, none twice")


def main():
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    walks = {"outcomes": outcomes, "kills": kills}
    relays = {"relay": lambda _: Relay(), "postfix": Postfix}
    # Postfix syncs each message twice, and takes a minute for ten thousand.
    usual = [("outcomes", "relay"), ("kills", "relay"), ("kills", "postfix", "10")]
    for name, kind, *part in [sys.argv[2:]] if sys.argv[2:] else usual:
        signal.alarm(5 * PATIENCE)
        with tempfile.TemporaryDirectory() as folder, open(f"{folder}/told", "w+") as told:
            relay = relays[kind](folder)
            letter = Newsletter(os.path.abspath(sys.argv[1]), folder, relay, int((part or [1])[0]))
            # What daemon and senders say goes the way of the journal.
            letter.daemon.errors = told
            try:
                walks[name](letter)
            finally:
                letter.daemon.stop()
                relay.stop()
            told.seek(0)
            expect("@example" not in told.read().lower(), "no address stands in what is told")


main()
