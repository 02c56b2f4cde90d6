"""The example of mail through sendmail, config/surfaces.d/examples/sendmail.yaml, with the real msmtp as its sendmail
and a real SMTP server that answers as the walk wants.

usage: example_sendmail.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import base64
import email
import email.policy
import glob
import json
import os
import shutil
import subprocess

from campaigns import PATIENCE, expect, write
from desk import play
from example_files import EXAMPLES, expect_end, feed, install, program, progress, request

PYTHON = os.environ.get("CAMPAIGND_TEST_PYTHON", os.path.abspath(f"{EXAMPLES}/../../../.build/test-venv/bin/python3"))
DUE = {"start": "2026-01-05T09:00"}
START = "2026-01-05 08:00:00"
# Each later than the longest wait before the attempt: a minute and its jitter, then two.
SECOND, THIRD = "2026-01-05 08:02:00", "2026-01-05 08:06:00"
ANN, BOB, CHLOE = "ann@example.org", "bob@example.org", "chloe@example.com"
LIST = f'email,name\n{ANN},Ann Ångström\n{BOB},"Bob ""the <b>"""\n{CHLOE},Chloé\n'
MESSAGE = """subject: Soldes d’été, {{name}} 🎉
text: |
  Bonjour {{name}}, {{nothing}} of this is a column.
html: |
  <p>Bonjour {{name}}</p>
headers:
  Reply-To: shop@example.org
attachments: [prices.pdf]
"""


class Post:
    """The server, msmtp for it, and the surface `newsletter` made of both."""

    def __init__(self, desk, remembers=True):
        self.folder = f"{desk.folder}/post"
        self.desk = desk
        self.replies()
        write(f"{self.folder}/mail", "")
        expect(os.access(PYTHON, os.X_OK), f"{PYTHON} is there, with the packages of python-requirements.txt")
        expect(shutil.which("msmtp"), "Debian's package msmtp is installed (make test does it)")
        self.server = subprocess.Popen(
            [PYTHON, "-B", f"{os.path.dirname(os.path.abspath(__file__))}/example_smtp_peer.py", self.folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        write(f"{self.folder}/msmtprc", f"account default\nhost 127.0.0.1\nport {int(self.server.stdout.readline())}\n")
        self.sendmail = f"{self.folder}/sendmail"
        self.state = f"{self.folder}/state"
        self.program()
        state = ("/var/lib/campaign-send/sendmail", self.state) if remembers else (
            "    - --state\n    - /var/lib/campaign-send/sendmail\n", "")
        install(desk, "sendmail", "newsletter", program("sendmail-surface"), ("/usr/sbin/sendmail", self.sendmail),
                state)
        write(f"{desk.folder}/everybody.csv", LIST)

    def program(self, before=""):
        write(f"{self.sendmail}.new", f'#!/bin/sh\n{before}\nexec msmtp -C {self.folder}/msmtprc "$@"\n', 0o755)
        os.rename(f"{self.sendmail}.new", self.sendmail)

    def replies(self, **replies):
        """What the server answers from now on, by RCPT_name or DATA_name; else it takes all."""
        addresses = {"ann": ANN, "bob": BOB, "chloe": CHLOE}
        steps = {name: name.split("_") for name in replies}
        write(f"{self.folder}/replies.json.new", json.dumps(
            {f"{step} {addresses[who]}": replies[name] for name, (step, who) in steps.items()}))
        os.rename(f"{self.folder}/replies.json.new", f"{self.folder}/replies.json")

    def mail(self):
        """What came: (recipient, the server's reply, the message)."""
        with open(f"{self.folder}/mail") as file:
            entries = [json.loads(line) for line in file]
        expect(all(entry["from"] == "newsletter@example.org" and len(entry["to"]) == 1 for entry in entries), entries)
        return [(entry["to"][0], entry["reply"][:3], parsed(base64.b64decode(entry["content"]))) for entry in entries]

    def taken(self):
        return [address for address, reply, _ in self.mail() if reply == "250"]

    def close(self):
        self.server.stdin.close()
        expect(self.server.wait(timeout=PATIENCE) == 0, "the server ended")


def parsed(content):
    return email.message_from_bytes(content.replace(b"\r\n", b"\n"), policy=email.policy.default)


def with_post(walk, **settings):
    def play_it(desk):
        post = Post(desk, **settings)
        try:
            walk(desk, post)
            desk.settle()
        finally:
            post.close()
    return play_it


def send(desk, event="ended", **fields):
    """A campaign that begins now, until that is told of its send."""
    desk.live(spring={**DUE, **fields})
    desk.at(START)
    desk.until(event, "spring")
    return desk.campaignctl.one("sends", "spring")


def numbers(send):
    return send["state"], send["progress"], send["total"], send["failed"]


def sends(desk, post):
    """Three recipients get three messages, each their own, with all that the message has."""
    write(f"{desk.folder}/prices.pdf", "%PDF-1.4 not really\n")
    write(f"{desk.folder}/spring.yaml", MESSAGE)
    desk.campaignctl.one("message", "put", "spring", "-f", f"{desk.folder}/spring.yaml")
    desk.campaignctl.one("message", "publish", "spring")
    sent = send(desk, message="spring")
    expect(numbers(sent) == ("sent", 3, 3, 0), sent)
    mail = post.mail()
    expect([address for address, _, _ in mail] == [ANN, BOB, CHLOE], mail)
    for (address, _, message), name in zip(mail, ("Ann Ångström", 'Bob "the <b>"', "Chloé")):
        expect(message["To"] == address and message["Subject"] == f"Soldes d’été, {name} 🎉", message.items())
        expect(message["From"] == "The Shop <newsletter@example.org>", message["From"])
        expect(message["Reply-To"] == "shop@example.org" and message["Date"], message.items())
        expect(message["List-Unsubscribe"] == f"<https://example.org/unsubscribe?who={address.replace('@', '%40')}>",
               message["List-Unsubscribe"])
        expect(message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", message.items())
        text = message.get_body(("plain",)).get_content()
        expect(text == f"Bonjour {name}, {{{{nothing}}}} of this is a column.\n", text)
        html = message.get_body(("html",)).get_content()
        expect(html == f"<p>Bonjour {name.replace('<', '&lt;').replace('>', '&gt;').replace(chr(34), '&quot;')}</p>\n",
               html)
        attached = list(message.iter_attachments())
        expect([part.get_filename() for part in attached] == ["prices.pdf"], attached)
        expect(attached[0].get_content_type() == "application/pdf", attached[0].get_content_type())
        expect(attached[0].get_content() == b"%PDF-1.4 not really\n", attached[0].get_content())
    expect(len({message["Message-ID"] for _, _, message in mail}) == 3, "an id for each")


def put_off(desk, post):
    """Who is put off is told and tried again, twice here; nobody else gets it twice, and the message is the same."""
    post.replies(RCPT_bob="451 4.3.0 later", DATA_chloe="451 4.3.0 later")
    waiting = send(desk, "waiting")
    expect(numbers(waiting) == ("waiting", 1, 3, 0) and waiting["attempts"] == 1, waiting)
    expect(waiting["reason"] == "the surface ended with 75 (EX_TEMPFAIL)", waiting)
    expect(post.taken() == [ANN], post.mail())
    post.replies(DATA_chloe="451 4.3.0 later")
    desk.at(SECOND)
    desk.until("waiting", "spring")
    expect(numbers(desk.campaignctl.one("sends", "spring")) == ("waiting", 2, 3, 0), "one more")
    post.replies()
    desk.at(THIRD)
    desk.until("ended", "spring")
    sent = desk.campaignctl.one("sends", "spring")
    expect(numbers(sent) == ("sent", 3, 3, 0) and sent["attempts"] == 3, sent)
    expect(post.taken() == [ANN, BOB, CHLOE], post.mail())
    ids = {message["Message-ID"] for address, _, message in post.mail() if address == CHLOE}
    expect(len(post.mail()) == 5 and len(ids) == 1, f"the same on every attempt: {ids}")


def refused(desk, post):
    """A recipient who is refused, or is none, is counted; those who are there twice get it once."""
    write(f"{desk.folder}/everybody.csv", f"{LIST}no address,Nobody\nANN@example.org,Ann again\n")
    post.replies(RCPT_bob="550 5.1.1 no such user")
    sent = send(desk)
    expect(numbers(sent) == ("sent", 2, 5, 2) and sent["attempts"] == 1, sent)
    expect(post.taken() == [ANN, CHLOE], post.mail())


def nobody(desk, post):
    """Where every recipient is refused the send has failed."""
    post.replies(**{f"RCPT_{name}": "550 5.1.1 no" for name in ("ann", "bob", "chloe")})
    failed = send(desk)
    expect(numbers(failed) == ("failed", 0, 3, 3), failed)
    expect(failed["reason"] == "the surface ended with 69 (EX_UNAVAILABLE)", failed)


def without_state(desk, post):
    """Without a journal it is tried again only where nobody can have got it."""
    post.replies(**{f"RCPT_{name}": "451 4.3.0 later" for name in ("ann", "bob", "chloe")})
    waiting = send(desk, "waiting")
    expect(numbers(waiting) == ("waiting", 0, 3, 0), waiting)
    post.replies(RCPT_bob="451 4.3.0 later")
    desk.at(SECOND)
    desk.until("ended", "spring")
    failed = desk.campaignctl.one("sends", "spring")
    expect(numbers(failed) == ("failed", 2, 3, 0), failed)
    expect(post.taken() == [ANN, CHLOE], post.mail())


def killed(desk, post):
    """Killed while one message is in flight: that recipient is unknown and left out, the others get it once."""
    post.program(f'case "$*" in *{BOB}) kill -KILL $PPID; exit 0 ;; esac')
    waiting = send(desk, "waiting", on_interrupt="retry")
    expect(waiting["reason"] == "the surface was killed by SIGKILL", waiting)
    post.program()
    desk.at(SECOND)
    desk.until("ended", "spring")
    sent = desk.campaignctl.one("sends", "spring")
    expect(numbers(sent) == ("sent", 2, 3, 1), sent)
    expect(post.taken() == [ANN, CHLOE], post.mail())


def cancelled(desk, post):
    """A cancel lets the message in flight come to its end and begins no other."""
    for name in ("reached", "on"):
        os.mkfifo(f"{post.folder}/{name}")
    post.program(f'case "$*" in *{BOB}) echo >{post.folder}/reached; read -r on <{post.folder}/on ;; esac')
    desk.live(spring=DUE)
    desk.at(START)
    with open(f"{post.folder}/reached") as reached:
        reached.read()
    desk.campaignctl.one("cancel", "spring", "--yes")
    # It tells that it was told to end; the daemon's turns are the pace of looking.
    while not any("told to end" in read(path) for path in glob.glob(f"{desk.folder}/state/send/keys/*/1.progress")):
        desk.daemon.until("WATCHDOG=1")
    with open(f"{post.folder}/on", "w") as on:
        on.write("on\n")
    desk.until("ended", "spring")
    send = desk.campaignctl.one("sends", "spring")
    expect(numbers(send) == ("cancelled", 2, 3, 0), send)
    expect(post.taken() == [ANN, BOB], post.mail())


def asked(desk, post):
    """Tests, proofs and what it can't take, by requests as campaign-send gives them."""
    words = [f"{EXAMPLES}/sendmail-surface", "--from", "newsletter@example.org", "--sendmail", post.sendmail]
    write(f"{desk.folder}/list.json", f'{{"email": "{ANN}", "name": "Ann"}}\n\n{{"email": "{BOB}"}}\n')
    lists = {"audience": {"name": "everybody", "file": f"{desk.folder}/list.json"}}
    for done in (feed(words, request("test/1", test=True), post.folder),
                 feed(words, request("test/2", test=True, audience=lists["audience"]), post.folder)):
        expect_end(done, 0)
    expect(post.mail() == [], "a test without an address sends nothing")

    expect_end(feed(words, request("proof/1", test=True, to=CHLOE), post.folder), 0)
    expect(post.taken() == [CHLOE], "a proof is for one alone")

    done = feed(words, request("now/1", **lists), post.folder)
    expect_end(done, 0)
    expect(progress(done) == {"progress": 2, "total": 2, "failed": 0}, done)
    expect([message.get_content() for _, _, message in post.mail()[1:]] == ["Hello Ann.\n", "Hello {{name}}.\n"],
           post.mail())

    header = request("now/2", **lists)
    header["message"]["headers"] = [{"name": "Message-ID", "value": "<1@example.org>"}]
    for wanted, status, said in [
        (header, 65, "Message-ID"),
        (request("now/3"), 66, "must be a file"),
        (request("now/4", audience={"name": "a", "reference": "list-42"}), 66, "must be a file"),
        (request("now/5", audience={"name": "a", "file": "/nowhere"}), 66, "/nowhere"),
        (request("now/6", audience={"name": "a", "file": f"{desk.folder}/hello.txt"}), 0, ""),
    ]:
        expect_end(feed(words, wanted, post.folder), status, said)
    write(f"{desk.folder}/other.csv", "address\nann@example.org\n")
    expect_end(feed(words, request("now/7", audience={"name": "a", "file": f"{desk.folder}/other.csv"}), post.folder),
               65, "recipient 1 of the audience has no email")
    expect_end(feed([*words, "--sendmail", "/nowhere"], request("now/8", **lists), post.folder), 69, "/nowhere")
    expect_end(feed([*words, "--from", "nobody"], request("now/9", **lists), post.folder), 64, "no address")
    expect(len(post.mail()) == 3, "nothing else was sent")


def read(path):
    with open(path) as file:
        return file.read()


play(**{walk.__name__: with_post(walk) for walk in (sends, put_off, refused, nobody, killed, cancelled, asked)},
     without_state=with_post(without_state, remembers=False))
