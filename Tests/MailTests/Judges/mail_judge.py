"""Says what Python's email package reads in messages: one JSON object a line in, {"message": base64, "utf8": bool}, and
one a line out, in their order."""
import base64
import email
import email.header
import email.utils
import json
import sys
from email import policy


def mailboxes(message, name):
    """Addresses by the new parser, names by the old: until 3.13 the new one leaves the spaces between encoded words."""
    if message[name] is None:
        return []
    raw = "".join(value for key, value in message.raw_items() if key.lower() == name)
    old = [str(email.header.make_header(email.header.decode_header(shown))) if "=?" in shown else shown
           for shown, _ in email.utils.getaddresses(["".join(str(raw).splitlines())])]
    return [list(pair) for pair in zip(old, [address.addr_spec for address in message[name].addresses], strict=True)]


def defects(message):
    for part in message.walk():
        yield from map(repr, part.defects)
        for name, value in part.items():
            for defect in getattr(value, "defects", []):
                yield f"{name}: {defect!r}"


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else part.get_content()


def reading(given):
    message = base64.b64decode(given["message"])
    if given["utf8"]:
        message = email.message_from_string(message.decode(), policy=policy.SMTPUTF8)
    else:
        message = email.message_from_bytes(message, policy=policy.SMTP)
    return {
        # A value that begins on its second line keeps the space before it.
        "defects": list(defects(message)),
        "headers": [[name, str(value).lstrip()] for name, value in message.items()],
        "subject": None if message["subject"] is None else str(message["subject"]).lstrip(),
        "from": mailboxes(message, "from"), "to": mailboxes(message, "to"), "replyTo": mailboxes(message, "reply-to"),
        "date": int(message["date"].datetime.timestamp()),
        "text": body(message, "plain"), "html": body(message, "html"),
        "kinds": [part.get_content_type() for part in message.walk()],
        "attachments": [
            {"name": part.get_filename(), "kind": part.get_content_type(),
             "content": base64.b64encode(part.get_payload(decode=True)).decode()}
            for part in message.iter_attachments()],
    }


for line in sys.stdin:
    print(json.dumps(reading(json.loads(line))))
