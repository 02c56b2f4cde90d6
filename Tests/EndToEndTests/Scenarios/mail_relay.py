"""A mail server that takes messages, or does not, as the recipient's address says, and remembers each that it took."""

import collections
import socket
import socketserver
import threading


class Relay:
    """Listens on a port of this machine's own.

    What a recipient's local part begins with is what becomes of the message: `no` is refused at RCPT, `big` after the
    data, `later` is put off once, `never` always, `cut` is taken and the connection ends without a reply. All others
    are taken. `delivered` counts the messages taken, and `seen` every recipient that RCPT named."""

    def __init__(self):
        self.lock = threading.Condition()
        self.delivered = collections.Counter()
        self.seen = collections.Counter()
        self.messages = {}
        self.keeps_messages = False
        relay = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self):
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                super().setup()

            def handle(self):
                try:
                    relay._serve(self.rfile, self.wfile)
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def until(self, count):
        """Waits until so many messages were taken."""
        with self.lock:
            self.lock.wait_for(lambda: self.delivered.total() >= count)

    def _serve(self, lines, replies):
        def say(text):
            replies.write(text.encode() + b"\r\n")

        say("220 relay.example.org ESMTP")
        recipient = None
        while line := lines.readline():
            words = line.decode(errors="replace").strip()
            verb = words[:4].upper()
            if verb == "EHLO":
                say("250-relay.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8")
            elif verb == "MAIL":
                recipient = None
                say("250 2.1.0 Ok")
            elif verb == "RCPT":
                address = words[words.index("<") + 1:words.index(">")]
                reply = self._judge(address)
                if reply.startswith("2"):
                    recipient = address
                say(reply)
            elif verb == "DATA":
                if recipient is None:
                    say("503 5.5.1 no recipient")
                    continue
                say("354 go on")
                message = bytearray()
                while (part := lines.readline()) != b".\r\n":
                    if not part:
                        return
                    message += part
                if recipient.startswith("big"):
                    say("552 5.3.4 too large for this mailbox")
                    continue
                with self.lock:
                    self.delivered[recipient] += 1
                    self.lock.notify_all()
                    if self.keeps_messages:
                        self.messages[recipient] = bytes(message)
                if recipient.startswith("cut"):
                    return
                say("250 2.0.0 Ok: queued")
            elif verb == "RSET":
                recipient = None
                say("250 2.0.0 Ok")
            elif verb == "QUIT":
                say("221 2.0.0 Bye")
                return
            else:
                say("502 5.5.2 what?")

    def _judge(self, address):
        with self.lock:
            self.seen[address] += 1
            count = self.seen[address]
        if address.startswith("no"):
            return f"550 5.1.1 <{address}>: nobody here"
        if address.startswith("never") or (address.startswith("later") and count == 1):
            return "451 4.7.1 try again later"
        return "250 2.1.5 Ok"
