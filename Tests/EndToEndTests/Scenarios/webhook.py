"""Webhooks through the daemon, against a server that does to each what a server can do: the table of outcomes, row by
row, as `sends` tells it.

usage: webhook.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import subprocess

from campaigns import expect, write
from desk import play
from webhook_peer import Peer, answer, half, held, never, reset

NOW = {"start": "now"}
ANSWERED = "the webhook answered "
LOST = "no whole answer, and the request may have been read: "
UNWRITTEN = "nothing of the request was written: "


def surface(desk, name, url, more="", beside=""):
    """Known when the daemon has read its configuration again."""
    write(f"{desk.folder}/config/surfaces.d/{name}.yaml", f"channel: email\nwebhook:\n  url: {url}\n{more}{beside}")


def live(desk, *names, **fields):
    """Campaigns that begin at once, each with the surface of its own name."""
    desk.daemon.reload()
    return desk.live(**{name: {**NOW, "surface": name, **fields} for name in names})


def expect_send(desk, name, state, reason="", attempts=1):
    """Its reason begins so, or has none where none is given."""
    send = desk.campaignctl.one("sends", name)
    expect((send["state"], send["attempts"]) == (state, attempts), f"{name}: {send}")
    told = send["reason"] or ""
    expect(told.startswith(reason) if reason else told == "", f"{name}: {send}")
    expect((send["next_attempt_at"] is not None) == (state == "waiting"), f"{name}: {send}")
    return send


def clock(instant):
    """As the clock is set."""
    return instant.removesuffix("Z").replace("T", " ")


def answered(desk):
    """What a whole answer means, in its time, and that a redirect is not followed."""
    with Peer({"seen": [answer(200)]}) as other:
        plans = {
            "whole": [answer(200, '{"progress": 2, "total": 3, "failed": 1}')], "slow": [held],
            "redirect": [answer(302, Location=f"http://localhost:{other.port}/seen")],
            "unknown": [answer(404, "no list")], "wrong": [answer(500, "out of order"), answer(200)],
        }
        with Peer(plans) as peer:
            for name in plans:
                surface(desk, name, peer.url(name))
            live(desk, *plans)
            peer.wait_for("slow")
            desk.until("started", "slow")
            expect_send(desk, "slow", "running")
            desk.until("ended", "whole", "redirect", "unknown", "wrong")
            expect_send(desk, "slow", "running")
            peer.let_end("slow")
            desk.until("ended", "slow")
            rows = {"whole": ("sent",), "slow": ("sent",), "unknown": ("failed", ANSWERED + "404: no list"),
                    "redirect": ("failed", ANSWERED + "302, a redirect to localhost, not followed"),
                    "wrong": ("interrupted", ANSWERED + "500: out of order")}
            sends = {name: expect_send(desk, name, *row) for name, row in rows.items()}
            send = sends["whole"]
            expect((send["progress"], send["total"], send["failed"]) == (2, 3, 1), send)
            alerts = {alert["campaign"]: alert["code"] for alert in desk.campaignctl("alerts")}
            expect(alerts == {"redirect": "send-failed", "unknown": "send-failed", "wrong": "send-interrupted"}, alerts)

            # Never again by itself.
            desk.at("2026-01-03 06:00:00")
            for name, row in rows.items():
                expect_send(desk, name, *row)
                expect([request.headers["Idempotency-Key"] for request in peer.given(name)] == [sends[name]["key"]],
                       f"{name}: {peer.given(name)}")
            expect(other.requests == [], f"the redirect's host was asked: {other.requests}")

            # Unless a person says so.
            desk.mark()
            desk.campaignctl.one("retry", sends["wrong"]["key"])
            desk.until("ended", "wrong")
            expect_send(desk, "wrong", "sent", attempts=2)
            expect([(request.headers["Idempotency-Key"], request.body["attempt"]) for request in peer.given("wrong")]
                   == [(sends["wrong"]["key"], 1), (sends["wrong"]["key"], 2)], peer.given("wrong"))


def lost(desk):
    """No whole answer is an unknown outcome: repeated only where the campaign says so."""
    plans = {"mute": [never], "half": [half], "torn": [reset], "again": [half, answer(200)]}
    with Peer(plans) as peer:
        for name in plans:
            surface(desk, name, peer.url(name), beside="timeout: 5s\n" if name == "mute" else "")
        live(desk, "mute", "half", "torn")
        live(desk, "again", on_interrupt="retry")
        peer.wait_for_end("mute")
        desk.until("waiting", "again")
        waiting = expect_send(desk, "again", "waiting", LOST)
        rows = {"mute": LOST + "the webhook did not end within its timeout of 5s", "half": LOST, "torn": LOST}
        desk.campaignctl.story().until_all("ended", tuple(rows))
        for name, reason in rows.items():
            expect_send(desk, name, "interrupted", reason)
        desk.at(clock(waiting["next_attempt_at"]))
        desk.until("ended", "again")
        expect_send(desk, "again", "sent", attempts=2)
        desk.at("2026-01-03 06:00:00")
        for name, reason in rows.items():
            expect_send(desk, name, "interrupted", reason)
            expect(len(peer.given(name)) == 1, f"{name}: {peer.given(name)}")


def tried_again(desk):
    """What may be harmlessly repeated is, not before the server wants it, with one Idempotency-Key."""
    plans = {"busy": [answer(429, "slow down", Retry_After=7200), answer(200)],
             "harmless": [answer(500, "out of order"), answer(200)],
             "torn": [reset, answer(200)]}
    with Peer(plans) as peer:
        surface(desk, "busy", peer.url("busy"))
        surface(desk, "harmless", peer.url("harmless"), "  idempotent: true\n")
        surface(desk, "torn", peer.url("torn"), "  idempotent: true\n")
        live(desk, *plans)
        desk.until("waiting", *plans)
        rows = {"busy": ANSWERED + "429: slow down", "harmless": ANSWERED + "500: out of order", "torn": LOST}
        waiting = {name: expect_send(desk, name, "waiting", reason) for name, reason in rows.items()}
        expect(waiting["busy"]["next_attempt_at"] >= "2026-01-01T08:00:00Z", waiting["busy"])
        # A minute, and some jitter.
        for name in ("harmless", "torn"):
            expect("2026-01-01T06:01:00Z" <= waiting[name]["next_attempt_at"] < "2026-01-01T06:02:00Z", waiting[name])
        desk.at("2026-01-01 06:02:00")
        desk.until("ended", "harmless", "torn")
        # What does not come is looked for in a turn later than the last.
        desk.at("2026-01-01 07:59:59")
        expect_send(desk, "busy", "waiting", rows["busy"])
        expect(len(peer.given("busy")) == 1, peer.given("busy"))
        desk.at(clock(waiting["busy"]["next_attempt_at"]))
        desk.until("ended", "busy")
        for name, send in waiting.items():
            expect_send(desk, name, "sent", attempts=2)
            expect([(request.headers["Idempotency-Key"], request.body["key"], request.body["attempt"])
                    for request in peer.given(name)] == [(send["key"], send["key"], number) for number in (1, 2)],
                   f"{name}: {peer.given(name)}")
        expect(desk.campaignctl("alerts") == [], desk.campaignctl("alerts"))


def unreached(desk):
    """Nobody listens, or can't prove who it is: it gets nothing, and the send waits until that is repaired."""
    own = certificate(desk)
    with Peer({"closed": [answer(200)]}, listens=False) as absent, Peer({"doubtful": [answer(200)]}, own) as doubtful:
        surface(desk, "closed", absent.url("closed"))
        surface(desk, "doubtful", doubtful.url("doubtful", "https"))
        live(desk, "closed", "doubtful")
        desk.until("waiting", "closed", "doubtful")
        waiting = [expect_send(desk, "closed", "waiting", UNWRITTEN + "Failed to connect to 127.0.0.1"),
                   expect_send(desk, "doubtful", "waiting", UNWRITTEN)]
        expect("certificate" in waiting[1]["reason"], waiting[1])
        expect(doubtful.requests == [], f"it got {doubtful.requests}")
        absent.listen()
        # The sender reads it anew for each attempt.
        surface(desk, "doubtful", doubtful.url("doubtful", "https"), f"  ca_file: {own}\n")
        desk.at(clock(max(send["next_attempt_at"] for send in waiting)))
        desk.until("ended", "closed", "doubtful")
        for name, peer in {"closed": absent, "doubtful": doubtful}.items():
            expect_send(desk, name, "sent", attempts=2)
            expect([request.body["attempt"] for request in peer.requests] == [2], f"{name}: {peer.requests}")


def certificate(desk):
    """A file with a key and a certificate that no authority has signed, good on the day that the clock tells."""
    path = f"{desk.folder}/certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
         "/CN=peer", "-days", "30", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-"],
        env=desk.clock.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    expect(made.returncode == 0, made)
    write(path, made.stdout)
    return path


play(answered=answered, lost=lost, tried_again=tried_again, unreached=unreached)
