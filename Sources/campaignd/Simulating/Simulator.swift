import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Dispatch
import FoundationEssentials
import Glibc
import Recurrence
import Synchronization

/// Shows what would happen: the engine itself, on a copy of the ledger and with a clock of its own, hands everything to
/// a sender that sends nothing.
final class Simulator: Sendable {
    private let store: Store
    private let launcher: any SendLauncher
    private let zones: any ZoneSource
    private let folder: String
    private let eventLimit: Int
    private let patience: Duration
    /// One at a time: each needs as much of the disk as the ledger.
    private let isBusy = Mutex(false)

    /// A larger ledger is not copied for it.
    static let ledgerLimitBytes = 1_024 * 1_024 * 1_024
    /// A campaign that waits for a message is looked at so often: each tick of the daemon's would be a turn.
    static let tickInterval: Duration = .seconds(86_400)
    /// Turns of the engine; each brings something about.
    static let turnLimit = 1_000_000

    /// - Parameter patience: How long one may take; by default well below the time that a client waits.
    init(
        store: Store, launcher: any SendLauncher, zones: any ZoneSource, stateDirectory: String,
        eventLimit: Int = SimulationQuery.eventLimit, patience: Duration = .seconds(15)
    ) {
        self.eventLimit = eventLimit
        self.patience = patience
        self.store = store
        self.launcher = launcher
        self.zones = zones
        folder = "\(stateDirectory)/simulation"
    }

    /// - Parameter rules: those in force.
    func run(
        _ query: SimulationQuery, under rules: Rules, at now: Instant
    ) async throws(ControlError) -> SimulationView {
        let mayRun = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard mayRun else {
            throw .held(name: "simulation", why: "another simulation is under way; try again when it has ended")
        }
        defer {
            removeCopy()
            isBusy.withLock { $0 = false }
        }
        let copy = try await DispatchQueue.alone("org.campaignd.simulation") { [self] () throws(ControlError) in
            try openCopy()
        }
        defer { try? copy.close() }
        var rules = rules
        rules.zones = zones
        // Nobody is told of an alert that nobody has.
        rules.settings.onAlert = nil
        // Nobody mends anything in the copy, so that looking again is of use for time's own sake alone.
        rules.settings.tickInterval = Self.tickInterval
        let run = try SimulationRun(
            of: query, on: copy, under: rules, at: now, audiences: launcher, eventLimit: eventLimit)
        return try await run.toItsEnd(within: patience, turns: Self.turnLimit)
    }

    private func openCopy() throws(ControlError) -> Store {
        // What a daemon that was killed in the middle of one has left.
        removeCopy()
        var status = stat()
        if stat(store.path, &status) == 0, status.st_size > Self.ledgerLimitBytes {
            throw .held(
                name: "simulation",
                why: "the ledger has \(status.st_size) bytes; up to \(Self.ledgerLimitBytes) it is copied for one")
        }
        do {
            try OwnDirectory.make(folder, mode: 0o700)
            let path = "\(folder)/\(Store.fileName)"
            try store.backup(to: path)
            return try Store.open(
                at: path, holding: try LedgerLock(directory: folder), machineID: nil, isKept: false)
        } catch {
            throw .held(name: "simulation", why: "the ledger can't be copied: \(error)")
        }
    }

    private func removeCopy() { try? FileManager.default.removeItem(atPath: folder) }
}
