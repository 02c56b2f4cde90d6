"""A web server for webhooks: it keeps what it is given, and answers each path as the scenario says."""

import collections
import http.server
import json
import queue
import socket
import ssl
import struct
import threading

from campaigns import PATIENCE

Request = collections.namedtuple("Request", "path headers body")


class Peer:
    """`plans` has for each path, without its `/`, what is done with its requests one after the other: functions of the
    handler. The last one stands for all that follow."""

    def __init__(self, plans, certificate=None, listens=True):
        self.plans = {path: list(steps) for path, steps in plans.items()}
        self.requests = []
        self.arrived = collections.defaultdict(queue.SimpleQueue)
        self.closed = collections.defaultdict(queue.SimpleQueue)
        self.gates = collections.defaultdict(queue.SimpleQueue)
        self.certificate = certificate
        self.server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.server.peer = self
        # From here on its port is nobody else's, and who connects is refused.
        self.server.server_bind()
        self.port = self.server.server_address[1]
        self.thread = None
        if listens:
            self.listen()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.thread:
            self.server.shutdown()
            self.thread.join()
        self.server.server_close()

    def listen(self):
        self.server.server_activate()
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def url(self, path, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.port}/{path}"

    def given(self, path):
        """All requests to that path, in order."""
        return [request for request in list(self.requests) if request.path == path]

    def wait_for(self, path):
        """Returns when the next request to that path has been read."""
        return self.arrived[path].get(timeout=PATIENCE)

    def wait_for_end(self, path):
        """Returns when the client has closed the connection of a request that is never answered."""
        self.closed[path].get(timeout=PATIENCE)

    def let_end(self, path):
        """Lets one request that is held be answered."""
        self.gates[path].put(None)


class Server(http.server.ThreadingHTTPServer):
    def shutdown_request(self, request):
        # An orderly end would come before the reset.
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, *_):
        """A client that went, or that did not like the certificate: what it did is the scenario's to judge."""


class Handler(http.server.BaseHTTPRequestHandler):
    def take(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        peer, path = self.server.peer, self.path.strip("/")
        steps = peer.plans[path]
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        request = Request(path, self.headers, body)
        peer.requests.append(request)
        peer.arrived[path].put(request)
        step(self)

    do_POST = do_PUT = take

    def answer(self, status, body="", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


# What may be done with a request.


def answer(status, body="", **headers):
    """An underscore in a header's name stands for a hyphen."""
    return lambda handler: handler.answer(status, body, **headers)


def held(handler):
    """Answered with 200 when the scenario says so."""
    handler.server.peer.gates[handler.path.strip("/")].get(timeout=PATIENCE)
    handler.answer(200)


def never(handler):
    while handler.rfile.read(1):
        pass
    handler.server.peer.closed[handler.path.strip("/")].put(None)


def half(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "10")
    handler.end_headers()
    handler.wfile.write(b"half")


def reset(handler):
    """Closed with a reset in place of an orderly end: SO_LINGER of socket(7)."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
