"""The power is cut in place of each call with which campaign-send changes its files or tells its peer something, by a
layer that loses what was not synced (Tests/Support/PowerCut). After each cut a fresh sender is asked, and the same
request is made again: what was told is found again, and nothing begins twice.

usage: power_cuts.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import glob
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

from campaigns import PATIENCE, expect, write

LAYER = os.path.abspath(f"{os.path.dirname(__file__)}/../../Support/PowerCut/power-cut.c")
KEY = "k/2026-12-07T09:00:00[Europe/Paris]"
# More calls than any of these requests makes: a walk that gets so far does not end.
CALLS = 300
# Notes that it began, and tells its progress; it waits where there is a gate, and ends as the data says.
SURFACE = """#!/bin/sh
read -r request
echo "$OCCURRENCE_KEY" >>{folder}/begun
echo '{{"progress": 1, "total": 2}}'
if [ -p {folder}/gate ]; then echo >{folder}/reached; read -r on <{folder}/gate; fi
case $request in *'"data":75'*) exit 75 ;; esac
echo '{{"progress": 2, "total": 2}}'
"""


class Broken(Exception):
    """A promise was not kept."""


def hold(condition, complaint):
    if not condition:
        raise Broken(complaint)


class Bench:
    def __init__(self, programs, folder, library, **layer):
        self.sender = f"{programs}/campaign-send"
        self.folder, self.library, self.layer = folder, library, layer
        # The calls in whose place a walk cuts the power, and those in whose place it did.
        self.numbers = range(1, CALLS)
        self.cut = []
        write(f"{folder}/surface", SURFACE.format(folder=folder), 0o755)
        write(f"{folder}/config/surfaces.d/quick.yaml", f"channel: email\ncommand:\n  run: [{folder}/surface]\n")
        write(f"{folder}/config/audiences.d/everybody.yaml", "reference: everybody\n")
        self.begin_anew()

    def begin_anew(self):
        shutil.rmtree(f"{self.folder}/state", ignore_errors=True)
        os.mkdir(f"{self.folder}/state")
        write(f"{self.folder}/begun", "")

    def begun(self):
        with open(f"{self.folder}/begun") as file:
            return file.read().count(KEY)

    def start(self, request, **variables):
        return Sending(self, request, variables)

    def ask(self, request):
        """The answers of a sender whose disk loses nothing."""
        sending = self.start(request)
        answers = sending.answers()
        expect(sending.end() == 0, f"{request['verb']}: {sending.process.returncode}, {answers}")
        return answers

    def cut_at(self, number, mode, request, **variables):
        """The answers until the power was cut in place of that call, and whether it was."""
        sending = self.start(request, LD_PRELOAD=self.library, POWER_CUT_BELOW=f"{self.folder}/state",
                             POWER_CUT_AT=str(number), POWER_CUT_MODE=mode, POWER_CUT_TRACE=f"{self.folder}/trace",
                             **self.layer, **variables)
        answers = sending.answers()
        status = sending.end()
        expect(status in (0, -signal.SIGKILL), f"{request['verb']}, call {number}: {status}, {answers}")
        return answers, status != 0

    def trace(self):
        """The call in whose place the power was cut last, and how many syncs were before it."""
        with open(f"{self.folder}/trace") as file:
            return file.read().splitlines()

    def status(self, number):
        """What a fresh sender knows of that attempt; None where it has no record."""
        answer, = self.ask({"verb": "query", "keys": [KEY]})
        return {report["number"]: report["status"] for report in answer["attempts"]}.get(number)


class Sending:
    """One campaign-send and the connection to it."""

    def __init__(self, bench, request, variables):
        self.connection, theirs = socket.socketpair()
        self.connection.settimeout(PATIENCE)
        self.process = subprocess.Popen(
            [bench.sender, "--connection", str(theirs.fileno()), "--state-dir", f"{bench.folder}/state",
             "--config-dir", f"{bench.folder}/config"],
            env={**os.environ, **variables}, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        theirs.close()
        body = request.pop("body", b"")
        head = json.dumps(request).encode()
        try:
            self.connection.sendall(struct.pack(">II", len(head), len(body)) + head + body)
        except BrokenPipeError:
            pass
        self.stream = self.connection.makefile("rb")

    def answer(self):
        """The next one; None at the end of file, also where that comes within one."""
        try:
            lengths = self.stream.read(8)
            if len(lengths) < 8:
                return None
            head_length, body_length = struct.unpack(">II", lengths)
            frame = self.stream.read(head_length + body_length)
        except ConnectionResetError:
            return None
        return json.loads(frame) if len(frame) == head_length + body_length else None

    def answers(self):
        return list(iter(self.answer, None))

    def end(self):
        self.connection.close()
        return self.process.wait(timeout=PATIENCE)


def attempt(number=1):
    return {"key": KEY, "number": number}


def send(number=1, surface="quick", data=None):
    parts = [("file", "hello.txt", b"Hello.\n"), ("text", None, b"Hello.\n"), ("attachment", "prices.pdf", b"%PDF")]
    message = {"name": "hello", "revision": 1, "subject": None, "headers": [],
               "parts": [{"role": role, "name": name, "size": len(content)} for role, name, content in parts]}
    campaign = {"name": "spring", "title": "Spring", "version": 1, "channel": "email"}
    return {"verb": "send", "body": b"".join(content for _, _, content in parts),
            "send": {"attempt": attempt(number), "campaign": campaign, "surface": surface, "audience": "everybody",
                     "message": message, "due": "2026-12-07T08:00:00Z", "nominal": "2026-12-07T09:00:00",
                     "timezone": "Europe/Paris", "origin": "schedule", "data": data, "test": False}}


def kinds(answers):
    return [answer["answer"] for answer in answers]


def of_kind(answers, kind):
    return next((answer for answer in answers if answer["answer"] == kind), None)


def every_cut(bench, mode, request, before, judge, **variables):
    """Cuts the power in place of each call in turn, until the request needs no more."""
    for number in bench.numbers:
        bench.begin_anew()
        before()
        more = {name: value() for name, value in variables.items()}
        answers, was_cut = bench.cut_at(number, mode, request(), **more)
        if was_cut:
            bench.cut.append(bench.trace()[0])
        where = f"{mode}, call {number} ({bench.cut[-1] if was_cut else 'none'}), told {kinds(answers)}"
        judge(answers, was_cut, where)
        if not was_cut:
            return
    expect(len(bench.numbers) < CALLS - 1, f"{mode}: {CALLS} calls, and more")


def judge_send(bench, number, state, surface="quick"):
    """What must hold after a `send` of that attempt, whose outcome is that state if nothing cuts it off."""
    def judge(answers, was_cut, where):
        status = bench.status(number)
        begun = bench.begun()
        told, outcome = of_kind(answers, "accepted"), of_kind(answers, "outcome")
        hold(not told or status, f"{where}: accepted, and no record")
        hold(not outcome or (status and status["state"] == outcome["status"]["state"] == state),
             f"{where}: told {outcome}, and {status} is recorded")
        hold(was_cut or outcome, f"{where}: no outcome")
        hold(not status or status["state"] in (state, "interrupted"), f"{where}: {status}")
        hold(not status or status["state"] != "sent" or begun, f"{where}: sent, and it never began")
        # The same request once more, as a daemon makes it that has heard nothing.
        again = bench.ask(send(number, surface))
        if status:
            hold(kinds(again) == ["status"] and bench.begun() == begun, f"{where}: {status}, and then {again}")
            hold(bench.status(number) == status, f"{where}: {status} is {bench.status(number)} later")
        else:
            hold(begun == 0 or number > 1, f"{where}: it began without a record")
            hold(again[-1]["status"]["state"] == ("sent" if surface == "quick" else state), f"{where}: {again}")
        hold(bench.begun() <= number, f"{where}: {bench.begun()} begins of {number} attempts")
    return judge


def whole_send(bench, mode):
    """A send that succeeds."""
    every_cut(bench, mode, send, lambda: None, judge_send(bench, 1, "sent"))


def second_attempt(bench, mode):
    """The attempt after one that failed for now, of which nothing is forgotten."""
    def before():
        expect(bench.ask(send(1, data="75"))[-1]["status"]["state"] == "temporary", "the first attempt")

    def judge(answers, was_cut, where):
        hold(bench.status(1)["state"] == "temporary", f"{where}: the first attempt is {bench.status(1)}")
        judge_send(bench, 2, "sent")(answers, was_cut, where)

    every_cut(bench, mode, lambda: send(2), before, judge)


def never_to_run(bench, mode):
    """A send whose surface is unknown: its record says failed at once."""
    every_cut(bench, mode, lambda: send(surface="nowhere"), lambda: None,
                     judge_send(bench, 1, "failed", "nowhere"))


def revoked(bench, mode):
    """Once `revoked` was told, nothing can begin any more."""
    def judge(answers, was_cut, where):
        told = of_kind(answers, "status")
        status = bench.status(1)
        hold(was_cut or told, f"{where}: no answer")
        hold(not told or (status and status["state"] == "revoked"), f"{where}: {status}")
        hold(not status or status["state"] in ("revoked", "interrupted"), f"{where}: {status}")
        again = bench.ask(send())
        hold((kinds(again) == ["status"] and bench.begun() == 0) if status else bench.begun() == 1,
             f"{where}: {status}, and then {again}")

    every_cut(bench, mode, lambda: {"verb": "revoke", "attempt": attempt(), "reason": "stopped"}, lambda: None,
                     judge)


def wish(bench):
    """The reason with which the attempt is to end, as it lies on disk; None where none does."""
    for path in glob.glob(f"{bench.folder}/state/keys/*/1.cancel"):
        with open(path) as file:
            text = file.read()
        return json.loads(text)["reason"] if text.endswith("}") else text
    return None


def cancelled(bench, mode):
    """Once a cancel was answered the wish is on disk; the sender that ran is gone with the power."""
    running = []
    for name in ("gate", "reached"):
        os.mkfifo(f"{bench.folder}/{name}")

    def before():
        running.append(bench.start(send()))
        with open(f"{bench.folder}/reached") as reached:
            reached.read()
        # It would act on the wish as soon as that has its name, and the layer sees its own process's changes alone.
        running[-1].process.send_signal(signal.SIGSTOP)
        os.waitpid(running[-1].process.pid, os.WUNTRACED)

    def judge(answers, was_cut, where):
        sending = running.pop()
        if not was_cut:
            sending.process.send_signal(signal.SIGCONT)
        theirs = sending.answers()
        status = sending.end()
        told = of_kind(answers, "attempts")
        if was_cut:
            hold(status == -signal.SIGKILL and not of_kind(theirs, "outcome"), f"{where}: {theirs}")
            hold(not told or wish(bench) == "wrong prices", f"{where}: the wish is {wish(bench)}")
            hold(bench.status(1)["state"] == "interrupted", f"{where}: {bench.status(1)}")
        else:
            hold(told and theirs[-1]["status"]["state"] == "cancelled", f"{where}: {theirs}")
        hold(kinds(bench.ask(send())) == ["status"] and bench.begun() == 1, f"{where}: begun again")

    try:
        every_cut(bench, mode, lambda: {"verb": "cancel", "key": KEY, "reason": "wrong prices"}, before, judge,
                         POWER_CUT_ALSO=lambda: str(running[-1].process.pid))
    finally:
        for sending in running:
            sending.process.kill()
            sending.process.wait()


WALKS = {walk.__name__: walk for walk in (whole_send, second_attempt, never_to_run, revoked, cancelled)}


def torn(bench):
    """However much of the outcome's file is there, it is that outcome or `interrupted`; so is what a reboot leaves,
    which is a record that nobody holds."""
    bench.ask(send())
    path, = glob.glob(f"{bench.folder}/state/keys/*/1.outcome")
    with open(path, "rb") as file:
        whole = file.read()
    states = []
    for length in range(len(whole) + 1):
        with open(path, "wb") as file:
            file.write(whole[:length])
        states.append(bench.status(1)["state"])
    expect(states == ["interrupted"] * len(whole) + ["sent"], states)
    with open(path, "wb") as file:
        file.write(bytes(len(whole)))
    expect(bench.status(1)["state"] == "interrupted", "zeros")
    os.unlink(path)
    expect(bench.status(1)["state"] == "interrupted", "a record that nobody holds")
    expect(kinds(bench.ask(send())) == ["status"] and bench.begun() == 1, "and nothing begins")


def without_a_sync(name, programs, library, numbers, syncs):
    """The same walk, cut wherever something was just told, for a sender that lacks one of its syncs: each is missed, or
    the walk proves nothing of it."""
    for number in range(1, syncs + 1):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(programs, folder, library, POWER_CUT_LIES=str(number))
            bench.numbers = numbers
            try:
                WALKS[name](bench, "drop")
            except Broken:
                continue
            sys.exit(f"{name} does not miss sync {number} of {syncs}")


def build(folder):
    """The layer, by the C compiler that every Swift toolchain brings."""
    swift = shutil.which("swift")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else None
    compiler = beside if beside and os.access(beside, os.X_OK) else shutil.which("clang") or shutil.which("cc")
    expect(compiler, "there is a C compiler: clang beside swift, or cc")
    library = f"{folder}/power-cut.so"
    done = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, LAYER],
                          capture_output=True, text=True)
    expect(done.returncode == 0, f"{compiler}: {done.stderr}")
    return library


def play(name, programs, library):
    for mode in ("drop", "tear"):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(programs, folder, library)
            try:
                WALKS[name](bench, mode)
            except Broken as broken:
                sys.exit(f"{name}: {broken}")
            cuts, syncs = len(bench.cut), int(bench.trace()[1])
        print(f"{name}, {mode}: the power was cut {cuts} times, the last time after {syncs} syncs")
        expect(syncs > 1 and bench.cut[-1] == "exit after all", bench.cut)
        if mode == "drop":
            told = [number for number, before in enumerate(bench.cut, 2) if before.startswith("send ")]
            without_a_sync(name, programs, library, told, syncs)


def main():
    programs = os.path.abspath(sys.argv[1])
    # Opening a gate at which nobody comes waits without an end.
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("waited too long for what did not come"))
    with tempfile.TemporaryDirectory() as place:
        library = build(place)
        for name in sys.argv[2:] or [*WALKS, "torn"]:
            signal.alarm(5 * PATIENCE)
            if name == "torn":
                os.mkdir(f"{place}/torn")
                torn(Bench(programs, f"{place}/torn", library))
            else:
                play(name, programs, library)


main()
