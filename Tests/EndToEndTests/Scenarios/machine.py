"""A machine with the units installed: what the package would do, and how its systemd and its journal are asked."""

import json
import os
import subprocess

from campaigns import Campaignctl, campaign_file, expect, write

UNITS = "/units"
SOCKET = "/run/campaignd/control.sock"
SENDER_STATE = "/var/lib/campaign-send"

# A surface that says on one FIFO that it has begun, and ends when the other says so.
HOLDING_SURFACE = f"""#!/bin/sh
echo "begun $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
echo begun >{SENDER_STATE}/begun
read -r answer <{SENDER_STATE}/gate
echo '{{"progress": 3, "total": 3}}'
echo "$answer $OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log
"""


def run(*arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    expect(done.returncode == 0, f"{' '.join(arguments)}: {done.returncode} {done.stdout}{done.stderr}")
    return done.stdout.strip()


def install(surface, settings="tick_interval: 200ms\n"):
    """Installs the units and a surface with that program, and starts the sockets; answers campaignctl."""
    for unit in os.listdir(UNITS):
        if unit.endswith((".service", ".socket")):
            run("install", "-m", "644", f"{UNITS}/{unit}", "/etc/systemd/system/")
    run("install", "-D", "-m", "644", "-t", "/usr/lib/sysusers.d", f"{UNITS}/sysusers.d/campaignd.conf")
    run("install", "-D", "-m", "644", "-t", "/usr/lib/tmpfiles.d", f"{UNITS}/tmpfiles.d/campaignd.conf")
    run("systemd-sysusers", "campaignd.conf")
    run("systemd-tmpfiles", "--create", "campaignd.conf")
    write("/etc/campaignd/campaignd.yaml", settings)
    write("/usr/local/lib/surface", surface, 0o755)
    write("/etc/campaignd/surfaces.d/newsletter.yaml", "channel: email\ncommand:\n  run: [/usr/local/lib/surface]\n")
    write("/etc/campaignd/audiences.d/everybody.yaml", "file: /etc/campaignd/everybody.csv\n")
    write("/etc/campaignd/everybody.csv", "email\nann@example.org\nbob@example.org\neve@example.org\n")
    run("install", "-d", "-m", "700", "-o", "campaign-send", SENDER_STATE)
    for fifo in ("begun", "gate"):
        os.mkfifo(f"{SENDER_STATE}/{fifo}")
        os.chmod(f"{SENDER_STATE}/{fifo}", 0o666)
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "campaignd.socket", "campaign-send.socket")
    campaignctl = Campaignctl("/usr/bin", SOCKET)
    campaignctl.publish_hello("/root")
    return campaignctl


def drop_in(unit, text):
    write(f"/etc/systemd/system/{unit}.d/test.conf", text)
    run("systemctl", "daemon-reload")


def wait_for_surface():
    """Returns when the surface has begun."""
    with open(f"{SENDER_STATE}/begun") as fifo:
        expect(fifo.read() == "begun\n", "the surface says something else")


def let_surface_end():
    with open(f"{SENDER_STATE}/gate", "w") as fifo:
        fifo.write("ended\n")


def surface_log():
    with open(f"{SENDER_STATE}/surface.log") as file:
        return file.read().splitlines()


def sender_units():
    lines = run("systemctl", "list-units", "--all", "--plain", "--no-legend", "campaign-send@*").splitlines()
    return [line.split()[0] for line in lines]


def journal(*matches):
    run("journalctl", "--sync")
    done = subprocess.run(["journalctl", "-o", "json", "--quiet", *matches], capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def start_in(seconds):
    return run("date", "-u", "-d", f"+{seconds} seconds", "+%Y-%m-%dT%H:%M:%S")
