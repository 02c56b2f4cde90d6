"""What the scenarios share: the programs as a person runs them, and waiting for what happens instead of for time."""

import json
import os
import subprocess
import sys
import time

# A scenario in which this long nothing comes has failed; the test around it has a limit of its own.
PATIENCE = 60


class Campaignctl:
    """campaignctl as it lies in `programs`, for the daemon on `socket`."""

    def __init__(self, programs, socket):
        self.path = os.path.join(programs, "campaignctl")
        self.environment = {**os.environ, "CAMPAIGND_SOCKET": socket}

    def run(self, *arguments):
        """How the command ended, with what it printed."""
        return subprocess.run(
            [self.path, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE)

    def __call__(self, *arguments):
        """The objects that the command printed with --json; it must succeed."""
        done = self.run(*arguments, "--json")
        expect(done.returncode == 0, f"campaignctl {' '.join(arguments)}: {done.returncode} {done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def one(self, *arguments):
        objects = self(*arguments)
        expect(len(objects) == 1, f"campaignctl {' '.join(arguments)}: {objects}")
        return objects[0]

    def publish_hello(self, folder):
        """A message to send, from a file in that folder."""
        write(f"{folder}/hello.txt", "Hello.\n")
        self.one("message", "put", "hello", "-f", f"{folder}/hello.txt")
        self.one("message", "publish", "hello")

    def story(self, after=0):
        return Story(self, after)


class Story:
    """The history as it grows. It goes on over a restart of the daemon."""

    def __init__(self, campaignctl, after):
        self.campaignctl = campaignctl
        self.after = after
        self.follower = None

    def events(self):
        deadline = time.monotonic() + PATIENCE
        while True:
            expect(time.monotonic() < deadline, "no daemon and nothing new for a long time")
            self.follower = subprocess.Popen(
                [self.campaignctl.path, "log", "--follow", "--json"], env=self.campaignctl.environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for line in self.follower.stdout:
                event = json.loads(line)
                if "error" in event:
                    break
                if event["seq"] > self.after:
                    self.after = event["seq"]
                    yield event
                    deadline = time.monotonic() + PATIENCE
            self.follower.wait()
            complaint = self.follower.stderr.read()
            # Nobody listens between the end of one daemon and the start of the next, unless systemd keeps the socket.
            expect(self.follower.returncode == 4, f"log --follow: {self.follower.returncode} {complaint}")

    def until(self, kind, **wanted):
        """The next event of that kind whose members are those wanted."""
        for event in self.events():
            if event["kind"] == kind and all(event[name] == value for name, value in wanted.items()):
                self.close()
                return event

    def until_all(self, kind, campaigns, **wanted):
        """Waits until such an event was told of each of these campaigns."""
        missing = set(campaigns)
        for event in self.events():
            if event["kind"] == kind and all(event[name] == value for name, value in wanted.items()):
                missing.discard(event["campaign"])
            if not missing:
                return self.close()

    def close(self):
        self.follower.kill()
        self.follower.wait()


def expect(condition, complaint):
    if not condition:
        sys.exit(f"expected otherwise: {complaint}")


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def campaign_file(path, name, start, **more):
    lines = [f"name: {name}", f"title: The campaign {name}", "channel: email", "surface: newsletter",
             "message: hello", "audience: everybody"]
    lines += [f"{key}: {value}" for key, value in more.items()]
    lines += ["schedule:", f"  start: {start}", "  timezone: UTC"]
    write(path, "\n".join(lines) + "\n")
    return path
