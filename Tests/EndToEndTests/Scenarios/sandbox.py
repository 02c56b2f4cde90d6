"""What the sandboxes of both units forbid, tried from inside: by a probe in the daemon's place, and by a surface, since
foreign programs run in the sender's. The daemon has no network, writes nothing but its state, and starts no program; a
surface has what it needs; nobody becomes more than it is. The reload, which the manager runs in the daemon's sandbox,
works in it.
"""

import json
import os
import shutil
import socketserver
import threading

from campaigns import expect, write
from machine import SENDER_STATE, drop_in, install, live, run

PROBE = "/project/Tests/EndToEndTests/Scenarios/sandbox_probe.py"
PYTHON = os.path.realpath("/usr/bin/python3")
DAEMON_STATE = "/var/lib/campaignd"
FOUND = "/run/found"
# /tmp and /var/tmp are the unit's own.
READ_ONLY = ["/", "/etc/campaignd", "/var/lib", "/var/log", "/var/spool", "/run", "/run/lock", "/run/campaignd", "/srv"]
NOBODYS = {**dict.fromkeys(READ_ONLY, "EROFS"), **dict.fromkeys(["/home", "/root"], "EACCES"),
           **dict.fromkeys(["/tmp", "/var/tmp"], "done")}
NO_CAPABILITY = "0" * 16
NETWORK = os.readlink("/proc/self/ns/net")


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"hello\n")


def check(found, user, wanted):
    """What is so of both, run by that user, and what is wanted of this one."""
    forbidden = ["become root", "setuid file", "device", "real-time", "clock", "host name", "root"]
    both = {
        "own uid": run("id", "-u", user),
        "status": {"NoNewPrivs": "1", **dict.fromkeys(["CapPrm", "CapEff", "CapBnd", "CapAmb"], NO_CAPABILITY),
                   "Seccomp": "2"},
        "forbidden": dict.fromkeys(forbidden, "EPERM"),
    }
    for name, value in {**both, **wanted}.items():
        expect(found[name] == value, f"{user}: {name}: {found[name]}, not {value}")
    expect(set(found) == {*both, *wanted}, f"{user}: all that was tried: {set(found)}")


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter) as greeter:
    threading.Thread(target=greeter.serve_forever, daemon=True).start()
    campaignctl = install(f"#!/bin/sh\nexec python3 -B {PROBE} {SENDER_STATE} {DAEMON_STATE} "
                          f"{greeter.server_address[1]} >{SENDER_STATE}/found\n")
    for state in (DAEMON_STATE, SENDER_STATE):
        write(f"{state}/secret", "secret\n")
    shutil.copy("/usr/bin/id", "/usr/local/lib/setuid-id")
    os.chmod("/usr/local/lib/setuid-id", 0o4755)
    story = campaignctl.story()
    live(campaignctl, "probe")
    story.until("ended", campaign="probe")
    greeter.shutdown()

# --- a surface, in the sender's ---

with open(f"{SENDER_STATE}/found") as file:
    found = json.load(file)
check(found, "campaign-send", {
    "network": {"unix": "done", "inet": "done", "inet6": "done", "netlink": "done", "packet": "EAFNOSUPPORT",
                "vsock": "EAFNOSUPPORT"},
    "connected": "hello",
    "network namespace": NETWORK,
    # Languages keep semaphores in shared memory. What is no unit's own is forbidden by who owns it, too.
    "written": {**NOBODYS, "/usr/lib": "EROFS", "/sys/fs/cgroup": "EACCES", "/proc/sys/kernel": "ENOENT",
                "/dev/shm": "done", SENDER_STATE: "done", DAEMON_STATE: "EACCES"},
    "read": {"/etc/shadow": "EACCES", f"{DAEMON_STATE}/secret": "EACCES"},
    "run": {"program": "ran", "loader": "ran", "/tmp": "ran", SENDER_STATE: "ran"},
    "effective uid of a setuid program": found["own uid"],
    # To hide others' processes would cost each start; some languages make code as they run.
    "others' processes": True,
    "code in memory": "done",
})
expect(campaignctl.one("sends", "probe")["state"] == "sent", "the surface has all that it needs")

# --- a program in the daemon's place ---

run("systemctl", "reload", "campaignd.service")
drop_in("campaignd.service", f"""[Service]
Type=oneshot
WatchdogSec=0
Restart=no
ExecStart=
ExecStart={PYTHON} -B {PROBE} {DAEMON_STATE} {SENDER_STATE}
ExecPaths={PYTHON}
StandardOutput=file:{FOUND}
""")
run("systemctl", "stop", "campaignd.service", "campaignd.socket")
run("systemctl", "start", "campaignd.service")
with open(FOUND) as file:
    found = json.load(file)
expect(found.pop("network namespace") != NETWORK, "the daemon has the machine's network")
check(found, "campaignd", {
    "network": {"unix": "done", **dict.fromkeys(["inet", "inet6", "netlink", "packet", "vsock"], "EAFNOSUPPORT")},
    "connected": None,
    # /usr/lib must be executable; a path that is keeps no other flag (systemd 252), and is root's.
    "written": {**NOBODYS, "/usr/lib": "EACCES", "/sys/fs/cgroup": "EROFS", "/proc/sys/kernel": "ENOENT",
                "/dev/shm": "EACCES", DAEMON_STATE: "done", SENDER_STATE: "EACCES"},
    "read": {"/etc/shadow": "EACCES", f"{SENDER_STATE}/secret": "EACCES"},
    "run": dict.fromkeys(["program", "loader", "/tmp", DAEMON_STATE], "EACCES"),
    "effective uid of a setuid program": "EACCES",
    "others' processes": False,
    "code in memory": "EPERM",
})
