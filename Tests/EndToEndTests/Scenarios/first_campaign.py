"""A person makes a campaign that starts in three seconds. It goes from scheduled over activating to active; its send
runs in a unit of its own; the daemon is restarted in the middle of it, and the send ends and is recorded once. The
story stands in the journal, by field. A stopped daemon is started by the next client; one that hangs, by its watchdog.
"""

import os
import signal

from campaigns import campaign_file, expect
from machine import (HOLDING_SURFACE, drop_in, install, journal, let_surface_end, run, sender_units, start_in,
                     surface_log, wait_for_surface)

campaignctl = install(HOLDING_SURFACE)
expect(run("systemctl", "is-active", "campaignd.service") == "active", "the client started the daemon by its socket")
story = campaignctl.story()

# --- from draft to active ---

file = campaign_file("/root/spring.yaml", "spring", start_in(3))
created = campaignctl.one("create", "-f", file)
expect(created["status"] == "draft" and created["version"] == 1, created)
expect(len(created["next"]) == 1, "a draft shows when it would be due")
activated = campaignctl.one("activate", "spring")
expect(activated["status"] == "scheduled", activated)
story.until("status", campaign="spring", to="activating")
story.until("status", campaign="spring", to="active")

# --- the send runs in its own unit, and the daemon answers meanwhile ---

wait_for_surface()
units = sender_units()
expect(len(units) == 1, f"one unit for one send: {units}")
expect(run("systemctl", "show", "--property=User", "--value", units[0]) == "campaign-send", "its own user")
send = campaignctl.one("sends", "spring")
expect(send["state"] == "running" and send["attempts"] == 1, send)
expect(campaignctl.one("list")["status"] == "active", "list answers while a send runs")
refused = campaignctl.run("stop", "spring", "--yes", "--json")
expect(refused.returncode == 1 and '"error":"InvalidState"' in refused.stdout, refused.stdout)

# --- the daemon is restarted in the middle of the send ---

before = run("systemctl", "show", "--property=MainPID", "--value", "campaignd.service")
run("systemctl", "restart", "campaignd.service")
expect(run("systemctl", "show", "--property=MainPID", "--value", "campaignd.service") != before, "another process")
expect(units[0] in sender_units(), "the send's unit goes on")
let_surface_end()
story.until("ended", campaign="spring")
ended = campaignctl.one("sends", "spring")
expect(ended["state"] == "sent" and ended["attempts"] == 1, ended)
expect((ended["progress"], ended["total"]) == (3, 3), ended)
expect(surface_log() == [f"begun {ended['key']}", f"ended {ended['key']}"], surface_log())

# --- the story, by field ---

statuses = [(entry.get("CAMPAIGN_STATUS_FROM"), entry["CAMPAIGN_STATUS"])
            for entry in journal("-u", "campaignd", "CAMPAIGN=spring") if "CAMPAIGN_STATUS" in entry]
expect(statuses == [(None, "draft"), ("draft", "scheduled"), ("scheduled", "activating"), ("activating", "active")],
       statuses)
active = journal("-u", "campaignd", "CAMPAIGN=spring", "CAMPAIGN_STATUS=active")
expect(len(active) == 1, active)
expect(active[0]["CAMPAIGN_TITLE"] == "The campaign spring" and active[0]["CAMPAIGN_VERSION"] == "1", active)
outcomes = journal("-u", "campaignd", f"OCCURRENCE_KEY={ended['key']}", "SEND_OUTCOME=sent")
expect(len(outcomes) == 1, "recorded once")
expect(outcomes[0]["OCCURRENCE_TIME"] == ended["due"], outcomes)
numbers = [int(entry["EVENT_SEQ"]) for entry in journal("-u", "campaignd") if "EVENT_SEQ" in entry]
expect(numbers == sorted(set(numbers)), f"each event once and in order: {numbers}")
expect(numbers == list(range(1, len(numbers) + 1)), f"none is missing: {numbers}")
people = journal("-u", "campaignd", "CAMPAIGN=spring", "ACTOR_UID=0")
expect([entry["CAMPAIGN_STATUS"] for entry in people] == ["draft", "scheduled"], "what root did")

# --- stopped, and started by the next client ---

run("systemctl", "stop", "campaignd.service")
expect(campaignctl.one("list")["name"] == "spring", "list starts the daemon again")
expect(run("systemctl", "is-active", "campaignd.service") == "active", "it runs")

# --- hung, and brought back by the watchdog ---

drop_in("campaignd.service", "[Service]\nWatchdogSec=1s\nRestartSec=100ms\n")
run("systemctl", "restart", "campaignd.service")
hung = int(run("systemctl", "show", "--property=MainPID", "--value", "campaignd.service"))
story.until("daemon-started")
os.kill(hung, signal.SIGSTOP)
# Who comes meanwhile waits in the socket, which is systemd's, for the daemon that follows.
story.until("daemon-started")
expect(campaignctl.one("list")["name"] == "spring", "the daemon that follows answers")
expect(int(run("systemctl", "show", "--property=MainPID", "--value", "campaignd.service")) != hung, "a new process")
expect(journal("--unit=campaignd.service", "--grep=Watchdog timeout"), "the watchdog bit")
expect(campaignctl.one("sends", "spring")["state"] == "sent", "nothing was sent again")
