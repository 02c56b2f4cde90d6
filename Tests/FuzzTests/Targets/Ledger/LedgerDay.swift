import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Recurrence
import SeededRandom

@testable import VarlinkKit
@testable import campaignd

/// A daemon's day on a ledger: it starts, ticks, is asked for everything there is to read, and does what people ask.
struct LedgerDay {
    let store: Store
    let manner: FuzzSender.Manner

    func live(_ edits: [LedgerEdit]) async throws {
        let clock = FuzzClock(at: LedgerSeed.now + 5 * 3_600)
        let engine = Engine(
            ledger: store, clock: clock, launcher: FuzzSender(manner: manner), sink: FuzzSink(),
            rules: LedgerSeed.rules, random: SeededGenerator(seed: 7), earliestClock: LedgerSeed.now - 86_400)
        do {
            try await live(edits, engine, clock)
        } catch {
            await engine.stop()
            throw error
        }
        await engine.stop()
    }

    private func live(_ edits: [LedgerEdit], _ engine: Engine, _ clock: FuzzClock) async throws {
        let machine = try SystemClock(tickInterval: .seconds(3_600))
        defer { machine.stop() }
        let sender = FuzzSender(manner: manner)
        let folder = String(store.path.dropLast(Store.fileName.count + 1))
        let simulator = Simulator(
            store: store, launcher: sender, zones: LedgerSeed.rules.zones, stateDirectory: folder,
            patience: .seconds(3_600))
        let handler = ControlHandler(
            engine: engine, store: store, simulator: simulator,
            copier: LedgerCopier(store: store, stateDirectory: folder), recipients: sender, suppressions: sender,
            composer: sender,
            clock: machine,
            configuration: CurrentConfiguration(ReadConfiguration(), at: LedgerSeed.now), startedAt: LedgerSeed.now)
        let desk = try ControlDesk(handler)
        try await telling { try await engine.start() }
        try await settle(engine)
        for edit in edits {
            switch edit {
            case .command(let number, let campaign):
                try await desk.command(number, campaign: campaign)
                try await desk.read(campaign: campaign)
            case .wait(let seconds): clock.pass(seconds)
            case .fileByte, .logByte, .cut, .cell, .copied, .removed: continue
            }
            try await settle(engine)
        }
        clock.pass(60)
        try await settle(engine)
        try await desk.readAll()
        clock.pass(40 * 86_400)
        try await settle(engine)
        try await settle(engine)
    }

    /// A tick, and time for what the sender says to it.
    private func settle(_ engine: Engine) async throws {
        try await telling { try await engine.tick() }
        for _ in 0..<8 {
            await Task.yield()
            _ = await engine.isUnderWay
        }
    }

    /// Faults of the ledger are told; anything else is a finding.
    private func telling(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as LedgerError {
            try checkLedgerError(error)
        }
    }
}
