"""A daemon that is asked for something without a pause ticks all the same, and tells its watchdog so."""

import datetime
import sys
import time

from campaigns import expect
from machine import SOCKET, drop_in, install, live, main_pid, run
from wire import Wire

WATCHDOG_SECONDS = 2
# So many of the watchdog's times without a pause.
TIMES = 3

campaignctl = install("#!/bin/sh\n", "")
drop_in("campaignd.service", f"[Service]\nWatchdogSec={WATCHDOG_SECONDS}s\n")
run("systemctl", "restart", "campaignd.service")
live(campaignctl, "planned", type="triggered")
before = main_pid("campaignd.service")
begun, asked = time.monotonic(), 0
with Wire(SOCKET) as call:
    try:
        while time.monotonic() - begun < TIMES * WATCHDOG_SECONDS:
            key = call("Trigger", name="planned", request_id=f"number-{asked}", at="2099-01-01T09:00")["send"]["key"]
            call("Cancel", name="planned", key=key)
            asked += 1
        status = call("Status")
    except BrokenPipeError:
        sys.exit(f"the daemon was ended after {asked} triggers, in {time.monotonic() - begun:.1f} s")
now, last = (datetime.datetime.fromisoformat(status[name].replace("Z", "+00:00")) for name in ("now", "last_tick_at"))
print(f"{2 * asked} calls without a pause; the last tick was {(now - last).total_seconds():.0f} s ago")
expect((now - last).total_seconds() <= WATCHDOG_SECONDS, f"it does not tick while it works: {status}")
expect(main_pid("campaignd.service") == before, "the watchdog ended it")
expect(run("systemctl", "show", "--property=NRestarts", "--value", "campaignd.service") == "0", "it fell over")
