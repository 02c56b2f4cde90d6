"""What campaignctl does on a terminal, and nowhere else: a pager, colours, lines that fit, questions, an editor that comes
back, and a watch that leaves the terminal as it found it.

usage: terminal.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from campaigns import PATIENCE, expect, write
from desk import play


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, desk, arguments, columns=80, rows=24, **variables):
        self.shown = ""
        own = {name: value for name, value in desk.campaignctl.environment.items() if name not in ("NO_COLOR", "LESS")}
        environment = {**own, "TERM": "xterm-256color", "PAGER": "cat", **variables}
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.execve(desk.campaignctl.path, [desk.campaignctl.path, *arguments], environment)
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.end, text.encode())

    def until(self, pattern):
        """Waits until the terminal has shown that, and gives what it has shown since it was last asked."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.shown)):
            expect(time.monotonic() < deadline, f"{pattern} is not shown: {self.shown}")
            expect(self.read(), f"it ended, and {pattern} is not shown: {self.shown}")
        before, self.shown = self.shown[:found.end()], self.shown[found.end():]
        return before

    def read(self):
        """Whether there may be more."""
        if not select.select([self.end], [], [], 1)[0]:
            return True
        try:
            piece = os.read(self.end, 65_536)
        except OSError:
            return False
        self.shown += piece.decode()
        return bool(piece)

    def wait(self):
        """All that it shows to its end, and how it ended: the exit status, or a signal below zero."""
        deadline = time.monotonic() + PATIENCE
        while self.read():
            expect(time.monotonic() < deadline, f"it does not end: {self.shown}")
        os.close(self.end)
        return self.shown.replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def some(desk, count=3):
    desk.drafts(**{f"campaign_{number}": {
        "start": "2026-02-02T09:00", "title": f"The {number}th of some campaigns with a title that is rather long"}
        for number in range(count)})


def pager(desk):
    """What may be long goes through $PAGER, with what is said beside it; what is not asked of a terminal never does."""
    some(desk)
    write(f"{desk.folder}/pager", "#!/bin/sh\necho PAGED\ncat\necho END of $LESS\n", 0o755)
    through = f"{desk.folder}/pager"
    shown, status = Terminal(desk, ["preview", "campaign-1"], PAGER=through).wait()
    expect(status == 0 and shown.startswith("PAGED\n") and shown.endswith("END of FRSXMK\n"), shown)
    expect("once on 2 February 2026" in shown and "No more follow." in shown, shown)
    for arguments, variables in ((["list", "--no-pager"], {}), (["list", "--json"], {}), (["tag", "campaign-1"], {}),
                                 (["list"], {"PAGER": "cat"}), (["list"], {"PAGER": ""})):
        shown, _ = Terminal(desk, arguments, **{"PAGER": through, **variables}).wait()
        expect("PAGED" not in shown, (arguments, variables, shown))
    # A pager that is left early ends the command quietly, and a refusal comes behind what was shown.
    some(desk, 200)
    shown, status = Terminal(desk, ["list", "--limit", "200"], PAGER="head -n 2").wait()
    expect(status == 0 and shown.count("\n") == 2 and "campaignctl:" not in shown, shown)
    shown, status = Terminal(desk, ["show", "campaign-1", "nothing"], PAGER=through).wait()
    expect(status == 3 and "there is no campaign \"nothing\"" in shown, shown)


def lines(desk):
    """Colours and cut lines on a terminal alone."""
    some(desk)
    for columns, ending in ((80, "  -     The 0th of some campaigns wi…"), (58, "  -")):
        shown, _ = Terminal(desk, ["list"], columns=columns).wait()
        expect("\x1b[1mNAME\x1b[0m" in shown, repr(shown))
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
        expect(all(len(line) <= columns for line in plain) and plain[1].endswith(ending), plain)
    shown, _ = Terminal(desk, ["list", "--full"], columns=80).wait()
    expect("with a title that is rather long" in shown, shown)
    for arguments, variables in ((["list"], {"NO_COLOR": "1"}), (["list", "--color", "never"], {}),
                                 (["list"], {"TERM": "dumb"}), (["list", "--json"], {})):
        shown, _ = Terminal(desk, arguments, **variables).wait()
        expect("\x1b" not in shown, (arguments, variables, shown))
    expect("\x1b[1mNAME" in desk.text("list", "--color", "always"), "asked for")
    expect("\x1b" not in desk.text("list") and "rather long" in desk.text("list"), "elsewhere")


def questions(desk):
    """stop, delete and cancel ask; anything but yes changes nothing; --yes and a dry run do not ask."""
    some(desk)
    for answer, status, draft in (("n\n", 1, 1), ("\n", 1, 1), ("y\n", 0, 0)):
        terminal = Terminal(desk, ["delete", "campaign-1"])
        terminal.until(r"Delete campaign-1\b.*\? \[y/N\] ")
        terminal.type(answer)
        shown, ended = terminal.wait()
        expect(ended == status, shown)
        expect(len(desk.campaignctl("list", "--search", "campaign-1")) == draft, shown)
    shown, status = Terminal(desk, ["delete", "campaign-0", "--dry-run"]).wait()
    expect(status == 0 and "[y/N]" not in shown, shown)
    shown, status = Terminal(desk, ["delete", "campaign-0", "--yes"]).wait()
    expect(status == 0 and "[y/N]" not in shown, shown)


def editor(desk):
    """A file that is refused comes back with what is wrong in it, until it is mended or given up."""
    some(desk)
    script = f"{desk.folder}/editor"
    # Each round has a line of its own in the plan: a sed(1) script.
    write(script, f"""#!/bin/sh
cat "$1" >>{desk.folder}/seen; echo ---- >>{desk.folder}/seen
round=$(cat {desk.folder}/round); echo $((round + 1)) >{desk.folder}/round
sed -i "$(sed -n "${{round}}p" {desk.folder}/plan)" "$1"
""", 0o755)

    def edit(*plan):
        write(f"{desk.folder}/plan", "\n".join(plan) + "\n")
        write(f"{desk.folder}/round", "1\n")
        write(f"{desk.folder}/seen", "")
        shown, status = Terminal(desk, ["edit", "campaign-1"], EDITOR=script, VISUAL="").wait()
        with open(f"{desk.folder}/seen") as seen:
            return shown, status, seen.read().split("----\n")[:-1]

    shown, status, seen = edit("s/^channel:/chanel:/", "s/^chanel:/channel:/; s/09:00/25:00/", "s/25:00/10:00/")
    expect(status == 0 and "draft changed" in shown, shown)
    expect(len(seen) == 3 and "#|" not in seen[0], seen)
    heading = "#| This was refused, and nothing was changed. Mend it and save, or save it as it is to give up.\n"
    expect(seen[1].startswith(heading) and "\n#| line 3:1: chanel: unknown key; did you mean channel?\nchanel:" in seen[1],
           seen[1])
    expect("unknown key" not in seen[2] and re.search(r"\n#\| line \d+:\d+: schedule.start: .*\n +start: .*25:00", seen[2]),
           seen[2])
    text = desk.text("show", "campaign-1", "--yaml")
    expect("#|" not in text and "10:00" in text and text == seen[0].replace("09:00", "10:00"), text)

    # Given up: nothing changed, and what was written is kept.
    shown, status, seen = edit("s/10:00/26:00/", "")
    expect(status == 1 and len(seen) == 2 and "kept in" in shown, shown)
    with open(re.search(r"kept in (\S+)", shown)[1]) as kept:
        expect("26:00" in kept.read(), shown)
    expect(desk.show("campaign-1")["schedule"]["start"] == "2026-02-02T10:00", "as it was")


def watch(desk):
    """The whole daemon, drawn again when the terminal changes; Ctrl-C leaves a clean line and ends it by that signal."""
    desk.hold("now")
    desk.live(
        now={"start": "now"}, later={"start": "2026-02-02T09:00"}, forever={"start": "2026-01-01T09:00", "every": "day"})
    desk.until("started", "now")
    terminal = Terminal(desk, ["watch"], columns=100)
    frame = terminal.until(r"\nnow +.*running.*\n")
    for part in ("1 running; campaigns: 1 active, 2 scheduled", "Next: 2026-01-01 09:00 Europe/Paris  forever, in 2 hours",
                 "Alerts:", "it goes on until it is stopped"):
        expect(part in frame, frame)
    terminal.resize(50, 8)
    terminal.until(r"Now: 1 running; campaigns: 1 active, 2 schedu…\x1b\[K\r\nnow ")
    desk.answer("now")
    terminal.until("now: .*sent")
    terminal.until("nothing is being sent")
    terminal.type("\x03")
    shown, status = terminal.wait()
    expect(status == -signal.SIGINT, status)
    expect(shown.rstrip("^C").endswith("\x1b[0m\r\x1b[J"), repr(shown[-80:]))
    expect(not re.search(r"\x1b\[\?(25l|1049h)", shown), "no cursor is hidden, and no other screen is left open")
    # Elsewhere a watch has lines, and no overview.
    lines = subprocess.run(
        [desk.campaignctl.path, "watch", "now"], env=desk.campaignctl.environment, capture_output=True, text=True)
    expect(lines.returncode == 0 and "\x1b" not in lines.stdout, lines)


play(pager=pager, lines=lines, questions=questions, editor=editor, watch=watch)
