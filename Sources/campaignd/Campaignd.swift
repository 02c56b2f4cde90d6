import ArgumentParser
import CampaignModel
import ControlAPI
import Dispatch
import Glibc
import Synchronization
import SystemdKit

/// The program: options, the environment that systemd gives, and the exit codes of sysexits(3).
@main
struct Campaignd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaignd",
        abstract: "Runs the life of marketing campaigns: starts them at their date, hands their sends over, ends them.",
        discussion: """
            A whole daemon in three folders, for a look:
              campaignd --config-dir c --state-dir s --runtime-dir r
            """,
        version: Release.version)

    @Option(name: .customLong("config-dir"), help: ArgumentHelp(
        "campaignd.yaml, surfaces.d and audiences.d. (default: $CONFIGURATION_DIRECTORY, else /etc/campaignd)",
        valueName: "path"))
    var configurationDirectory: String?

    @Option(name: .customLong("state-dir"), help: ArgumentHelp(
        "The ledger. (default: $STATE_DIRECTORY, else /var/lib/campaignd)", valueName: "path"))
    var stateDirectory: String?

    @Option(name: .customLong("runtime-dir"), help: ArgumentHelp(
        "The sockets. (default: $RUNTIME_DIRECTORY, else /run/campaignd)", valueName: "path"))
    var runtimeDirectory: String?

    @Option(help: "How sends are handed over: to a child program, or through the sender's systemd socket.")
    var launcher = DaemonOptions.Launcher.child

    static func main() {
        main(Array(ProcessArguments.all.dropFirst()))
    }

    /// The main thread only waits: tasks that begin on it have a high priority, for which Dispatch asks a nice value
    /// that an unprivileged user may not have, and says so in the journal.
    func run() throws {
        let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
        let journal = Journal.standard(identifier: "campaignd")
        let status = Mutex(EXIT_SUCCESS)
        let end = DispatchSemaphore(value: 0)
        do {
            let daemon = Daemon(
                options: options, service: try ServiceEnvironment.take(), journal: journal, signals: signals)
            signal(SIGPIPE, SIG_IGN)
            Task.detached(priority: .medium) {
                do {
                    try await daemon.run()
                } catch {
                    Self.tell(error, in: journal)
                    status.withLock { $0 = error is ConfigurationError ? EX_CONFIG : EXIT_FAILURE }
                }
                end.signal()
            }
        } catch {
            Self.tell(error, in: journal)
            throw ExitCode.failure
        }
        end.wait()
        throw ExitCode(status.withLock { $0 })
    }

    private static func tell(_ error: any Error, in journal: Journal) {
        // Where even that can't be written, the exit status is what is left to say.
        try? journal.write(JournalEntry("campaignd ends: \(error)".escapedForDisplay, priority: .error))
    }

    private var options: DaemonOptions {
        DaemonOptions(
            configurationDirectory: configurationDirectory ?? Self.variable("CONFIGURATION_DIRECTORY")
                ?? "/etc/campaignd",
            stateDirectory: stateDirectory ?? Self.variable("STATE_DIRECTORY") ?? "/var/lib/campaignd",
            runtimeDirectory: runtimeDirectory ?? Self.variable("RUNTIME_DIRECTORY") ?? "/run/campaignd",
            launcher: launcher, zoneDirectory: Self.variable("TZDIR"))
    }

    /// systemd joins several directories with colons; ours are one each (systemd.exec(5)).
    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }) else { return nil }
        return value.split(separator: ":").first.map(String.init)
    }
}
