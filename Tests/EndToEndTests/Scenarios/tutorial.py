"""docs/tutorial.md is a run: its files are written, and each of its commands is typed into a shell on a real terminal,
with a daemon whose clock the page moves. The terminal must show what the page shows.

What the page says is what is done:
- a block with a line before it that is a path in backquotes and a colon is that file, below ~/tutorial;
- a line in bold such as **Monday 30 November 2026, 09:00** sets the clock, by the time in Paris;
- "`A` becomes `B`" is what a person would change in the editor that opens next;
- a `console` block has commands after `$ `, and what they show: `…` stands for anything, alone in a line for any lines.
  The word after a question `[y/N]` is typed. `^C` is pressed as soon as the terminal shows what stands above it, where
  the numbers beside a bar, and how full it is, may be others.

usage: tutorial.py DIRECTORY_OF_THE_PROGRAMS [--record]

--record writes what the terminal shows into the page, where it differs.
"""

import datetime
import difflib
import json
import os
import pwd
import queue
import re
import select
import signal
import socket
import sys
import tempfile
import threading
import zoneinfo

from campaigns import PATIENCE, Campaignctl, expect, write
from faked_clock import FakedClock
from typed_shell import Shell, programs_under

PAGE = os.path.abspath(f"{__file__}/../../../../docs/tutorial.md")
COLUMNS, ROWS = 100, 40
# The person in the page; here it is whoever runs the scenario, with a folder of its own as home.
NAME, HOME = "ada", "/home/ada"
ZONE = zoneinfo.ZoneInfo("Europe/Paris")

FENCE = re.compile(r"```(\w*)$")
FILE = re.compile(r"`([\w./-]+)`:$")
CLOCK = re.compile(r"\*\*(\w+ \d+ \w+ \d{4}, \d\d:\d\d)\*\*")
EDIT = re.compile(r"`([^`]+)`\s+becomes\s+`([^`]+)`")
QUESTION = re.compile(r"(.*\[y/N\] )(\w*)$")
# What is another one in each run.
VARYING = [(re.compile(r"\b[a-z2-7]{26}\b"), "…"), (re.compile(r"^\[1\] \d+$"), "[1] …"),
           (re.compile(r"(request id: )\w+"), r"\1…"), (re.compile(r"\bpid \d+"), "pid …"),
           (re.compile(r"\bafter \d+ s\b"), "after … s")]
# A send as it goes on.
BAR, NUMBER = re.compile(r"\[#*-*\]"), re.compile(r"\d[\d,.]*")


# --- the page ---


class Command:
    """One of a block: its words, what the page shows of it, and the lines of the page (from, to) where that stands."""

    def __init__(self, words, number):
        self.words, self.shown, self.first = words, [], number + 1

    @property
    def is_interrupted(self):
        return self.shown[-1:] == ["^C"]


def steps(lines):
    """What the page says, in its order: ("file", path, text), ("clock", time), ("edit", from, to) or
    ("command", command)."""
    number, path = 0, None
    while number < len(lines):
        line = lines[number]
        fence = FENCE.match(line)
        if not fence:
            if line:
                path = FILE.search(line)
            yield from said(lines, number)
            number += 1
            continue
        end = lines.index("```", number + 1)
        if fence.group(1) == "console":
            for command in commands(lines, number + 1, end):
                yield "command", command
        elif path:
            yield "file", path.group(1), "\n".join(lines[number + 1:end]) + "\n"
        number, path = end + 1, None


def said(lines, number):
    """What a line of the text sets; "becomes" may stand at the end of the line before."""
    clock = CLOCK.search(lines[number])
    if clock:
        time = datetime.datetime.strptime(clock.group(1), "%A %d %B %Y, %H:%M")
        expect(f"{time:%A}" == clock.group(1).split()[0], f"another day of the week: {clock.group(1)}")
        yield "clock", time.replace(tzinfo=ZONE).astimezone(datetime.timezone.utc)
    for edit in EDIT.finditer(lines[number]):
        yield "edit", *edit.groups()


def commands(lines, start, end):
    found = []
    for number in range(start, end):
        if lines[number].startswith("$ "):
            found.append(Command(lines[number][2:], number))
        else:
            expect(found, f"line {number + 1}: a console block begins with a command")
            found[-1].shown.append(lines[number])
    return found


def pattern(shown):
    """A regular expression for what is shown, `…` standing for anything."""
    parts = []
    for line in shown:
        if line == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(part) for part in line.split("…")) + r"\n")
    return re.compile("".join(parts))


def frame(shown):
    """The same for what a watch shows at some moment."""
    lines = []
    for line in shown:
        bar = BAR.search(line)
        if not bar:
            lines.append(re.escape(line))
            continue
        before, after = re.escape(line[:bar.start()]), NUMBER.sub("0", line[bar.end():])
        lines.append(before + BAR.pattern + re.escape(after).replace("0", NUMBER.pattern))
    return re.compile("\n".join([*lines, ""]))


def matches(shown, lines):
    return bool(pattern(shown).fullmatch("".join(f"{line}\n" for line in lines)))


# --- the run ---


class Reader:
    """Who reads the page and does what it says."""

    def __init__(self, folder, programs, is_recording):
        self.folder, self.is_recording = folder, is_recording
        self.home = f"{folder}/home"
        os.makedirs(self.home)
        self.user = re.escape(pwd.getpwuid(os.getuid()).pw_name)
        self.clock = FakedClock(folder)
        # A clock that is moved is noticed at the next tick; by itself that is half a minute later.
        write(f"{self.home}/tutorial/config/campaignd.yaml", "tick_interval: 200ms\n")
        self.campaignctl = Campaignctl(programs, f"{self.home}/tutorial/run/control.sock")
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(f"{folder}/notify")
        self.said = queue.SimpleQueue()
        threading.Thread(target=self.listen, daemon=True).start()
        # It is given the file; the page says what is changed.
        write(f"{folder}/editor", f'#!/bin/sh\nexec sed -i -f "{folder}/edits" "$1"\n', 0o755)
        self.environment = {
            **programs_under(self.clock, programs, folder), "HOME": self.home, "NO_COLOR": "1",
            "EDITOR": f"{folder}/editor", "NOTIFY_SOCKET": f"{folder}/notify", "WATCHDOG_USEC": "60000000"}
        self.shell = None
        # What --record puts into the page: (from, to, lines).
        self.records = []

    def listen(self):
        while True:
            for line in self.notify.recv(4_096).decode().splitlines():
                self.said.put(line)

    def daemon_says(self, line):
        """Waits until the daemon says that line to its manager."""
        while self.said.get(timeout=PATIENCE) != line:
            pass

    def follow(self, steps):
        edits, is_running = [], False
        for index, (kind, *step) in enumerate(steps):
            if kind == "clock":
                self.clock.set(f"{step[0]:%Y-%m-%d %H:%M:%S}")
                if self.shell is None:
                    self.shell = Shell(self.folder, COLUMNS, ROWS, self.environment)
                if is_running:
                    self.decided(step[0], next(step[0].words for kind, *step in steps[index:] if kind == "command"))
            elif kind == "file":
                write(f"{self.home}/tutorial/{step[0]}", step[1])
            elif kind == "edit":
                edits.append("s|{}|{}|".format(*(re.sub(r"([\\.*\[\]|&^$])", r"\\\1", text) for text in step)))
                write(f"{self.folder}/edits", "\n".join(edits) + "\n")
            else:
                is_running = self.play(step[0]) or is_running
                edits = edits if " edit " not in step[0].words else []

    def decided(self, time, following):
        """Waits until the scheduler has decided what is due by then, and what is sent has ended: unless the page goes
        on to watch it."""
        while not self.said.empty():
            self.said.get()
        while True:
            status = self.campaignctl.one("status")
            is_sending = any(status["sends"][state] for state in ("claimed", "queued", "running"))
            if (status["last_tick_at"] or "") >= f"{time:%Y-%m-%dT%H:%M:%SZ}" and (
                    not is_sending or following.startswith("campaignctl watch")):
                return
            self.daemon_says("WATCHDOG=1")

    def play(self, command):
        """Types it and compares what it shows; returns whether it has started the daemon."""
        first = self.shell.command(command.words)
        if command.is_interrupted:
            wanted = frame(command.shown[:-1])
            self.shell.until(lambda: wanted.fullmatch("\n".join(self.shown(first))),
                             "\n".join([f"this of {command.words}:", *command.shown]))
            self.shell.type("\x03")
        for question in filter(None, map(QUESTION.match, command.shown)):
            self.shell.until(lambda: self.shell.is_at_prompt or self.shell.screen.current == question.group(1),
                             f"the question {question.group(1)}")
            if not self.shell.is_at_prompt:
                self.shell.type(question.group(2) + "\n")
        self.shell.until(lambda: self.shell.is_at_prompt, f"the end of {command.words}")
        lines = self.shown(first)[:-1]
        # The moment before the keys were pressed is what was compared.
        if not command.is_interrupted and not matches(command.shown, lines):
            self.differs(command, lines)
        starts = command.words.endswith("&")
        if starts:
            self.daemon_says("READY=1")
        return starts

    def shown(self, first):
        return [re.sub(rf"(\(|\bby ){self.user}\b", rf"\1{NAME}", line.replace(self.home, HOME))
                for line in self.shell.screen.lines(first)]

    def differs(self, command, lines):
        if self.is_recording:
            for varying, short in VARYING:
                lines = [varying.sub(short, line) for line in lines]
            return self.records.append((command, lines))
        difference = difflib.unified_diff(command.shown, lines, "docs/tutorial.md", "the terminal", lineterm="", n=100)
        expect(False, "\n".join([f"line {command.first}: $ {command.words}", *difference]))

    def end(self):
        """The page ends its daemon itself; where the scenario has failed, this does."""
        if self.shell:
            self.shell.close()
        answer = self.campaignctl.run("status", "--json")
        if answer.returncode == 0:
            daemon = os.pidfd_open(json.loads(answer.stdout)["pid"])
            signal.pidfd_send_signal(daemon, signal.SIGTERM)
            select.select([daemon], [], [], PATIENCE)
            os.close(daemon)


def record(lines, records):
    for command, shown in reversed(records):
        lines[command.first:command.first + len(command.shown)] = shown
        print(f"line {command.first}: $ {command.words}")
    with open(PAGE, "w") as file:
        file.write("\n".join(lines) + "\n")


def main():
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("the page takes too long"))
    signal.alarm(4 * PATIENCE)
    with open(PAGE) as file:
        lines = file.read().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(folder, os.path.abspath(sys.argv[1]), "--record" in sys.argv[2:])
        try:
            reader.follow(list(steps(lines)))
        finally:
            reader.end()
    if reader.records:
        record(lines, reader.records)


main()
