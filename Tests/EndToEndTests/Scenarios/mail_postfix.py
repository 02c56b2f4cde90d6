"""A Postfix for example.org, as Tests/Support/start-postfix makes it, with the outcomes of mail_relay.Relay, but for the
reply that is cut off: `no` is refused at RCPT, `big` after the data, `never` put off."""

import collections
import ctypes
import email.parser
import os
import signal
import socket
import struct
import subprocess

from campaigns import write

PROJECT = os.path.abspath(f"{os.path.dirname(__file__)}/../../..")
PROGRAMS = f"{PROJECT}/.build/postfix/usr"
SETTINGS = """\
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/recipients
header_checks = regexp:{folder}/headers
# Nobody but us is here, and a recipient who is refused is no fault.
smtpd_soft_error_limit = 1000000
smtpd_hard_error_limit = 1000000
# A mailbox that is written by one at a time is the slowest of it.
default_destination_concurrency_limit = 4
"""
RECIPIENTS = "/^no/ 550 5.1.1 nobody here\n/^never/ 451 4.7.1 try again later\n"
HEADERS = "/^To: .*big/ REJECT too large for this mailbox\n"
IN_CREATE, IN_MOVED_TO = 0x100, 0x80
EVENT = struct.Struct("iIII")


class Arrivals:
    """Names that come to a folder: inotify(7)."""

    def __init__(self, folder):
        self.notices = ctypes.CDLL(None).inotify_init()
        ctypes.CDLL(None).inotify_add_watch(self.notices, folder.encode(), IN_CREATE | IN_MOVED_TO)

    def next(self):
        """Waits for some, and answers how many."""
        notices, count = os.read(self.notices, 1 << 16), 0
        while notices:
            count += 1
            notices = notices[EVENT.size + EVENT.unpack_from(notices)[3]:]
        return count


class Postfix:
    outcomes = {"ok", "no", "big", "never"}

    def __init__(self, folder):
        self.folder = f"{folder}/postfix"
        self.taken = 0
        os.chmod(folder, 0o755)
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = held.getsockname()[1]
        write(f"{self.folder}/recipients", RECIPIENTS)
        write(f"{self.folder}/headers", HEADERS)
        write(f"{self.folder}/settings", SETTINGS.format(folder=self.folder))
        subprocess.run(
            [f"{PROJECT}/Tests/Support/start-postfix", PROGRAMS, self.folder, str(self.port), f"{self.folder}/settings"],
            check=True)
        # Where a message lies that is being taken, and then one that is delivered.
        self.incoming = Arrivals(f"{self.folder}/queue/incoming")
        self.arrivals = Arrivals(f"{self.folder}/Maildir/new")

    def until_taken(self, count):
        """Waits until so many messages were taken, or are about to be."""
        while self.taken < count:
            self.taken += self.incoming.next()

    def until_delivered(self, count):
        """Waits until so many messages lie in the Maildir."""
        while len(os.listdir(f"{self.folder}/Maildir/new")) < count:
            self.arrivals.next()

    def _messages(self):
        for name in os.listdir(f"{self.folder}/Maildir/new"):
            with open(f"{self.folder}/Maildir/new/{name}", "rb") as file:
                message = file.read()
            yield email.parser.BytesHeaderParser().parsebytes(message)["Delivered-To"], message

    @property
    def delivered(self):
        """How many messages each recipient has got."""
        return collections.Counter(recipient for recipient, _ in self._messages())

    def message(self, recipient):
        """One that the recipient has got."""
        return next(message for address, message in self._messages() if address == recipient)

    def stop(self):
        with open(f"{self.folder}/queue/pid/master.pid") as file:
            os.kill(int(file.read()), signal.SIGTERM)
