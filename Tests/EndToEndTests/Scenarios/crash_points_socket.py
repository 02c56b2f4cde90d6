"""Daemon and sender, each ended with SIGKILL at every named point, as units under systemd (--launcher socket)."""

import os

import crashes
import machine
from campaigns import expect, write


class Bench:
    folder = "/root/campaigns"

    def __init__(self):
        log = f"{machine.SENDER_STATE}/surface.log"
        write("/usr/local/lib/with-fault", crashes.WITH_FAULT, 0o755)
        self.campaignctl = machine.install(crashes.surface(log))
        write(log, "", 0o666)
        # The daemon's sandbox runs no program but the daemon.
        machine.drop_in("campaignd.service", "\n".join([
            "[Service]", "RestartSec=100ms", "NoExecPaths=", "ExecStart=",
            "ExecStart=/usr/local/lib/with-fault /var/lib/campaignd/fault /usr/bin/campaignd --launcher socket", ""]))
        machine.drop_in("campaign-send@.service", "\n".join([
            "[Service]", "ExecStart=",
            f"ExecStart=/usr/local/lib/with-fault {machine.SENDER_STATE}/fault /usr/bin/campaign-send", ""]))
        # Thirteen crashes in a row are many for one unit.
        machine.drop_in("campaignd.service", open("/etc/systemd/system/campaignd.service.d/test.conf").read()
                        + "[Unit]\nStartLimitIntervalSec=0\n")

    def arm(self, program, fault):
        state = "/var/lib/campaignd" if program == "campaignd" else machine.SENDER_STATE
        write(f"{state}/fault", fault)
        if program == "campaignd":
            machine.run("systemctl", "restart", "campaignd.service")

    def see_it_die(self, program):
        """systemd brings the daemon back by itself; who asks meanwhile waits in its socket."""

    def surface_log(self):
        return machine.surface_log()


bench = Bench()
crashes.walk(bench)
kills = [entry for entry in machine.journal("-u", "campaignd", "--grep=status=9/KILL")]
expect(len(kills) == 7, f"the daemon was ended at each of its points: {len(kills)} times")
