"""Clients that mean no good, on the control socket all at once: a process for each user, a thread for each client. Each
does one thing again and again, each time over a new connection, until it is told to end."""

import json
import os
import random
import resource
import select
import signal
import socket
import threading

from machine import SOCKET

# A request may have so many bytes; what the sockets themselves hold comes on top.
REQUEST_LIMIT = 1 << 20
SOCKETS_HOLD = 1 << 20
ENDLESS = 1 << 30
PIECE = b"x" * (1 << 16)
# For someone who waits for the daemon to end the connection; longer than its longest patience.
WAIT_SECONDS = 600
AUTOGROUP = "/proc/self/autogroup"


def call(method, more=False, **parameters):
    return json.dumps({"method": method, "parameters": parameters, **({"more": True} if more else {})}).encode() + b"\0"


def until_closed(client):
    """Reads to the end."""
    while client.recv(1 << 16):
        pass


def rubbish(client, herd):
    client.sendall(herd.random.randbytes(herd.random.randint(1, 4_000)) + b"\0")
    until_closed(client)


def half(client, herd):
    """Half a call, and then it waits."""
    client.sendall(call("org.campaignd.List")[:-10])
    herd.wait(client)


def silent(client, herd):
    """Only there."""
    herd.wait(client)


def almost(client, herd):
    """The longest call but for its end, and then it waits: what the daemon must hold for it."""
    client.sendall(b'{"method":"org.campaignd.List","parameters":{"search":"' + b"x" * (REQUEST_LIMIT - 100))
    herd.wait(client)


def endless(client, herd):
    """A gigabyte without a NUL."""
    sent = 0
    try:
        while sent < ENDLESS:
            sent += client.send(PIECE)
    finally:
        herd.longest = max(herd.longest, sent)


def deep(client, herd):
    client.sendall(b'{"method":"org.campaignd.List","parameters":' + b'{"a":' * 100_000 + b"\0")
    until_closed(client)


def deaf(client, herd):
    """Asks for as much as may be asked ahead, and reads nothing of it."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.sendall(call("org.varlink.service.GetInterfaceDescription", interface="org.campaignd") * 100)
    client.sendall(call("org.campaignd.List", more=True, all=True) + call("org.campaignd.Log", more=True, follow=True))
    herd.wait(client, reads=False)


def come_and_go(client, herd):
    client.sendall(call("org.campaignd.Status"))


def denied(client, herd):
    """Asks properly, as fast as it can, for what it may not have or may."""
    for _ in range(100):
        client.sendall(call("org.campaignd.Status"))
        answer = b""
        while not answer.endswith(b"\0"):
            piece = client.recv(1 << 16)
            if not piece:
                return
            answer += piece


# Those that stay, and those that come again and again.
STAYING = (silent, half, deaf, almost, silent, half, deaf, half)
COMING = (rubbish, endless, deep, come_and_go, denied)
WAYS = STAYING + COMING


class Herd:
    """The clients of one user; `ways` may be fewer than all."""

    def __init__(self, uid, groups, clients, seed, ways=WAYS):
        self.uid, self.groups, self.clients, self.ways = uid, groups, clients, ways
        self.random = random.Random(f"{seed} {uid}")
        self.longest = self.connections = self.refused = 0
        told, self.tell = os.pipe()
        self.answer, answers = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self.go_on(told, answers)
        os.close(told)
        os.close(answers)

    def go_on(self, told, answers):
        """In the child."""
        signal.alarm(0)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        # What they burn themselves is not to be the reason why others wait; what they have the daemon do is.
        os.nice(19)
        # Where the kernel shares out time between sessions first, nice counts only within one (sched(7)).
        os.setsid()
        if os.path.exists(AUTOGROUP):
            with open(AUTOGROUP, "w") as autogroup:
                autogroup.write("19")
        resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, 4_096))
        os.setgroups(self.groups)
        os.setgid(self.uid)
        os.setuid(self.uid)
        threading.stack_size(1 << 18)
        for number in range(self.clients):
            threading.Thread(target=self.one, args=(self.ways[number % len(self.ways)],), daemon=True).start()
        os.read(told, 1)
        os.write(answers, json.dumps([self.connections, self.longest]).encode())
        os._exit(0)

    def one(self, way):
        while True:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                try:
                    client.settimeout(WAIT_SECONDS)
                    client.connect(SOCKET)
                    self.connections += 1
                    way(client, self)
                except OSError:
                    # The daemon has closed it, which is what it is to do.
                    continue

    def wait(self, client, reads=True):
        """Until the daemon has had enough."""
        if reads:
            until_closed(client)
        else:
            hang_up = select.poll()
            hang_up.register(client, 0)
            hang_up.poll(WAIT_SECONDS * 1_000)

    def end(self):
        """Ends it; answers how many connections it made, and the most bytes that one could send."""
        # By a byte: the herds after this one hold the pipe as well.
        os.write(self.tell, b"e")
        os.close(self.tell)
        answer = os.read(self.answer, 1_000)
        os.close(self.answer)
        os.waitpid(self.pid, 0)
        return json.loads(answer)
