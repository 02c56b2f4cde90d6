"""What `make run` shows: the example newsletter goes out by the built-in mailer, and what lies in the Maildir then is
mail as Python's email reads it. Where it was not sent, or nothing came, it ends with another status than 0.

usage: newsletter.py DIRECTORY_OF_THE_PROGRAMS
"""

import csv
import email
import email.policy
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

from campaigns import PATIENCE, expect, write
from mail_relay import Relay

EXAMPLES = os.path.abspath(f"{os.path.dirname(__file__)}/../../../config/examples")
STORY = ["draft → scheduled", "scheduled → activating", "activating → active", "attempt 1 started", "sent"]
PRICES = "from Monday on everything in our shop is 20 % cheaper."


def show(folder, **variables):
    return subprocess.run(
        [f"{EXAMPLES}/run-newsletter", sys.argv[1]], env={**os.environ, "TMPDIR": folder, **variables},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)


def shows(folder):
    done = show(folder)
    expect(done.returncode == 0, done)
    log = done.stdout.split("log spring-newsletter --follow\n")[1].split("\n\n")[0]
    told = [next((part for part in STORY if re.search(rf": {part}( \(|:)", line)), None) for line in log.splitlines()]
    expect([part for part in told if part] == STORY, log)
    maildir = re.fullmatch(r"Maildir: (/.+)", done.stdout.splitlines()[-1])[1]
    kept = sorted(os.listdir(os.path.dirname(maildir)))
    expect(kept == ["Maildir"], f"beside it: {kept}")
    expect(sorted(os.listdir(maildir)) == ["cur", "new", "tmp"], os.listdir(maildir))
    expect(os.listdir(f"{maildir}/cur") == os.listdir(f"{maildir}/tmp") == [], "they are new")
    return done.stdout, maildir


def are_mail(shown, maildir):
    """One whole message for each line of the list."""
    messages = {}
    for name in os.listdir(f"{maildir}/new"):
        with open(f"{maildir}/new/{name}", "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        address, = message["To"].addresses
        messages[address.addr_spec] = message, address.display_name
    with open(f"{EXAMPLES}/subscribers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    expect(sorted(messages) == sorted(row["email"] for row in rows), f"{messages.keys()}")
    for row in rows:
        message, name = messages[row["email"]]
        expect(name == row["name"], f"{name} for {row}")
        expect(not message.defects and not any(part.defects for part in message.walk()), message)
        expect(message["Subject"] == f"Soldes d’été, {row['name']} 🎉", message["Subject"])
        expect(f"{message['Subject']}\n" in shown, "it is shown")
        expect(message["From"] == "The Shop on the Corner <newsletter@example.org>", message["From"])
        page = f"https://example.org/unsubscribe?who={urllib.parse.quote(row['email'])}"
        expect(message["List-Unsubscribe"] == f"<{page}>", message["List-Unsubscribe"])
        expect(message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", message)
        text = message.get_body(("plain",)).get_content()
        expect(text.startswith(f"Bonjour {row['name']},\n\n{PRICES}") and text.endswith(f"{page}\n"), text)
        html = message.get_body(("html",)).get_content()
        escaped = row["name"].replace('"', "&quot;")
        expect(html.startswith(f"<p>Bonjour {escaped},</p>\n") and f'<a href="{page}">' in html, html)


def is_not_sent(folder, mail_server):
    """With a mail server of that script."""
    os.mkdir(f"{folder}/bin")
    write(f"{folder}/bin/python3", f"#!/bin/sh\n{mail_server}\n", 0o755)
    done = show(folder, PATH=f"{folder}/bin:{os.environ['PATH']}")
    expect(done.returncode != 0 and "Maildir:" not in done.stdout, done)
    expect("not sent" in done.stderr, done)
    expect(os.listdir(folder) == ["bin"], f"left behind: {os.listdir(folder)}")
    return done


with tempfile.TemporaryDirectory() as folder:
    are_mail(*shows(folder))
with tempfile.TemporaryDirectory() as folder:
    is_not_sent(folder, "exit 1")
# One that takes the messages and keeps them for itself.
with tempfile.TemporaryDirectory() as folder:
    relay = Relay()
    done = is_not_sent(folder, f"mkdir -p \"$2/new\"; echo {relay.port}")
    expect("not every message has come" in done.stderr and relay.delivered.total() == 3, done)
