"""Answers each request on a Unix socket, a NUL at its end, with the bytes of one file: what a Python service with
nothing to do takes for the same bytes.

usage: echo.py SOCKET FILE
"""

import asyncio
import sys


async def main(path, file):
    with open(file, "rb") as answer:
        answer = answer.read()

    async def serve(reader, writer):
        try:
            while True:
                await reader.readuntil(b"\0")
                writer.write(answer)
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_unix_server(serve, path)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
