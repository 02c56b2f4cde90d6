"""Makes a ledger of the present schema by the programs themselves, with campaigns in every status and sends in every
state: Tests/CampaignStoreTests keeps one of every released schema, which later ones are migrated from. Not a test.

usage: unshare --mount sh -c 'mount --bind MACHINE_ID /etc/machine-id && exec python3 -B ledger_fixture.py PROGRAMS FILE'

MACHINE_ID is a file with another machine's id than this one's: it stands in the ledger.
"""

import shutil
import sys

from campaigns import expect, write
from desk import play

FILE = sys.argv.pop(2)
DAILY = {"start": "2026-01-05T09:00", "every": "day", "end": "2026-12-31"}
# But for `claimed`, which lasts for a moment.
STATES = {"queued", "running", "waiting", "sent", "failed", "missed", "skipped", "cancelled", "interrupted"}
STATUSES = {"draft", "scheduled", "activating", "active", "stopped", "completed", "archived"}


def fixture(desk):
    write(f"{desk.folder}/letter.yaml", "subject: A letter\ntext: Dear {{name}}\nattachments: [prices.txt]\n")
    write(f"{desk.folder}/prices.txt", "12\n")
    desk.campaignctl.one("message", "put", "letter", "-f", f"{desk.folder}/letter.yaml")
    desk.surface("fails", f"{desk.folder}/fails")
    desk.surface("later", f"{desk.folder}/later")
    desk.surface("narrow", max_concurrent=1)
    desk.surface("leaves")
    write(f"{desk.folder}/fails", "#!/bin/sh\nexit 64\n", 0o755)
    write(f"{desk.folder}/later", "#!/bin/sh\nexit 75\n", 0o755)
    desk.daemon.reload()
    desk.hold("runs", "called-off", "cut")
    desk.live(
        sent={**DAILY, "tags": "[spring, mail]"}, failed={**DAILY, "surface": "fails"},
        waits={**DAILY, "surface": "later"}, runs={**DAILY, "surface": "narrow"},
        queued={**DAILY, "surface": "narrow"}, called_off=DAILY, cut=DAILY, paused=DAILY,
        missed={"start": "2026-01-05T05:00", "late_limit": "5m"}, checks={"start": "2026-01-08T09:00", "surface": "leaves"},
        planned={"start": "2026-06-01T09:00", "timezone": "America/New_York"}, once={"start": "2026-01-05T09:00"},
        stopped={"start": "2026-06-01T09:00"}, put_away={"start": "2026-06-01T09:00"},
        asked={"type": "triggered", "end": "2026-12-31"})
    desk.drafts(draft={"start": "2026-06-01T09:00"})
    desk.campaignctl.one("trigger", "asked", "--request-id", "to-come", "--at", "2026-06-01T09:00", "--data", '{"n": 1}')
    desk.campaignctl("stop", "stopped", "put-away", "--yes")
    desk.campaignctl.one("archive", "put-away")
    desk.drop_surface("leaves")
    desk.daemon.reload()
    desk.restart_at("2026-01-05 06:00:00")
    desk.campaignctl.one("pause", "paused")
    desk.at("2026-01-05 08:00:00")
    desk.until("started", "runs", "called-off", "cut")
    desk.until("ended", "sent", "failed", "once")
    desk.until("waiting", "waits")
    desk.campaignctl.one("cancel", "called-off", "--yes")
    desk.answer("cut", "killed")
    desk.until("ended", "called-off", "cut")
    desk.campaignctl.one("resume", "paused")
    # Its three days are over; what is due meanwhile of the others is decided, too.
    desk.at("2026-01-08 08:00:00")
    desk.until("ended", "sent")
    desk.apply("sent", **{**DAILY, "tags": "[spring]", "at": '["10:00"]'})
    found = {send["state"] for send in desk.campaignctl("sends")}
    expect(found >= STATES, f"{STATES - found} are missing")
    campaigns = desk.campaignctl("list", "--all")
    found = {campaign["status"] for campaign in campaigns}
    expect(found == STATUSES, f"{STATUSES - found} are missing")
    for name in sorted(campaign["name"] for campaign in campaigns):
        print(name, desk.status(name)[name], *desk.states(name))
    desk.daemon.stop()
    shutil.copyfile(f"{desk.folder}/state/ledger.sqlite", FILE)
    sys.exit()


play(fixture=fixture)
