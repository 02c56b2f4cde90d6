"""Settings come from campaignd.yaml, then conf.d by name, then the environment; a reload takes all of the new ones or
none, and status tells what is in force, where each comes from, and why a newer one is not.

usage: configuration.py DIRECTORY_OF_THE_PROGRAMS
"""

import os
import subprocess
import sys
import tempfile

from campaigns import PATIENCE, Campaignctl, expect, write
from watched_daemon import WatchedDaemon

# A setting of the environment, one of a typing error, and one that is somebody else's.
VARIABLES = {"CAMPAIGND_LIMITS_MESSAGES": "7", "CAMPAIGND_RETRYS": "1", "CAMPAIGND_TEST_ANYTHING": "1"}
TOLD = "$CAMPAIGND_RETRYS is no setting, and is passed over; did you mean $CAMPAIGND_RETRIES?"


class Settings:
    def __init__(self, daemon, campaignctl):
        self.folder, self.campaignctl = f"{daemon.folder}/config", campaignctl

    def status(self):
        return self.campaignctl.one("status")["configuration"]

    def __call__(self):
        """Those that are not at their default: value and place, the configuration directory left out."""
        return {setting["key"]: (setting["value"], setting["source"].removeprefix(self.folder + "/"))
                for setting in self.status()["settings"] if setting["source"] != "default"}

    def write(self, name, text):
        write(f"{self.folder}/{name}", text)


def layers(daemon, settings):
    """What comes later wins, key by key."""
    settings.write("campaignd.yaml", "tick_interval: 200ms\nretries: 1\nlimits:\n  campaigns: 10\n  versions: 20\n")
    settings.write("conf.d/50-site.yaml", "retries: 2\nlimits: {campaigns: 11, messages: 12}\n")
    settings.write("conf.d/10-late.yaml", "# overridden\nretries: 9\nlate_limit: 90m\n")
    for name in (".hidden.yaml", "50-site.yaml~", "readme"):
        settings.write(f"conf.d/{name}", "[")
    daemon.start(**VARIABLES)
    expect(settings() == {
        "tick_interval": ("200ms", "campaignd.yaml:1"), "retries": ("2", "conf.d/50-site.yaml:1"),
        "late_limit": ("90m", "conf.d/10-late.yaml:3"), "limits.campaigns": ("11", "conf.d/50-site.yaml:2"),
        "limits.versions": ("20", "campaignd.yaml:5"), "limits.messages": ("7", "$CAMPAIGND_LIMITS_MESSAGES"),
    }, settings())
    files = [file.removeprefix(settings.folder + "/") for file in settings.status()["files"]]
    expect(files == ["campaignd.yaml", "conf.d/10-late.yaml", "conf.d/50-site.yaml"], files)
    expect(any(line.startswith(f"{TOLD}  PRIORITY=4") for line in daemon.messages()), daemon.messages())
    expect(not any("CAMPAIGND_TEST_" in line for line in daemon.messages()), daemon.messages())


def refused(daemon, settings):
    """A fault in one file keeps what the others say out, too."""
    before = settings.status()
    settings.write("campaignd.yaml", "tick_interval: 200ms\nretries: 3\n")
    settings.write("conf.d/60-bad.yaml", "limits:\n  campaigns: none\n")
    daemon.reload()
    fault = f'{settings.folder}/conf.d/60-bad.yaml:2:14: limits.campaigns: "none" is not a whole number'
    now = settings.status()
    expect(now["refused"]["text"].startswith(fault), now["refused"])
    expect({**now, "refused": None} == before, f"{now} {before}")
    told = [line for line in daemon.messages() if f"the configuration stays as it was: {fault}" in line]
    expect(len(told) == 1, daemon.messages())
    people = settings.campaignctl.run("status")
    expect(people.returncode == 0 and f"    Refused: a newer one: {fault}" in people.stdout, people.stdout)
    # Where it is mended, all of it is in force.
    os.remove(f"{settings.folder}/conf.d/60-bad.yaml")
    os.remove(f"{settings.folder}/conf.d/50-site.yaml")
    daemon.reload()
    expect(settings.status()["refused"] is None, settings.status())
    expect(settings() == {
        "tick_interval": ("200ms", "campaignd.yaml:1"), "retries": ("9", "conf.d/10-late.yaml:2"),
        "late_limit": ("90m", "conf.d/10-late.yaml:3"), "limits.messages": ("7", "$CAMPAIGND_LIMITS_MESSAGES"),
    }, settings())


def told(daemon, settings):
    """`status --config` and `--print-config` tell the same."""
    lines = settings.campaignctl.run("status", "--config").stdout.splitlines()
    rows = [line.split() for line in lines[lines.index("") + 1:]]
    expect(rows[0] == ["SETTING", "VALUE", "FROM"] and len(rows) == 1 + len(settings.status()["settings"]), rows)
    expect(["late_limit", "90m", f"{settings.folder}/conf.d/10-late.yaml:3"] in rows, rows)
    expect(["max_concurrent", "8", "default"] in rows, rows)
    printed = inspect(settings.folder, "--print-config")
    expect((printed.returncode, printed.stderr) == (0, f"campaignd: {TOLD}\n"), printed)
    lines = [line.split() for line in printed.stdout.splitlines()]
    expect(["messages:", "7", "#", "$CAMPAIGND_LIMITS_MESSAGES"] in lines, printed.stdout)
    expect(["late_limit:", "90m", "#", f"{settings.folder}/conf.d/10-late.yaml:3"] in lines, printed.stdout)
    write(f"{daemon.folder}/printed/campaignd.yaml", printed.stdout)
    again = inspect(f"{daemon.folder}/printed", "--print-config")
    expect(values(again.stdout) == values(printed.stdout), again.stdout)


def values(text):
    """What it says, without where that comes from."""
    return [said for said in (line.split("#")[0].rstrip() for line in text.splitlines()) if said]


def inspect(folder, option, **variables):
    return subprocess.run(
        [f"{programs}/campaignd", option, "--config-dir", folder], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE, env={**os.environ, **VARIABLES, **variables})


def bad_variable(daemon, settings):
    """The variable is named, and nothing starts."""
    for name, value, reason in [
        ("CAMPAIGND_TICK_INTERVAL", "soon", '"soon" is not a duration from 100ms to 1h'),
        ("CAMPAIGND_LIMITS_MESSAGES", "", '"" is not a whole number from 1 to 10000000'),
        ("CAMPAIGND_ON_ALERT", "pager", '"pager" is no surface of surfaces.d'),
    ]:
        done = inspect(settings.folder, "--check-config", **{name: value})
        expect((done.returncode, done.stdout, done.stderr) == (78, "", f"campaignd: ${name}: {reason}\n"), done)


programs = os.path.abspath(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    daemon = WatchedDaemon(programs, folder, "/bin/true")
    settings = Settings(daemon, Campaignctl(programs, daemon.socket))
    try:
        layers(daemon, settings)
        refused(daemon, settings)
        told(daemon, settings)
        bad_variable(daemon, settings)
    finally:
        if daemon.process:
            daemon.stop()
