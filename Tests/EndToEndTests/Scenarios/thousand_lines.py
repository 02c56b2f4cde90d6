"""A thousand sends of one campaign, each of one line, through the units with the default caps: every one is sent once,
and the journal has each line, by the campaign's field. Prints how many sends a second that were.
"""

import time

from campaigns import expect
from machine import SENDER_STATE, SOCKET, all_ended, install, journal, live, run, surface_log
from wire import Wire

SENDS = 1_000
SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo "$OCCURRENCE_KEY"
echo "ended $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
"""

campaignctl = install(SURFACE, "")
live(campaignctl, "other")
campaignctl.story().until("ended", campaign="other")
live(campaignctl, "x", type="triggered")
story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
begun = time.monotonic()
with Wire(SOCKET) as call:
    keys = [call("Trigger", name="x", request_id=f"number-{number}")["send"]["key"] for number in range(SENDS)]
ended = all_ended(story, SENDS, "x")
print(f"{SENDS} sends, {SENDS / (time.monotonic() - begun):.0f} a second")

sends = campaignctl("sends", "x")
expect(len(ended) == SENDS and ended == set(keys) == {send["key"] for send in sends}, f"{len(sends)} sends")
for send in sends:
    expect((send["state"], send["attempts"]) == ("sent", 1), send)
log = surface_log()
expect(len(log) == 2 * SENDS + 2, f"the surface noted {len(log)} lines")
expect(sorted(line.split()[1] for line in log if line.startswith("begun ")) == sorted([*keys, log[0].split()[1]]),
       "another surface began")

# --- all lines, by field ---

lines = journal("CAMPAIGN=x", "SYSLOG_IDENTIFIER=campaign-send")
expect(len(lines) == SENDS, f"the journal has {len(lines)} of {SENDS} lines")
expect(sorted(line["MESSAGE"] for line in lines) == sorted(f"newsletter: {key}" for key in keys), "other lines")
expect(all(line["MESSAGE"].endswith(line["OCCURRENCE_KEY"]) for line in lines), "a line has another's field")
expect(len(journal("CAMPAIGN=x", "SEND_OUTCOME=sent")) == SENDS, "each is recorded in the journal once")

# --- and the daemon was at work all the time ---

expect(run("systemctl", "show", "--property=NRestarts", "--value", "campaignd.service") == "0", "the daemon fell over")
