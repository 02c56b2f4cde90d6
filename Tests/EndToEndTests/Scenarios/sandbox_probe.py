"""Tries from inside a sandbox what it should forbid, and prints how each try ended: "done", or the name of its errno.

usage: sandbox_probe.py OWN_STATE OTHER_STATE [PORT]
"""

import errno
import json
import mmap
import os
import shutil
import socket
import stat
import subprocess
import sys
import time

OWN_STATE, OTHER_STATE = sys.argv[1:3]
SETUID_PROGRAM = "/usr/local/lib/setuid-id"
PLACES = ["/", "/etc/campaignd", "/usr/lib", "/var/lib", "/var/log", "/var/spool", "/run", "/run/lock",
          "/run/campaignd", "/srv", "/home", "/root", "/sys/fs/cgroup", "/proc/sys/kernel", "/dev/shm", "/tmp",
          "/var/tmp", OWN_STATE, OTHER_STATE]


def tried(action, *arguments):
    try:
        return action(*arguments) or "done"
    except OSError as error:
        return errno.errorcode[error.errno]


def written(folder):
    with open(f"{folder}/probe-{os.getuid()}", "w") as file:
        file.write("probe\n")


def spoken(family, kind=socket.SOCK_STREAM):
    socket.socket(family, kind).close()


def connected(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        return connection.recv(100).decode().strip()


def run(*arguments):
    """What the program prints; that it did not begin, by the loader's own words, is EACCES too."""
    done = subprocess.run(arguments, capture_output=True, text=True, env={})
    if "failed to map segment" in done.stderr:
        return "EACCES"
    return done.stdout.strip() if done.returncode == 0 else f"{done.returncode}: {done.stderr.strip()}"


def run_copy(folder):
    copy = f"{folder}/echo"
    shutil.copy("/usr/bin/echo", copy)
    return run(copy, "ran")


def loader():
    """The dynamic loader, which would run a program that may not be executed itself."""
    with open("/proc/self/maps") as maps:
        return next(line.split()[-1] for line in maps if os.path.basename(line.split()[-1]).startswith("ld-linux"))


def made_setuid():
    path = f"{OWN_STATE}/setuid"
    open(path, "w").close()
    os.chmod(path, stat.S_ISUID | 0o755)


def status_of(*names):
    with open("/proc/self/status") as file:
        values = dict(line.rstrip().split(":\t", 1) for line in file)
    return {name: values[name].strip() for name in names}


print(json.dumps({
    "network": {name: tried(spoken, *what) for name, what in {
        "unix": (socket.AF_UNIX,), "inet": (socket.AF_INET,), "inet6": (socket.AF_INET6,),
        "netlink": (socket.AF_NETLINK, socket.SOCK_RAW), "packet": (socket.AF_PACKET, socket.SOCK_RAW),
        "vsock": (socket.AF_VSOCK,)}.items()},
    "connected": tried(connected, int(sys.argv[3])) if sys.argv[3:] else None,
    "network namespace": os.readlink("/proc/self/ns/net"),
    "written": {place: tried(written, place) for place in PLACES},
    "read": {path: tried(lambda: open(path).close()) for path in ("/etc/shadow", f"{OTHER_STATE}/secret")},
    "run": {
        "program": tried(run, "/usr/bin/echo", "ran"),
        "loader": tried(run, loader(), "/usr/bin/echo", "ran"),
        **{folder: tried(run_copy, folder) for folder in ("/tmp", OWN_STATE)}},
    "effective uid of a setuid program": tried(run, SETUID_PROGRAM, "-u"),
    "own uid": str(os.getuid()),
    "status": status_of("NoNewPrivs", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Seccomp"),
    "others' processes": [name for name in os.listdir("/proc")
                          if name.isdigit() and os.stat(f"/proc/{name}").st_uid != os.getuid()] != [],
    "forbidden": {
        "become root": tried(os.setuid, 0),
        "setuid file": tried(made_setuid),
        "device": tried(os.mknod, f"{OWN_STATE}/device", stat.S_IFBLK | 0o600, os.makedev(8, 0)),
        "real-time": tried(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)),
        "clock": tried(time.clock_settime, time.CLOCK_REALTIME, time.time()),
        "host name": tried(socket.sethostname, "probe"),
        "root": tried(os.chroot, "/"),
    },
    "code in memory": tried(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC).close()),
}))
