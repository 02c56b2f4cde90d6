"""A mail server, aiosmtpd's, that takes messages, or does not, as the recipient's address says, and remembers each that
it took."""

import asyncio
import collections
import logging
import math
import threading
import warnings

from aiosmtpd.smtp import SMTP


class Relay:
    """Listens on a port of this machine's own.

    What a recipient's local part begins with is what becomes of the message: `no` is refused at RCPT, `big` after the
    data, `later` is put off once, `never` always, `cut` is taken and the connection ends without a reply. All others
    are taken; past `limit` of them RCPT waits for its reply. `delivered` counts the messages taken, and `seen` every
    recipient that RCPT named."""

    outcomes = {"ok", "no", "big", "later", "never", "cut"}

    def __init__(self):
        self.lock = threading.Condition()
        self.delivered = collections.Counter()
        self.seen = collections.Counter()
        self.messages = {}
        self.limit = math.inf
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        listens = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(listens)), daemon=True).start()
        listens.wait()

    async def _serve(self, listens):
        self.loop = loop = asyncio.get_running_loop()
        self.allowed = asyncio.Condition()
        server = await loop.create_server(
            lambda: SMTP(self, hostname="relay.example.org", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0,
            backlog=128)
        self.port = server.sockets[0].getsockname()[1]
        listens.set()
        async with server:
            await server.serve_forever()

    def allow(self, limit):
        async def tell():
            async with self.allowed:
                self.limit = limit
                self.allowed.notify_all()

        asyncio.run_coroutine_threadsafe(tell(), self.loop).result()

    def until_taken(self, count):
        """Waits until so many messages were taken."""
        with self.lock:
            self.lock.wait_for(lambda: self.delivered.total() >= count)

    def message(self, recipient):
        """The one that the recipient has got."""
        return self.messages[recipient]

    def until_delivered(self, count):
        """What is taken is."""
        self.until_taken(count)

    def stop(self):
        """It ends with its process."""

    # What aiosmtpd calls.

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return responses[:-1] + ["250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(self, server, session, envelope, address, options):
        async with self.allowed:
            await self.allowed.wait_for(lambda: self.delivered.total() < self.limit)
        with self.lock:
            self.seen[address] += 1
            count = self.seen[address]
        if address.startswith("no"):
            return f"550 5.1.1 <{address}>: nobody here"
        if address.startswith("never") or (address.startswith("later") and count == 1):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        recipient, = envelope.rcpt_tos
        if recipient.startswith("big"):
            return "552 5.3.4 too large for this mailbox"
        with self.lock:
            self.delivered[recipient] += 1
            self.messages[recipient] = envelope.original_content
            self.lock.notify_all()
        if recipient.startswith("cut"):
            server.transport.abort()
            # The end of the connection ends this, too.
            await asyncio.Event().wait()
        return "250 2.0.0 Ok: queued"
