"""Secrets under systemd: LoadCredential= of a drop-in brings one into a webhook's header and to a program, and into
nothing that is kept or told; without it the send fails and says what is missing. The sender's sandbox lets a webhook
reach a peer by its name.
"""

import os
import stat
import subprocess

from campaigns import expect, write
from machine import SENDER_STATE, drop_in, install, journal, live, run
from webhook_peer import Peer, answer

SECRET = "w0rd-of-the-peer"
STORE = "/etc/credstore/token"
STATE = "/var/lib/campaignd"
# It tells what it has read by its status, and nothing else.
PROGRAM = f"""#!/bin/sh
[ "$(cat "$CREDENTIALS_DIRECTORY/token")" = {SECRET} ] || exit 69
"""
ECHO = f'{{"note": "Bearer {SECRET} is taken"}}'


def sent(name, surface, state="sent"):
    """The send of a campaign that begins at once, when it has ended so."""
    story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
    live(campaignctl, name, surface=surface)
    story.until("ended", campaign=name)
    send = campaignctl.one("sends", name)
    expect(send["state"] == state, [send, *(entry["MESSAGE"] for entry in journal(f"CAMPAIGN={name}"))])
    return send


def files(folder):
    for place, _, names in os.walk(folder):
        for path in (f"{place}/{name}" for name in names):
            if stat.S_ISREG(os.stat(path).st_mode):
                with open(path, "rb") as file:
                    yield path, file.read()


# Its answers repeat what they were given.
peer = Peer({"web": [answer(401, f"{SECRET}, is that all?"), answer(200, ECHO)]})
write("/etc/campaignd/surfaces.d/web.yaml", f"""channel: email
webhook:
  url: http://localhost:{peer.port}/web
  headers:
    Authorization: Bearer ${{token}}
credentials: [token]
""")
campaignctl = install("#!/bin/sh\n", program=(PROGRAM, {"credentials": "[token]"}))

# --- without the drop-in ---

send = sent("without", "web", "failed")
expect(send["reason"].startswith("credential token is missing") and "LoadCredential=token:" in send["reason"]
       and "systemctl edit campaign-send@.service" in send["reason"], send)
expect(peer.requests == [], f"asked without it: {peer.requests}")
tested = campaignctl.run("surface", "test", "web")
expect(tested.returncode == 1 and "LoadCredential=token:" in tested.stdout + tested.stderr, tested)

# --- with it ---

write(STORE, f"{SECRET}\n", 0o600)
drop_in("campaign-send@.service", f"[Service]\nLoadCredential=token:{STORE}\n")
refused = sent("refused", "web", "failed")
expect(refused["reason"] == "the webhook answered 401: ${token}, is that all?", refused)
send = sent("taken", "web")
for request, key in zip(peer.requests, (refused["key"], send["key"]), strict=True):
    expect((request.headers["Authorization"], request.body["key"]) == (f"Bearer {SECRET}", key), request)
sent("by-program", "program")

# --- and nowhere else ---

kept = {path: content for folder in (STATE, SENDER_STATE) for path, content in files(folder)}
expect(len([path for path in kept if path.startswith(SENDER_STATE)]) >= 2 * 4, f"a record of each: {sorted(kept)}")
expect(any(path.startswith(STATE) and send["key"].encode() in content for path, content in kept.items()),
       f"the ledger: {sorted(kept)}")
expect(any(b"Bearer ${token} is taken" in content for content in kept.values()), f"what the peer said: {kept}")
for path, content in kept.items():
    expect(SECRET.encode() not in content, f"{path} has the secret")
run("journalctl", "--sync")
entries = subprocess.run(["journalctl", "-o", "export", "--quiet"], capture_output=True).stdout
expect(b"web: answered 401: ${token}, is that all?" in entries, "the journal has what the peer said")
expect(SECRET.encode() not in entries, "the journal has the secret")
told = [campaignctl.run(*words).stdout for words in (("sends",), ("show", "taken", "refused"), ("alerts",), ("log",))]
expect(all(told) and SECRET not in str(told), told)
