"""Prometheus' own programs, as `make test-setup` unpacks them."""

import os
import subprocess

from campaigns import PATIENCE, expect

PROJECT = os.path.abspath(f"{os.path.dirname(os.path.abspath(__file__))}/../../..")
PROGRAMS = f"{PROJECT}/.build/prometheus"
RULES = f"{PROJECT}/config/monitoring/campaignd.rules.yaml"


def promtool(*arguments, text=None):
    """It has nothing to say against it."""
    done = subprocess.run([f"{PROGRAMS}/promtool", *arguments], input=text, capture_output=True, text=True,
                          timeout=PATIENCE)
    expect(done.returncode == 0 and not done.stderr, f"promtool {' '.join(arguments)}: {done}")
    return done.stdout
