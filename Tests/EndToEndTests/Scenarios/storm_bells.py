"""What happens in a storm, as it happens: the history, the surfaces and the starts of the daemon ring, and whoever
waits for so many rings more goes on."""

import json
import os
import socket
import threading

from campaigns import PATIENCE
from machine import SENDER_STATE, SOCKET


class Bells:
    def __init__(self):
        self.condition = threading.Condition()
        self.rung = {"event": 0, "surface": 0, "start": 0}
        self.newest = 0
        self.over = False

    def ring(self, word, times=1):
        with self.condition:
            self.rung[word] += times
            self.condition.notify_all()

    def count(self, *words):
        with self.condition:
            return sum(self.rung[word] for word in words or self.rung)

    def wait(self, times, *words):
        """Returns when that much more has happened; with words, of these alone."""
        self.wait_beyond(self.count(*words) + times - 1, *words)

    def wait_beyond(self, count, *words):
        with self.condition:
            rung = self.condition.wait_for(
                lambda: sum(self.rung[word] for word in words or self.rung) > count, PATIENCE)
        if not rung:
            raise TimeoutError(f"for {PATIENCE} s nothing happened: {words} {self.rung}")

    def listen(self):
        """Begins to listen, to the end of the scenario."""
        for name, word in ((f"{SENDER_STATE}/bell", "surface"), ("/run/storm-bell", "start")):
            os.mkfifo(name)
            os.chmod(name, 0o666)
            threading.Thread(target=self.hear, args=(os.open(name, os.O_RDWR), word), daemon=True).start()
        threading.Thread(target=self.follow, daemon=True).start()

    def hear(self, fifo, word):
        while True:
            self.ring(word, len(os.read(fifo, 4_096)))

    def follow(self):
        """Follows the history, from daemon to daemon: the socket is systemd's and outlives each of them."""
        while not self.over:
            try:
                self.follow_one()
            except OSError:
                continue

    def follow_one(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(SOCKET)
            call = {"method": "org.campaignd.Log", "parameters": {"after": self.newest, "follow": True}, "more": True}
            connection.sendall(json.dumps(call).encode() + b"\0")
            rest = b""
            while piece := connection.recv(1 << 16):
                *answers, rest = (rest + piece).split(b"\0")
                for answer in map(json.loads, answers):
                    if "error" in answer:
                        return
                    self.newest = answer["parameters"]["after"]
                    if events := answer["parameters"]["events"]:
                        self.ring("event", len(events))
