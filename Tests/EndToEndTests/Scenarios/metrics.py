"""What campaignctl metrics tells is true, and is read by readers that are not ours: prometheus_client's two parsers,
Prometheus' promtool, and node_exporter's textfile collector.

usage: metrics.py DIRECTORY_OF_THE_PROGRAMS [WALK]
"""

import os
import stat
import subprocess
import urllib.request

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from campaigns import PATIENCE, expect, write
from desk import play
from prometheus import PROGRAMS, PROJECT, promtool


class Metrics:
    """The samples of a text, by name and labels; the reader has judged its form."""

    def __init__(self, families):
        self.families = {family.name: family for family in families}
        self.samples = {(sample.name, frozenset(sample.labels.items())): sample.value
                        for family in self.families.values() for sample in family.samples}

    def __call__(self, name, **labels):
        return self.samples.get((f"campaignd_{name}", frozenset(labels.items())))

    def of(self, name):
        """All samples of a name that are not zero, by the values of their labels."""
        found = {tuple(sorted(dict(labels).values())): value
                 for (sample, labels), value in self.samples.items() if sample == f"campaignd_{name}" and value}
        return {key[0] if len(key) == 1 else key: value for key, value in found.items()}


def read(desk):
    text = desk.text("metrics")
    expect(text.endswith("# EOF\n"), text[-100:])
    metrics = Metrics(openmetrics_parser.text_string_to_metric_families(text))
    for family in metrics.families.values():
        expect(family.documentation and family.name.startswith("campaignd_"), family)
    return metrics


def truth(desk):
    """Numbers follow what happens."""
    idle = read(desk)
    expect(idle("build_info", version=desk.campaignctl.one("status")["version"]) == 1, "its release")
    expect(idle.of("campaigns") == idle.of("sends_ended_total") == idle.of("alerts") == {}, "nothing yet")
    expect(idle("sends_ended_total", outcome="missed") == 0, "a series begins before the first of its kind")
    expect(idle("lateness_seconds_count", step="claim") == 0 and idle("next_due_timestamp_seconds") is None, "nothing due")
    expect(idle("sends_under_way_limit") == 100, "max_concurrent")
    late(desk)
    failed(desk)
    to_come(desk)
    refused(desk)
    counted(desk, idle)


def late(desk):
    """A send that is claimed 20 seconds late."""
    desk.live(late={"start": "2026-01-01T09:00", "timezone": "UTC"})
    planned = read(desk)
    expect(planned.of("campaigns") == {"scheduled": 1}, planned.of("campaigns"))
    expect(planned("next_due_timestamp_seconds") == 1767258000, planned("next_due_timestamp_seconds"))
    desk.hold("late")
    desk.at("2026-01-01 09:00:20")
    desk.until("started", "late")
    running = read(desk)
    expect(running.of("sends_open") == {"running": 1} and running("sends_under_way") == 1, running.of("sends_open"))
    for step in ("claim", "hand-over"):
        within = {bound: running("lateness_seconds_bucket", step=step, le=bound) for bound in ("15.0", "60.0", "+Inf")}
        expect(within == {"15.0": 0, "60.0": 1, "+Inf": 1}, f"{step}: {within}")
        expect(20 <= running("lateness_seconds_sum", step=step) < 60, running("lateness_seconds_sum", step=step))
    desk.answer("late")
    desk.until("ended", "late")
    expect(read(desk).of("sends_ended_total") == {"sent": 1}, read(desk).of("sends_ended_total"))


def failed(desk):
    """One that fails, and one alert of it; one that is tried once more is not late again."""
    desk.mark()
    send = desk.campaignctl.one("send-now", "late", "--again")
    desk.answer("late", 69)
    desk.until("ended", "late")
    metrics = read(desk)
    expect(metrics.of("sends_ended_total") == {"sent": 1, "failed": 1}, metrics.of("sends_ended_total"))
    expect(metrics("alerts", code="send-failed", severity="error") == 1, metrics.of("alerts"))
    expect(desk.campaignctl.run("status", "--check").returncode == 1, "an error")
    begun = metrics("lateness_seconds_count", step="hand-over")
    expect(begun == metrics("lateness_seconds_count", step="claim") == 2, begun)
    desk.mark()
    desk.campaignctl.one("retry", send["key"])
    desk.answer("late")
    desk.until("ended", "late")
    desk.campaignctl.one("ack", "late")
    after = read(desk)
    expect(after("lateness_seconds_count", step="hand-over") == begun, "its first hand-over counts")
    expect(after.of("sends_ended_total") == {"sent": 2, "failed": 1}, after.of("sends_ended_total"))
    expect(after("alerts", code="send-failed", severity="error") == 0, after.of("alerts"))


def to_come(desk):
    """A trigger whose time comes while the daemon is off, and occurrences that are missed."""
    desk.live(welcome={"type": "triggered", "start": None},
              daily={"start": "2026-01-01T12:00", "every": "day", "timezone": "UTC", "late_limit": "5m"})
    desk.campaignctl.one("trigger", "welcome", "--at", "2026-01-02T12:00")
    metrics = read(desk)
    expect(metrics("triggers_pending") == 1 and metrics.of("sends_open") == {}, metrics.of("sends_open"))
    desk.restart_at("2026-01-06 11:00:00")
    desk.until("ended", "welcome", "daily")
    metrics = read(desk)
    ended = metrics.of("sends_ended_total")
    expect(ended["missed"] == 6 and metrics("triggers_pending") == 0, f"five of a day, and the trigger: {ended}")


def refused(desk):
    settings = f"{desk.folder}/config/campaignd.yaml"
    with open(settings) as file:
        text = file.read()
    write(settings, "retries: often\n")
    desk.daemon.reload()
    expect(read(desk)("configuration_refused") == 1, "the old one stays")
    write(settings, text)
    desk.daemon.reload()
    expect(read(desk)("configuration_refused") == 0, "the new one is in force")


def counted(desk, idle):
    metrics = read(desk)
    expect(metrics("ticks_total") == metrics("tick_duration_seconds_count") > 0, metrics("ticks_total"))
    expect(0 < metrics("tick_duration_seconds_sum") < PATIENCE, metrics("tick_duration_seconds_sum"))
    expect(metrics("tick_failures_total") == 0, "none failed")
    size = sum(os.stat(f"{desk.folder}/state/ledger.sqlite{end}").st_size for end in ("", "-wal"))
    expect(metrics("ledger_size_bytes") == size > 0, f"{metrics('ledger_size_bytes')} {size}")
    room = os.statvfs(f"{desk.folder}/state")
    expect(metrics("ledger_free_bytes") > 0.5 * room.f_bavail * room.f_frsize, metrics("ledger_free_bytes"))
    while read(desk)("events_undelivered") != 0:
        desk.daemon.until("WATCHDOG=1")
    expect(metrics("start_time_seconds") > idle("start_time_seconds"), "it was restarted")
    expect(metrics("events_delivered_total") > 0, "its own start, for one")
    told = {line["name"]: line for line in desk.campaignctl("metrics")}
    expect(set(told) == set(metrics.families), set(told) ^ set(metrics.families))
    kinds = {name: family["kind"] for name, family in told.items()}
    expect(kinds == {name: family.type for name, family in metrics.families.items()}, kinds)


def file(desk):
    """The file is whole at any time, and is left alone where there is nothing new."""
    path = f"{desk.folder}/prom/campaignd.prom"
    os.mkdir(f"{desk.folder}/prom")
    expect(desk.text("metrics", "--output", path) == "", "the file has it")
    with open(path) as old:
        expect(desk.text("metrics", "--output", path) == "", "once more")
        before = old.read()
        with open(path) as new:
            expect(os.fstat(new.fileno()).st_ino != os.fstat(old.fileno()).st_ino and before, "another one")
    expect(os.listdir(f"{desk.folder}/prom") == ["campaignd.prom"], "nothing beside it")
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o644, "everybody may read it")
    with open(path) as found:
        text = found.read()
    families = {family.name: family for family in parser.text_string_to_metric_families(text)}
    expect(families["campaignd_build_info"].type == "gauge", families["campaignd_build_info"])
    expect(families["campaignd_ticks"].type == "counter", "as its parser calls it")
    expect("# UNIT" not in text and "# EOF" not in text, "nothing that the older format does not know")
    expect(desk.text("metrics", "--format", "prometheus").count("\n") == text.count("\n"), "the same on standard output")
    expect("# EOF" in desk.text("metrics", "--format", "openmetrics"), "as asked for")
    missing = desk.campaignctl.run("metrics", "--output", f"{desk.folder}/nowhere/campaignd.prom")
    expect(missing.returncode == 1 and "can't be written: No such file" in missing.stderr, missing)
    expect(desk.campaignctl.run("metrics", "--json", "--output", path).returncode == 2, "one or the other")
    with open(path) as found:
        kept = found.read()
    desk.daemon.stop()
    expect(desk.campaignctl.run("metrics", "--output", path).returncode == 4, "nobody answers")
    with open(path) as found:
        expect(found.read() == kept, "its age tells that it is old")
    desk.start()


def checked(desk):
    """The plugin for Nagios tells by its exit status how it is: well, a warning, an error, and nobody there."""
    plugin = f"{PROJECT}/config/monitoring/check_campaignd"
    environment = {**desk.campaignctl.environment, "PATH": f"{desk.daemon.programs}:{os.environ['PATH']}"}

    def check(status, word):
        done = subprocess.run([plugin], env=environment, capture_output=True, text=True, timeout=PATIENCE)
        expect(done.returncode == status and done.stdout.startswith(f"{word}: ") and done.stdout.count("\n") == 1
               and "|" not in done.stdout and not done.stderr, f"{word}: {done}")
        return done.stdout

    check(0, "OK")
    desk.hold("endless")
    desk.live(endless={"start": "2026-01-01T07:00", "every": "day", "timezone": "UTC"})
    expect("no-end" in check(1, "WARNING"), "a campaign without an end")
    desk.at("2026-01-01 07:00:00")
    desk.answer("endless", 69)
    desk.until("ended", "endless")
    told = check(2, "CRITICAL")
    expect("send-failed" in told and "no-end" not in told, told)
    desk.daemon.stop()
    check(2, "CRITICAL")
    desk.start()


def judged(desk):
    """promtool finds nothing to lint, and node_exporter tells all of it with its own."""
    desk.live(now={"start": "now", "timezone": "UTC"})
    desk.until("ended", "now")
    promtool("check", "metrics", text=desk.text("metrics", "--format", "prometheus"))
    os.mkdir(f"{desk.folder}/prom")
    desk.text("metrics", "--output", f"{desk.folder}/prom/campaignd.prom")
    exporter = subprocess.Popen(
        [f"{PROGRAMS}/prometheus-node-exporter", "--web.listen-address=127.0.0.1:0", "--collector.disable-defaults",
         "--collector.textfile", f"--collector.textfile.directory={desk.folder}/prom"],
        stderr=subprocess.PIPE, text=True)
    try:
        address = listening(exporter)
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=PATIENCE) as answer:
            told = Metrics(parser.text_string_to_metric_families(answer.read().decode()))
    finally:
        exporter.kill()
        exporter.communicate()
    expect(told.samples[("node_textfile_scrape_error", frozenset())] == 0, "it could read the file")
    expect(told("sends_ended_total", outcome="sent") == 1, told.of("sends_ended_total"))
    expect(told("lateness_seconds_bucket", step="claim", le="+Inf") == 1, told.of("lateness_seconds_bucket"))
    with open(f"{desk.folder}/prom/campaignd.prom") as found:
        own = Metrics(parser.text_string_to_metric_families(found.read()))
    lost = {name for name, _ in own.samples} - {name for name, _ in told.samples}
    expect(not lost, f"node_exporter does not tell {lost}")
    for family in own.families.values():
        expect(told.families[family.name].type == family.type, f"{family.name}: {told.families[family.name].type}")


def listening(exporter):
    """Where it listens, as it says itself."""
    for line in exporter.stderr:
        if "address=127.0.0.1:" in line:
            return line.split("address=")[1].split()[0]
    return expect(False, "node_exporter ended")


if __name__ == "__main__":
    play(truth=truth, file=file, checked=checked, judged=judged)
