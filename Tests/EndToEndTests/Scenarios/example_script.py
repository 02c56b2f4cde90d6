"""The example of a plain script as a surface, config/surfaces.d/examples/script.yaml: an order for the print shop.

usage: example_script.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os

from campaigns import expect, write
from desk import play
from example_files import EXAMPLES, expect_end, feed, install, program, progress, request

DUE = {"start": "2026-01-05T09:00", "channel": "direct-mail", "surface": "print-shop"}
START = "2026-01-05 08:00:00"


def content(path):
    with open(path) as file:
        return file.read()


def sends(desk):
    """The order lies there, whole, and under a name that comes from the key."""
    outbox = f"{desk.folder}/outbox"
    install(desk, "script", "print-shop", program("print-order"), ("/srv/print-shop", outbox))
    names = [surface["name"] for surface in desk.campaignctl("surface", "list")]
    expect(names == ["newsletter", "print-shop"], names)
    desk.live(cards=DUE)
    # Nobody made the folder: that is for a person to mend.
    desk.at(START)
    desk.until("ended", "cards")
    failed = desk.campaignctl.one("sends", "cards")
    expect((failed["state"], failed["reason"]) == ("failed", "the surface ended with 73 (EX_CANTCREAT)"), failed)

    os.mkdir(outbox)
    desk.live(more_cards={**DUE, "start": "2026-01-06T09:00"})
    desk.at("2026-01-06 08:00:00")
    desk.until("ended", "more-cards")
    sent = desk.campaignctl.one("sends", "more-cards")
    expect((sent["state"], sent["progress"], sent["total"]) == ("sent", 1, 1), sent)
    order = f"{outbox}/{sent['key'].replace('/', '_')}"
    expect(os.listdir(outbox) == [os.path.basename(order)], os.listdir(outbox))
    expect(content(f"{order}/message/hello.txt") == "Hello.\n", os.listdir(order))
    expect(content(f"{order}/list") == content(f"{desk.folder}/everybody.csv"), content(f"{order}/list"))


def asked(desk):
    """Tests, proofs, further attempts, and what it can't do, by requests as campaign-send gives them."""
    outbox, work, words = f"{desk.folder}/box", f"{desk.folder}/work", [f"{EXAMPLES}/print-order", f"{desk.folder}/box"]
    os.mkdir(outbox)
    write(f"{work}/hello.txt", "Hello.\n")
    write(f"{desk.folder}/list.csv", "email\nann@example.org\n")

    done = feed(words, request("test/1", test=True), work)
    expect_end(done, 0)
    expect(os.listdir(outbox) == [], "a test orders nothing")
    # `data` is whatever a trigger gave: it makes no test.
    done = feed(words, request("now/1", data={"test": True}), work, AUDIENCE=f"{desk.folder}/list.csv")
    expect_end(done, 0)
    expect(progress(done) == {"progress": 1, "total": 1, "note": "ordered"}, done)
    done = feed(words, request("now/1", attempt=2), work, AUDIENCE=f"{desk.folder}/list.csv")
    expect_end(done, 0)
    expect("earlier attempt" in done.stdout and os.listdir(outbox) == ["now_1"], done)

    proof = request("proof/1", test=True, to="me@example.org")
    expect_end(feed(words, proof, work, TO="me@example.org"), 0)
    expect(content(f"{outbox}/proof_1/list") == "email\nme@example.org\n", "a proof is for one alone")
    expect_end(feed(words, request("now/2"), work, AUDIENCE="list-42"), 66, "must be a file")
    expect(sorted(name for name in os.listdir(outbox) if not name.endswith(".new")) == ["now_1", "proof_1"],
           os.listdir(outbox))


play(sends=sends, asked=asked)
