"""docs/json.md tells of errors: which there are, what each has, and how campaignctl ends. Here each one comes, of the
daemon, of files, of an editor, and of a socket behind which there is no daemon.

usage: json_errors.py DIRECTORY_OF_THE_PROGRAMS
"""

import json
import os
import socket
import threading

from campaigns import expect, write
from desk import play
from json_reader import ID, Reader, suspect

NOBODY = 65534


def errors(desk):
    """Every error that can be had: of the daemon, of files, and of a daemon that is none."""
    reader = Reader(desk)
    refusals(reader)
    several(reader)
    unreachable(reader)
    strangers(reader)
    held(reader)
    reader.page.finish_errors(without=() if os.geteuid() == 0 else ("AccessDenied",))


def refusals(reader):
    """What the daemon, a file or an editor says no to."""
    desk = reader.desk
    write(f"{desk.folder}/config/audiences.d/lost.yaml", f"file: {desk.folder}/lost.csv\n")
    desk.daemon.reload()
    for name, text in (("idea", "name: idea\n"), ("bad", "name: bad\nretries: many\n"), ("nameless", "title: None\n")):
        write(reader.file(f"{name}.yaml"), text)
    desk.campaignctl.one("create", "-f", reader.file("idea.yaml"))
    desk.live(weekly={"start": "2026-01-01T08:00", "every": "week", "end": "2026-12-31"})
    desk.live(welcome={"type": "triggered", "start": None})
    expect(reader.refused("NotFound", "show", "weekl")["suggestion"] == "weekly", "what was meant")
    reader.refused("NotFound", "surface test", "nobody")
    reader.refused("InvalidState", "activate", "weekly")
    reader.refused("ChecksFailed", "activate", "idea")
    reader.refused("ChecksFailed", "send-now --proof", "idea", "--to", "ada@example.org")
    reader.refused("NameTaken", "create", "-f", reader.file("idea.yaml"))
    reader.refused("Conflict", "pause", "weekly", "--revision", "1")
    reader.refused("Held", "audience count", "lost")
    expect(reader.refused("InvalidAddresses", "suppress add", "nobody")["invalid_count"] == 1, "it has no @")
    told = reader.refused("InvalidField", "apply", "-f", reader.file("bad.yaml"))
    expect((told["line"], told["column"], told["value"], told["name"]) == (2, 10, "many", told["file"]), told)
    expect(reader.refused("InvalidField", "create", "-f", reader.file("nameless.yaml"))["value"] is None, "missing")
    reader.refused("InvalidField", "trigger", "welcome", "--at", "soon")
    reader.refused("InvalidField", "preview", "--every", "day", "--start", "soon")
    reader.refused("EditorFailed", "edit", "idea", environment={"EDITOR": "false"})
    write(f"{desk.folder}/editor", "#!/bin/sh\necho 'a: b' >>\"$1\"\nexit 1\n", 0o755)
    editor = {"EDITOR": f"{desk.folder}/editor", "TMPDIR": desk.folder}
    kept = reader.refused("EditorFailed", "edit", "idea", environment=editor)["file"]
    expect(os.path.exists(kept), f"the edited text: {kept}")
    folder = os.open("/", os.O_RDONLY)
    reader.refused("InputFailed", "preview --batch", stdin=folder)
    os.close(folder)
    reader.wrong("list", "--nothing")
    reader.wrong("list", "--full")


def several(reader):
    """A line for each name, errors included; the first one that failed counts."""
    done = reader.run("show", "weekly", "nobody", "idea")
    first, second, third = [json.loads(line) for line in done.stdout.splitlines()]
    expect(done.returncode == 3, done)
    expect((first["name"], second["error"], third["name"]) == ("weekly", "NotFound", "idea"), done)


def unreachable(reader):
    desk = reader.desk
    reader.refused("Unreachable", "list", "--socket", f"{desk.folder}/nowhere")
    reader.refused("Unreachable", "pause", "weekly", "--socket", "/" + "x" * 200)
    if os.geteuid() == 0:
        somebody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        os.chmod(desk.folder, 0o711)
        reader.refused("AccessDenied", "list", **somebody)
        os.chmod(f"{desk.folder}/run", 0o700)
        reader.refused("Unreachable", "list", **somebody)


def strangers(reader):
    """Servers that are no campaignd, or one of another version."""
    path = f"{reader.desk.folder}/stranger"
    for error, answer in (
            ("InvalidReply", b'{"parameters":{"surfaces":[{"name":1}]}}\0'),
            ("MethodNotFound", b'{"error":"org.varlink.service.MethodNotFound",'
                               b'"parameters":{"method":"org.campaignd.ListSurfaces"}}\0'),
            ("Unreachable", b"nonsense\0"), ("Unreachable", b"")):
        stranger(path, answer)
        reader.refused(error, "surface list", "--socket", path)
    # Nobody listens there any more.
    reader.refused("Unreachable", "surface list", "--socket", path)


def stranger(path, answer):
    """Listens there, and gives this answer once."""
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()

    def serve():
        connection, _ = listener.accept()
        listener.close()
        asked = b""
        while not asked.endswith(b"\0"):
            asked += connection.recv(4096)
        connection.sendall(answer)
        connection.close()

    threading.Thread(target=serve, daemon=True).start()


def held(reader):
    suspect(reader.desk)
    refused = reader.refused("Held", "trigger", "welcome", "--request-id", ID)
    expect(refused["request_id"] == ID, refused)


play(errors=errors)
