import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Dispatch
import Glibc
import NIOCore
import NIOPosix
import Recurrence
import SendProtocol
import SystemdKit
import VarlinkKit

/// Joins the parts: reads the configuration, opens the ledger, starts the engine and the control socket, ticks, and
/// ends when it is told to.
struct Daemon {
    let options: DaemonOptions
    let service: ServiceEnvironment
    let journal: Journal
    /// SIGTERM, SIGINT and SIGHUP.
    let signals: SignalStream

    /// Runs until SIGTERM or SIGINT. One that comes while it starts, ends it when it is ready.
    func run() async throws {
        let zones = SystemZones(directory: options.zoneDirectory)
        let read = try options.configurationReader.readOrExplain()
        let configuration = read.configuration
        report(read.remarks)
        let fault = try FaultPoint.fromEnvironment()
        try OwnDirectory.make(options.stateDirectory, mode: 0o700)
        try OwnDirectory.make(options.runtimeDirectory, mode: 0o755)
        let lock = try LedgerLock(directory: options.stateDirectory)
        let machineID = try Machine.id()
        let store = try openStore(holding: lock, machineID: machineID)
        let clock = try SystemClock(tickInterval: tickInterval(configuration.settings))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let launcher = SenderLauncher(
            dialer: try dialer(), group: group, requestWritten: { fault?.reach("request-written") })
        let engine = Engine(
            ledger: store, clock: clock, launcher: launcher,
            sink: JournalSink(journal: journal),
            rules: Rules(settings: configuration.settings, catalogue: configuration.catalogue, zones: zones),
            random: SystemRandomNumberGenerator(), earliestClock: Release.earliestClock,
            foreignLedger: try foreignness(of: store),
            faults: { point in fault?.reach(point.rawValue) })
        let now = clock.read().now
        try store.append(
            [
                Event(
                    .daemonStarted, at: now, campaign: nil, actor: .daemon,
                    text: "campaignd \(Release.version) starts")
            ], at: now)
        try await engine.start()
        let current = CurrentConfiguration(read, at: now)
        let simulator = Simulator(
            store: store, launcher: launcher, zones: zones, stateDirectory: options.stateDirectory)
        let server = try await listen(
            ControlHandler(
                engine: engine, store: store, simulator: simulator,
                copier: LedgerCopier(store: store, stateDirectory: options.stateDirectory), recipients: launcher,
                suppressions: launcher, composer: launcher, clock: clock, configuration: current, startedAt: now),
            current)
        _ = try service.notifier.ready(status: await statusLine(of: engine))
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.tick(engine, clock) }
            for await signal in signals.stream {
                guard signal == SIGHUP else { break }
                await reload(engine, clock, current)
            }
            _ = try? service.notifier.stopping(status: "stopping")
            await server.stop()
            clock.stop()
        }
        await engine.stop()
        try store.close()
        // The connections to running sends end with this process, and the sends go on.
    }

    // MARK: The loop

    /// Ticks when the clock says so. The watchdog hears of each finished tick, so that a tick that hangs is noticed.
    private func tick(_ engine: Engine, _ clock: SystemClock) async {
        var told = ""
        var fault, deafness: String?
        for await _ in clock.stream {
            do {
                try await engine.tick()
                if fault != nil { report("ticks succeed again", .notice) }
                fault = nil
            } catch {
                // Each is as likely to fail for the same cause: said once, it does not bury what else is told.
                if fault != "\(error)" { report("a tick failed, as each may until this has ended: \(error)", .error) }
                fault = "\(error)"
            }
            let status = await statusLine(of: engine)
            do {
                _ = try service.notifier.watchdog()
                if status != told { _ = try service.notifier.status(status) }
                told = status
                deafness = nil
            } catch {
                if deafness != "\(error)" {
                    report("the manager could not be told, and is at the next tick: \(error)", .warning)
                }
                deafness = "\(error)"
            }
        }
    }

    private func statusLine(of engine: Engine) async -> String {
        let overview = await engine.overview()
        let next = overview.nextWake.map { "next due \($0)" } ?? "nothing due"
        return "\(overview.openSends.count) sends open, \(next)"
    }

    /// A tick is a sign of life, so it comes at least twice within the watchdog's time.
    private func tickInterval(_ settings: Settings) -> Duration {
        guard let watchdog = service.watchdogInterval else { return settings.tickInterval }
        return min(settings.tickInterval, watchdog / 2)
    }

    /// All of the new configuration, or nothing of it.
    private func reload(_ engine: Engine, _ clock: SystemClock, _ current: CurrentConfiguration) async {
        _ = try? service.notifier.reloading(status: "reading the configuration")
        do {
            let read = try options.configurationReader.readOrExplain()
            let configuration = read.configuration
            // First, since the engine arms the clock anew.
            clock.setInterval(tickInterval(configuration.settings))
            await engine.use(configuration.settings, configuration.catalogue)
            current.use(read, at: clock.read().now)
            report(read.remarks)
            report("the configuration is read again", .notice)
        } catch {
            current.refuse("\(error)", at: clock.read().now)
            report("the configuration stays as it was: \(error)", .error)
        }
        _ = try? service.notifier.ready(status: await statusLine(of: engine))
    }

    // MARK: The parts

    private func openStore(holding lock: LedgerLock, machineID: String?) throws -> Store {
        let path = options.stateDirectory + "/" + Store.fileName
        return try Store.open(at: path, holding: lock, machineID: machineID) { from, to in
            let text = "the ledger is brought from schema \(from) to \(to); as it was, it is kept as \(path).v\(from)"
            report(text, .notice)
            _ = try? service.notifier.extendTimeout(by: Self.migrationTime(of: path), status: text)
        }
    }

    /// For the backup and the migration of a ledger: ten minutes, and a second for each MiB, which the slowest disk
    /// writes in less.
    private static func migrationTime(of path: String) -> Duration {
        .seconds(600 + (Store.sizeInBytes(at: path) ?? 0) >> 20)
    }

    private func foreignness(of store: Store) throws -> String? {
        guard try store.isForeign() else { return nil }
        return "the ledger was made on another machine; nothing is sent until campaignctl adopt-ledger"
    }

    private func dialer() throws -> any SenderDialer {
        switch options.launcher {
        case .socket: return SocketDialer(path: options.runtimeDirectory + "/send.sock")
        case .child:
            // Children are not waited for: they outlive the daemon, and the kernel reaps them.
            signal(SIGCHLD, SIG_IGN)
            let state = options.stateDirectory + "/send"
            try OwnDirectory.make(state, mode: 0o700)
            return ChildDialer(
                executable: try ProgramDirectory.path(of: "campaign-send"), stateDirectory: state,
                configurationDirectory: options.configurationDirectory)
        }
    }

    private func listen(_ control: ControlHandler, _ current: CurrentConfiguration) async throws -> VarlinkServer {
        let listener: VarlinkListener
        if let passed = try service.listener(named: "control") {
            listener = .descriptor(passed.descriptor)
        } else {
            // The lock is held, so a socket that is there is that of a daemon that is gone.
            listener = .path(options.runtimeDirectory + "/control.sock", mode: 0o666, replacingStale: true)
        }
        let service = ControlService(
            control: control, access: { current.policy }, userName: { SystemAccounts.userName($0) })
        return try await VarlinkServer.start(
            on: listener, services: [service],
            identity: VarlinkServerIdentity(
                vendor: "campaignd", product: "campaignd", version: Release.version,
                url: "https://github.com/campaignd/campaignd"),
            limits: VarlinkLimits(reservedConnections: Self.operatorConnections),
            keepsPlace: { current.policy.role(of: $0) == .operator })
    }

    /// Four users could fill all places between them; these are kept for those who can do something about it.
    private static let operatorConnections = 32

    private func report(_ remarks: [String]) {
        for remark in remarks { report(remark, .warning) }
    }

    private func report(_ text: String, _ priority: JournalPriority) {
        try? journal.write(JournalEntry(text.escapedForDisplay, priority: priority))
    }
}

/// Why the daemon does not start.
struct StartError: Error, CustomStringConvertible {
    let description: String
}

extension ConfigurationReader {
    /// - Throws: ``ConfigurationError`` for whatever is wrong in the files.
    func readOrExplain() throws(ConfigurationError) -> ReadConfiguration {
        do {
            return try read()
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(description: "\(error)")
        }
    }
}
