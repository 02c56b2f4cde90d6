"""A machine with the package installed, and how its systemd and its journal are asked."""

import glob
import json
import os
import re
import select
import signal
import subprocess
import sys

from campaigns import PATIENCE, Campaignctl, expect, write

PACKAGES = "/package/campaignd_*.deb"
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

# The same for several campaigns at a time, each with FIFOs of its own: it says who its sender is when it has begun, and
# ends with the status that it is told.
GATED_SURFACE = f"""#!/bin/sh
cd {SENDER_STATE}
echo "begun $OCCURRENCE_KEY" >>surface.log
echo "$PPID" >"$CAMPAIGN_NAME.begun"
read -r status <"$CAMPAIGN_NAME.gate"
echo "ended $OCCURRENCE_KEY" >>surface.log
exit "$status"
"""
# What says whether packages may start services: deb-systemd-invoke(1p)
POLICY = "/usr/sbin/policy-rc.d"
# Longer than any of the stories takes; one that waits for what does not come ends here.
STORY_SECONDS = 580


def run(*arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    expect(done.returncode == 0, f"{' '.join(arguments)}: {done.returncode} {done.stdout}{done.stderr}")
    return done.stdout.strip()


def as_debian():
    """The machine as Debian makes it. A container's image may say that packages start no services and leave their
    documentation out; and an index of all manual pages, made anew each time, takes longer than the rest. The programs
    find their libraries by themselves."""
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    signal.alarm(STORY_SECONDS)
    run("systemctl", "unset-environment", "LD_LIBRARY_PATH")
    os.environ.pop("LD_LIBRARY_PATH", None)
    for file in (POLICY, "/var/lib/man-db/auto-update", *glob.glob("/etc/dpkg/dpkg.cfg.d/*")):
        if os.path.exists(file):
            os.remove(file)


def install(surface, settings="tick_interval: 200ms\n", **surfaces):
    """Installs the package and a surface with that program, and starts the sockets; answers campaignctl.

    Further surfaces by their names, each with its program and its settings: (program, {setting: value})."""
    as_debian()
    # An administrator says so who wants to configure a service before its first start.
    write(POLICY, "#!/bin/sh\nexit 101\n", 0o755)
    package, = glob.glob(PACKAGES)
    run("dpkg", "--install", "--force-unsafe-io", package)
    write("/etc/campaignd/campaignd.yaml", settings)
    write("/usr/local/lib/surface", surface, 0o755)
    write("/etc/campaignd/surfaces.d/newsletter.yaml", "channel: email\ncommand:\n  run: [/usr/local/lib/surface]\n")
    for name, (program, more) in surfaces.items():
        write(f"/usr/local/lib/surface-{name}", program, 0o755)
        lines = [f"{key}: {value}" for key, value in {"channel": "email", **more}.items()]
        write(f"/etc/campaignd/surfaces.d/{name}.yaml",
              "\n".join(lines) + f"\ncommand:\n  run: [/usr/local/lib/surface-{name}]\n")
    write("/etc/campaignd/audiences.d/everybody.yaml", "file: /etc/campaignd/everybody.csv\n")
    write("/etc/campaignd/everybody.csv", "email\nann@example.org\nbob@example.org\neve@example.org\n")
    run("install", "-d", "-m", "700", "-o", "campaign-send", SENDER_STATE)
    make_fifos("begun", "gate")
    run("systemctl", "start", "campaignd.socket", "campaign-send.socket")
    campaignctl = Campaignctl("/usr/bin", SOCKET)
    campaignctl.publish_hello("/root")
    return campaignctl


def drop_in(unit, text):
    write(f"/etc/systemd/system/{unit}.d/test.conf", text)
    run("systemctl", "daemon-reload")


def make_fifos(*names):
    for name in names:
        os.mkfifo(f"{SENDER_STATE}/{name}")
        os.chmod(f"{SENDER_STATE}/{name}", 0o666)


def live(campaignctl, name, schedule=None, **fields):
    """An activated campaign with these fields; without a schedule it starts at once."""
    fields = {"title": f"The campaign {name}", "channel": "email", "surface": "newsletter", "message": "hello",
              "audience": "everybody", **fields}
    lines = [f"name: {name}"] + [f"{key}: {value}" for key, value in fields.items()] + ["schedule:"]
    lines += [f"  {key}: {value}" for key, value in {"timezone": "UTC", **(schedule or {})}.items()]
    write(f"/root/{name}.yaml", "\n".join(lines) + "\n")
    campaignctl.one("create", "-f", f"/root/{name}.yaml")
    return campaignctl.one("activate", name)


def begun(name):
    """Returns when the gated surface of that campaign has begun; answers its sender's pid."""
    with open(f"{SENDER_STATE}/{name}.begun") as fifo:
        return int(fifo.read())


def let_end(name, status=0):
    with open(f"{SENDER_STATE}/{name}.gate", "w") as fifo:
        fifo.write(f"{status}\n")


def main_pid(unit):
    return int(run("systemctl", "show", "--property=MainPID", "--value", unit))


def kill(pid, number=signal.SIGKILL):
    """Returns when that process has ended of it."""
    process = os.pidfd_open(pid)
    signal.pidfd_send_signal(process, number)
    wait_for_end(process)


def wait_for_end(process):
    """Returns when the process of that descriptor has ended; closes it."""
    expect(select.select([process], [], [], PATIENCE)[0], "a process does not end")
    os.close(process)


def memory_kib(pid, entry="VmHWM"):
    """Its peak, or another entry of /proc/PID/status."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(rf"^{entry}:\s*(\d+) kB", status.read(), re.M)[1])


def strangers():
    """What runs as the sender's user and is no sender."""
    found = subprocess.run(["ps", "-u", "campaign-send", "-o", "pid=,comm=,args="], capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if line.split()[1] != "campaign-send"]


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


def all_ended(story, number, prefix):
    """Waits until so many sends of campaigns whose names begin so have ended; answers their keys."""
    keys = set()
    for event in story.events():
        if event["kind"] == "ended" and event["campaign"].startswith(prefix):
            expect(event["key"] not in keys, f"{event['key']} ended twice")
            keys.add(event["key"])
        if len(keys) == number:
            story.close()
            return keys


def counts(key):
    """How often the surface of that send began and ended."""
    log = surface_log()
    return log.count(f"begun {key}"), log.count(f"ended {key}")


def sender_units():
    lines = run("systemctl", "list-units", "--all", "--plain", "--no-legend", "campaign-send@*").splitlines()
    return [line.split()[0] for line in lines]


def journal(*matches):
    run("journalctl", "--sync")
    done = subprocess.run(["journalctl", "-o", "json", "--quiet", *matches], capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def start_in(seconds):
    return run("date", "-u", "-d", f"+{seconds} seconds", "+%Y-%m-%dT%H:%M:%S")
