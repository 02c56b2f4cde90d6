"""An alert as everybody meets it: beside the status in the list, on the campaign's page, in `alerts` and in the log."""

from campaigns import expect
from wire import Wire


def codes(alerts):
    return sorted(alert["code"] for alert in alerts)


def stands(desk, name, code, severity="error", field=None, text="", beside=()):
    """That alert stands on that campaign, with those others alone beside it, and is told everywhere; answers it."""
    case = f"{name}: {code}"
    shown = everywhere(desk, name)
    expect(codes(shown) == sorted((code, *beside)), f"{case}: {shown}")
    alert = next(alert for alert in shown if alert["code"] == code)
    expect((alert["severity"], alert["field"], alert["campaign"]) == (severity, field, name), f"{case}: {alert}")
    expect(text in alert["text"], f"{case}: {alert}")
    told = history(desk, name, code)[-1]
    expect((told["kind"], told["at"]) == ("alert-raised", alert["since"]), f"{case}: {told} {alert}")
    expect(told["text"].startswith(f"{code}: "), f"{case}: {told}")
    return alert


def gone(desk, name, code, beside=()):
    """It has ended, those others stand, and the history says so; answers that line."""
    shown = everywhere(desk, name)
    expect(codes(shown) == sorted(beside), f"{name}: {code} is over: {shown}")
    told = history(desk, name, code)[-1]
    expect((told["kind"], told["text"]) == ("alert-cleared", f"{code} is over"), f"{name}: {told}")
    return told


def everywhere(desk, name):
    """The campaign's alerts: what the list marks, and what its steps tell of it, to programs and to people."""
    with Wire(desk.daemon.socket) as call:
        shown = call("Show", name=name)["campaign"]["alerts"]
        listed = call("List", all=True, search=name, limit=500)["campaigns"]
        asked = call("Alerts", campaign=name, limit=500)["alerts"]
        all_alerts = call("Alerts", limit=500)["alerts"]
    listed = next(campaign["alerts"] for campaign in listed if campaign["name"] == name)
    found = [alert for alert in all_alerts if alert["campaign"] == name]
    expect(listed == asked == found == shown, f"{name}: show {shown}, list {listed}, alerts {asked}, of all {found}")
    status = desk.table("--all", "--search", name)[name]["STATUS"]
    mark = f" ! {len(shown)}" if shown else ""
    expect(mark in status and ("!" in status) == bool(shown), f"{name}: {status}, not {mark}")
    page, table = desk.page(name).get("Alerts", ""), desk.text("alerts", name)
    for alert in shown:
        times = f" ({alert['count']} times)" if alert["count"] > 1 else ""
        told = f"{alert['severity']}: {alert['text']}{times} ({alert['code']}, since "
        expect(told in str(page), f"{name}: {page}, not {told}")
        expect(f"  {alert['code']}  " in table and alert["text"] in table, f"{name}: {table}")
    checked(desk, all_alerts)
    return shown


def checked(desk, all_alerts):
    """Any error is one for scripts."""
    grave = any(alert["severity"] == "error" for alert in all_alerts)
    status = desk.campaignctl.run("status", "--check").returncode
    expect(status == (1 if grave else 0), f"status --check: {status} with {all_alerts}")


def of_daemon(desk, code, text, severity="error"):
    """The daemon's own alert, which no campaign is marked for, and which comes first; answers it."""
    with Wire(desk.daemon.socket) as call:
        alerts = call("Status")["alerts"]
        all_alerts = call("Alerts", limit=500)["alerts"]
    expect(codes(alerts) == [code] and all_alerts[0] == alerts[0], f"{code}: {alerts} {all_alerts}")
    alert = alerts[0]
    expect((alert["severity"], alert["field"], alert["campaign"]) == (severity, None, None), alert)
    expect(text in alert["text"], f"{code}: {alert}")
    expect(f"{severity}: {alert['text']} ({code})" in desk.text("status"), desk.text("status"))
    expect(alert["text"] in desk.text("alerts").splitlines()[1], desk.text("alerts"))
    told = history(desk, None, code)[-1]
    expect((told["kind"], told["text"]) == ("alert-raised", f"{code}: {alert['text']}"), told)
    checked(desk, all_alerts)
    return alert


def daemon_is_well(desk, code):
    """The daemon's own alert has ended, and it has no other."""
    with Wire(desk.daemon.socket) as call:
        alerts = call("Status")["alerts"]
    expect(alerts == [], f"{code} is over: {alerts}")
    told = history(desk, None, code)[-1]
    expect((told["kind"], told["text"]) == ("alert-cleared", f"{code} is over"), told)


def history(desk, name, code):
    """What was told of such alerts of that campaign, or of the daemon."""
    with Wire(desk.daemon.socket) as call:
        events = call("Log", last=500, limit=500, **({"campaign": name} if name else {}))["events"]
    told = [event for event in events
            if event["campaign"] == name and event["kind"] in ("alert-raised", "alert-cleared")
            and event["text"].split(" ")[0].rstrip(":") == code]
    expect(told, f"nothing is told of {code} of {name}: {events}")
    return told


def found_by_check(desk, name, status, *wanted):
    """What the checks find, with the exit status; answers the alerts."""
    done = desk.campaignctl.run("check", name)
    with Wire(desk.daemon.socket) as call:
        found = call("Check", name=name)["alerts"]
    expect(codes(found) == sorted(wanted), f"check {name}: {found}, not {wanted}")
    expect(done.returncode == status, f"check {name}: {done}")
    for alert in found:
        expect(f"{name}: {alert['severity']}: {alert['text']} ({alert['code']}" in done.stdout, done)
    return found
