"""What a storm has lost, repeated and wrongly reported: from the plan, the ledger's records and history, the journal,
what the surfaces noted, what was killed, and what clients asked for and were answered. It rests on the contract alone.
"""

import dataclasses
import datetime
import re

OPEN = {"claimed", "queued", "running", "waiting"}
UNBEGUN = {"missed", "skipped"}
# All that a campaign's history may tell after its stop is how what was accepted ended.
NEVER_AFTER_STOP = {"claimed", "started", "waiting", "retried", "trigger-planned", "resumed"}
# What makes a send go on.
OF_A_SEND = {"claimed", "started", "waiting", "retried", "ended"}
CAUGHT_UP = "only the newest is caught up"


@dataclasses.dataclass
class Planned:
    """What was planned of a campaign: with `every` seconds between its occurrences it is recurring."""
    kind: str
    start: int | None = None
    every: int | None = None
    overlap: str = "queue"
    retries: int = 3
    pausable: bool = False


@dataclasses.dataclass
class Evidence:
    plan: dict
    # As campaignctl tells them with --json.
    sends: list
    events: list
    # {seq, life, key, campaign} of each entry, in the journal's order; a life is one run of the daemon.
    journal: list
    # What the surfaces noted, in order, each with the offset at which its line begins.
    record: list
    # (key, attempt) of each send whose sender or surface was killed, and the lives of the daemon that ended so.
    hits: set
    killed_daemons: set
    # {name, request, key, refused} of each trigger and send-now; a key was answered, or it was refused.
    asked: list
    # Keys that somebody asked to cancel, answered or not; names of stopped campaigns with the record's size right after
    # the answer.
    cancels: set
    stops: dict


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class Judge:
    def __init__(self, evidence):
        self.evidence = evidence
        self.findings = []
        self.occurrences = 0
        self.sends = {send["key"]: send for send in evidence.sends}
        self.by_campaign, self.events, self.told = {}, {}, {}
        for send in evidence.sends:
            self.by_campaign.setdefault(send["campaign"], []).append(send)
        for event in evidence.events:
            if event["key"]:
                self.events.setdefault(event["key"], []).append(event)
            if event["campaign"]:
                self.told.setdefault(event["campaign"], []).append(event)
        self.begins, self.ends = {}, {}
        for line in evidence.record:
            of_word = self.begins if line["word"] == "begin" else self.ends
            of_word.setdefault((line["key"], line["attempt"]), []).append(line)

    def judge(self):
        """Answers the findings: (lost, repeated or wrong, a sentence)."""
        for name, planned in self.evidence.plan.items():
            self.judge_plan(name, planned)
        self.judge_asked()
        for send in self.evidence.sends:
            self.judge_final(send)
            if send["count"] is None and send["nominal_last"] is None:
                self.judge_outcome(send)
                self.judge_attempts(send)
        self.judge_begins()
        self.judge_stops()
        self.judge_journal()
        return self.findings

    def lost(self, text):
        self.findings.append(("lost", text))

    def repeated(self, text):
        self.findings.append(("repeated", text))

    def wrong(self, text):
        self.findings.append(("wrong", text))

    # --- the plan ---

    def judge_plan(self, name, planned):
        statuses = [event for event in self.told.get(name, []) if event["kind"] == "status"]
        if not statuses:
            # Its activation was refused.
            if name in self.by_campaign:
                self.wrong(f"{name} was never activated and has {len(self.by_campaign[name])} records")
            return
        records = [send for send in self.by_campaign.get(name, []) if not asked_for(send["key"])]
        if planned.kind == "recurring":
            return self.judge_recurring(name, planned, statuses, records)
        if planned.kind == "triggered":
            for send in records:
                self.wrong(f"{name} is triggered and has the record {send['key']}")
            return
        end = self.fence(name, statuses)
        due = planned.start if planned.start is not None else instant(statuses[0]["at"])
        if end is None or due <= end:
            self.occurrences += 1
            if not records:
                self.lost(f"{name}: its one send, due {due}, was never decided")
        if len(records) > 1:
            self.repeated(f"{name} is sent once and has {len(records)} records of its schedule")
        for send in records:
            if instant(send["due"]) != due and planned.start is not None:
                self.wrong(f"{name}: planned for {due}, recorded for {send['due']}")

    def fence(self, name, statuses):
        """The last instant at which something of the campaign could fall due; None where it was not ended."""
        ended = [event for event in statuses if event["to"] == "stopped"]
        if not ended:
            return None
        last = None
        for event in self.told[name]:
            if event["kind"] in ("fenced", "fence-lifted"):
                last = event if event["kind"] == "fenced" else None
        return instant((last or ended[0])["at"])

    def judge_recurring(self, name, planned, statuses, records):
        """Each instant of the plan up to the stop stands in one record, and no other does."""
        end = self.fence(name, statuses)
        if end is None:
            return self.lost(f"{name} was to be stopped in the end and is not")
        first, at = planned.start, instant(statuses[0]["at"])
        if statuses[0]["to"] != "scheduled" and at >= first:
            first += (at - first) // planned.every * planned.every + planned.every
        wanted = range(first, end + 1, planned.every)
        self.occurrences += len(wanted)
        covered = {}
        for send in records:
            due = instant(send["due"])
            last = instant(send["nominal_last"] + "Z") if send["nominal_last"] else due
            instants = range(due, last + 1, planned.every)
            if send["nominal_last"] and send["count"] != len(instants):
                self.wrong(f"{send['key']} stands for {len(instants)} and says {send['count']}")
            for one in instants:
                covered.setdefault(one, []).append(send["key"])
        for one in wanted:
            if one not in covered:
                self.lost(f"{name}: due {one}, and no record")
        for one, keys in covered.items():
            if len(keys) > 1:
                self.repeated(f"{name}: {one} is recorded {len(keys)} times: {keys}")
            if one not in wanted:
                self.wrong(f"{name}: {keys[0]} stands for {one}, which is not in its plan")

    def judge_asked(self):
        answered = set()
        for request in self.evidence.asked:
            word = "trigger" if request["verb"] == "trigger" else "now"
            found = [send["key"] for send in self.by_campaign.get(request["name"], [])
                     if send["key"].endswith(f"/{word}/{request['request']}")]
            if request["refused"]:
                if found:
                    self.wrong(f"{request['name']}: {request['request']} was refused and has the record {found[0]}")
                continue
            self.occurrences += 1
            answered.add(request["key"])
            if request["key"] not in self.sends:
                self.lost(f"{request['name']}: {request['request']} was answered with {request['key']}; no record")
            if found != [request["key"]]:
                self.wrong(f"{request['name']}: {request['request']} has the records {found}")
        for key in self.sends:
            if asked_for(key) and key not in answered:
                self.wrong(f"{key} was asked for by nobody")

    # --- one record ---

    def judge_final(self, send):
        key, state = send["key"], send["state"]
        if state in OPEN:
            return self.lost(f"{key} is {state} in the end")
        if state != "sent" and not send["reason"]:
            self.lost(f"{key} is {state} and nobody knows why")
        events = self.events.get(key, [])
        ended = [event["text"].partition(":")[0] for event in events if event["kind"] == "ended"]
        again = sum(event["kind"] == "retried" for event in events)
        if not ended:
            self.lost(f"{key} is {state} and the history tells of no end")
        elif ended[-1] != state:
            self.wrong(f"{key} is {state} and the history says {ended[-1]}")
        if len(ended) > again + 1:
            self.repeated(f"{key} ended {len(ended)} times in the history and was tried again {again} times")

    def judge_outcome(self, send):
        key, state, number = send["key"], send["state"], send["attempts"]
        planned = self.evidence.plan[send["campaign"]]
        begun = [attempt for of, attempt in self.begins if of == key]
        for attempt in begun:
            if attempt > number:
                self.wrong(f"{key}: attempt {attempt} began at the surface, the ledger knows of {number}")
        statuses = [line["status"] for line in self.ends.get((key, number), [])]
        hit = (key, number) in self.evidence.hits
        if state == "sent" and statuses != ["0"]:
            self.wrong(f"{key} is sent; its surface ended with {statuses}")
        if state == "failed" and (not statuses or statuses[0] not in ("75", "69")):
            self.wrong(f"{key} failed; its surface ended with {statuses}")
        if state == "interrupted" and not hit and statuses != ["signal"]:
            self.wrong(f"{key} is interrupted; nothing killed it and its surface ended with {statuses}")
        if state == "cancelled":
            self.judge_cancelled(send, statuses)
        if state in UNBEGUN:
            if begun:
                self.wrong(f"{key} is {state} and began at the surface")
            held = planned.pausable or planned.overlap != "allow"
            if (state == "skipped" and not held) or (state == "missed" and planned.kind != "recurring"):
                self.lost(f"{key} is {state} without a cause: {send['reason']}")
        if state == "missed" and send["reason"] != CAUGHT_UP:
            self.lost(f"{key} is missed although it was in time: {send['reason']}")

    def judge_cancelled(self, send, statuses):
        key = send["key"]
        if key in self.evidence.cancels:
            return
        if send["campaign"] not in self.evidence.stops:
            return self.wrong(f"{key} is cancelled by nobody")
        # A stop ends nothing that runs: it is before its hand-over, or between two attempts.
        waited = statuses in (["75"], ["signal"]) or (key, send["attempts"]) in self.evidence.hits
        if (key, send["attempts"]) in self.begins and not waited:
            self.wrong(f"{key} is cancelled by a stop; its surface began and ended with {statuses}")

    def judge_attempts(self, send):
        key, planned = send["key"], self.evidence.plan[send["campaign"]]
        events = self.events.get(key, [])
        again = sum(event["kind"] == "retried" for event in events)
        if send["attempts"] > 1 + planned.retries + again:
            self.repeated(f"{key} had {send['attempts']} attempts with {planned.retries} retries, {again} by a person")
        starts = [event["text"] for event in events if event["kind"] == "started"]
        if len(starts) > len(set(starts)):
            self.repeated(f"{key} started twice in the history: {starts}")
        if sum(event["kind"] == "claimed" for event in events) > 1:
            self.repeated(f"{key} was claimed twice")
        sent = [event["seq"] for event in events if event["kind"] == "ended" and event["text"] == "sent"]
        if sent and any(event["seq"] > sent[0] and event["kind"] in OF_A_SEND for event in events):
            self.repeated(f"{key} went on after it was sent")

    # --- the surfaces ---

    def judge_begins(self):
        for (key, attempt), lines in self.begins.items():
            if len(lines) > 1:
                self.repeated(f"{key}: its surface began {len(lines)} times for attempt {attempt}")
            if key not in self.sends:
                self.wrong(f"{key} began at the surface and has no record")
            elif lines[0]["at"] < instant(self.sends[key]["due"]):
                self.wrong(f"{key} began before its instant")
            for before in range(1, attempt):
                done = [line["status"] for line in self.ends.get((key, before), [])] == ["0"]
                # One that was killed, or told to end, just as it was done is not known to be.
                if done and (key, before) not in self.evidence.hits and key not in self.evidence.cancels:
                    self.repeated(f"{key}: attempt {attempt} began after attempt {before} had done it")

    def judge_stops(self):
        for name, size in self.evidence.stops.items():
            events = self.told.get(name, [])
            stopped = [event["seq"] for event in events if event["to"] == "stopped"]
            if not stopped:
                self.wrong(f"{name} was answered that it is stopped; the history does not tell")
                continue
            for event in events:
                if event["seq"] > stopped[0] and event["kind"] in NEVER_AFTER_STOP:
                    self.wrong(f"{name}: {event['kind']} of {event['key']} after its stop")
            accepted = {(event["key"], number_of(event)) for event in events if event["seq"] < stopped[0]}
            for line in self.evidence.record:
                if line["offset"] < size or line["word"] != "begin":
                    continue
                send = self.sends.get(line["key"])
                known = {(line["key"], line["attempt"]), (line["key"], None)}
                if send and send["campaign"] == name and not known & accepted:
                    self.wrong(f"{line['key']}: attempt {line['attempt']} began after the answer to the stop of {name}")

    # --- the journal ---

    def judge_journal(self):
        """All of the history, in order, each once. After a kill the next daemon may begin a little before its end."""
        events = {event["seq"]: event for event in self.evidence.events}
        last, seen, before = max(events, default=0), 0, None
        for entry in self.evidence.journal:
            number, life = entry["seq"], entry["life"]
            if number > last:
                continue
            follows = number == seen + 1
            if not follows and before and life != before[0]:
                follows = number <= seen and before[0] in self.evidence.killed_daemons
            elif not follows and before:
                follows = number == before[1] + 1
            if not follows:
                self.wrong(f"the journal has event {number} after {before}, told so far {seen}")
            event = events.get(number)
            if event is None or (event["key"], event["campaign"]) != (entry["key"], entry["campaign"]):
                self.wrong(f"the journal's {entry} is not what the history has: {event}")
            seen, before = max(seen, number), (life, number)
        told = {entry["seq"] for entry in self.evidence.journal}
        for number in sorted(set(events) - told):
            self.wrong(f"event {number} is not in the journal: {events[number]}")


def asked_for(key):
    return key.split("/")[1] in ("now", "trigger")


def number_of(event):
    """The attempt that a `started` tells; None for the end of one, whichever it was."""
    found = re.fullmatch(r"attempt (\d+) started", event["text"])
    if found:
        return int(found[1])
    return None if event["kind"] == "ended" else 0


def counts(findings):
    return {word: sum(found == word for found, _ in findings) for word in ("lost", "repeated", "wrong")}
