"""An SMTP server that answers as a file says and keeps what it is given, by aiosmtpd.

usage: example_smtp_peer.py FOLDER

FOLDER/replies.json is an object: `RCPT ADDRESS` or `DATA ADDRESS` → the reply. FOLDER/mail gets a JSON object a line
for each message, refused ones included. The port is printed on a line; it ends with its standard input.
"""

import asyncio
import base64
import json
import sys

from aiosmtpd.smtp import SMTP

FOLDER = sys.argv[1]


class Handler:
    def reply(self, step, address):
        with open(f"{FOLDER}/replies.json") as file:
            return json.load(file).get(f"{step} {address}", "250 2.0.0 fine")

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = self.reply("RCPT", address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):
        reply = self.reply("DATA", envelope.rcpt_tos[0])
        with open(f"{FOLDER}/mail", "a") as file:
            file.write(json.dumps({
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "reply": reply,
                "content": base64.b64encode(envelope.original_content).decode()}) + "\n")
        return reply


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), hostname="peer.example", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
