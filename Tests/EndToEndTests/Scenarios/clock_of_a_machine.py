"""A machine whose clock is wrong: 1970 at boot, a saved date, steps forward and back by seconds, hours and days.
Nothing is sent twice, nothing is missed but what was late by the clock that was believed, each step is told once with
its size, and while nobody can believe the clock nothing fires, commands work, and `status --check` says so.
"""

import re

from campaigns import expect
from machine import SENDER_STATE, install, journal, live, run
from machine_clock import MachineClock

SERVICE = "campaignd.service"
CLOCK_JUMPED, ALERT_RAISED, ALERT_CLEARED = (
    "4d349b5c3ec841feba03dff6f2c42d96", "6dcf60ca77884c2bad896692ca4dd824", "e7ea16ef62be41d0bf083a823cbffb17")
SURFACE = f'#!/bin/sh\necho "$OCCURRENCE_KEY" >>{SENDER_STATE}/surface.log\n'

campaignctl = install(SURFACE, "tick_interval: 100ms\n")
run("systemctl", "stop", SERVICE)
run("install", "-o", "campaign-send", "/dev/null", f"{SENDER_STATE}/surface.log")
after = run("systemctl", "show", "--property=After", "--value", SERVICE).split()
expect("time-set.target" in after, f"it is started once the clock was set: {after}")


def mark():
    return campaignctl.story(campaignctl.one("log", "--limit", "1")["seq"])


def step(text):
    """Sets the clock of the running daemon, which tells by how much; answers the story from then on."""
    begin = campaignctl.one("log", "--limit", "1")["seq"]
    story = campaignctl.story(begin)
    jump = clock.set(text)
    told = story.until("clock-jumped")["text"]
    size = int(re.fullmatch(rf"the clock was set {'forward' if jump > 0 else 'back'} by (\d+) s", told)[1])
    # The wall clock's reading drops its fraction.
    # Whole seconds, and the two looks at the clock may lie apart on a machine that has much to do.
    expect(abs(size - abs(jump)) <= 5, f"{text}: {told}, not {jump} s")
    steps.append(told)
    return campaignctl.story(begin)


def boot(text):
    """The machine is off until then."""
    story = mark()
    run("systemctl", "stop", SERVICE)
    clock.set(text)
    run("systemctl", "start", SERVICE)
    return story


def checked(status):
    done = campaignctl.run("status", "--check")
    expect(done.returncode == status, f"status --check: {done}")


def suspected(story):
    """Nothing fires by such a clock, and the commands work."""
    told = story.until("alert-raised", campaign=None)
    expect(told["text"].startswith("clock-suspect: the clock reads "), told)
    checked(1)
    before = told_of("steady")
    expect(campaignctl.one("tag", "steady", "--add", "seen")["tags"] == ["seen"], "commands work")
    refused = campaignctl.run("send-now", "steady", "--json")
    expect(refused.returncode == 1 and '"Held"' in refused.stdout, refused)
    turns()
    expect(told_of("steady") == before, f"nothing is decided: {told_of('steady')}")


def believed(story):
    expect(story.until("alert-cleared", campaign=None)["text"] == "clock-suspect is over", "nothing else is over")


def turns():
    """Returns after some turns of the scheduler: each answer of the daemon is given between two of them."""
    for _ in range(5):
        campaignctl.one("status")


def told_of(name):
    """Each of its sends, the oldest first: when, how it ended, and how many a summary stands for."""
    return [(send["due"], send["state"], send["count"]) for send in reversed(campaignctl("sends", name))]


steps = []
sent = []


def expect_sent(story, *dues):
    for due in dues:
        # Those that were missed have ended, too.
        while not story.until("ended", campaign="steady")["key"].endswith(f"/{due}"):
            pass
        sent.append(due)
    turns()
    found = [due for due, state, _ in told_of("steady") if state == "sent"]
    expect(found == sent, f"sent: {found}, not {sent}")


# --- the first boot, in 1970 ---

clock = MachineClock("1970-01-01 00:00:10")
run("systemctl", "restart", SERVICE)
checked(1)
alert, = campaignctl("alerts")
expect(alert["code"] == "clock-suspect" and "1970-01-01T00:00:1" in alert["text"], alert)
hourly = {"start": "2027-03-01T09:00", "rrule": "FREQ=HOURLY"}
for name, schedule in (("steady", hourly), ("once", {"start": "2027-03-01T09:30"}),
                       ("dropped", {"start": "2027-03-01T13:00"})):
    expect(live(campaignctl, name, schedule)["status"] == "scheduled", f"{name} is planned in 1970 as well")
believed(step("2027-03-01 08:59:30"))
checked(0)

# --- steps by seconds ---

expect_sent(step("2027-03-01 09:00:02"), "2027-03-01T09:00:00Z")
for text in ("2027-03-01 08:59:30", "2027-03-01 09:00:30", "2027-03-01 09:00:25"):
    step(text)
    expect_sent(mark())
checked(0)

# --- by hours: the newest one is caught up, the ones before and what is too late are missed ---

expect_sent(step("2027-03-01 12:10:00"), "2027-03-01T12:00:00Z")
expect(told_of("steady")[1] == ("2027-03-01T10:00:00Z", "missed", 2), told_of("steady"))
expect(told_of("once") == [("2027-03-01T09:30:00Z", "missed", None)], told_of("once"))
checked(1)
campaignctl("ack", "steady", "once")
checked(0)
# Back by less than is tolerated: nothing comes again.
step("2027-03-01 11:20:00")
expect_sent(mark())
checked(0)
suspected(step("2027-03-01 09:10:00"))
expect(campaignctl.one("stop", "dropped", "--yes")["status"] == "stopped", "a stop as well")
believed(step("2027-03-01 12:58:00"))
checked(0)
expect_sent(step("2027-03-01 13:00:00"), "2027-03-01T13:00:00Z")

# --- by days; one that was too far ahead is not believed when it is back, also over a boot ---

expect_sent(step("2027-03-03 13:05:00"), "2027-03-03T13:00:00Z")
expect(told_of("steady")[-2] == ("2027-03-01T14:00:00Z", "missed", 47), told_of("steady"))
campaignctl("ack", "steady")
suspected(step("2027-03-01 13:10:00"))
boot("2027-03-01 13:20:00")
checked(1)
believed(step("2027-03-03 13:58:00"))
checked(0)
expect_sent(step("2027-03-03 14:00:01"), "2027-03-03T14:00:00Z")

# --- a boot in 1970 with something due since: it waits for the clock, and goes out ---

story = boot("1970-01-01 00:00:10")
suspected(story)
believed(step("2027-03-03 15:20:00"))
expect_sent(story, "2027-03-03T15:00:00Z")
checked(0)

# --- a saved date: the clock of a shutdown, or of some time before it, until it is set ---

boot("2027-03-03 15:00:00")
checked(0)
expect_sent(mark())
expect_sent(step("2027-03-03 16:30:00"), "2027-03-03T16:00:00Z")
boot("2027-03-03 16:31:00")
checked(0)
expect_sent(step("2027-03-05 16:30:00"), "2027-03-05T16:00:00Z")
expect(told_of("steady")[-2] == ("2027-03-03T17:00:00Z", "missed", 47), told_of("steady"))
campaignctl("ack", "steady")
checked(0)

# --- all of it together ---

with open(f"{SENDER_STATE}/surface.log") as file:
    log = file.read().split()
keys = [send["key"] for send in reversed(campaignctl("sends", "steady")) if send["state"] == "sent"]
expect(log == keys, f"each was started once: {log}, not {keys}")
alerts = [(entry["MESSAGE_ID"] == ALERT_RAISED, entry["MESSAGE"].split(": ")[0]) for entry in journal(
    "-u", SERVICE, "ALERT_CODE=clock-suspect")]
raised, cleared = (True, "clock-suspect"), (False, "clock-suspect is over")
expect(alerts == [raised, cleared] * 4, f"raised and over, each once: {alerts}")
jumps = [entry["MESSAGE"] for entry in journal("-u", SERVICE, f"MESSAGE_ID={CLOCK_JUMPED}")]
expect(jumps == steps, f"the journal has {jumps}, not {steps}")
print(f"{len(steps)} steps of the clock, {len(keys)} sends")
