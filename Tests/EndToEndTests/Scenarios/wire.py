"""The control socket without campaignctl: one connection, one call after the other, for scenarios that make many."""

import json
import socket

from campaigns import expect


class Wire:
    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.connection.connect(path)
        self.stream = self.connection.makefile("rwb")

    def __call__(self, method, **parameters):
        """The reply's parameters; it must succeed."""
        self.stream.write(json.dumps({"method": f"org.campaignd.{method}", "parameters": parameters}).encode() + b"\0")
        self.stream.flush()
        answer = bytearray()
        while not answer.endswith(b"\0"):
            piece = self.stream.read1(1 << 20)
            expect(piece, f"{method}: the connection ended")
            answer += piece
        answer = json.loads(answer[:-1])
        expect("error" not in answer, f"{method}: {answer}")
        return answer["parameters"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
