"""The example of mail through listmonk, config/surfaces.d/examples/listmonk.yaml, against a stand-in that holds to
listmonk's API: one campaign a key, started once, followed to its end, whatever is lost on the way.

usage: example_listmonk.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os

from campaigns import expect, write
from desk import FIRST_DAY, play
from example_files import EXAMPLES, expect_end, feed, install, program, progress, request
from example_listmonk_standin import UNKNOWN, USER, Listmonk

DUE = {"start": "2026-01-05T09:00", "surface": "listmonk", "audience": "customers"}
START = "2026-01-05 08:00:00"
# Later than the longest wait before the second attempt: a minute and its jitter.
SECOND = "2026-01-05 08:02:00"
MESSAGE = """subject: Soldes d’été 🎉
text: Hello.
html: <p>Hello.</p>
headers:
  Reply-To: shop@example.org
"""


def with_listmonk(walk):
    def play_it(desk):
        listmonk = Listmonk()
        try:
            write(f"{desk.folder}/credentials/listmonk", f"{USER}\n", 0o600)
            desk.variables["CREDENTIALS_DIRECTORY"] = f"{desk.folder}/credentials"
            install(desk, "listmonk", "listmonk", program("listmonk-surface"),
                    ("https://listmonk.example.org", listmonk.url), ('"5"', '"0.01"'))
            write(f"{desk.folder}/config/audiences.d/customers.yaml", "reference: \"3, 5\"\n")
            desk.restart_at(FIRST_DAY)
            write(f"{desk.folder}/offer.yaml", MESSAGE)
            desk.campaignctl.one("message", "put", "offer", "-f", f"{desk.folder}/offer.yaml")
            desk.campaignctl.one("message", "publish", "offer")
            walk(desk, listmonk)
            desk.settle()
        finally:
            listmonk.close()
    return play_it


def begin(desk, **fields):
    desk.live(spring={**DUE, "message": "offer", **fields})
    desk.at(START)


def ended(desk):
    desk.until("ended", "spring")
    return desk.campaignctl.one("sends", "spring")


def count(listmonk, method, end):
    return len([path for asked, path in listmonk.asked if asked == method and path.endswith(end)])


def sent_once(send, listmonk, attempts):
    expect((send["state"], send["progress"], send["total"], send["attempts"]) == ("sent", 3, 3, attempts), send)
    expect([campaign["status"] for campaign in listmonk.campaigns.values()] == ["finished"], listmonk.campaigns)
    expect(count(listmonk, "PUT", "/status") == 1, listmonk.asked)


def sends(desk, listmonk):
    """A campaign is made of the message, started once and followed until it is finished."""
    begin(desk)
    send = ended(desk)
    sent_once(send, listmonk, 1)
    campaign = listmonk.campaigns[1]
    expect(campaign["name"] == f"spring {send['key']}", campaign)
    expect(campaign["subject"] == "Soldes d’été 🎉" and campaign["type"] == "regular", campaign)
    expect((campaign["content_type"], campaign["body"], campaign["altbody"]) == ("html", "<p>Hello.</p>", "Hello."),
           campaign)
    expect(campaign["headers"] == [{"Reply-To": "shop@example.org"}], campaign)
    expect([entry["id"] for entry in campaign["lists"]] == [3, 5], campaign)


def lost_creation(desk, listmonk):
    """It dies when it has made the campaign: the next attempt finds and starts that one."""
    listmonk.dies_after = ("POST", "/api/campaigns")
    begin(desk)
    desk.until("waiting", "spring")
    expect(len(listmonk.campaigns) == 1 and not listmonk.started.is_set(), listmonk.campaigns)
    listmonk.begin_again()
    desk.at(SECOND)
    sent_once(ended(desk), listmonk, 2)


def lost_start(desk, listmonk):
    """It dies when it has started the campaign: the same attempt follows it as soon as it answers again."""
    listmonk.dies_after = ("PUT", "/api/campaigns/1/status")
    listmonk.comes_back_after = 2
    begin(desk)
    sent_once(ended(desk), listmonk, 1)


def lost_for_long(desk, listmonk):
    """It stays away while the campaign runs: the next attempt follows the same one."""
    listmonk.dies_after = ("GET", "/api/campaigns/1")
    begin(desk)
    desk.until("waiting", "spring")
    listmonk.begin_again()
    desk.at(SECOND)
    sent_once(ended(desk), listmonk, 2)


def cancelled(desk, listmonk):
    """A cancel pauses the campaign in listmonk."""
    listmonk.held = True
    begin(desk)
    listmonk.started.wait()
    desk.campaignctl.one("cancel", "spring", "--yes")
    send = ended(desk)
    expect(send["state"] == "cancelled" and listmonk.campaigns[1]["status"] == "paused", (send, listmonk.campaigns))


def paused_there(desk, listmonk):
    """A campaign that is paused in listmonk has failed here; another attempt of its key resumes it."""
    listmonk.held = True
    begin(desk)
    listmonk.started.wait()
    listmonk.set_status(1, "paused")
    send = ended(desk)
    expect((send["state"], send["reason"]) == ("failed", "the surface ended with 69 (EX_UNAVAILABLE)"), send)
    listmonk.held = False
    again = request(send["key"], attempt=2, audience={"name": "customers", "reference": "3,5"})
    done = feed(words(desk, listmonk), again, f"{desk.folder}/work", **credentials(desk))
    expect_end(done, 0)
    expect(progress(done) == {"progress": 3, "total": 3} and len(listmonk.campaigns) == 1, done)


def words(desk, listmonk, *more):
    return [f"{EXAMPLES}/listmonk-surface", "--url", listmonk.url, "--poll", "0.01", *more]


def credentials(desk):
    return {"CREDENTIALS_DIRECTORY": f"{desk.folder}/credentials"}


def asked(desk, listmonk):
    """Tests, proofs and what it can't take, by requests as campaign-send gives them."""
    def run(wanted, *more, **variables):
        return feed(words(desk, listmonk, *more), wanted, f"{desk.folder}/work", **{**credentials(desk), **variables})

    done = run(request("test/1", test=True))
    expect_end(done, 0)
    expect({method for method, _ in listmonk.asked} == {"GET"} and "takes the token" in done.stdout, listmonk.asked)

    proof = request("proof/1", test=True, to="me@example.org")
    expect_end(run(proof), 78, "--test-list")
    expect_end(run(proof, "--test-list", "1"), 0)
    expect(listmonk.tests == [(1, ["me@example.org"], "Hello")], listmonk.tests)
    expect(listmonk.campaigns == {} and not listmonk.started.is_set(), "nothing is left of it, and nothing was started")
    expect_end(run({**proof, "to": "else@example.org"}, "--test-list", "1"), 65, UNKNOWN)
    listmonk.campaigns.clear()

    lists = {"name": "customers", "reference": "3"}
    attached = request("now/1", audience=lists)
    attached["message"]["attachments"] = ["prices.pdf"]
    for wanted, status, said in [
        (attached, 65, "attachments"),
        (request("now/2"), 66, "names lists"),
        (request("now/3", audience={"name": "a", "reference": "3; 5"}), 66, "names lists"),
        (request("now/4", audience={"name": "a", "file": "/list.csv"}), 66, "names lists"),
    ]:
        expect_end(run(wanted), status, said)
    write(f"{desk.folder}/other/listmonk", "campaignd:wrong\n")
    other = {"CREDENTIALS_DIRECTORY": f"{desk.folder}/other"}
    expect_end(run(request("now/5", audience=lists), **other), 77, "invalid API credentials")
    expect_end(run(request("now/6", audience=lists), "--credential", "nothing"), 78, "nothing")
    os.mkdir(f"{desk.folder}/empty")
    expect_end(run(request("now/7", audience=lists), **{"CREDENTIALS_DIRECTORY": f"{desk.folder}/empty"}), 78)
    expect(listmonk.campaigns == {}, listmonk.campaigns)


play(**{walk.__name__: with_listmonk(walk) for walk in (
    sends, lost_creation, lost_start, lost_for_long, cancelled, paused_there, asked)})
