"""config/examples/smtp-sink by the letter of RFC 5321: messages lie in the Maildir as they were sent, dots and all,
also when everything is written at once; nothing else ends a message; its limits are told; it ends on TERM, and leaves
nothing half.

usage: smtp_sink.py DIRECTORY_OF_THE_PROGRAMS
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile

from campaigns import PATIENCE, expect

PROGRAM = os.path.abspath(f"{os.path.dirname(__file__)}/../../../config/examples/smtp-sink")
GREETING = b"EHLO test\r\n"
ENVELOPE = b"MAIL FROM:<news@example.org> BODY=8BITMIME\r\nRCPT TO:<ann@example.org>\r\n"
CONNECTIONS, RECIPIENTS, MESSAGE_BYTES = 50, 100, 32 << 20


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.replies = self.socket.makefile("rb")
        self.greeting = self.reply()

    def reply(self):
        """The code of the next reply with its last line; nothing where the connection has ended."""
        while (line := self.replies.readline().decode())[3:4] == "-":
            pass
        return line.rstrip()

    def asks(self, *commands):
        """What is answered to them, written at once."""
        self.socket.sendall(b"".join(commands))
        return [self.reply() for _ in range(sum(command.count(b"\r\n") for command in commands))]

    def sends(self, content):
        """Sends a message as it stands, in one go with its envelope; the answer to it."""
        answers = self.asks(ENVELOPE, b"DATA\r\n")
        expect([answer[:3] for answer in answers] == ["250", "250", "354"], answers)
        self.socket.sendall(content)
        return self.reply()

    def has_ended(self):
        with contextlib.suppress(ConnectionResetError):
            expect(self.replies.read() == b"", "there is more")


class Sink:
    def __init__(self, folder):
        self.maildir = f"{folder}/Maildir"
        self.process = subprocess.Popen(
            [PROGRAM, self.maildir], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self.port = int(self.process.stdout.readline())

    def client(self):
        client = Client(self.port)
        expect(client.greeting.startswith("220 "), client.greeting)
        expect(client.asks(GREETING) == [f"250 SIZE {MESSAGE_BYTES}"], "it takes so much")
        return client

    def taken(self):
        """The messages that have come since the last call."""
        found = []
        for name in sorted(os.listdir(f"{self.maildir}/new")):
            with open(f"{self.maildir}/new/{name}", "rb") as file:
                found.append(file.read())
            os.remove(f"{self.maildir}/new/{name}")
        return found

    def ends(self):
        """On TERM, quietly."""
        self.process.send_signal(signal.SIGTERM)
        told, errors = self.process.communicate(timeout=PATIENCE)
        expect((self.process.returncode, told, errors) == (0, "", ""), (self.process.returncode, told, errors))
        expect(os.listdir(f"{self.maildir}/tmp") == [], "nothing half is left")


def keeps_messages(sink):
    client = sink.client()
    content = b"Subject: dots\r\n\r\n..\r\n..one\r\n...two\r\nno. dot\r\n" + "é\r\n".encode() + b"\r\n"
    expect(client.sends(content + b".\r\n").startswith("250 "), "it is taken")
    expect(sink.taken() == ["Subject: dots\n\n.\n.one\n..two\nno. dot\né\n\n".encode()], "dots are as they were")
    # A dot between bare line ends is text; whoever takes it for the end lets a text write messages of its own.
    hidden = b"a\n.\nMAIL FROM:<eve@example.net>\r\nb\r.\rc\n.\r\nd\r\n"
    expect(client.sends(hidden + b".\r\n").startswith("250 "), "it is one message")
    expect(sink.taken() == [hidden.replace(b"\r\n", b"\n")], "it is whole")
    # Three messages and the end in a single write; what follows DATA there is held until it is asked for.
    client.socket.sendall(3 * (ENVELOPE + b"DATA\r\nSubject: x\r\n\r\ny\r\n.\r\n") + b"QUIT\r\n")
    codes = [client.reply()[:3] for _ in range(13)]
    expect(codes == 3 * ["250", "250", "354", "250"] + ["221"], codes)
    client.has_ended()
    expect(sink.taken() == 3 * [b"Subject: x\n\ny\n"], "each is a file")


def wants_an_order(sink):
    client = sink.client()
    answers = client.asks(
        b"DATA\r\n", b"RCPT TO:<ann@example.org>\r\n", b"MAIL FROM: nobody\r\n", b"MAIL FROM:<>\r\n",
        b"MAIL FROM:<>\r\n", b"DATA\r\n", b"RCPT TO:<>\r\n", b"RCPT TO:<\"a>b\"@example.org>\r\n", b"RSET\r\n",
        b"DATA\r\n", b"WHAT\r\n", b"noop\r\n")
    codes = [answer[:3] for answer in answers]
    expect(codes == ["503", "503", "501", "250", "503", "503", "501", "250", "250", "503", "500", "250"], answers)
    expect(sink.taken() == [], "nothing has come")


def has_limits(sink):
    client = sink.client()
    answers = client.asks(f"MAIL FROM:<a@example.org> SIZE={MESSAGE_BYTES + 1}\r\n".encode())
    expect(answers[0].startswith("552 5.3.4 "), answers)
    client.asks(b"MAIL FROM:<a@example.org>\r\n")
    answers = client.asks(*[b"RCPT TO:<b@example.org>\r\n"] * (RECIPIENTS + 1))
    expect([answer[:3] for answer in answers] == RECIPIENTS * ["250"] + ["452"], answers[-2:])
    expect(client.asks(b"RSET\r\n")[0].startswith("250"), "it goes on")
    line = b"x" * 998 + b"\r\n"
    expect(client.sends(line * (MESSAGE_BYTES // 1_000) + b".\r\n").startswith("250 "), "that much is taken")
    message, = sink.taken()
    expect(len(message) == MESSAGE_BYTES // 1_000 * 999, len(message))
    # The connection ends in the middle of it, perhaps before the reply was read.
    with contextlib.suppress(ConnectionError):
        expect(client.sends(line * (MESSAGE_BYTES // 1_000 + 1) + b".\r\n").startswith("552 "), "more is not")
    client = sink.client()
    client.socket.sendall(ENVELOPE + b"DATA\r\n" + b"x" * 20_000)
    with contextlib.suppress(ConnectionError):
        expect([client.reply()[:3] for _ in range(4)] == ["250", "250", "354", "500"], "no line is so long")
        client.has_ended()
    expect(sink.taken() == [], "none of them lies there")
    clients = [sink.client() for _ in range(CONNECTIONS)]
    late = Client(sink.port)
    expect(late.greeting.startswith("421 "), late.greeting)
    late.has_ended()
    expect(clients[0].asks(b"QUIT\r\n") == ["221 2.0.0 bye"], "it says so")
    clients[0].has_ended()
    sink.client()


def leaves_nothing_half(sink):
    gone, client = sink.client(), sink.client()
    for each in (gone, client):
        each.asks(ENVELOPE, b"DATA\r\n")
        each.socket.sendall(b"Subject: half\r\n")
    gone.socket.close()
    gone.replies.close()
    sink.ends()
    client.has_ended()
    expect(sink.taken() == [], "half a message is none")


def says_what_is_wrong(folder):
    with open(f"{folder}/file", "w"):
        pass
    wrong = [([f"{folder}/file"], 1, "Not a directory"), (["--port", "65536", folder], 2, "0 to 65535")]
    for words, status, said in wrong:
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=PATIENCE)
        expect((done.returncode, done.stdout) == (status, "") and said in done.stderr.splitlines()[-1], done)


signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
signal.alarm(2 * PATIENCE)
for walk in (keeps_messages, wants_an_order, has_limits, leaves_nothing_half):
    with tempfile.TemporaryDirectory() as folder:
        sink = Sink(folder)
        try:
            walk(sink)
            if walk is not leaves_nothing_half:
                sink.ends()
        finally:
            sink.process.kill()
with tempfile.TemporaryDirectory() as folder:
    says_what_is_wrong(folder)
