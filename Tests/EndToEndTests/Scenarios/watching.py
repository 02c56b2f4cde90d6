"""`watch`: what is being sent, as it goes on. Each change is a line, or is drawn in place on a terminal; it ends with
what it watches, goes on over the end of a daemon, and leaves a terminal as it was.

usage: watching.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import datetime
import codecs
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios

from campaigns import PATIENCE, expect, write
from desk import play

NOW = {"start": "now", "surface": "told"}
# It says what it is told to, line by line, until it is told how to end.
TOLD = """#!/bin/sh
exec 7<"{folder}/steps/$CAMPAIGN_NAME"
while read -r line <&7; do
    case "$line" in end*) exit "${{line#end }}";; esac
    echo "$line"
done
"""
# Steps after which there is a rate at the latest: looks are a second apart, and it takes three seconds.
STEPS = 8
# A forecast is that much off at most: it is made by whole seconds, and read a moment later.
TOLERANCE = 20


class Sending:
    """A send that goes on as the walk tells it to."""

    def __init__(self, desk, name, total=None, **fields):
        self.name, self.total = name, total
        write(f"{desk.folder}/told", TOLD.format(folder=desk.folder), 0o755)
        desk.surface("told", f"{desk.folder}/told", max_concurrent=10)
        desk.daemon.reload()
        os.makedirs(f"{desk.folder}/steps", exist_ok=True)
        os.mkfifo(f"{desk.folder}/steps/{name}")
        desk.live(**{name: {**NOW, **fields}})
        self.steps = open(f"{desk.folder}/steps/{name}", "w", buffering=1)
        desk.until("started", name)
        self.key = desk.campaignctl.one("sends", name)["key"]

    def goes_on(self, done):
        total = {} if self.total is None else {"total": self.total}
        self.steps.write(json.dumps({"progress": done, **total}) + "\n")

    def ends(self, status=0):
        self.steps.write(f"end {status}\n")
        self.steps.close()


class Watch:
    """campaignctl watch on a pipe."""

    def __init__(self, desk, *arguments):
        self.process = subprocess.Popen(
            [desk.campaignctl.path, "watch", *arguments], env=desk.campaignctl.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def line(self):
        """The next one, which is waited for."""
        line = self.process.stdout.readline()
        expect(line.endswith("\n"), f"watch has ended: {line} {self.process.stderr.read() if not line else ''}")
        return line.rstrip("\n")

    def object(self):
        return json.loads(self.line())

    def ended(self):
        """It has no more to say; its exit status, and what it said besides."""
        rest, errors = self.process.communicate(timeout=PATIENCE)
        expect(rest == "", f"more lines: {rest}")
        return self.process.returncode, errors


# --- on a pipe ---


def lines(desk):
    """One of two tells how many there are, the other does not; each change of either is one line."""
    sendings = {"one": Sending(desk, "one", total=100_000), "two": Sending(desk, "two")}
    objects, words = Watch(desk, "one", "two", "--json"), Watch(desk, "one", sendings["two"].key)
    found = {found["campaign"]: found for found in (objects.object(), objects.object())}
    for name, sending in sendings.items():
        expect({**found[name], "rate": None, "ends_at": None, "ends_too_late": False} == found[name], f"nothing is measured yet: {found}")
        expect((found[name]["key"], found[name]["state"]) == (sending.key, "running"), found)
    keys = set(desk.campaignctl("sends")[0]) | {"rate", "ends_at", "ends_too_late"}
    expect({words.line(), words.line()} == {f"{name}: running ({sending.key})" for name, sending in sendings.items()},
           "the same for people")
    for step in range(1, STEPS + 1):
        for name, sending in sendings.items():
            sending.goes_on(10 * step)
            seen, line = objects.object(), words.line()
            expect(set(seen) == keys, sorted(set(seen) ^ keys))
            expect((seen["campaign"], seen["key"], seen["progress"], seen["total"])
                   == (name, sending.key, 10 * step, sending.total), seen)
            count = f"{10 * step}/100,000 (0%)" if sending.total else f"{10 * step}"
            expect(line.startswith(f"{name}: running, {count}") and line.endswith(f"({sending.key})"), line)
            expect(("/s" in line or "/min" in line or seen["rate"] is None) and (" left" not in line or name == "one"),
                   line)
            measured(seen)
    expect(seen["rate"] is not None, f"after {STEPS} seconds it is measured: {seen}")
    sendings["two"].ends(69)
    for name, state, sending in (("two", "failed", sendings["two"]), ("one", "sent", sendings["one"])):
        if name == "one":
            sending.ends()
        seen, line = objects.object(), words.line()
        expect((seen["campaign"], seen["state"], seen["rate"], seen["ends_at"]) == (name, state, None, None), seen)
        expect(line.startswith(f"{name}: {state}, ") and sending.key in line, line)
        expect((f"campaignctl retry {sending.key}" in line) == (state == "failed"), line)
    expect(objects.ended() == words.ended() == (0, ""), "it ends with the last of them")
    done = desk.campaignctl.run("watch", "one")
    expect((done.returncode, done.stdout) == (0, "") and "Nothing of one is being sent" in done.stderr, done)
    expect(desk.campaignctl.run("watch", "nobody").returncode == 3, "a name that nobody has")
    expect(desk.campaignctl.run("watch", f"{sendings['one'].key}-not").returncode == 3, "a key that nothing has")


def measured(seen):
    """Recipients a second, and when it will have ended at that rate, where that can be known."""
    if seen["rate"] is None or seen["total"] is None:
        return expect(seen["ends_at"] is None and (seen["rate"] is None or seen["rate"] > 0), seen)
    left = (seen["total"] - seen["progress"]) / seen["rate"]
    ends_at = datetime.datetime.fromisoformat(seen["ends_at"].replace("Z", "+00:00")).timestamp()
    now = datetime.datetime.now().timestamp()
    expect(seen["rate"] > 0 and abs(ends_at - now - left) < TOLERANCE, f"{left} s are left at {now}: {seen}")


def over_restarts(desk):
    """The daemon is another one, and then killed; a send ends while none is there."""
    sending, alone = Sending(desk, "flows", total=100), Sending(desk, "alone")
    watch = Watch(desk, "flows", "alone", "--json")
    sending.goes_on(10)
    progress(watch, "flows", 10)
    desk.daemon.stop()
    desk.start()
    sending.goes_on(20)
    progress(watch, "flows", 20)
    desk.daemon.process.kill()
    desk.daemon.process.wait(timeout=PATIENCE)
    alone.ends()
    sending.goes_on(30)
    desk.start()
    seen = {}
    while seen.get("flows", {}).get("progress") != 30 or seen.get("alone", {}).get("state") != "sent":
        line = watch.object()
        seen[line["campaign"]] = line
    sending.ends()
    while seen["flows"]["state"] != "sent":
        seen["flows"] = watch.object()
    status, told = watch.ended()
    expect(status == 0, told)
    expect(re.fullmatch(r"(campaignd went away \(.*\); trying again for 60 s\ncampaignd is back\n){1,2}", told), told)


def progress(watch, name, done):
    """Waits for that number; a new daemon may first say what it knows."""
    while True:
        seen = watch.object()
        if seen["campaign"] == name and seen["progress"] == done:
            return


# --- on a terminal ---


class Terminal:
    """A person's terminal: what stands on it, drawn by the few sequences of ECMA-48 that are allowed here."""

    COLUMNS, ROWS = 80, 24
    # Each frame ends so.
    FRAME_END = "\x1b[J"
    SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\r|\n|[^\x1b\r\n]+")

    def __init__(self, desk, *arguments):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.ROWS, self.COLUMNS, 0, 0))
        self.settings = termios.tcgetattr(slave)
        # Its own terminal, so that Ctrl-C is a signal to it.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", desk.campaignctl.path, "watch", *arguments],
            env={**desk.campaignctl.environment, "TERM": "xterm"}, stdin=slave, stdout=slave, stderr=slave)
        # Kept open: what is read after the end of the program is not an error.
        self.slave = slave
        # Whether the cursor stands at the beginning of its row.
        self.lines, self.row, self.fresh = [""], 0, True
        self.pending = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def until(self, *texts):
        """Waits until each of these stands on some line."""
        while not all(any(text in line for line in self.lines) for text in texts):
            self.read()

    def read(self):
        self.pending += self.decoder.decode(os.read(self.master, 65_536))
        # A frame may come in pieces; what stands on the screen in the middle of one is neither old nor new.
        frames, end, self.pending = self.pending.rpartition(self.FRAME_END)
        self.draw(frames + end)

    def draw(self, text):
        for match in self.SEQUENCE.finditer(text):
            piece, (argument, letter) = match.group(0), match.groups()
            if piece == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
                self.fresh = True
            elif piece == "\r":
                self.fresh = True
            elif letter is None:
                # Lines are written from their beginning, each whole.
                self.lines[self.row] = piece if self.fresh else self.lines[self.row] + piece
                self.fresh = False
            elif letter == "A":
                self.row -= int(argument)
                expect(self.row >= 0, f"above the screen: {text!r}")
            elif letter == "K":
                if self.fresh:
                    self.lines[self.row] = ""
            elif letter == "J":
                del self.lines[self.row + 1:]
                if self.fresh:
                    self.lines[self.row] = ""
            else:
                # Neither hidden cursors nor other screens, which somebody would have to put back.
                expect(letter == "m", f"a sequence that is not allowed here: {piece!r}")

    def rows(self, word):
        return [line for line in self.lines if line.startswith(word)]

    def type(self, keys):
        os.write(self.master, keys)

    def close(self):
        """Draws the rest; the program has ended."""
        os.set_blocking(self.master, False)
        try:
            self.pending += self.decoder.decode(os.read(self.master, 65_536))
        except BlockingIOError:
            pass
        self.draw(self.pending)
        expect(termios.tcgetattr(self.slave) == self.settings, "the terminal reads lines and echoes as before")
        os.close(self.slave)
        os.close(self.master)


def terminal(desk):
    """Open sends are drawn in place, what has ended stays, and Ctrl-C leaves a terminal to go on with."""
    one, two = Sending(desk, "one", total=100), Sending(desk, "two")
    everything = Terminal(desk)
    everything.until("one ", "two ")
    for done in (10, 40, 70):
        one.goes_on(done)
        two.goes_on(done * 2)
        everything.until(f"{done}/100 ({done}%)", f" {done * 2}")
        expect(len(everything.rows("one ")) == len(everything.rows("two ")) == 1, f"in place: {everything.lines}")
    expect(re.search(r"\[#+-+\]", everything.rows("one ")[0]), f"a bar: {everything.lines}")
    expect(all(len(line) < Terminal.COLUMNS for line in everything.lines), everything.lines)
    named = Terminal(desk, "two")
    named.until("two ")
    two.ends()
    for screen in (everything, named):
        screen.until("two: sent, 140")
    expect(named.process.wait(timeout=PATIENCE) == 0, "it ends with its campaign")
    named.close()
    expect(len(everything.rows("one ")) == 1 and not everything.rows("two "), everything.lines)
    one.ends()
    everything.until("one: sent, 70/100 (70%)", "nothing is being sent")
    everything.type(b"\x03")
    expect(everything.process.wait(timeout=PATIENCE) == -signal.SIGINT, "which a shell reports as 130")
    everything.close()
    expect(len(everything.rows("two: sent")) == len(everything.rows("one: sent")) == 1, everything.lines)
    expect(everything.lines[-1] == "", f"the cursor stands on a line of its own: {everything.lines}")


play(lines=lines, over_restarts=over_restarts, terminal=terminal)
