"""Surfaces that flood, write rubbish, leave children behind or ignore TERM, all at once as units: meanwhile a campaign
that is due each second is claimed in time, the daemon and the senders do not grow, the output is cut with a count, and
nothing is left behind. Prints how long the flood took and what memory was used.
"""

import datetime
import re
import unicodedata

from campaigns import expect
from machine import (SENDER_STATE, begun, drop_in, install, journal, live, main_pid, make_fifos, memory_kib, strangers)

LINES = 500_000
LINE = "a line of its output that is no progress"
# Of a line that comes again and again it is told each time that it came so often.
REPEATS = 10_000
LONG_BYTES = 10_000_000
RANDOM_BYTES = 1_048_576
KEPT_LINES = 10_000
# A line is cut at 2 KiB; the rest is for the surface's name and what the cut says.
LINE_BYTES = 2_200
CLAIMED = "b22fd1b4e60c4b03904c4c661563e307"
EACH_SECOND = {"rrule": "FREQ=SECONDLY;INTERVAL=1"}
# How much later than before a claim may be, by the instant at which the journal got it. Less than a second is what was
# measured (docs/testing.md); a tick that waits for a surface would be late by the whole flood, and this bound leaves room
# for cores that others use.
LATE_SECONDS = 5
# What the daemon may grow by, and a sender over that of a quiet surface.
DAEMON_KIB = 32 * 1_024
SENDER_KIB = 8 * 1_024

PROGRAMS = {
    "quiet": "echo done",
    "flood": f"seq -f 'line %.0f of its output' {LINES}",
    "echo": f"yes '{LINE}' | head -n {LINES}",
    "long": f"head -c {LONG_BYTES} /dev/zero | tr '\\0' x; echo",
    "binary": f"head -c {RANDOM_BYTES} /dev/urandom",
    "teller": f"seq -f '{{\"progress\": %.0f, \"total\": {LINES}}}' {LINES}",
    # Their parents end at once. One is in another session, one closes all that it has.
    "parent": "cat >left <<'END'\ntrap '' TERM HUP\nexec 8>parent.life\necho lives >&8\nread -r never <parent.never\n"
              "END\nsetsid sh left &\n(sh left <&- >&- 2>&- &) &\nread -r go <parent.ready",
    # It ends only when it is killed.
    "stubborn": "trap 'echo told' TERM\necho $PPID >stubborn.begun\n"
                "while true; do read -r never <stubborn.never; done",
}


def surface(name, program):
    """It notes its sender's peak at its end."""
    return f"#!/bin/sh\ncd {SENDER_STATE}\n{program}\ngrep VmHWM /proc/$PPID/status >{name}.peak\n"


def said_of(name):
    """What the journal has of that surface's output."""
    entries = journal("SYSLOG_IDENTIFIER=campaign-send", f"CAMPAIGN={name}")
    keys = {entry["OCCURRENCE_KEY"] for entry in entries}
    expect(len(keys) == 1, f"{name}: {keys}")
    lines = [text(entry["MESSAGE"]) for entry in entries]
    for line in lines:
        expect(len(line.encode()) < LINE_BYTES, f"{name}: {len(line.encode())} bytes: {line}")
        expect(not any(unicodedata.category(character) == "Cc" for character in line), f"{name}: {line!r}")
    return [line.removeprefix(f"{name}: ") for line in lines]


def text(message):
    """journalctl gives bytes for what it would not show by itself, U+FDDC for one. It must be UTF-8 all the same."""
    return message if isinstance(message, str) else bytes(message).decode()


def peak_of_sender(name):
    with open(f"{SENDER_STATE}/{name}.peak") as file:
        return int(re.search(r"(\d+) kB", file.read())[1])


def lateness():
    """How late each claim of the steady campaign was, in seconds."""
    found = {}
    for entry in journal("-u", "campaignd", "CAMPAIGN=steady", f"MESSAGE_ID={CLAIMED}"):
        due = datetime.datetime.fromisoformat(entry["OCCURRENCE_TIME"].replace("Z", "+00:00")).timestamp()
        found[due] = int(entry["_SOURCE_REALTIME_TIMESTAMP"]) / 1e6 - due
    return found


campaignctl = install(
    "#!/bin/sh\n", "min_spacing: 1s\n", **{name: (surface(name, text), {}) for name, text in PROGRAMS.items()})
drop_in("campaign-send@.service", "[Service]\nExecStart=\nExecStart=/usr/bin/campaign-send --grace 1s\n")
make_fifos("parent.life", "parent.never", "parent.ready", "stubborn.begun", "stubborn.never")
daemon = main_pid("campaignd.service")

# Whatever is allocated once is, and the peak begins from there.
live(campaignctl, "quiet", surface="quiet")
campaignctl.story().until("ended", campaign="quiet")
live(campaignctl, "steady", EACH_SECOND, overlap="allow")
story = campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])
for _ in range(3):
    story.until("ended", campaign="steady")
quiet_late = max(lateness().values())
with open(f"/proc/{daemon}/clear_refs", "w") as peak:
    peak.write("5")
before = memory_kib(daemon)

# --- all at once ---

live(campaignctl, "stubborn", surface="stubborn")
begun("stubborn")
live(campaignctl, "parent", surface="parent")
with open(f"{SENDER_STATE}/parent.life") as life:
    expect([life.readline(), life.readline()] == ["lives\n"] * 2, "both of its children live")
    for name in ("flood", "echo", "long", "binary", "teller"):
        live(campaignctl, name, surface=name)
    with open(f"{SENDER_STATE}/parent.ready", "w") as ready:
        ready.write("go\n")
    expect(life.read() == "", "nobody holds its children's pipe any more")
campaignctl.one("cancel", "stubborn", "--yes", "--reason", "enough")
campaignctl.story().until_all("ended", set(PROGRAMS))
grown = memory_kib(daemon) - before
late = lateness()
campaignctl.one("stop", "steady", "--yes")

# --- each in its right state ---

for name in PROGRAMS:
    send = campaignctl.one("sends", name)
    wanted = "cancelled" if name == "stubborn" else "sent"
    expect((send["state"], send["attempts"]) == (wanted, 1), f"{name}: {send}")
    if name == "flood":
        began, ended = (datetime.datetime.fromisoformat(send[at].replace("Z", "+00:00")).timestamp()
                        for at in ("started_at", "ended_at"))
teller = campaignctl.one("sends", "teller")
expect((teller["progress"], teller["total"]) == (LINES, LINES), teller)
expect("enough" in campaignctl.one("sends", "stubborn")["reason"], campaignctl.one("sends", "stubborn"))

# --- the output is cut, and what is left out is counted ---

flood = said_of("flood")
written = [f"line {number} of its output" for number in range(1, LINES + 1)]
expect(flood[:-1] == written[:KEPT_LINES], f"{len(flood)} lines of the flood: {flood[:1]} to {flood[-2:]}")
left_out = sum(map(len, written[KEPT_LINES:]))
expect(flood[-1] == f"{LINES - KEPT_LINES} more lines of its output, {left_out} bytes, are left out here", flood[-1])
echo, again = said_of("echo"), LINES - 1
expect(echo[0] == LINE and set(echo[1:-1]) == {f"the line before came {REPEATS} more times"}, echo[:3])
expect(len(echo[1:-1]) == again // REPEATS and f" {again % REPEATS} " in echo[-1], f"{len(echo)} lines: {echo[-2:]}")
long = said_of("long")
expect(len(long) == 1 and long[0].startswith("xxxx") and f"({LONG_BYTES} bytes in all)" in long[0], long[0][-100:])
expect(said_of("quiet") == ["done"], said_of("quiet"))
binary = said_of("binary")
expect(1_000 < len(binary) <= KEPT_LINES, f"{len(binary)} lines of bytes")
expect("told" in said_of("stubborn"), "it was told by TERM first")

# --- nobody else felt it ---

dues = sorted(late)
expect(len(dues) > 3, f"it went by too fast to tell: {late}")
expect(dues == [dues[0] + number for number in range(len(dues))], f"an instant was left out: {dues}")
expect(max(late.values()) < quiet_late + LATE_SECONDS, f"claimed too late, {quiet_late} s in quiet times: {late}")
states = {send["state"] for send in campaignctl("sends", "steady")}
expect(states <= {"sent", "running", "cancelled"}, states)
quiet = peak_of_sender("quiet")
peaks = {name: peak_of_sender(name) for name in PROGRAMS if name not in ("quiet", "stubborn")}
print(f"{LINES} lines in {ended - began:.0f} s; {len(dues)} claims at most {max(late.values()):.2f} s late; daemon "
      f"{before} KiB and {grown} KiB more; a sender {quiet} KiB, more with {peaks}")
expect(grown < DAEMON_KIB, f"the daemon grew by {grown} KiB from {before} KiB")
for name, peak in peaks.items():
    expect(peak - quiet < SENDER_KIB, f"{name}: the sender grew to {peak} KiB, a quiet one has {quiet} KiB")
expect(main_pid("campaignd.service") == daemon, "it is another daemon")

# --- and nothing is left behind ---

expect(strangers() == [], f"left behind: {strangers()}")
