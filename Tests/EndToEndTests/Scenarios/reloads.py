"""`systemctl reload` takes all of a new configuration, or fails and changes nothing; the journal, status and the manager
tell so, and what the unit's environment says is part of it.

Runs inside the machine of Tests/Support/with-systemd.
"""

import os
import subprocess
import time

from campaigns import PATIENCE, expect, write
from machine import drop_in, install, main_pid, run

BAD = "/etc/campaignd/conf.d/60-bad.yaml"
FAULT = f'{BAD}:1:10: retries: "often" is not a whole number from 0 to 100'


def reload():
    """How `systemctl reload` ended."""
    return subprocess.run(["systemctl", "reload", "campaignd"], capture_output=True, text=True).returncode


def errors():
    return run("journalctl", "--unit", "campaignd", "--priority", "err", "--output", "cat").splitlines()


def until(holds):
    """Until the daemon has done what the signal asks; the manager does not wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        expect(time.monotonic() < deadline, campaignctl.one("status")["configuration"])


campaignctl = install("#!/bin/sh\n")
drop_in("campaignd.service", "[Service]\nEnvironment=CAMPAIGND_MAX_CONCURRENT=3\n")
run("systemctl", "restart", "campaignd")
daemon = main_pid("campaignd")


def setting(key):
    settings = campaignctl.one("status")["configuration"]["settings"]
    return next((setting["value"], setting["source"]) for setting in settings if setting["key"] == key)


def refused():
    return campaignctl.one("status")["configuration"]["refused"]


expect(setting("max_concurrent") == ("3", "$CAMPAIGND_MAX_CONCURRENT"), setting("max_concurrent"))
write("/etc/campaignd/conf.d/50-site.yaml", "late_limit: 90m\nmax_concurrent: 4\n")
expect(reload() == 0, "it can be used")
until(lambda: setting("late_limit") == ("90m", "/etc/campaignd/conf.d/50-site.yaml:1"))
expect(setting("max_concurrent")[0] == "3", "the variable wins")

write(BAD, "retries: often\n")
write("/etc/campaignd/conf.d/50-site.yaml", "late_limit: 2h\n")
expect(reload() != 0, "the manager tells that it failed")
expect(main_pid("campaignd") == daemon and run("systemctl", "is-active", "campaignd") == "active", "it goes on")
until(refused)
expect(refused()["text"] == FAULT, refused())
expect(setting("late_limit")[0] == "90m", "nothing of it is in force")
expect(set(errors()) == {f"the configuration stays as it was: {FAULT}",
                         "Reload failed for campaignd.service - Marketing campaign scheduler."}, errors())

os.remove(BAD)
expect(reload() == 0, "it can be used")
until(lambda: setting("late_limit")[0] == "2h")
expect(refused() is None, "nothing is left of it")

# A variable counts for the check as for the daemon.
drop_in("campaignd.service", "[Service]\nEnvironment=CAMPAIGND_MAX_CONCURRENT=none\n")
expect(reload() != 0, "it would not start again so")
expect(setting("max_concurrent") == ("3", "$CAMPAIGND_MAX_CONCURRENT"), "a running daemon keeps its environment")
