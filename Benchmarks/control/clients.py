"""Clients of a Unix socket, each of which asks again as soon as it is answered."""

import json
import select
import socket
import time


def call(method, **parameters):
    return json.dumps({"method": f"org.campaignd.{method}", "parameters": parameters}).encode() + b"\0"


class Clients:
    """So many connections, served by one loop: the same loop for every server."""

    def __init__(self, path, number):
        self.connections = {}
        self.poll = select.epoll()
        for _ in range(number):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(path)
            self.connections[connection.fileno()] = connection
            self.poll.register(connection, select.EPOLLIN)

    def ask(self, requests):
        """Has all of them answered; the seconds that each took, how long all did, and the last answer."""
        left = iter(requests)
        begun, rests, seconds = {}, {}, []
        answer = b""

        def next_of(descriptor):
            if (request := next(left, None)) is not None:
                begun[descriptor] = time.perf_counter()
                rests[descriptor] = b""
                self.connections[descriptor].sendall(request)

        start = time.perf_counter()
        for descriptor in self.connections:
            next_of(descriptor)
        while begun:
            for descriptor, _ in self.poll.poll():
                piece = self.connections[descriptor].recv(1 << 20)
                if not piece:
                    raise ConnectionError("the server ended a connection")
                rests[descriptor] += piece
                if piece.endswith(b"\0"):
                    seconds.append(time.perf_counter() - begun.pop(descriptor))
                    answer = rests[descriptor]
                    if b'"error":' in answer:
                        raise ValueError(answer)
                    next_of(descriptor)
        return seconds, time.perf_counter() - start, answer

    def close(self):
        for connection in self.connections.values():
            connection.close()
        self.poll.close()
