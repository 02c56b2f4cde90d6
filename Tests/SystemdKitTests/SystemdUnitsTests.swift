import ProgramRun
import SystemdMachine
import Testing

/// The units of systemd/, with a stand-in for both programs.
@Suite(
    "The units under systemd",
    .enabled(if: SystemdMachine.canRun, "Tests/Support/with-systemd can't boot a machine here; run it to see why"),
    .timeLimit(.minutes(10)))
struct SystemdUnitsTests {
    private static let standIns = Dictionary(
        uniqueKeysWithValues: ["SystemdProbe", "campaignd", "campaign-send"].map { ("/usr/bin/\($0)", "SystemdProbe") })

    /// Installs what the package would install.
    private static let install = """
        install -m 644 /units/*.service /units/*.socket /etc/systemd/system/
        install -D -m 644 -t /usr/lib/sysusers.d /units/sysusers.d/campaignd.conf
        install -D -m 644 -t /usr/lib/tmpfiles.d /units/tmpfiles.d/campaignd.conf
        systemd-sysusers campaignd.conf
        systemd-tmpfiles --create campaignd.conf
        systemctl daemon-reload
        ask() { SystemdProbe client /run/campaignd/control.sock "$1"; }

        """

    @Test("the units are without fault, and their exposure stays below its limits")
    func verify() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + """
                cd /etc/systemd/system
                echo "verify: [$(systemd-analyze verify --recursive-errors=yes campaignd.service campaignd.socket \
                    campaign-send.socket campaign-send@.service 2>&1)]"
                # The threshold is ten times the exposure.
                systemd-analyze security --offline=yes --threshold=15 campaignd.service >/dev/null
                systemd-analyze security --offline=yes --threshold=30 campaign-send@.service >/dev/null
                echo "users: $(getent passwd campaignd campaign-send | cut -d: -f1,7 | xargs)"
                echo "groups: $(getent group campaignd campaignd-view | cut -d: -f1 | xargs)"
                echo "primary: $(id -gn campaignd) $(id -gn campaign-send)"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.answers["verify"] == "[]")
        #expect(outcome.answers["users"] == "campaignd:/usr/sbin/nologin campaign-send:/usr/sbin/nologin")
        #expect(outcome.answers["groups"] == "campaignd campaignd-view")
        #expect(outcome.answers["primary"] == "campaignd campaign-send")
    }

    @Test("the control socket starts the daemon, which runs in its sandbox and comes back after a stop")
    func daemon() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + """
                systemctl start campaignd.socket
                echo "before: $(systemctl is-active campaignd || true)"
                echo "modes: $(stat -c %a:%U /run/campaignd /run/campaignd/control.sock | xargs)"
                for question in sockets environment watchdog inet identity ids "write /var/lib/campaignd" \
                    "write /run/campaignd" "write /etc/campaignd"; do
                    echo "$question: $(ask "$question")"
                done
                echo "ids wanted: $(cat /etc/machine-id) $(tr -d - </proc/sys/kernel/random/boot_id)"
                echo "status: $(systemctl show --property=StatusText --value campaignd)"
                echo "folders: $(stat -c %a:%U /var/lib/campaignd /etc/campaignd | xargs)"
                echo "nobody: $(setpriv --reuid=65534 --regid=65534 --clear-groups \
                    SystemdProbe client /run/campaignd/control.sock sockets)"
                systemctl stop campaignd.service 2>/dev/null
                echo "stopped: $(systemctl is-active campaignd || true) $(systemctl is-active campaignd.socket)"
                echo "again: $(ask sockets) $(systemctl is-active campaignd)"
                systemctl stop campaignd.service campaignd.socket
                systemctl start campaignd.service
                echo "by hand: $(ask sockets)"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        let answers = outcome.answers
        #expect(answers["before"] == "inactive")
        #expect(answers["modes"] == "755:root 666:root")
        #expect(answers["sockets"] == "control/listening/3")
        #expect(answers["environment"] == "clean")
        #expect(answers["watchdog"] == "60.0 seconds")
        #expect(answers["inet"] == "errno 97")  // EAFNOSUPPORT
        #expect(answers["identity"]?.hasSuffix(" /var/lib/campaignd") == true)
        #expect(answers["ids"] == answers["ids wanted"])
        #expect(answers["write /var/lib/campaignd"] == "written")
        #expect(answers["write /run/campaignd"] == "errno 30")  // EROFS
        #expect(answers["write /etc/campaignd"] == "errno 30")  // EROFS
        #expect(answers["status"] == "control adopted")
        #expect(answers["folders"] == "700:campaignd 755:root")
        #expect(answers["nobody"] == "control/listening/3")
        #expect(answers["stopped"] == "inactive active")
        #expect(answers["again"] == "control/listening/3 active")
        #expect(answers["by hand"] == "control/listening/3")
    }

    @Test("a daemon that hangs is ended by its watchdog and started again, and its socket keeps who comes meanwhile")
    func hangingDaemon() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + """
                mkdir /etc/systemd/system/campaignd.service.d
                printf '[Service]\nWatchdogSec=1s\nRestartSec=100ms\n' \
                    >/etc/systemd/system/campaignd.service.d/quick.conf
                systemctl daemon-reload
                systemctl start campaignd.socket
                # Ends when the daemon ends; the next client waits in the socket for the daemon that follows.
                ask hang
                echo "next: $(ask sockets)"
                journalctl --sync
                journalctl --quiet --unit=campaignd --grep='Watchdog timeout' >/dev/null && echo "watchdog: bit"
                echo "socket: $(systemctl is-active campaignd.socket)"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.answers["next"] == "control/listening/3")
        #expect(outcome.answers["watchdog"] == "bit")
        #expect(outcome.answers["socket"] == "active")
    }

    @Test("a connection to the send socket starts a unit of its own, with the connection on descriptor 3")
    func sender() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + """
                systemctl start campaignd.socket campaign-send.socket
                echo "mode: $(stat -c %a:%U /run/campaignd/send.sock)"
                echo "where: $(ask 'send where')"
                echo "uid: $(id -u campaign-send)"
                echo "inet: $(ask 'send inet')"
                echo "folder: $(stat -c %a:%U /var/lib/campaign-send)"
                echo "nobody: $(setpriv --reuid=65534 --regid=65534 --clear-groups \
                    SystemdProbe client /run/campaignd/send.sock where)"
                echo "daemon reads: $(setpriv --reuid=campaignd --regid=campaignd --clear-groups \
                    ls /var/lib/campaign-send 2>&1 | grep -c 'Permission denied')"
                # The child holds the connection: its end is read when the child is gone.
                echo "orphan: $(SystemdProbe client /run/campaignd/send.sock orphan)"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        let answers = outcome.answers
        #expect(answers["mode"] == "600:campaignd")
        #expect(answers["where"] == "descriptor 3 uid \(answers["uid"] ?? "") state /var/lib/campaign-send no terminal")
        #expect(answers["inet"] == "open")
        #expect(answers["folder"] == "700:campaign-send")
        #expect(answers["nobody"] == "errno 13")  // EACCES
        #expect(answers["daemon reads"] == "1")
        #expect(answers["orphan"] == "left child")
    }

    @Test("a running send outlives a restart of the daemon and a stop of both sockets, and leaves no unit behind")
    func sendOutlivesDaemon() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + """
                systemctl start campaignd.socket campaign-send.socket
                units() { systemctl list-units --all --plain --no-legend 'campaign-send@*' | wc -l; }
                echo "send: $(ask 'send hold')"
                systemctl restart campaignd.service
                echo "after restart: $(units)"
                systemctl stop campaignd.service campaignd.socket campaign-send.socket
                echo "after stop: $(units)"
                unit=$(systemctl list-units --plain --no-legend 'campaign-send@*' | cut -d' ' -f1)
                pid=$(systemctl show --property=MainPID --value "$unit")
                echo sent >/var/lib/campaign-send/gate
                # Ends when the manager has reaped the process, and so has seen the unit end.
                tail --pid="$pid" -s 0.1 -f /dev/null
                journalctl --sync
                # By our own field: journald asks for a writer's unit after it has read the entry, and a process that
                # ended meanwhile has none.
                echo "outcome: $(journalctl --quiet --output=cat SEND_OUTCOME=sent)"
                echo "left: $(units)"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.answers["send"] == "accepted")
        #expect(outcome.answers["after restart"] == "1")
        #expect(outcome.answers["after stop"] == "1")
        #expect(outcome.answers["outcome"] == "Stand-in send ended")
        #expect(outcome.answers["left"] == "0")
    }

    /// Stands for a mail program whose queue is its group's: Postfix's postdrop(1).
    private static let mailProgram = """
        install -m 2755 -g news "$(command -v touch)" /usr/local/bin/setgid-touch
        install -d -m 755 /var/spool/postfix
        install -d -m 730 -g news /var/spool/postfix/maildrop /var/spool/postfix/other
        printf '#!/bin/sh\nfor file; do setgid-touch "$file" && echo "queued in $(dirname "$file")"; done\n' \
            >/usr/local/bin/mail-program
        chmod 755 /usr/local/bin/mail-program
        # The unit as it is, with another program.
        try() {
            printf '[Service]\nExecStart=\nExecStart=/usr/local/bin/mail-program %s %s\n%s' \
                "/var/spool/postfix/maildrop/$1" "/var/spool/postfix/other/$1" \
                "StandardOutput=file:/run/said.$1" >/run/systemd/system/campaign-send@.service.d/program.conf
            systemctl daemon-reload
            systemctl start --wait "campaign-send@$1.service" || true
            echo "$1: $(xargs </run/said.$1)"
        }
        mkdir -p /run/systemd/system/campaign-send@.service.d /etc/systemd/system/campaign-send@.service.d

        """

    @Test("with its drop-in a setgid sendmail comes to its queue, and to nothing else; less than that is not enough")
    func sendmail() async throws {
        let outcome = try await SystemdMachine.run(
            Self.install + Self.mailProgram + """
                try plain
                printf '%s\n' '[Service]' NoNewPrivileges=no RestrictSUIDSGID=no \
                    ReadWritePaths=/var/spool/postfix/maildrop >/etc/systemd/system/campaign-send@.service.d/less.conf
                try less
                rm /etc/systemd/system/campaign-send@.service.d/less.conf
                install -m 644 -t /etc/systemd/system/campaign-send@.service.d /project/config/systemd/sendmail.conf
                try whole
                rm /run/systemd/system/campaign-send@.service.d/program.conf
                systemctl daemon-reload
                echo "verify: [$(systemd-analyze verify --recursive-errors=yes campaign-send@.service 2>&1)]"
                """, programs: Self.standIns)
        #expect(outcome.status == 0, "\(outcome.standardError)\(outcome.standardOutput)")
        #expect(outcome.answers["plain"] == "")
        // Other settings of the unit bring NoNewPrivileges= along. systemd.exec(5)
        #expect(outcome.answers["less"] == "")
        #expect(outcome.answers["whole"] == "queued in /var/spool/postfix/maildrop")
        #expect(outcome.answers["verify"] == "[]")
    }
}
