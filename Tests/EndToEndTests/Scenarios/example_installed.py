"""The examples of config/surfaces.d/examples installed under systemd as their own first lines and docs/surfaces.md say:
their programs in the sender's sandbox, with no more drop-ins than they name, and a secret by LoadCredential=.
"""

import glob
import os

from campaigns import expect, write
from example_files import EXAMPLES
from example_listmonk_standin import USER, Listmonk
from machine import SENDER_STATE, drop_in, install, journal, run

PROGRAMS = "/usr/local/lib/campaignd"
# Takes mail as sendmail(8) does, and keeps it where the sandbox lets it.
SENDMAIL = f"""#!/bin/sh
for recipient; do :; done
cat >"{SENDER_STATE}/mail.$recipient"
"""


def lay(name, surface, *replaced):
    """As the first lines of the example's file say."""
    with open(f"{EXAMPLES}/{name}.yaml") as file:
        text = file.read()
    for before, after in replaced:
        expect(before in text, f"{name}.yaml has no {before}")
        text = text.replace(before, after)
    write(f"/etc/campaignd/surfaces.d/{surface}.yaml", text)


def sent(name, surface, channel="email", audience="everybody"):
    """The send of a campaign of that name, which begins at once."""
    story = campaignctl.story()
    write(f"/root/{name}.yaml", f"name: {name}\ntitle: {name}\nchannel: {channel}\nsurface: {surface}\n"
                                f"message: hello\naudience: {audience}\n")
    campaignctl.one("create", "-f", f"/root/{name}.yaml")
    campaignctl.one("activate", name)
    story.until("ended", campaign=name)
    send = campaignctl.one("sends", name)
    expect(send["state"] == "sent", [send, *(entry["MESSAGE"] for entry in journal(f"CAMPAIGN={name}"))])
    return send


campaignctl = install("#!/bin/sh\n")
for program in ("print-order", "sendmail-surface", "listmonk-surface"):
    run("install", "-D", "-m", "755", f"{EXAMPLES}/{program}", f"{PROGRAMS}/{program}")
write("/usr/local/lib/sendmail", SENDMAIL, 0o755)
listmonk = Listmonk()
lay("script", "print-shop")
lay("sendmail", "post", ("/usr/sbin/sendmail", "/usr/local/lib/sendmail"))
lay("listmonk", "listmonk", ("https://listmonk.example.org", listmonk.url), ('"5"', '"0.01"'))
write("/etc/campaignd/audiences.d/customers.yaml", 'reference: "3"\n')
run("install", "-d", "-o", "campaign-send", "-m", "750", "/srv/print-shop")
write("/etc/credstore/listmonk", f"{USER}\n", 0o600)
drop_in("campaign-send@.service",
        "[Service]\nReadWritePaths=/srv/print-shop\nLoadCredential=listmonk:/etc/credstore/listmonk\n")
run("systemctl", "reload-or-restart", "campaignd.service")

send = sent("letters", "post")
expect((send["progress"], send["failed"]) == (3, 0), send)
expect(len(glob.glob(f"{SENDER_STATE}/mail.*@example.org")) == 3, os.listdir(SENDER_STATE))
expect(len(os.listdir(f"{SENDER_STATE}/sendmail")) == 1, "its journal")

send = sent("cards", "print-shop", channel="direct-mail")
expect(os.listdir("/srv/print-shop") == [send["key"].replace("/", "_")], os.listdir("/srv/print-shop"))

sent("offers", "listmonk", audience="customers")
expect([campaign["status"] for campaign in listmonk.campaigns.values()] == ["finished"], listmonk.campaigns)
