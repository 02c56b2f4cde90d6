"""Each of the example rules of Prometheus fires for what it is about, and none of them for a daemon that is well: its
own promtool runs them over such series.

usage: prometheus_rules.py DIRECTORY_OF_THE_PROGRAMS
"""

import json
import re
import tempfile

from campaigns import expect, write
from prometheus import RULES, promtool

FILE = "/var/lib/prometheus/node-exporter/campaignd.prom"
# Series of a daemon that is well, a sample a minute; how they go is told as promtool has it: 0+3x90 is 0, 3, 6 …
WELL = {
    "mtime": (f'node_textfile_mtime_seconds{{instance="a",file="{FILE}"}}', "0+60x90"),
    "start": ('campaignd_start_time_seconds{instance="a"}', "100x90"),
    "failed": ('campaignd_alerts{instance="a",code="send-failed",severity="error"}', "0x90"),
    "endless": ('campaignd_alerts{instance="a",code="no-end",severity="warning"}', "0x90"),
    "begun": ('campaignd_lateness_seconds_count{instance="a",step="hand-over"}', "0+3x90"),
    "in time": ('campaignd_lateness_seconds_bucket{instance="a",step="hand-over",le="60"}', "0+3x90"),
    "queued": ('campaignd_sends_open{instance="a",state="queued"}', "0 3 0 4 0x86"),
    "ticks": ('campaignd_ticks_total{instance="a"}', "0+2x90"),
    "faults": ('campaignd_tick_failures_total{instance="a"}', "1x90"),
    "free": ('campaignd_ledger_free_bytes{instance="a"}', "9000000000x90"),
    "undelivered": ('campaignd_events_undelivered{instance="a"}', "5 0 7 0x87"),
    "refused": ('campaignd_configuration_refused{instance="a"}', "0x90"),
}
# What goes otherwise, the minute at which it is looked at, and the rules that fire then with their labels.
ILL = [
    ("nothing", {}, 80, {}),
    ("it ended, and its values stay", {"mtime": "0+60x10 600x80", "ticks": "0+2x10 20x80"}, 30,
     {"CampaigndMetricsStale": {"severity": "critical", "file": FILE}}),
    ("it restarts again and again", {"start": "100 200 300 400x87"}, 30,
     {"CampaigndRestarts": {"severity": "warning"}}),
    ("two sends failed, and a campaign has no end", {"failed": "0x9 2x80", "endless": "1x90"}, 70,
     {"CampaigndAlert": {"severity": "critical", "code": "send-failed"},
      "CampaigndWarning": {"severity": "info", "code": "no-end"}}),
    ("some begin late", {"in time": "0+3x20 60+2x70"}, 40, {"CampaigndSendsLate": {"severity": "warning"}}),
    ("the line only grows", {"queued": "1+2x90"}, 40, {"CampaigndQueueGrows": {"severity": "warning", "state": "queued"}}),
    ("it answers, and does not tick", {"ticks": "0+2x10 20x80"}, 30,
     {"CampaigndTicksStopped": {"severity": "critical"}}),
    ("its ticks fail", {"faults": "0+1x90"}, 40, {"CampaigndTicksFail": {"severity": "warning"}}),
    ("there is little room", {"free": "400000000x90"}, 40, {"CampaigndLedgerDiskFills": {"severity": "warning"}}),
    ("there is much room, and it goes", {"free": "9000000000-10000000x90"}, 60,
     {"CampaigndLedgerDiskFills": {"severity": "warning"}}),
    ("the journal takes nothing", {"undelivered": "0+3x90"}, 40, {"CampaigndJournalStuck": {"severity": "warning"}}),
    ("its new configuration is bad", {"refused": "0x9 1x80"}, 40,
     {"CampaigndConfigurationRefused": {"severity": "warning"}}),
]


def case(name, series, minute, fired, alerts):
    return {
        "name": name, "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in series],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": alert,
             "exp_alerts": [{"exp_labels": {"instance": "a", **fired[alert]}}] if alert in fired else []}
            for alert in alerts]}


with open(RULES) as file:
    rules = file.read()
promtool("check", "rules", "--lint-fatal", RULES)
alerts = re.findall(r"^ *- alert: (\w+)$", rules, re.MULTILINE)
expect({name for *_, fired in ILL for name in fired} == set(alerts), f"each rule has a case: {alerts}")
cases = []
for name, changed, minute, fired in ILL:
    series = [(series, changed.get(key, values)) for key, (series, values) in WELL.items()]
    cases.append(case(name, series, minute, fired, alerts))
    # As later releases of Prometheus name the bound.
    cases.append(case(f"{name}, 60.0", [(series.replace('"60"', '"60.0"'), values) for series, values in series],
                      minute, fired, alerts))
with tempfile.TemporaryDirectory() as folder:
    # Without the sentences for people, which would all have to stand here again.
    write(f"{folder}/rules.yaml", re.sub(r"^ *annotations:\n( {10}.*\n)+", "", rules, flags=re.MULTILINE))
    write(f"{folder}/test.yaml", json.dumps(
        {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": cases}))
    promtool("test", "rules", f"{folder}/test.yaml")
