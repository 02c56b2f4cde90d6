"""The surfaces of config/surfaces.d/examples in a test's folder: their files as they stand, but for paths and hosts."""

import json
import os
import subprocess

from campaigns import PATIENCE, expect, write

EXAMPLES = os.path.abspath(f"{os.path.dirname(__file__)}/../../../config/surfaces.d/examples")


def install(desk, example, name, *replaced):
    """Makes a surface of that name from the example's file. `replaced` are pairs: what stands in it, and what then."""
    with open(f"{EXAMPLES}/{example}.yaml") as file:
        text = file.read()
    for before, after in replaced:
        expect(before in text, f"{example}.yaml has no {before}")
        text = text.replace(before, after)
    write(f"{desk.folder}/config/surfaces.d/{name}.yaml", text)
    desk.daemon.reload()


def program(name):
    """The pair that puts an example's program in the place of the one that its file names."""
    return f"/usr/local/lib/campaignd/{name}", f"{EXAMPLES}/{name}"


def feed(words, request, folder, **variables):
    """Runs a surface's program as campaign-send does; what it said and how it ended."""
    os.makedirs(folder, exist_ok=True)
    environment = {**os.environ, "OCCURRENCE_KEY": request["key"], **variables}
    return subprocess.run(words, input=json.dumps(request) + "\n", env=environment, cwd=folder, capture_output=True,
                          text=True, timeout=PATIENCE)


def progress(done):
    """What a program that was fed told last."""
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else None


def request(key, **more):
    """A request as a surface gets it. More or other members are the test's."""
    message = {"name": "hello", "revision": 1, "subject": "Hello", "text": "Hello {{name}}.\n", "html": None,
               "headers": [], "file": "hello.txt", "attachments": []}
    campaign = {"name": "spring", "title": "Spring", "version": 1, "channel": "email"}
    return {"key": key, "attempt": 1, "campaign": campaign,
            "surface": "newsletter", "audience": None, "message": message, "due": "2026-01-05T08:00:00Z",
            "nominal": "2026-01-05T09:00:00", "timezone": "Europe/Paris", "origin": "schedule", "test": False, **more}


def expect_end(done, status, said=""):
    expect(done.returncode == status and said in done.stderr, f"{status} and {said!r}: {done}")
