"""The Debian package as an administrator meets it, in /package. Installed, it runs, with nothing to send; the first
campaign of its README goes to sent. It is reloaded, measured, copied, and put back as another machine's. An upgrade in
the middle of a send restarts the daemon, leaves sockets, sender and configuration as they are, and the send is recorded
once. Removed, nothing of it runs, and state and configuration stay; installed again, it goes on with them and repeats
nothing. Purged, it is gone, and has said what went with it.
"""

import glob
import os
import re
import sqlite3
import subprocess

from campaigns import Campaignctl, expect, write
from machine import (GATED_SURFACE, PACKAGES, SENDER_STATE, SOCKET, as_debian, begun, counts, journal, let_end, live,
                     main_pid, make_fifos, run, sender_units)

PACKAGE, = glob.glob(PACKAGES)
EXAMPLES = "/usr/share/doc/campaignd/examples"
SETTINGS = "/etc/campaignd/campaignd.yaml"
DAEMON_STATE = "/var/lib/campaignd"
LEDGER = f"{DAEMON_STATE}/ledger.sqlite"
METRICS = "/var/lib/prometheus/node-exporter/campaignd.prom"
DAEMON = "campaignd.service"
SOCKETS = ("campaignd.socket", "campaign-send.socket")
UNITS = (DAEMON, *SOCKETS, "campaign-send@.service")
NEXT_VERSION = "9.0-1"


def apt(*arguments):
    """What apt says; nothing is fetched, and nothing asks."""
    return run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--no-install-recommends", *arguments)


def installed_version():
    return run("dpkg-query", "--show", "--showformat=${Version}", "campaignd")


def active(unit):
    return subprocess.run(["systemctl", "is-active", unit], capture_output=True, text=True).stdout.strip()


def invocations():
    return [run("systemctl", "show", "--property=InvocationID", "--value", unit) for unit in SOCKETS]


def libraries(pid):
    """The folders of all that this process has loaded."""
    with open(f"/proc/{pid}/maps") as maps:
        return {os.path.dirname(line.split()[-1]) for line in maps if re.search(r"\.so[.0-9]*$", line)}


def next_package():
    """The same package with a later version, as dpkg-deb makes it."""
    run("dpkg-deb", "--raw-extract", PACKAGE, "/root/next")
    run("sed", "-i", f"s/^Version: .*/Version: {NEXT_VERSION}/", "/root/next/DEBIAN/control")
    run("dpkg-deb", "-Znone", "--build", "/root/next", "/root/next.deb")
    return "/root/next.deb"


def held(campaign):
    """A send that has begun, and ends when it is told to: its sender's pid."""
    story = campaignctl.story()
    make_fifos(f"{campaign}.begun", f"{campaign}.gate")
    live(campaignctl, campaign, surface="held", audience="subscribers", message="spring-2026")
    sender = begun(campaign)
    story.until("started", campaign=campaign)
    return sender


as_debian()
campaignctl = Campaignctl("/usr/bin", SOCKET)

# --- installed ---

apt("install", PACKAGE)
for unit in (DAEMON, *SOCKETS):
    expect(active(unit) == "active", f"{unit} is {active(unit)}")
    expect(run("systemctl", "is-enabled", unit) == "enabled", f"{unit} starts at boot")
expect(campaignctl("list", "--all") == [] and campaignctl("alerts") == [], "it has nothing to send")
version = installed_version()
expect(version.split("-")[0] == campaignctl.one("status")["version"], f"the package's version is {version}")
expect(libraries(main_pid(DAEMON)) <= {"/usr/lib/campaignd", *glob.glob("/usr/lib/*-linux-gnu")},
       libraries(main_pid(DAEMON)))
expect(run("dpkg", "--verify", "campaignd") == "", "its files are as they came")
verified = subprocess.run(["systemd-analyze", "verify", *UNITS], capture_output=True, text=True)
expect((verified.returncode, verified.stdout, verified.stderr) == (0, "", ""), verified)
expect("campaignd: campaignd has started" in run("journalctl", "--list-catalog", "931b12c3075344199db8a1bbc8552d67"),
       "journalctl -x knows its entries")
for file in ("man/man8/campaignd.8.gz", "bash-completion/completions/campaignctl",
             "zsh/vendor-completions/_campaignctl", "fish/vendor_completions.d/campaignctl.fish",
             "doc/campaignd/copyright", "doc/campaignd/operations.md"):
    expect(os.path.getsize(f"/usr/share/{file}"), file)

# --- its file of settings names each of them with its default ---

defaults = run("campaignd", "--print-config", "--config-dir", "/etc/campaignd")
with open(SETTINGS) as file:
    text = file.read()
# A setting has no blank behind its #, or two where it is below another; a comment has one.
write("/root/settings/campaignd.yaml", re.sub(r"^#(?=\w|  \w)", "", text, flags=re.M))
told = run("campaignd", "--print-config", "--config-dir", "/root/settings")
values = [re.sub(r"\s+#.*", "", config) for config in (defaults, told)]
expect(values[0] == values[1], f"settings that are no defaults:\n{told}\n{defaults}")
expect(told.count("# default") == 0, f"settings that the file lacks:\n{told}")

# --- the first campaign of the README ---

with open("/usr/share/doc/campaignd/README.Debian") as file:
    commands = re.search(r"A first campaign.*?:\n\n((?:    .*\n)+)", file.read())[1]
expect("campaignctl create" in commands, commands)
run("bash", "-euc", commands)
story = campaignctl.story()
start = run("env", "TZ=Europe/Paris", "date", "-d", "+3 seconds", "+%Y-%m-%dT%H:%M:%S")
with open(f"{EXAMPLES}/spring-newsletter.yaml") as file:
    write("/root/spring.yaml", re.sub(r"(?m)^  start: \S+", f"  start: {start}", file.read()))
campaignctl.one("apply", "-f", "/root/spring.yaml")
campaignctl.one("activate", "spring-newsletter")
story.until("ended", campaign="spring-newsletter")
send = campaignctl.one("sends", "spring-newsletter")
expect((send["state"], send["progress"]) == ("sent", 3), send)
expect(len(os.listdir("/var/lib/smtp-sink/Maildir/new")) == 3, "three messages have come")
run("systemctl", "stop", "smtp-sink")

# --- looked after: reloaded, measured, copied, put back as another machine's of an earlier release ---

drop_in = "/etc/campaignd/conf.d/50-retries.yaml"
write(drop_in, "retrys: 5\n")
expect(subprocess.run(["systemctl", "reload", DAEMON], capture_output=True).returncode != 0, "no key of that name")
expect("retrys" in campaignctl.one("status")["configuration"]["refused"]["text"], "it says which")
write(drop_in, "retries: 5\n")
run("systemctl", "reload", DAEMON)
settings = {setting["key"]: setting for setting in campaignctl.one("status")["configuration"]["settings"]}
expect(settings["retries"] == {"key": "retries", "value": "5", "source": f"{drop_in}:1"}, settings["retries"])

os.makedirs(os.path.dirname(METRICS))
run("systemctl", "enable", "--now", "campaignd-metrics.timer")
run("systemctl", "start", "campaignd-metrics.service")
with open(METRICS) as file:
    expect('campaignd_sends_ended_total{outcome="sent"} 1\n' in file.read(), "the send is counted")
run("systemctl", "disable", "--now", "campaignd-metrics.timer")
os.remove(METRICS)

campaignctl.one("backup", "/root/copy.sqlite")
expect("/root/copy.sqlite is sound" in run("campaignd", "check-ledger", "/root/copy.sqlite"), "it is whole")
ledger = sqlite3.connect("/root/copy.sqlite")
with ledger:
    ledger.execute("UPDATE ledger SET machine_id = ?", ("0123456789abcdef" * 2,))
    # What schema 2 has and schema 1 had not.
    ledger.execute("DROP INDEX campaigns_paused")
    ledger.execute("DELETE FROM grdb_migrations WHERE identifier = 'v2'")
    ledger.execute("PRAGMA user_version = 1")
ledger.close()
# As docs/operations.md says.
run("systemctl", "stop", "campaignd.socket", DAEMON)
run("rm", "-f", f"{LEDGER}-wal", f"{LEDGER}-shm")
run("install", "-o", "campaignd", "-g", "campaignd", "-m", "600", "/root/copy.sqlite", LEDGER)
run("systemctl", "start", "campaignd.socket", DAEMON)
alerts = campaignctl.one("status")["alerts"]
expect([alert["code"] for alert in alerts] == ["ledger-foreign"], alerts)
expect(campaignctl.one("adopt-ledger", "--reason", "mail1 is gone") == {"changed": True}, "it needs a word")
expect(campaignctl.one("status")["alerts"] == [], "it is this machine's")
expect(campaignctl.one("sends", "spring-newsletter") == send, "it has what it had")
expect("schema 2" in run("campaignd", "check-ledger"), "it is brought to the present schema")
expect("schema 1" in run("campaignd", "check-ledger", f"{LEDGER}.v1"), "as it was, it lies beside it")
expect(journal("-u", "campaignd", "--grep=from schema 1 to 2"), "and the journal says so")

# --- upgraded in the middle of a send ---

write("/usr/local/lib/surface", GATED_SURFACE, 0o755)
write("/etc/campaignd/surfaces.d/held.yaml", "channel: email\ncommand:\n  run: [/usr/local/lib/surface]\n")
write(SETTINGS, text + "late_limit: 2h\n")
run("systemctl", "reload", DAEMON)
sender, daemon, sockets = held("upgraded"), main_pid(DAEMON), invocations()
apt("install", next_package())
expect(installed_version() == NEXT_VERSION, installed_version())
expect(active(DAEMON) == "active" and main_pid(DAEMON) not in (0, daemon), "another daemon runs")
expect(invocations() == sockets, "the sockets are as they were")
expect(sender in map(main_pid, sender_units()), f"the sender goes on: {sender_units()}")
expect(campaignctl.one("sends", "upgraded")["state"] == "running", "its send goes on")
expect("late_limit: 2h " in run("campaignd", "--print-config"), "the settings are as they were")
story = campaignctl.story()
let_end("upgraded")
story.until("ended", campaign="upgraded")
send = campaignctl.one("sends", "upgraded")
expect((send["state"], send["attempts"]) == ("sent", 1), send)
expect(counts(send["key"]) == (1, 1), "its surface began and ended once")
expect([event["kind"] for event in campaignctl("log", "upgraded")].count("ended") == 1, "it is recorded once")
expect(len(journal("-u", "campaignd", f"OCCURRENCE_KEY={send['key']}", "SEND_OUTCOME=sent")) == 1, "and told once")

# --- removed in the middle of another ---

held("removed")
said = apt("remove", "campaignd")
expect([active(unit) for unit in (DAEMON, *SOCKETS)] == ["inactive"] * 3 and sender_units() == [], "nothing runs")
expect(run("sh", "-c", "ps -e -o comm= | grep -c '^campaign' || true") == "0", "no process is left")
expect(not os.path.exists("/usr/bin/campaignd") and not os.path.exists("/usr/lib/campaignd"), "the programs are gone")
expect(not os.path.exists("/run/campaignd"), "and their sockets")
for kept in (f"{DAEMON_STATE}/ledger.sqlite", SETTINGS, "/etc/campaignd/surfaces.d/held.yaml", SENDER_STATE):
    expect(os.path.exists(kept), f"{kept} stays")
expect("removing /" not in said, said)

# --- installed again ---

story = campaignctl.story()
apt("install", "/root/next.deb")
story.until("ended", campaign="removed")
send = campaignctl.one("sends", "removed")
expect((send["state"], send["attempts"]) == ("interrupted", 1), send)
expect(counts(send["key"]) == (1, 0), "its surface was not begun again")
names = {campaign["name"] for campaign in campaignctl("list", "--all")}
expect(names == {"spring-newsletter", "upgraded", "removed"}, names)

# --- purged ---

said = apt("purge", "campaignd")
for what in (DAEMON_STATE, SENDER_STATE, "/etc/campaignd"):
    expect(f"campaignd: removing {what}: " in said, said)
left = run("find", "/etc", "/usr", "/var", "/run", "-xdev", "-regex", r".*/_?campaign\(d\|ctl\|-send\)[^/]*")
expect(left == "", f"left behind:\n{left}")
expect(run("systemctl", "list-units", "--all", "--plain", "--no-legend", "campaign*") == "", "no unit is known")
run("id", "campaignd")
run("id", "campaign-send")
