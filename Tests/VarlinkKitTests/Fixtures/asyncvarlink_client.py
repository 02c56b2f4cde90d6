"""Talks to the test server with PyPI's asyncvarlink: calls, pipelined calls, errors, several replies."""

import asyncio
import signal
import sys

from asyncvarlink import VarlinkClientProtocol, VarlinkMethodCall, connect_unix_varlink
from asyncvarlink.serviceinterface import VarlinkServiceInterface


async def ask(protocol, method, **parameters):
    reply, _ = await protocol.call(VarlinkMethodCall(method, parameters))
    return reply.error, reply.parameters


async def main(path):
    transport, protocol = await connect_unix_varlink(VarlinkClientProtocol, path)

    service = protocol.make_proxy(VarlinkServiceInterface)
    info = await service.GetInfo()
    assert info["product"] == "varlink tests", info
    assert info["interfaces"] == ["org.varlink.service", "org.example.test"], info
    described = await service.GetInterfaceDescription(interface="org.example.test")
    assert "method Echo" in described["description"], described

    assert await ask(protocol, "org.example.test.Echo", text="a", number=1) == (None, {"text": "a", "number": 1})
    # Pipelined calls are answered in order.
    answers = await asyncio.gather(
        *(ask(protocol, "org.example.test.Echo", text=str(n), number=n) for n in range(100))
    )
    assert [parameters["number"] for _, parameters in answers] == list(range(100)), answers

    error, parameters = await ask(protocol, "org.example.test.Fail", name="spring")
    assert (error, parameters["name"]) == ("org.example.test.Refused", "spring"), (error, parameters)
    assert await ask(protocol, "org.example.test.Nothing") == (
        "org.varlink.service.MethodNotFound",
        {"method": "org.example.test.Nothing"},
    )
    assert await ask(protocol, "org.example.test.Echo", text=5) == (
        "org.varlink.service.InvalidParameter",
        {"parameter": "text"},
    )

    numbers = []
    call = VarlinkMethodCall("org.example.test.Count", {"to": 5}, more=True)
    async for reply, _ in protocol.call_more(call):
        numbers.append((reply.parameters["number"], bool(reply.continues)))
    assert numbers == [(1, True), (2, True), (3, True), (4, True), (5, False)], numbers

    transport.close()
    print("done")


# A server that does not answer ends the test instead of holding it.
signal.alarm(60)
asyncio.run(main(sys.argv[1]))
