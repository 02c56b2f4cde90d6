"""The example of a push notification through ntfy, config/surfaces.d/examples/ntfy.yaml, against a server that keeps
what it is given.

usage: example_ntfy.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import http.server
import json
import threading

from campaigns import expect, write
from desk import FIRST_DAY, play
from example_files import install

TOKEN = "tk_secret"
DUE = {"start": "2026-01-05T09:00", "channel": "push", "surface": "push", "audience": "app-users"}
START = "2026-01-05 08:00:00"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.given.append((self.path, self.headers, json.loads(body)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def listed(desk):
    """The daemon takes the file as it stands."""
    install(desk, "ntfy", "push")
    surface = next(surface for surface in desk.campaignctl("surface", "list") if surface["name"] == "push")
    expect(surface["channel"] == "push", surface)


def sends(desk):
    """The request is posted with ntfy's templates as headers, which have the token in them."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.given = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        install(desk, "ntfy", "push", ("https://ntfy.sh", f"http://127.0.0.1:{server.server_port}"))
        write(f"{desk.folder}/config/audiences.d/app-users.yaml", "reference: spring-sale\n")
        write(f"{desk.folder}/credentials/ntfy-token", f"{TOKEN}\n", 0o600)
        desk.variables["CREDENTIALS_DIRECTORY"] = f"{desk.folder}/credentials"
        desk.restart_at(FIRST_DAY)
        desk.live(spring=DUE)
        desk.at(START)
        desk.until("ended", "spring")
        send = desk.campaignctl.one("sends", "spring")
        expect(send["state"] == "sent", send)
        (path, headers, body), = server.given
        expect(path == "/spring-sale" and headers["Authorization"] == f"Bearer {TOKEN}", headers.items())
        expect(headers["X-Template"] == "yes" and headers["X-Message"] == "{{.message.text}}", headers.items())
        expect(headers["X-Title"].startswith("{{if .test}}Test: {{end}}"), headers.items())
        expect(headers["Idempotency-Key"] == body["key"] == send["key"], headers.items())
        # What the templates name is there.
        expect(body["campaign"]["title"] == "The campaign spring" and body["message"]["text"] == "Hello.\n", body)
        expect(body["test"] is False, body)
    finally:
        server.shutdown()
        server.server_close()


play(listed=listed, sends=sends)
