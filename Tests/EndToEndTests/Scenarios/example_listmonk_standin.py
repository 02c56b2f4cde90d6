"""A stand-in for listmonk: the part of its API that the example uses, as its manual and its code describe it (v3 to
v5). Campaigns go on by one recipient each time that somebody asks for one that runs, so that no test waits for time.
"""

import http.server
import json
import re
import threading
import urllib.parse

USER = "campaignd:secret"
SUBSCRIBERS = {"me@example.org"}
# What a person's test mail to nobody known is answered with.
UNKNOWN = "No known subscribers to test."
MAY = {"running": {"paused", "draft"}, "paused": {"running"}, "cancelled": {"running", "paused"}}


class Listmonk:
    def __init__(self, to_send=3):
        self.campaigns = {}
        self.to_send = to_send
        # Every request: (method, path).
        self.asked = []
        self.tests = []
        # Campaigns that run stay where they are while it is set.
        self.held = False
        # It dies after it has done the first such request, without an answer: (method, how its path begins).
        self.dies_after = None
        self.started = threading.Event()
        # While it is dead nobody gets an answer: until it is told to begin again, or for so many requests.
        self.dead = threading.Event()
        self.comes_back_after = None
        self.server = http.server.HTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"listmonk": self}))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def begin_again(self):
        """After its death, which this waits for."""
        self.dead.wait()
        self.dies_after = None
        self.dead.clear()

    def is_dead(self):
        if self.dead.is_set() and self.comes_back_after is not None:
            self.comes_back_after -= 1
            if self.comes_back_after < 0:
                self.begin_again()
        return self.dead.is_set()

    def find(self, query):
        wanted = query.get("tag", [])
        found = [campaign for campaign in self.campaigns.values() if set(wanted) <= set(campaign["tags"])]
        return 200, {"results": found, "total": len(found), "page": 1, "per_page": len(found)}

    def fault(self, campaign):
        """Why listmonk would not take it."""
        for field, kind in [("name", str), ("subject", str), ("body", str), ("lists", list), ("headers", list)]:
            if not isinstance(campaign.get(field), kind) or (field != "headers" and not campaign[field]):
                return f"Invalid {field}"
        if campaign["content_type"] not in ("richtext", "html", "plain", "markdown", "visual"):
            return "Invalid content type"
        return None if all(isinstance(header, dict) for header in campaign["headers"]) else "Invalid headers"

    def create(self, campaign):
        fault = self.fault(campaign)
        if fault:
            return 400, fault
        number = len(self.campaigns) + 1
        self.campaigns[number] = {
            **campaign, "id": number, "status": "draft", "sent": 0, "to_send": 0,
            "lists": [{"id": list_id, "name": f"List {list_id}"} for list_id in campaign["lists"]]}
        return 200, self.campaigns[number]

    def show(self, number):
        campaign = self.campaigns[number]
        if campaign["status"] == "running" and not self.held:
            campaign["to_send"] = self.to_send
            campaign["sent"] += 1
            if campaign["sent"] == self.to_send:
                campaign["status"] = "finished"
        return 200, dict(campaign)

    def set_status(self, number, status):
        campaign = self.campaigns[number]
        if campaign["status"] not in MAY[status]:
            return 400, f"Only {' and '.join(sorted(MAY[status]))} campaigns can be {status}"
        campaign["status"] = status
        if status == "running":
            self.started.set()
        return 200, dict(campaign)

    def test(self, number, campaign):
        known = SUBSCRIBERS & set(campaign["subscribers"])
        fault = self.fault(campaign) or (None if known else UNKNOWN)
        if fault:
            return 400, fault
        self.tests.append((number, sorted(known), campaign["subject"]))
        return 200, True

    def answer(self, method, path, body):
        place, _, query = path.partition("?")
        number = re.fullmatch(r"/api/campaigns/(\d+)(/status|/test)?", place)
        if method == "GET" and place == "/api/campaigns":
            return self.find(urllib.parse.parse_qs(query))
        if method == "POST" and place == "/api/campaigns":
            return self.create(body)
        if not number or int(number[1]) not in self.campaigns:
            return 400, "Campaign not found"
        if method == "PUT" and number[2] == "/status":
            return self.set_status(int(number[1]), body["status"])
        if method == "POST" and number[2] == "/test":
            return self.test(int(number[1]), body)
        if method == "DELETE" and not number[2]:
            del self.campaigns[int(number[1])]
            return 200, True
        return self.show(int(number[1])) if method == "GET" else (405, "Method not allowed")


class Handler(http.server.BaseHTTPRequestHandler):
    listmonk = None

    def any_method(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.listmonk.is_dead():
            return None
        if self.headers["Authorization"] != f"token {USER}":
            return self.say(403, {"message": "invalid API credentials"})
        self.listmonk.asked.append((self.command, self.path))
        status, data = self.listmonk.answer(self.command, self.path, json.loads(body) if body else None)
        fatal = self.listmonk.dies_after
        if fatal and self.command == fatal[0] and self.path.startswith(fatal[1]):
            self.listmonk.dead.set()
            return None
        return self.say(status, {"data": data} if status == 200 else {"message": data})

    do_GET = do_POST = do_PUT = do_DELETE = any_method

    def say(self, status, answer):
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass
