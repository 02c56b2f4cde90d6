import CampaignEngine
import CampaignModel
import CampaignStore
import Glibc
import Recurrence
import Testing

/// An engine on a real ledger in a folder of its own, with a clock, a sender and a journal that the test commands.
final class World {
    let clock: ManualClock
    let sender = ScriptedSender()
    let sink = RecordingSink()
    private let folder: String
    private let lock: LedgerLock
    private(set) var store: Store
    private(set) var session = Session()
    private(set) var engine: Engine
    let zones = ZoneShelf()
    var settings: Settings
    var catalogue: Catalogue
    private var ledgers = 1

    static let monday = Instant(stringLiteral: "2026-06-01T08:00:00Z")
    static let release = Instant(stringLiteral: "2026-01-01T00:00:00Z")
    static let anna = Issuer(actor: EventActor(uid: 1000, name: "anna"))

    /// Runs `body` in a world of its own, and leaves nothing behind.
    static func run(
        at now: Instant = monday, cap: Int = 8, surfaceCaps: [Int] = [8, 8], foreign: String? = nil,
        _ body: (World) async throws -> Void
    ) async throws {
        let world = try World(at: now, cap: cap, surfaceCaps: surfaceCaps, foreign: foreign)
        do {
            try await world.begin()
            try await body(world)
        } catch {
            try world.end()
            throw error
        }
        try world.end()
    }

    private init(at now: Instant, cap: Int, surfaceCaps: [Int], foreign: String?) throws {
        var template = Array("/tmp/campaign-engine-XXXXXX".utf8CString)
        folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        lock = try LedgerLock(directory: folder)
        store = try Store.open(at: folder + "/ledger1.sqlite", holding: lock, machineID: nil)
        clock = ManualClock(at: now)
        settings = Settings()
        settings.maxConcurrent = cap
        let surfaces = surfaceCaps.enumerated().map { index, cap in
            Surface(name: Slug("mail\(index)")!, channel: "email", maxConcurrent: cap)
        }
        catalogue = Catalogue(surfaces: surfaces, audiences: ["people"])
        engine = Self.engine(
            store, session, clock, sender, sink, Rules(settings: settings, catalogue: catalogue, zones: zones),
            foreign: foreign)
    }

    private static func engine(
        _ store: Store, _ session: Session, _ clock: ManualClock, _ sender: ScriptedSender, _ sink: RecordingSink,
        _ rules: Rules, foreign: String? = nil
    ) -> Engine {
        Engine(
            ledger: SessionLedger(session: session, store: store), clock: clock,
            launcher: SessionLauncher(session: session, sender: sender),
            sink: SessionSink(session: session, sink: sink),
            rules: rules, random: SystemRandomNumberGenerator(), earliestClock: release, foreignLedger: foreign,
            faults: { session.reach($0) })
    }

    private func begin() async throws {
        try await engine.start()
        try await publish("hello")
    }

    private func end() throws {
        session.end()
        sender.state.close()
        sink.state.close()
        try store.close()
        lock.release()
        for name in try Self.names(in: folder) { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private static func names(in folder: String) throws -> [String] {
        let directory = try #require(opendir(folder))
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    // MARK: Lives

    /// The daemon is killed: nothing that it still does has any effect.
    func crash() { session.end() }

    /// A new daemon on the same ledger, and the same sender.
    func restart(_ prepare: (Session) -> Void = { _ in }) async throws {
        session.end()
        session = Session()
        prepare(session)
        engine = Self.engine(
            store, session, clock, sender, sink, Rules(settings: settings, catalogue: catalogue, zones: zones))
        try await engine.start()
    }

    /// Copies the ledger as it is now, for ``restore(_:)``.
    func backup() throws -> String {
        ledgers += 1
        let path = folder + "/ledger\(ledgers).sqlite"
        try store.backup(to: path)
        return path
    }

    /// The daemon is killed and its ledger put back.
    func restore(_ path: String) throws {
        session.end()
        try store.close()
        store = try Store.open(at: path, holding: lock, machineID: nil)
    }

    // MARK: Time

    /// Moves the clock and makes one turn.
    func pass(_ seconds: Int64) async throws {
        clock.pass(seconds)
        try await engine.tick()
    }

    /// Moves the clock from alarm to alarm up to `instant`, as the daemon's timer does.
    func pass(to instant: Instant) async throws {
        for _ in 0..<10_000 {
            guard let alarm = clock.alarm, alarm <= instant else { break }
            clock.pass(max(alarm - clock.now, 0))
            try await engine.tick()
            if alarm <= clock.now, clock.alarm == alarm { break }
        }
        clock.pass(instant - clock.now)
        try await engine.tick()
    }

    // MARK: What people do

    func publish(_ message: Slug) async throws {
        let file = MessageFile(name: "\(message).txt", bytes: Array("Hello".utf8))
        _ = try await engine.putMessage(
            MessageContent(subject: nil, text: "Hello", html: nil, file: file), as: message, by: Self.anna)
        _ = try await engine.publishMessage(message, by: Self.anna)
    }

    static func definition(
        start: String? = "2026-06-01T09:00", every: String? = nil, surface: String = "mail0",
        message: String = "hello", _ change: (inout CampaignDefinition) -> Void = { _ in }
    ) -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.title = "A title"
        definition.surface = surface
        definition.message = message
        definition.audience = "people"
        var schedule = ScheduleDefinition()
        schedule.start = start
        schedule.timezone = "UTC"
        schedule.every = every
        definition.schedule = schedule
        change(&definition)
        return definition
    }

    func create(_ name: Slug, _ definition: CampaignDefinition = definition()) async throws {
        _ = try await engine.create(name: name, definition: definition, sourceText: nil, by: Self.anna)
    }

    @discardableResult
    func perform(_ command: Command, on name: Slug) async throws -> Campaign {
        try await engine.perform(command, on: name, by: Self.anna).campaign
    }

    func activate(_ name: Slug, _ definition: CampaignDefinition = definition()) async throws {
        try await create(name, definition)
        try await perform(.activate, on: name)
    }

    /// Puts many activated campaigns into the ledger in two transactions, past the engine.
    func plant(_ campaigns: [(name: Slug, definition: CampaignDefinition)]) throws {
        let rules = Rules(settings: settings, catalogue: catalogue, zones: zones)
        var random = SystemRandomNumberGenerator()
        let drafts = try campaigns.map { name, definition in
            try Lifecycle.create(
                id: CampaignID(from: &random), name: name, tags: [], content: CampaignContent(definition),
                sourceText: nil, by: Self.anna, at: clock.now, under: rules)
        }
        try store.commit(drafts, at: clock.now)
        let plans = try campaigns.map { name, _ in
            let state = try #require(try store.campaign(named: name))
            return try Lifecycle.perform(.activate, on: state, by: Self.anna, at: clock.now, under: rules)
        }
        try store.commit(plans, at: clock.now)
    }

    // MARK: What is to be seen

    func campaign(_ name: Slug) throws -> Campaign {
        try #require(try store.campaign(named: name)).campaign
    }

    func status(_ name: Slug) throws -> Status { try campaign(name).status }

    /// Its sends, oldest first.
    func sends(_ name: Slug) throws -> [Send] {
        try store.sends(of: name, limit: 500).items.map(\.send).reversed()
    }

    func send(_ name: Slug) throws -> Send { try #require(try sends(name).last) }

    func states(_ name: Slug) throws -> [SendState] { try sends(name).map(\.state) }

    func events(_ kind: EventKind? = nil, of name: Slug? = nil) throws -> [Event] {
        var all: [RecordedEvent] = []
        while case let page = try store.events(after: all.last?.sequence ?? 0, limit: 500), !page.isEmpty {
            all += page
        }
        return all.map(\.event).filter { event in
            (kind == nil || event.kind == kind) && (name == nil || event.campaign?.name == name)
        }
    }

    func daemonAlerts() throws -> [AlertCode] { try store.daemonAlerts().map(\.code) }

    /// Waits until the engine has nothing under way with the sender and asked for a turn within the next half minute,
    /// to try again.
    func untilItPauses() async throws {
        try await untilItTriesAgain(within: 30)
    }

    /// Waits until the engine has taken in what became of an attempt, and has asked for a turn in which it is made
    /// again: a clock that is moved before that makes a later turn of it.
    func untilItTriesAgain(within seconds: Int64 = 3_600) async throws {
        try await until { clock.alarm.map { $0 > clock.now && $0 <= clock.now + seconds } ?? false }
    }

    /// Waits until something holds that the engine brings about; it is looked at whenever the history may have grown.
    func until(_ condition: () throws -> Bool) async throws {
        for await _ in await engine.growth() {
            // What told of it ends with the next alarm, which is as much to be seen.
            _ = await engine.isUnderWay
            guard try condition() else { continue }
            // Whatever the engine was in the middle of is finished: the alarm is that of after it.
            _ = await engine.isUnderWay
            return
        }
        throw CancellationError()
    }
}
