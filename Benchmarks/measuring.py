"""What the parts of the benchmarks share: where things lie, what a run was measured with, and how figures are shown."""

import datetime
import json
import math
import os
import statistics
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCENARIOS = f"{ROOT}/Tests/EndToEndTests/Scenarios"
# What may be kept from one run to the next, outside what is committed.
BUILD = f"{ROOT}/Benchmarks/.build"


def install(*packages):
    subprocess.run([f"{ROOT}/config/install-packages", *packages], check=True)


def interpreter():
    """A Python with the peers of requirements.txt."""
    subprocess.run([f"{ROOT}/Benchmarks/make-venv"], check=True)
    return f"{BUILD}/venv/bin/python3"


def processor():
    with open("/proc/cpuinfo") as file:
        name = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    return f"{name}, {os.cpu_count()} cores"


def system():
    with open("/etc/os-release") as file:
        name = next(line.split("=")[1].strip().strip('"') for line in file if line.startswith("PRETTY_NAME"))
    return f"{name}, kernel {os.uname().release}"


def load():
    return "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())


def settings(**more):
    """Printed, and answered as the first line of the results."""
    now = datetime.datetime.now(datetime.timezone.utc)
    found = {"date": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "processor": processor(), "system": system(),
             "load before": load(), **more}
    for name, value in found.items():
        print(f"{name}: {value}")
    return {"kind": "settings", **found}


def spread(values, form="{:.1f}", unit=""):
    """The median (min–max) of the rounds."""
    show = form.format
    return f"{show(statistics.median(values))}{unit} ({show(min(values))}–{show(max(values))})"


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def exponent(sizes, values):
    """How values grow with sizes: the slope of the line through their logarithms. 0: not at all, 1: in proportion."""
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(value) for value in values]).slope


def table(head, *rows):
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip(), flush=True)


def write_results(name, lines):
    os.makedirs(f"{ROOT}/Benchmarks/results", exist_ok=True)
    with open(f"{ROOT}/Benchmarks/results/{name}.jsonl", "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def judged(goals):
    """Prints each goal, (what, whether it is reached), and answers the exit status."""
    print()
    for what, is_reached in goals:
        print(f"{'reached' if is_reached else 'MISSED '}  {what}")
    return 0 if all(is_reached for _, is_reached in goals) else 1
