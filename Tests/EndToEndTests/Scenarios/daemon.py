"""A whole daemon in folders of its own, without systemd; it says by sd_notify(3) when it is ready and when it ticks."""

import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from campaigns import PATIENCE, Campaignctl, expect, write


def play(walk):
    """Plays a scenario, whose argument is the directory of the programs: walk gets a folder, a daemon in it that is not
    started, and its campaignctl. Every send succeeds."""
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(os.path.abspath(sys.argv[1]), folder, "/bin/true")
        try:
            walk(folder, daemon, Campaignctl(sys.argv[1], daemon.socket))
        finally:
            daemon.stop()


class Daemon:
    def __init__(self, programs, folder, surface, settings="tick_interval: 200ms\n"):
        self.programs = programs
        self.folder = folder
        self.socket = f"{folder}/run/control.sock"
        self.process = None
        # Where it and its senders say what they have to say; None for where this process does.
        self.errors = None
        for name in ("config", "state", "run"):
            os.mkdir(f"{folder}/{name}")
        write(f"{folder}/config/campaignd.yaml", settings)
        write(f"{folder}/config/surfaces.d/newsletter.yaml", f"channel: email\ncommand:\n  run: [{surface}]\n")
        write(f"{folder}/config/audiences.d/everybody.yaml", f"file: {folder}/everybody.csv\n")
        write(f"{folder}/everybody.csv", "email\nann@example.org\n")
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(f"{folder}/notify")
        # Read at once, as a manager does: a daemon must not find its socket full.
        self.said = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, **variables):
        """Returns when the daemon is ready."""
        self.begin(**variables)
        self.until("READY=1")

    def begin(self, **variables):
        environment = {**os.environ, "NOTIFY_SOCKET": f"{self.folder}/notify", **variables}
        self.process = subprocess.Popen(
            self.command(), env=environment, stdin=subprocess.DEVNULL, stderr=self.errors)

    def start_in_vain(self):
        """Starts it where it has to end by itself, and answers how it did."""
        return subprocess.run(
            self.command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)

    def command(self):
        return [f"{self.programs}/campaignd", "--config-dir", f"{self.folder}/config", "--state-dir",
                f"{self.folder}/state", "--runtime-dir", f"{self.folder}/run"]

    def _listen(self):
        while True:
            for line in self.notify.recv(4096).decode().splitlines():
                self.said.put(line)

    def until(self, line):
        """Waits until the daemon says that line to its manager."""
        while self.said.get(timeout=PATIENCE) != line:
            pass

    def is_ready(self):
        """Whether it says so, of what it says next."""
        try:
            return self.said.get(timeout=0.1) == "READY=1"
        except queue.Empty:
            return False

    def forget(self):
        """What it has said so far is no answer to what comes now."""
        while not self.said.empty():
            self.said.get()

    def reload(self):
        """Returns when the daemon has read its configuration again."""
        self.process.send_signal(signal.SIGHUP)
        self.until("RELOADING=1")
        self.until("READY=1")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            expect(self.process.wait(timeout=PATIENCE) == 0, f"the daemon ended with {self.process.returncode}")
