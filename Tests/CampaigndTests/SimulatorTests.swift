import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Foundation
import Recurrence
import Testing

@testable import campaignd

/// What a whole daemon does with it is told by Tests/EndToEndTests (what_is_to_come).
@Suite("Simulations", .timeLimit(.minutes(10)))
struct SimulatorTests {
    private static let now = Instant("2026-06-01T08:00:00Z")!
    private static let issuer = Issuer(actor: EventActor(uid: 1_000, name: "anna"))

    /// Counts an audience when it is let, and does nothing else.
    private actor Gate {
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private var isOpen: Bool
        private(set) var came = 0

        init(isOpen: Bool) { self.isOpen = isOpen }

        func pass() async {
            came += 1
            if !isOpen { await withCheckedContinuation { waiting.append($0) } }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    private struct CountingSender: SendLauncher {
        let gate: Gate
        var nothing: SimulationSender { SimulationSender(audiences: self, running: [:]) }

        func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {}
        func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {}
        func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] { [:] }
        func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
            throw LauncherError("nobody is asked")
        }
        func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {}
        func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer { throw LauncherError("not here") }
        func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] { [] }
        func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
            await gate.pass()
            return .counted(3)
        }
        func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
            throw LauncherError("not here")
        }
    }

    private final class Place {
        let folder: String
        let store: Store
        let gate: Gate
        let simulator: Simulator
        let rules: Rules

        init(isOpen: Bool = true, eventLimit: Int = SimulationQuery.eventLimit) throws {
            folder = NSTemporaryDirectory() + "simulator-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            store = try Store.open(
                at: "\(folder)/\(Store.fileName)", holding: try LedgerLock(directory: folder), machineID: nil)
            gate = Gate(isOpen: isOpen)
            let zones = SystemZones(directory: nil)
            simulator = Simulator(
                store: store, launcher: CountingSender(gate: gate), zones: zones, stateDirectory: folder,
                eventLimit: eventLimit, patience: .seconds(3_600))
            let surface = Surface(name: Slug("mail")!, channel: Slug("email")!, maxConcurrent: 8)
            rules = Rules(
                settings: Settings(), catalogue: Catalogue(surfaces: [surface], audiences: [Slug("people")!]),
                zones: zones)
        }

        var copyIsThere: Bool { FileManager.default.fileExists(atPath: "\(folder)/simulation") }

        /// An engine of the daemon's own makes what the simulation begins with.
        func live(_ name: String, _ definition: CampaignDefinition) async throws {
            let engine = Engine(
                ledger: store, clock: SimulationClock(at: SimulatorTests.now), launcher: CountingSender(gate: gate),
                sink: SimulationRun.Silence(), rules: rules, random: SystemRandomNumberGenerator(),
                earliestClock: .earliest)
            try await engine.start()
            let message = MessageContent(
                subject: nil, text: "Hi", html: nil, file: MessageFile(name: "m.txt", bytes: [72, 105]))
            _ = try await engine.putMessage(message, as: Slug("hello")!, by: SimulatorTests.issuer)
            _ = try await engine.publishMessage(Slug("hello")!, by: SimulatorTests.issuer)
            _ = try await engine.create(
                name: Slug(name)!, definition: definition, sourceText: nil, by: SimulatorTests.issuer)
            _ = try await engine.perform(.activate, on: Slug(name)!, by: SimulatorTests.issuer)
            await engine.stop()
        }

        func run(_ query: SimulationQuery, under rules: Rules? = nil) async throws -> SimulationView {
            try await simulator.run(query, under: rules ?? self.rules, at: SimulatorTests.now)
        }

        deinit {
            try? store.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private func definition(_ name: String, every: String?) -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.name = name
        definition.title = name
        definition.channel = "email"
        definition.surface = "mail"
        definition.message = "hello"
        definition.audience = "people"
        definition.schedule = ScheduleDefinition()
        definition.schedule?.start = "2026-06-01T09:00"
        definition.schedule?.timezone = "UTC"
        definition.schedule?.every = every
        return definition
    }

    private func query(_ until: String, with definitions: [CampaignDefinition] = []) -> SimulationQuery {
        SimulationQuery(
            until: Instant(until)!, campaigns: definitions, actor: Self.issuer.actor)
    }

    @Test("the engine goes from instant to instant, and the ledger stays as it was")
    func steps() async throws {
        let place = try Place()
        try await place.live("daily", definition("daily", every: "day"))
        let newest = try place.store.newestSequence()
        let found = try await place.run(query("2026-06-03T12:00:00Z"))
        #expect((found.isComplete, found.until.description) == (true, "2026-06-03T12:00:00Z"))
        #expect(
            found.events.filter { $0.kind == "ended" }.map(\.at.description) == [
                "2026-06-01T09:00:00Z", "2026-06-02T09:00:00Z", "2026-06-03T09:00:00Z",
            ])
        #expect(found.events.first?.sequence == newest + 1)
        #expect(try place.store.newestSequence() == newest)
        #expect(!place.copyIsThere)
    }

    @Test("one that waits for its checks costs no turn for each tick of the daemon, and goes on when it would")
    func waiting() async throws {
        let place = try Place()
        try await place.live("daily", definition("daily", every: "day"))
        var welcome = definition("welcome", every: nil)
        welcome.type = "triggered"
        try await place.live("welcome", welcome)
        // Its surface is gone before its start.
        var rules = place.rules
        rules.settings.tickInterval = .milliseconds(100)
        rules.catalogue = Catalogue(surfaces: [], audiences: [Slug("people")!])
        let found = try await place.run(query("2027-06-01T08:00:00Z"), under: rules)
        #expect((found.isComplete, found.until.description) == (true, "2027-06-01T08:00:00Z"))
        let status = found.events.filter { $0.campaign == "daily" && $0.kind == "status" }
        #expect(status.map { $0.to } == ["activating", "active"])
        #expect(status.map(\.at.description) == ["2026-06-01T09:00:00Z", "2026-06-01T10:00:01Z"])
    }

    @Test("much that happens ends it early, and says how far it came")
    func bounded() async throws {
        let place = try Place(eventLimit: 50)
        try await place.live("often", definition("often", every: "hour"))
        let found = try await place.run(query("2028-05-31T08:00:00Z"))
        #expect(!found.isComplete)
        #expect(found.until < Instant("2028-05-31T08:00:00Z")!)
        #expect(found.events.count == 50)
        #expect(found.events.last.map { $0.at <= found.until } == true)
    }

    @Test("one at a time; what a killed daemon left of one is taken away")
    func alone() async throws {
        let place = try Place(isOpen: false)
        try FileManager.default.createDirectory(atPath: "\(place.folder)/simulation", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: "\(place.folder)/simulation/\(Store.fileName)"))
        let query = query("2026-06-02T08:00:00Z", with: [definition("flash", every: nil)])
        let (simulator, rules) = (place.simulator, place.rules)
        let first = Task { try await simulator.run(query, under: rules, at: Self.now) }
        while await place.gate.came == 0 { await Task.yield() }
        await #expect(throws: ControlError.held(
            name: "simulation", why: "another simulation is under way; try again when it has ended")
        ) { try await place.run(query) }
        await place.gate.open()
        await #expect(throws: ControlError.self) { try await first.value }
        #expect(!place.copyIsThere)
        // The message is not there: activation is refused, and a later one can be made.
        await #expect(throws: ControlError.self) { try await place.run(query) }
    }
}
