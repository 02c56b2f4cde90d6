"""Lies that are planted in what a storm has found: the judge must count each of them, as what it is. What the judge is
given here may be that of a real storm, or a small one made by hand, in which everything is right.
"""

import copy
import datetime
import json

from campaigns import expect
from storm_judge import Evidence, Judge, Planned, asked_for, counts


def lines_of(path):
    """What the surfaces noted, each line with its offset."""
    found, offset = [], 0
    with open(path, "rb") as file:
        for line in file:
            found.append({**json.loads(line), "offset": offset})
            offset += len(line)
    return found


# --- what a lie is told about ---


def line_of(evidence, send, word):
    return next(line for line in evidence.record if line["key"] == send["key"] and line["word"] == word
                and line["attempt"] == send["attempts"])


def quiet(evidence):
    """One that was sent at its first attempt, and that nothing hit."""
    return next(send for send in evidence.sends if send["state"] == "sent" and send["attempts"] == 1
                and (send["key"], 1) not in evidence.hits and send["key"] not in evidence.cancels)


def of_kind(evidence, kind):
    return next(send for send in evidence.sends if send["state"] == "sent" and not asked_for(send["key"])
                and evidence.plan[send["campaign"]].kind == kind)


def later(evidence, **line):
    """A line at the end of what the surfaces noted."""
    offset = evidence.record[-1]["offset"] + 100 if evidence.record else 0
    evidence.record.append({**line, "offset": offset})


def tell(evidence, **event):
    """One more event of the history, told by the journal as well."""
    number = evidence.events[-1]["seq"] + 1
    evidence.events.append({**event, "seq": number})
    evidence.journal.append({"seq": number, "life": evidence.journal[-1]["life"], "key": event["key"],
                             "campaign": event["campaign"]})


def event_of(evidence, send, kind):
    return next(event for event in evidence.events if event["key"] == send["key"] and event["kind"] == kind)


# --- lost ---


def a_due_one_has_no_record(evidence):
    evidence.sends.remove(of_kind(evidence, "recurring"))


def a_one_shot_was_never_decided(evidence):
    evidence.sends.remove(of_kind(evidence, "one-shot"))


def a_trigger_that_was_answered_has_no_record(evidence):
    key = next(request["key"] for request in evidence.asked if request["key"] and request["verb"] == "trigger")
    evidence.sends = [send for send in evidence.sends if send["key"] != key]


def one_has_not_ended(evidence):
    quiet(evidence)["state"] = "claimed"


def one_was_missed_in_time(evidence):
    quiet(evidence).update(state="missed", reason="later than its limit of 1h")


def a_failure_has_no_reason(evidence):
    next(send for send in evidence.sends if send["state"] == "failed")["reason"] = None


# --- repeated ---


def a_surface_ran_twice(evidence):
    later(evidence, **line_of(evidence, quiet(evidence), "begin"))


def another_attempt_began_after_it_was_sent(evidence):
    send = quiet(evidence)
    later(evidence, **{**line_of(evidence, send, "begin"), "attempt": 2})
    send["attempts"] = 2
    later(evidence, word="end", key=send["key"], attempt=2, status="0")


def the_history_goes_on_after_it_was_sent(evidence):
    tell(evidence, **{**event_of(evidence, quiet(evidence), "ended"), "kind": "started", "text": "attempt 2 started"})


def an_instant_has_two_records(evidence):
    send = of_kind(evidence, "recurring")
    evidence.sends.append({**send, "key": send["key"] + "-again"})


def there_were_more_attempts_than_allowed(evidence):
    send = next(send for send in evidence.sends if send["state"] == "failed")
    send["attempts"] = 50


def one_ended_twice(evidence):
    tell(evidence, **event_of(evidence, quiet(evidence), "ended"))


# --- wrongly reported ---


def sent_and_its_surface_did_not_finish(evidence):
    evidence.record.remove(line_of(evidence, quiet(evidence), "end"))


def sent_and_its_surface_failed(evidence):
    line_of(evidence, quiet(evidence), "end")["status"] = "69"


def failed_and_its_surface_succeeded(evidence):
    quiet(evidence).update(state="failed", reason="the surface ended with 69")


def skipped_and_its_surface_succeeded(evidence):
    quiet(evidence).update(state="skipped", reason="the one before it has not ended")


def interrupted_and_nothing_killed_it(evidence):
    quiet(evidence).update(state="interrupted", reason="the sender ended")


def cancelled_by_nobody(evidence):
    send = quiet(evidence)
    evidence.stops.pop(send["campaign"], None)
    send.update(state="cancelled", reason="cancelled by root")


def cancelled_by_a_stop_while_it_ran(evidence):
    send = next(send for send in evidence.sends if send["state"] == "sent" and send["campaign"] in evidence.stops
                and (send["key"], send["attempts"]) not in evidence.hits and send["key"] not in evidence.cancels)
    send.update(state="cancelled", reason="the campaign was stopped")


def it_began_before_its_instant(evidence):
    line_of(evidence, quiet(evidence), "begin")["at"] -= 3_600


def one_began_after_the_answer_to_its_stop(evidence):
    name = next(name for name in evidence.stops if evidence.plan[name].kind == "recurring")
    stopped = next(send for send in evidence.sends if send["campaign"] == name)
    later(evidence, word="begin", key=stopped["key"], attempt=9, pid=1, at=2e9)


def one_was_claimed_after_the_stop(evidence):
    name = next(name for name in evidence.stops if evidence.plan[name].kind == "recurring")
    event = next(event for event in evidence.events if event["campaign"] == name and event["key"])
    tell(evidence, **{**event, "kind": "claimed", "to": None})


def one_was_asked_for_by_nobody(evidence):
    request = next(request for request in evidence.asked if request["key"])
    evidence.asked.remove(request)


def a_refused_one_has_a_record(evidence):
    next(request for request in evidence.asked if request["key"]).update(key=None, refused="InvalidState")


def a_surface_began_and_nobody_knows(evidence):
    later(evidence, **{**line_of(evidence, quiet(evidence), "begin"), "key": "nobody/trigger/knows"})


def the_journal_lacks_an_event(evidence):
    number = evidence.journal[len(evidence.journal) // 2]["seq"]
    evidence.journal = [entry for entry in evidence.journal if entry["seq"] != number]


def the_journal_has_one_twice_from_one_daemon(evidence):
    evidence.journal.insert(2, evidence.journal[1])


def the_journal_begins_again_after_no_kill(evidence):
    last = [entry for entry in evidence.journal if entry["seq"] == evidence.events[-1]["seq"]][-1]
    evidence.journal.append({**last, "life": "another"})


def the_history_says_otherwise(evidence):
    event_of(evidence, quiet(evidence), "ended")["text"] = "failed: the surface ended with 69"


LIES = {
    "lost": [a_due_one_has_no_record, a_one_shot_was_never_decided, a_trigger_that_was_answered_has_no_record,
             one_has_not_ended, one_was_missed_in_time, a_failure_has_no_reason],
    "repeated": [a_surface_ran_twice, another_attempt_began_after_it_was_sent, the_history_goes_on_after_it_was_sent,
                 an_instant_has_two_records, there_were_more_attempts_than_allowed, one_ended_twice],
    "wrong": [sent_and_its_surface_did_not_finish, sent_and_its_surface_failed, failed_and_its_surface_succeeded,
              skipped_and_its_surface_succeeded, interrupted_and_nothing_killed_it, cancelled_by_nobody,
              cancelled_by_a_stop_while_it_ran, it_began_before_its_instant, one_began_after_the_answer_to_its_stop,
              one_was_claimed_after_the_stop, one_was_asked_for_by_nobody, a_refused_one_has_a_record,
              a_surface_began_and_nobody_knows, the_journal_lacks_an_event, the_journal_has_one_twice_from_one_daemon,
              the_journal_begins_again_after_no_kill, the_history_says_otherwise],
}


def expect_all_found(evidence, all_told=False):
    """Plants each lie alone in what is right; a short storm may have nothing that some lie could be about."""
    told = 0
    for word, lies in LIES.items():
        for lie in lies:
            changed = copy.deepcopy(evidence)
            try:
                lie(changed)
            except StopIteration:
                expect(not all_told, f"nothing to lie about: {lie.__name__}")
                continue
            told += 1
            found = counts(Judge(changed).judge())
            expect(found[word] > 0, f"a lie that is not found: {lie.__name__} must be {word}: {found}")
    print(f"planted lies: {told} told and found, {sum(map(len, LIES.values())) - told} with nothing to lie about")


# --- a small truth ---

START = 1_800_000_000
FIRST, SECOND = "first", "second"


def instant(second):
    return datetime.datetime.fromtimestamp(START + second, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Truth:
    """Writes down what happens as the ledger, the journal and the surfaces do."""

    def __init__(self):
        self.evidence = Evidence({}, [], [], [], [], set(), {FIRST}, [], set(), {})
        self.life = FIRST

    def happens(self, second, kind, campaign, key=None, to=None, text=""):
        number = len(self.evidence.events) + 1
        self.evidence.events.append({"seq": number, "at": instant(second), "campaign": campaign, "kind": kind,
                                     "key": key, "to": to, "text": text})
        self.evidence.journal.append({"seq": number, "life": self.life, "key": key, "campaign": campaign})

    def surface(self, word, key, **more):
        later(self.evidence, word=word, key=key, attempt=1, **more)

    def record(self, campaign, key, second, state, attempts=1, reason=None, count=None, last=None):
        self.evidence.sends.append({
            "campaign": campaign, "key": key, "due": instant(second), "state": state, "reason": reason,
            "attempts": attempts, "count": count, "nominal_last": instant(last)[:-1] if last is not None else None})
        return key

    def send(self, campaign, key, second, state="sent", reason=None, status="0"):
        self.record(campaign, key, second, state, reason=reason)
        self.happens(second, "claimed", campaign, key)
        self.surface("begin", key, pid=1, at=START + second + 0.5)
        self.happens(second, "started", campaign, key, text="attempt 1 started")
        if status:
            self.surface("end", key, status=status)
        self.happens(second, "ended", campaign, key, text=f"{state}: {reason}" if reason else state)

    def asked(self, campaign, request, key):
        self.evidence.asked.append({"verb": "trigger", "name": campaign, "request": request, "key": key,
                                    "refused": None if key else "InvalidState"})


def small_truth():
    truth = Truth()
    evidence = truth.evidence
    evidence.plan = {
        "often": Planned("recurring", START, 1), "once": Planned("one-shot", START + 2, retries=1),
        "asked": Planned("triggered", overlap="allow"), "refused": Planned("one-shot", START)}
    for name, to in (("often", "scheduled"), ("once", "scheduled"), ("asked", "active")):
        truth.happens(-2, "status", name, to=to)
    truth.send("often", "o/0", 0)
    # The daemon is killed and was away for the next two; the journal's last event comes twice.
    truth.life = SECOND
    evidence.journal.append({**evidence.journal[-1], "life": SECOND})
    truth.record("often", "o/1", 1, "missed", 0, "only the newest is caught up", 2, 2)
    truth.happens(3, "ended", "often", "o/1", text="missed: 2 occurrences")
    truth.send("often", "o/3", 3, "failed", "the surface ended with 69", "69")
    truth.send("once", "n/2", 2)
    truth.send("asked", "a/trigger/1", 3)
    truth.send("asked", "a/trigger/2", 3, "interrupted", "the sender ended", None)
    evidence.hits.add(("a/trigger/2", 1))
    for request, key in (("1", "a/trigger/1"), ("2", "a/trigger/2"), ("3", None)):
        truth.asked("asked", request, key)
    truth.record("often", "o/4", 4, "cancelled", 0, "the campaign was stopped")
    truth.happens(4, "ended", "often", "o/4", text="cancelled: the campaign was stopped")
    truth.happens(4, "status", "often", to="stopped")
    evidence.stops["often"] = evidence.record[-1]["offset"] + 1
    return evidence


def self_check():
    findings = Judge(small_truth()).judge()
    expect(findings == [], f"found where everything is right: {findings}")
    expect_all_found(small_truth(), all_told=True)


if __name__ == "__main__":
    self_check()
