"""A web server for the tests of webhooks: takes one connection after the other and does with each what its plan says.

webhook_peer.py TOLD GATE PLANS [CERTIFICATE]

TOLD and GATE are named pipes: lines go out on the first, the port at the start; each line that comes in on the second
ends one wait. PLANS is a JSON list with a list of steps for each connection. CERTIFICATE is a PEM file with a key.
"""
import json
import socket
import ssl
import struct
import sys

LONGEST_HEAD = 1024 * 1024
LONGEST_TOLD = 64 * 1024

told = open(sys.argv[1], "w", buffering=1)
gate = open(sys.argv[2])
plans = json.loads(sys.argv[3])
context = None
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4])


def tell(text):
    told.write(text + "\n")


def read_request(connection):
    """Tells the request as JSON, a long body by a file, or how much came of a request that is not whole."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < LONGEST_HEAD:
        piece = connection.recv(65536)
        if not piece:
            return tell(f"no request but {len(data)} bytes")
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    while len(body) < int(headers.get("content-length", 0)):
        piece = connection.recv(65536)
        if not piece:
            return tell(f"no request but {len(head) + len(body)} bytes")
        body += piece
    if len(body) > LONGEST_TOLD:
        with open(sys.argv[1] + ".body", "wb") as file:
            file.write(body)
        body = b""
    tell(json.dumps({"line": lines[0], "headers": headers, "body": body.decode()}))


def carry_out(step, connection):
    if step[0] == "read":
        read_request(connection)
    elif step[0] == "peek":
        connection.recv(1, socket.MSG_PEEK)
    elif step[0] == "write":
        for _ in range(int(step[2])):
            connection.sendall(step[1].encode())
    elif step[0] == "wait":
        gate.readline()
    elif step[0] == "tell":
        tell(step[1])
    elif step[0] == "reset":
        # Closed with a reset in place of an orderly end. SO_LINGER of socket(7)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif step[0] == "watch":
        while connection.recv(65536):
            pass
        tell("closed")


def serve(plan, connection):
    try:
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        for step in plan:
            carry_out(step, connection)
    except ssl.SSLError:
        tell("no handshake")
    except OSError as error:
        tell(f"cut off: {error.strerror}")
    finally:
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
tell(str(listener.getsockname()[1]))
for plan in plans:
    serve(plan, listener.accept()[0])
