"""An SMTP server by aiosmtpd that misbehaves as it is told.

usage: smtp_peer.py TOLD GATE SETTINGS

TOLD and GATE are named pipes: it tells its port and then what happens, a JSON object a line; a line read from the gate
ends one `wait`. SETTINGS is JSON:

  plans     for each connection, one after the other, what to do at a step in place of the usual reply: {step: [actions
            for its first time, for its second, …]}, no actions for the usual. Steps: greeting, ehlo, starttls, auth,
            reset, mail, rcpt, data, content (while the message is read), end (after it), quit. Connections beyond the
            plans are well served.
  features  lines of the answer to EHLO beside aiosmtpd's own
  utf8      whether SMTPUTF8 is offered
  certificate  a file with key and certificate; makes it offer STARTTLS
  implicit  TLS from the first byte on
  password  of the user "ann": AUTH is offered, and needed
  folder    where messages are kept, as 1.eml, 2.eml, …; else only their size is told
  quiet     nothing is told but the port
"""

import asyncio
import json
import logging
import os
import socket
import ssl
import struct
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

STEPS = {
    "EHLO": "ehlo", "HELO": "ehlo", "STARTTLS": "starttls", "AUTH": "auth", "RSET": "reset", "MAIL": "mail",
    "RCPT": "rcpt", "DATA": "data", "QUIT": "quit",
}


class Peer:
    def __init__(self, told, gate, settings):
        self.told = told
        self.gate = gate
        self.settings = settings
        self.connections = 0
        self.messages = 0

    def tell(self, **event):
        if not self.settings.get("quiet"):
            os.write(self.told, (json.dumps(event, ensure_ascii=False) + "\n").encode())

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        server.hello = hostname
        return responses[:1] + ["250-" + line for line in self.settings.get("features", [])] + responses[1:]

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        self.messages += 1
        if folder := self.settings.get("folder"):
            with open(f"{folder}/{self.messages}.eml", "wb") as file:
                file.write(envelope.content)
        self.tell(
            event="message", connection=server.number, hello=server.hello, sender=envelope.mail_from,
            recipients=envelope.rcpt_tos, options=envelope.mail_options, size=len(envelope.content),
            tls=session.ssl is not None, user=session.login_data.decode() if session.login_data else None)
        return f"250 2.0.0 taken as {self.messages}"


class Connection(SMTP):
    """A connection with its number's plan."""

    def __init__(self, peer, **settings):
        super().__init__(peer, hostname="relay.test", **settings)
        self.peer = peer
        peer.connections += 1
        self.number = peer.connections
        plans = peer.settings["plans"]
        self.plan = plans[self.number - 1] if self.number <= len(plans) else {}
        self.step = "greeting"
        # What goes around the first reply to the command under way.
        self.actions = []
        self.hello = None
        for command, method in list(self._smtp_methods.items()):
            if command in STEPS:
                self._smtp_methods[command] = self.planned(STEPS[command], method)

    def planned(self, step, method):
        async def run(argument):
            self.step = step
            if step in ("reset", "mail", "rcpt", "quit"):
                self.peer.tell(event=step, connection=self.number, argument=argument or "")
            actions = self.take(step)
            if actions and ["usual"] not in actions:
                # Nothing else comes of the command.
                return await self.act(actions, None)
            self.actions = actions
            await method(argument)
        return run

    def connection_made(self, transport):
        super().connection_made(transport)
        # STARTTLS makes it a second time.
        if self.step == "greeting":
            self.peer.tell(event="connected", connection=self.number)

    def connection_lost(self, error):
        super().connection_lost(error)
        self.peer.tell(event="closed", connection=self.number)

    async def push(self, status):
        if self.step in ("greeting", "end"):
            actions, self.step = self.take(self.step), None
        else:
            actions, self.actions = self.actions, []
        if actions:
            await self.act(actions, status)
        else:
            await super().push(status)
        if self.step == "data" and status.startswith("354"):
            self.step = "end"
            if actions := self.take("content"):
                await self.act(actions, status)

    def take(self, step):
        times = self.plan.get(step)
        return times.pop(0) if times else []

    async def act(self, actions, usual):
        for verb, *words in actions:
            if verb == "usual":
                await super().push(usual)
            elif verb == "reply":
                await super().push(words[0])
            elif verb == "write":
                self._writer.write(words[0].encode() * int(words[1]))
                await self._writer.drain()
            elif verb == "wait":
                await asyncio.get_running_loop().run_in_executor(None, os.read, self.peer.gate, len("go\n"))
            elif verb == "tell":
                self.peer.tell(event="told", text=words[0])
            elif verb == "hang":
                await asyncio.Event().wait()
            elif verb == "close":
                self.transport.close()
                await asyncio.Event().wait()
            elif verb == "reset":
                plain = self.transport.get_extra_info("socket")
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.transport.abort()
                await asyncio.Event().wait()
            else:
                raise ValueError(verb)


async def serve(told, gate, settings):
    peer = Peer(told, gate, settings)
    options = {"enable_SMTPUTF8": settings.get("utf8", False), "timeout": 3600}
    tls = None
    if certificate := settings.get("certificate"):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    if tls and not settings.get("implicit"):
        options["tls_context"] = tls
    if password := settings.get("password"):
        def check(server, session, envelope, mechanism, data):
            is_right = (data.login, data.password) == (b"ann", password.encode())
            return AuthResult(success=is_right, handled=False, auth_data=data)
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": bool(tls)}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(peer, loop=loop, **options), "127.0.0.1", 0, ssl=tls if settings.get("implicit") else None)
    os.write(told, f"{server.sockets[0].getsockname()[1]}\n".encode())
    async with server:
        await server.serve_forever()


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    told, gate, settings = sys.argv[1:]
    asyncio.run(serve(os.open(told, os.O_WRONLY), os.open(gate, os.O_RDONLY), json.loads(settings)))


main()
