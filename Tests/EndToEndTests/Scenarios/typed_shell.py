"""A terminal of a fixed size with an interactive bash on it: what is typed, and what then stands on the screen."""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata

from campaigns import PATIENCE, expect, write

# The shell says with each prompt, by a sequence that shows nothing (OSC 133), that it waits for a command.
PROMPT_MARK = "\x1b]133;A\x07"
PROMPT = "$ "
# No scenario shows more.
LINE_LIMIT = 10_000


class Row:
    """The cells of one row, (text, colours) each; `wraps` where the line goes on in the next row."""

    def __init__(self):
        self.cells, self.wraps = [], False

    @property
    def text(self):
        return "".join(text for text, _ in self.cells)


class Screen:
    """What stands on a terminal, and above it, drawn by the few sequences of ECMA-48 that are allowed here."""

    SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|(\x1b\]133;A\x07)|[\r\n\x07\x08]|[^\x00-\x1f]")
    # What has begun and has no end yet.
    BEGUN = re.compile(r"\x1b(\[[0-9;?]*|\][^\x07]*)?$")

    def __init__(self, columns):
        self.columns = columns
        self.rows, self.row, self.column = [Row()], 0, 0
        self.colours = ()
        self.prompts = 0
        self.pending = ""

    def draw(self, text):
        text = self.pending + text
        begun = self.BEGUN.search(text)
        self.pending = text[begun.start():] if begun else ""
        text = text[:len(text) - len(self.pending)]
        end = 0
        for match in self.SEQUENCE.finditer(text):
            expect(match.start() == end, f"not for every terminal: {text[end:match.start()]!r}")
            end = match.end()
            argument, letter, mark = match.groups()
            if mark:
                self.prompts += 1
            elif letter:
                self.control(argument, letter)
            else:
                self.put(match.group(0))
        expect(end == len(text), f"not for every terminal: {text[end:]!r}")

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.down()
        elif character == "\x08":
            self.column = max(0, self.column - 1)
        elif character != "\x07":
            self.write(character)

    def write(self, character):
        width = cell_width(character)
        row = self.rows[self.row]
        if width == 0:
            # It stands on the one before it.
            if 0 < self.column <= len(row.cells):
                text, colours = row.cells[self.column - 1]
                row.cells[self.column - 1] = (text + character, colours)
            return
        if self.column + width > self.columns:
            row.wraps = True
            self.column = 0
            self.down()
            row = self.rows[self.row]
        row.cells += [(" ", ())] * (self.column - len(row.cells))
        row.cells[self.column:self.column + width] = [(character, self.colours)] + [("", self.colours)] * (width - 1)
        self.column += width

    def down(self):
        self.row += 1
        if self.row == len(self.rows):
            expect(self.row < LINE_LIMIT, "an output without an end")
            self.rows.append(Row())

    def control(self, argument, letter):
        row = self.rows[self.row]
        if letter == "m":
            for number in (int(word or 0) for word in argument.split(";")):
                self.colours = (*self.colours, number) if number else ()
        elif letter == "A":
            self.row -= int(argument or 1)
            expect(self.row >= 0, "above the screen")
        elif letter == "K" and argument in ("", "0"):
            del row.cells[self.column:]
            row.wraps = False
        elif letter == "J" and argument in ("", "0"):
            del row.cells[self.column:], self.rows[self.row + 1:]
        else:
            # Neither hidden cursors nor other screens, which somebody would have to put back.
            expect(False, f"a sequence that is not allowed here: {argument}{letter}")

    def lines(self, first=0):
        """The lines from that row on, without the spaces at their ends; one that was wrapped is one line again."""
        lines, begun = [], ""
        for row in self.rows[first:]:
            begun += row.text
            if not row.wraps:
                lines.append(begun.rstrip())
                begun = ""
        return lines

    @property
    def current(self):
        """The row on which the cursor stands, up to there."""
        return "".join(text for text, _ in self.rows[self.row].cells[:self.column])


def cell_width(character):
    if unicodedata.combining(character) or character in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def programs_under(clock, programs, folder):
    """Variables of a shell in which campaignctl has that clock."""
    # Under the library that moves the clock, Swift's own waits never end; what `watch` tells of the time is the
    # daemon's.
    write(f"{folder}/bin/campaignctl",
          f'#!/bin/sh\n[ "$1" = watch ] && unset LD_PRELOAD\nexec "{programs}/campaignctl" "$@"\n', 0o755)
    return {**clock.environment, "PATH": f"{folder}/bin:{programs}:/usr/bin:/bin", "PAGER": "cat"}


class Shell:
    """An interactive bash on a terminal of its own."""

    def __init__(self, folder, columns, rows, environment):
        self.screen = Screen(columns)
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        write(f"{folder}/inputrc", "set enable-bracketed-paste off\n")
        own = {"PS1": rf"\[{PROMPT_MARK}\]{PROMPT}", "INPUTRC": f"{folder}/inputrc", "HISTFILE": "/dev/null",
               "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        # Its own session and terminal, so that it has jobs, and Ctrl-C is a signal to the one in front.
        self.process = subprocess.Popen(["setsid", "--ctty", "bash", "--norc", "--noprofile", "-i"],
                                        env={**environment, **own}, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.prompts = 0
        self.until(lambda: self.is_at_prompt, "the first prompt")

    def type(self, keys):
        os.write(self.master, keys.encode())

    def until(self, condition, what):
        """Reads until the screen is so."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            expect(ready, f"waited too long for {what}; the terminal shows:\n" + "\n".join(self.screen.lines()[-40:]))
            self.screen.draw(self.decoder.decode(os.read(self.master, 65_536)))

    def command(self, text):
        """Types a command. Its output begins in the row that is returned; `is_at_prompt` tells when it has ended."""
        self.prompts = self.screen.prompts
        row = self.screen.row
        self.type(text + "\n")
        echo = PROMPT + text
        first = row + (len(echo) + self.screen.columns - 1) // self.screen.columns
        self.until(lambda: self.screen.row >= first, f"the echo of {text}")
        expect(self.screen.lines(row)[0] == echo.rstrip(), f"typed {echo!r}, shown {self.screen.lines(row)[0]!r}")
        return first

    @property
    def is_at_prompt(self):
        return self.screen.prompts > self.prompts and self.screen.current.endswith(PROMPT)

    def run(self, text):
        """Types a command and waits for its end; the rows that it shows."""
        first = self.command(text)
        self.until(lambda: self.is_at_prompt, f"the end of {text}")
        return self.screen.rows[first:self.screen.row]

    def close(self):
        """Hangs up, as closing the window does."""
        os.close(self.master)
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
