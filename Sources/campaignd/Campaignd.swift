import ArgumentParser
import CampaignModel
import ControlAPI
import Dispatch
import Foundation
import Glibc
import Recurrence
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
        version: Release.version, subcommands: [CheckLedger.self])

    @Option(name: .customLong("config-dir"), help: ArgumentHelp(
        "campaignd.yaml, conf.d, surfaces.d and audiences.d. (default: $CONFIGURATION_DIRECTORY, else /etc/campaignd)",
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

    @Flag(help: "Check the configuration and end, with 0 where it can be used and with 78 where not.")
    var checkConfig = false

    @Flag(help: "Print the configuration in force, each value with where it comes from, and end.")
    var printConfig = false

    static func main() {
        main(Array(ProcessArguments.all.dropFirst()))
    }

    /// The main thread runs Dispatch's main queue, on which the clock ticks: one of Dispatch's threads would wake once
    /// more to end, 5 s after each tick.
    func run() throws {
        if checkConfig || printConfig { return try inspectConfiguration() }
        let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
        let journal = Journal.standard(identifier: "campaignd")
        let status = Mutex<CInt?>(nil)
        do {
            let daemon = Daemon(
                options: options, service: try ServiceEnvironment.take(), journal: journal, signals: signals)
            signal(SIGPIPE, SIG_IGN)
            // A file that may not grow any more (setrlimit(2)) is a write that fails, as on a full disk.
            signal(SIGXFSZ, SIG_IGN)
            try TaskThreads.start()
            Task.detached(priority: .medium) {
                var code = EXIT_SUCCESS
                do {
                    try await daemon.run()
                } catch {
                    Self.tell(error, in: journal)
                    code = error is ConfigurationError ? EX_CONFIG : EXIT_FAILURE
                }
                status.withLock { [code] in $0 = code }
                // Has the main thread look.
                DispatchQueue.main.async {}
            }
        } catch {
            Self.tell(error, in: journal)
            throw ExitCode.failure
        }
        while true {
            if let code = status.withLock({ $0 }) { throw ExitCode(code) }
            _ = RunLoop.main.run(mode: .default, before: .distantFuture)
        }
    }

    /// Reads the configuration as the daemon would, and tells the person who asks.
    private func inspectConfiguration() throws {
        let directory = options.configurationDirectory
        let read: ReadConfiguration
        do {
            read = try options.configurationReader.read()
        } catch {
            Self.say("\(error)")
            throw ExitCode(EX_CONFIG)
        }
        for remark in read.remarks { Self.say(remark) }
        guard printConfig else {
            let catalogue = read.configuration.catalogue
            throw CleanExit.message(
                "\(directory) can be used: surfaces: \(catalogue.surfaces.count), "
                    + "audiences: \(catalogue.audiences.count)")
        }
        throw CleanExit.message(ConfigurationPage(read: read, directory: directory).lines.joined(separator: "\n"))
    }

    /// Tells the person who asks, on standard error.
    static func say(_ text: String) {
        let line = "campaignd: \(text.escapedForDisplay)\n"
        _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func tell(_ error: any Error, in journal: Journal) {
        // Where even that can't be written, the exit status is what is left to say.
        try? journal.write(JournalEntry("campaignd ends: \(error)".escapedForDisplay, priority: .error))
    }

    private var options: DaemonOptions {
        DaemonOptions(
            configurationDirectory: configurationDirectory ?? Self.variable("CONFIGURATION_DIRECTORY")
                ?? "/etc/campaignd",
            stateDirectory: stateDirectory ?? Self.systemStateDirectory,
            runtimeDirectory: runtimeDirectory ?? Self.variable("RUNTIME_DIRECTORY") ?? "/run/campaignd",
            launcher: launcher, zoneDirectory: Self.variable("TZDIR"), variables: ProcessVariables().all)
    }

    static var systemStateDirectory: String { variable("STATE_DIRECTORY") ?? "/var/lib/campaignd" }

    /// systemd joins several directories with colons; ours are one each (systemd.exec(5)).
    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }) else { return nil }
        return value.split(separator: ":").first.map(String.init)
    }
}
