"""A zone database of the test's own, and how an administrator puts another in its place."""

import os
import subprocess

from campaigns import write


def database(folder, version, zone, offset):
    """One with a version, in which the zone has that offset the whole year."""
    path = f"{folder}/{version}"
    os.mkdir(path)
    write(f"{folder}/rules", f"Zone {zone} {offset} - XXT\nZone UTC 0 - UTC\n")
    subprocess.run(["/usr/sbin/zic", "-d", path, f"{folder}/rules"], check=True)
    write(f"{path}/+VERSION", version + "\n")
    return path


def install(folder, path):
    """It takes the place of the present one in one step, as an administrator's link does."""
    os.symlink(path, f"{folder}/zoneinfo.new")
    os.rename(f"{folder}/zoneinfo.new", f"{folder}/zoneinfo")
