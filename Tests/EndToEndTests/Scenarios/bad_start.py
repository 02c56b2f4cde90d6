"""A daemon that can't start says why in one sentence and changes nothing; one that runs keeps its configuration when
the new one is bad, and takes a good one over.

usage: bad_start.py DIRECTORY_OF_THE_PROGRAMS
"""

import os
import sqlite3
import subprocess
import sys
import tempfile

from campaigns import PATIENCE, Campaignctl, campaign_file, expect, write
from watched_daemon import WatchedDaemon

programs = os.path.abspath(sys.argv[1])


def start(folder, runtime=None, state=None):
    """Runs a daemon that must end by itself; answers its exit status and the lines that it said."""
    done = subprocess.run(
        [f"{programs}/campaignd", "--config-dir", f"{folder}/config", "--state-dir", state or f"{folder}/state",
         "--runtime-dir", runtime or f"{folder}/run"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    expect(done.stdout == "", f"nothing on standard output: {done.stdout}")
    return done.returncode, done.stderr.splitlines()


def refused(told, status, sentence):
    """The exit status, and one line about it, which begins with the sentence and is the last."""
    code, lines = told
    ends = [line for line in lines if line.startswith("campaignd ends: ")]
    expect(code == status and len(ends) == 1 and lines[-1] == ends[0]
           and ends[0].startswith(f"campaignd ends: {sentence}"), f"{status} {sentence}: {told}")


def inspect(folder, option):
    """Asks for the configuration alone: exit status, standard output, standard error."""
    done = subprocess.run(
        [f"{programs}/campaignd", option, "--config-dir", f"{folder}/config"], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def folders(folder):
    for name in ("config/surfaces.d", "config/audiences.d", "state", "run"):
        os.makedirs(f"{folder}/{name}")
    return folder


def contents(folder):
    """Every file below with its bytes; sockets and folders as nothing."""
    found = {}
    for path, _, names in os.walk(folder):
        found[path] = None
        for name in names:
            file = os.path.join(path, name)
            found[file] = open(file, "rb").read() if os.path.isfile(file) else None
    return found


def bad_configuration(folder):
    file = f"{folder}/config/campaignd.yaml"
    before = contents(f"{folder}/state")
    for text, complaint in [
        ("# settings\ntick_intervall: 1s\n", "2:1: tick_intervall: unknown key; did you mean tick_interval?"),
        ("max_concurrent: many\n", '1:17: max_concurrent: "many" is not a whole number from 1 to 1000'),
        ("default_timezone: Europe/Pariss\n", '1:19: default_timezone: "Europe/Pariss" is not in the time zone'),
        ("limits: {campaigns: 0}\n", '1:21: limits.campaigns: "0" is not a whole number'),
        ("a: [\n", "2:1: is not YAML"),
    ]:
        write(file, text)
        refused(start(folder), 78, f"{file}:{complaint}")
        code, output, errors = inspect(folder, "--check-config")
        expect((code, output) == (78, "") and errors.startswith(f"campaignd: {file}:{complaint}"), errors)
    write(file, "late_limit: 90m\n")
    told = f"{folder}/config can be used: surfaces: 0, audiences: 0\n"
    expect(inspect(folder, "--check-config") == (0, told, ""), inspect(folder, "--check-config"))
    code, output, errors = inspect(folder, "--print-config")
    lines = [line.split() for line in output.splitlines()]
    expect((code, errors) == (0, "") and ["late_limit:", "90m", "#", f"{file}:1"] in lines, output)
    os.remove(file)
    surface = f"{folder}/config/surfaces.d/newsletter.yaml"
    write(surface, "command:\n  run: [/bin/true]\n")
    refused(start(folder), 78, f"{surface}:1:1: channel is missing")
    os.remove(surface)
    os.mkdir(file)
    refused(start(folder), 78, f"{file}: is not a regular file")
    os.rmdir(file)
    expect(contents(f"{folder}/state") == before, "a bad configuration leaves the state alone")


def bad_directories(folder):
    # The socket's path has at most 107 bytes (unix(7)).
    long = f"{folder}/{'r' * (108 - len(folder) - len('//control.sock'))}"
    os.mkdir(long)
    path = f"{long}/control.sock"
    expect(len(path) == 108, path)
    refused(start(folder, runtime=long), 1, f'socket path "{path}" has 108 bytes; at most 107 are allowed')
    refused(start(folder, state=f"{folder}/no/state"), 1, f"{folder}/no/state: can't be made: No such file")
    expect(not os.path.exists(f"{folder}/no"), "nothing was made")
    write(f"{folder}/file", "")
    refused(start(folder, state=f"{folder}/file"), 1, f"{folder}/file/lock can't be locked: Not a directory")
    expect(open(f"{folder}/file").read() == "", "the file is as it was")
    if os.getuid() == 0:
        # Root writes wherever there is a file system that can be written; proc is none.
        told = start(folder, state="/proc/self")
        refused(told, 1, "/proc/self/lock can't be locked: No such file or directory")
    else:
        os.mkdir(f"{folder}/closed", 0o500)
        refused(start(folder, state=f"{folder}/closed"), 1, f"{folder}/closed/lock can't be locked: Permission denied")
    write(f"{folder}/taken/control.sock", "a person's file\n")
    refused(start(folder, runtime=f"{folder}/taken"), 1,
            f"{folder}/taken/control.sock: a file is there that is not a socket")
    expect(open(f"{folder}/taken/control.sock").read() == "a person's file\n", "the file is as it was")


def bad_ledgers(folder):
    ledger = f"{folder}/ledgers/ledger.sqlite"
    os.mkdir(f"{folder}/ledgers")

    def refuses(sentence):
        before = open(ledger, "rb").read()
        refused(start(folder, state=f"{folder}/ledgers"), 1, sentence)
        expect(open(ledger, "rb").read() == before, f"{sentence}: the file is as it was")
        expect(sorted(os.listdir(f"{folder}/ledgers")) == ["ledger.sqlite", "lock"], "nothing lies beside it")
        os.remove(ledger)

    write(ledger, "name: spring\n" * 100)
    refuses(f"{ledger} is not a ledger of campaignd and was left as it is: it does not begin as an SQLite database")
    write(ledger, "")
    refuses(f"{ledger} is empty, which no ledger ever is")
    with sqlite3.connect(ledger) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    refuses(f"{ledger} is not a ledger of campaignd and was left as it is: it is the SQLite database of another")


def second_daemon(daemon):
    told = start(daemon.folder)
    refused(told, 1, f"process {daemon.process.pid} holds {daemon.folder}/state/lock: a second campaignd can't use")
    # Nor with another runtime directory; and the first one's socket is its own still.
    os.mkdir(f"{daemon.folder}/other")
    refused(start(daemon.folder, runtime=f"{daemon.folder}/other"), 1, f"process {daemon.process.pid} holds")
    expect(os.listdir(f"{daemon.folder}/other") == [], "no socket was made")


def reload(daemon, campaignctl):
    def missing(name):
        made = campaignctl.one("create", "-f", campaign_file(
            f"{daemon.folder}/{name}.yaml", name, "2099-12-07T09:00"))
        expect(made["status"] == "draft", made)
        refused = campaignctl.run("activate", name, "--json")
        return refused.returncode == 1 and '"surface-missing"' in refused.stdout

    settings = f"{daemon.folder}/config/campaignd.yaml"
    surface = f"{daemon.folder}/config/surfaces.d/newsletter.yaml"
    text = open(surface).read()
    os.remove(surface)
    write(settings, "tick_interval: 200ms\nretries: often\n")
    daemon.reload()
    expect(not missing("kept"), "the surface is there still: a bad file changes nothing")
    os.remove(settings)
    daemon.reload()
    expect(missing("gone"), "the surface is gone with the next good configuration")
    write(surface, text)
    write(settings, "tick_interval: 200ms\n")
    daemon.reload()
    expect(campaignctl.one("activate", "gone")["status"] == "scheduled", "the surface that was added is known")
    # What the daemon said to its administrator.
    said = daemon.messages()
    kept = [line for line in said if "the configuration stays as it was: " in line]
    expect(len(kept) == 1 and f'{settings}:2:10: retries: "often" is not a whole number from 0 to 100' in kept[0], said)
    expect(len([line for line in said if line.startswith("the configuration is read again")]) == 2, said)


with tempfile.TemporaryDirectory() as folder:
    first = folders(f"{folder}/first")
    bad_configuration(first)
    bad_directories(first)
    bad_ledgers(first)
    os.mkdir(f"{folder}/second")
    daemon = WatchedDaemon(programs, f"{folder}/second", "/bin/true")
    daemon.start()
    try:
        campaignctl = Campaignctl(programs, daemon.socket)
        campaignctl.publish_hello(folder)
        second_daemon(daemon)
        reload(daemon, campaignctl)
    finally:
        daemon.stop()
