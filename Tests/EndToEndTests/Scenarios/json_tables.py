"""docs/json.md as a program reads it: its tables, and whether what campaignctl prints is as they say.

A key of a table is to be seen with a value, and where it may be null also with null. A list counts as a value when it
is not empty.
"""

import json
import os
import re

from campaigns import expect

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs/json.md")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
PLAIN = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "instant": lambda value: isinstance(value, str) and INSTANT.fullmatch(value),
    "local time": lambda value: isinstance(value, str) and LOCAL_TIME.fullmatch(value),
    "anything": lambda value: True,
}
# The heads of the tables that are read.
KEYS, VERBS, ERRORS = ["key", "type", "meaning"], ["verb", "prints", "of"], ["error", "exit", "always", "at times"]
MEANINGS = ["error", "means"]
# What may stand beside the keys of any error, and which verbs say so.
BESIDE = {
    "name": {"show", "apply", "edit", "check", "retry", "activate", "unschedule", "modify", "discard", "stop", "pause",
             "resume", "archive", "unarchive", "delete", "tag", "cancel", "ack", "message publish"},
    "request_id": {"trigger", "send-now", "surface test"},
    "file": {"edit"},
}
# Objects that are seen in the examples of those that have them.
WITHIN_OTHERS = {
    "field", "header", "attachment", "open", "configuration", "refusal", "setting", "sample", "label", "forecast", "invalid"}


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


class Page:
    def __init__(self):
        # By the name of an object: its keys, each with its type and its meaning.
        self.objects = {}
        # By the heading of a section: the names of its objects.
        self.sections = {}
        # By the words of a verb: how many lines it prints, and of which objects.
        self.verbs = {}
        # By its word: exit status, keys that it always has, keys that it has at times.
        self.errors = {}
        self.explained = set()
        # The examples, each with the object that it stands below.
        self.examples = []
        # (object, key) of what was seen with a value, and with null.
        self.seen, self.seen_null = set(), set()
        self.asked, self.failed = set(), set()
        self.read()

    # --- the page ---

    def read(self):
        with open(PAGE) as page:
            lines = page.read().splitlines()
        section, heading, head, block = None, None, None, None
        for line in lines:
            if block is not None:
                if line == "```":
                    self.examples.append((heading, json.loads("\n".join(block))))
                    block = None
                else:
                    block.append(line)
            elif line == "```json":
                block = []
            elif line.startswith("#"):
                heading = line.lstrip("# ")
                if line.startswith("### "):
                    expect(heading not in self.objects, f"{heading} stands there twice")
                    self.objects[heading] = {}
                    self.sections.setdefault(section, set()).add(heading)
                else:
                    section = heading
            elif not line.startswith("|"):
                head = None
            else:
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if head is None:
                    head = cells
                elif set(cells[0]) != {"-"}:
                    self.row(heading, head, cells)

    def row(self, heading, head, cells):
        expect(len(cells) == len(head), f"a row of another table: {cells}")
        if head == KEYS:
            key = cells[0].strip("`")
            expect(key not in self.objects[heading], f"{heading}: {key} stands there twice")
            self.objects[heading][key] = (re.sub(r"\[(.*?)\]\(#(.*?)\)", r"\2", cells[1]), cells[2])
        elif head == VERBS:
            for verb in quoted(cells[0]):
                expect(verb not in self.verbs, f"{verb} stands there twice")
                self.verbs[verb] = (cells[1], re.findall(r"\(#(.*?)\)", cells[2]))
        elif head == ERRORS:
            self.errors[quoted(cells[0])[0]] = (int(cells[1]), set(quoted(cells[2])), set(quoted(cells[3])))
        elif head == MEANINGS:
            self.explained |= set(quoted(cells[0]))

    # --- what was printed ---

    def take(self, verb, lines, keys=None):
        """The lines that a verb printed are as its row says; `keys` where only these are asked for."""
        expect(verb in self.verbs, f"the page does not tell what {verb} prints")
        form, names = self.verbs[verb]
        self.asked.add(verb)
        expect(form != "one object" or len(lines) == 1, f"{verb} prints one object: {lines}")
        for line in lines:
            self.judge(verb, names, line, keys)

    def judge(self, place, names, found, keys=None):
        """An object has the keys of all these tables and no other, each with a value of its type."""
        expect(isinstance(found, dict), f"{place}: not an object: {found}")
        if names == ["recipient"]:
            return expect(found and all(isinstance(value, str) for value in found.values()), f"{place}: {found}")
        owners = {key: name for name in names for key in self.objects[name]}
        if names == ["answer"]:
            keys = {"id", "error"} if "error" in found else {"id", "occurrences", "exhausted"}
        wanted = set(owners) if keys is None else keys
        expect(set(found) == wanted, f"{place}: missing are {sorted(wanted - set(found))}, and nobody knows "
                                     f"{sorted(set(found) - wanted)}: {found}")
        for key, value in found.items():
            self.value(f"{place}: {key}", owners[key], key, value)

    def value(self, place, name, key, value):
        expect(key in self.objects[name], f"{place}: the page does not tell of it")
        kind, meaning = self.objects[name][key]
        if value is None and kind != "anything":
            expect(kind.endswith(" or null"), f"{place}: is null")
            return self.seen_null.add((name, key))
        kind = kind.removesuffix(" or null")
        self.typed(place, kind, meaning, value)
        if value != []:
            self.seen.add((name, key))

    def typed(self, place, kind, meaning, value):
        if kind.startswith("list of "):
            expect(isinstance(value, list), f"{place}: is no list: {value}")
            for item in value:
                self.typed(place, kind.removeprefix("list of "), meaning, item)
        elif kind == "word":
            expect(value in quoted(meaning), f"{place}: {value} is none of {quoted(meaning)}")
        elif kind in PLAIN:
            expect(PLAIN[kind](value), f"{place}: is not of type {kind}: {value!r}")
        else:
            expect(kind in self.objects, f"{place}: the page does not tell what {kind} is")
            self.judge(place, [kind], value)

    def take_error(self, verb, status, found):
        """An error that this verb printed, and how campaignctl ended."""
        word = found.get("error")
        expect(word in self.errors, f"{verb}: the page does not know this error: {found}")
        exit_status, always, at_times = self.errors[word]
        expect(status == exit_status, f"{verb}: {status} in place of {exit_status}: {found}")
        always = always | {"error", "text"}
        beside = {key for key, verbs in BESIDE.items() if verb in verbs}
        expect(always <= set(found) <= always | at_times | beside, f"{verb}: {sorted(set(found) ^ always)}: {found}")
        for key, value in found.items():
            self.value(f"{verb}: {word}: {key}", "error", key, value)
        if word == "Unreachable":
            expect(found["reason"] in quoted(self.objects["error"]["reason"][1]), found)
        self.failed.add(word)
        for key in set(found) & at_times:
            self.seen.add((word, key))

    # --- the end ---

    def finish_objects(self, *sections):
        """All that these sections tell of objects was seen, of each verb that prints them."""
        names = set().union(*[self.sections[section] for section in sections])
        wanted = {verb for verb, (_, of) in self.verbs.items() if of[0] in names}
        expect(wanted <= self.asked, f"not run: {wanted - self.asked}")
        self.finish_keys(names)

    def finish_page(self, verbs):
        """The page tells of all verbs of the program, and its examples are of its own objects."""
        first = {verb: next((known for known in verbs if f"{verb} ".startswith(f"{known} ")), None)
                 for verb in self.verbs}
        expect(None not in first.values(), f"verbs that are none: {first}")
        expect(set(first.values()) == set(verbs), f"verbs left out: {set(verbs) - set(first.values())}")
        bare = set(self.objects) - {heading for heading, _ in self.examples} - WITHIN_OTHERS
        expect(not bare, f"without an example: {bare}")
        for heading, example in self.examples:
            self.example(heading, example)

    def finish_errors(self, without=()):
        """The same of errors, but for those that can't be had."""
        expect(self.explained == set(self.errors), f"said once only: {self.explained ^ set(self.errors)}")
        told = {word: keys for word, keys in self.errors.items() if word not in without}
        expect(self.failed == set(told), f"not had: {set(told) - self.failed}")
        missing = {(word, key) for word, (_, _, at_times) in told.items() for key in at_times} - self.seen
        expect(not missing, f"never seen with it: {missing}")
        of_others = set().union(*[always for word, (_, always, _) in self.errors.items() if word in without])
        self.finish_keys({"error"}, of_others - set().union(*[always for _, always, _ in told.values()]))

    def finish_keys(self, names, but=()):
        keys = [(name, key, kind) for name in sorted(names) for key, (kind, _) in self.objects[name].items()
                if key not in but]
        unseen = [f"{name}: {key}" for name, key, _ in keys if (name, key) not in self.seen]
        expect(not unseen, f"never seen with a value: {unseen}")
        unseen = [f"{name}: {key}" for name, key, kind in keys
                  if kind.endswith(" or null") and (name, key) not in self.seen_null]
        expect(not unseen, f"never seen as null: {unseen}")

    def example(self, heading, example):
        """An example has the keys of its own table; what is seen there was not seen in a run."""
        seen, seen_null, failed = set(self.seen), set(self.seen_null), set(self.failed)
        if heading == "error":
            self.take_error("show", self.errors[example["error"]][0], example)
        else:
            self.judge(f"the example of {heading}", [heading], example)
        self.seen, self.seen_null, self.failed = seen, seen_null, failed
