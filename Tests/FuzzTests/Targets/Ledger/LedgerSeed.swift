import CampaignModel
import CampaignStore
import Foundation
import Recurrence
import SeededRandom

/// A small ledger with something of every kind in it, as the file's bytes; the same ones at each run.
struct LedgerSeed: Sendable {
    /// All of it in the file, no write-ahead log beside it.
    let file: [UInt8]
    /// A file that is older, and the log that brings it up to date.
    let olderFile: [UInt8]
    let log: [UInt8]

    /// A Monday morning, long after every sound clock's first day.
    static let now = Instant(secondsSinceEpoch: 1_796_630_400)
    static let surface = Surface(name: slug("mail"), channel: slug("email"))
    static let audience = slug("people")
    static let rules = Rules(
        settings: {
            var settings = Settings()
            settings.onAlert = surface.name
            return settings
        }(),
        catalogue: Catalogue(surfaces: [surface], audiences: [audience]), zones: SystemZones())
    static let issuer = Issuer(actor: EventActor(uid: 1_000, name: "ada"), reason: "as agreed")

    static let shared = Result { try LedgerSeed() }

    static func slug(_ text: String) -> Slug {
        guard let slug = Slug(text) else { preconditionFailure("\(text) is a name") }
        return slug
    }

    private init() throws {
        let folder = try FuzzFolder()
        defer { folder.remove() }
        let store = try Store.open(at: folder.ledger, holding: folder.lock(), machineID: "0123456789abcdef")
        var author = LedgerAuthor(store: store, at: Self.now)
        try author.writeMessages()
        try author.writeLives()
        // What is in the log when the copies are made, and what is in the file only after a close.
        try store.close()
        let reopened = try Store.open(at: folder.ledger, holding: folder.lock(), machineID: nil)
        olderFile = try folder.bytes(of: folder.ledger)
        author = LedgerAuthor(store: reopened, at: Self.now, generator: author.generator)
        try author.writeRest()
        log = try folder.bytes(of: folder.ledger + "-wal")
        try reopened.close()
        file = try folder.bytes(of: folder.ledger)
    }
}

/// Lives campaigns through the model, without an engine, so that the ledger is the same each time.
struct LedgerAuthor {
    let store: Store
    var now: Instant
    var generator = SeededGenerator(seed: 6)
    private var rules: Rules { LedgerSeed.rules }
    private var issuer: Issuer { LedgerSeed.issuer }

    init(store: Store, at now: Instant, generator: SeededGenerator = SeededGenerator(seed: 6)) {
        self.store = store
        self.now = now
        self.generator = generator
    }

    func writeMessages() throws {
        let file = MessageFile(name: "hello.txt", bytes: Array("Hello".utf8))
        let rich = MessageContent(
            subject: "Hello", text: "Hello", html: "<p>Hello", headers: [MessageHeader(name: "List-Id", value: "x")],
            attachments: [MessageFile(name: "a.bin", bytes: [0, 1, 2])], file: file)
        for name in ["hello", "unpublished"] {
            _ = try store.put(rich, as: LedgerSeed.slug(name), by: issuer.actor, at: now)
        }
        _ = try store.publish(LedgerSeed.slug("hello"), by: issuer.actor, at: now)
        _ = try store.put(
            MessageContent(subject: nil, text: "Hello again", html: nil, file: file), as: LedgerSeed.slug("hello"),
            by: issuer.actor, at: now)
    }

    mutating func writeLives() throws {
        try create("draft", start: nil) { $0.title = "Unfinished" }
        try activate("planned", start: "2026-12-24T18:00")
        try activate("waits-for-message", start: nil, every: nil) { $0.message = "hello" }
        try activate("sent", start: nil)
        try end("sent", .sent)
        try activate("running", start: nil)
        try begin("running")
        try activate("daily", start: nil, every: "day") {
            $0.schedule?.timezone = "Europe/Paris"
            $0.overlap = "queue"
        }
        try end("daily", .temporary(reason: "the line is busy", retryAfterSeconds: nil))
        try perform("daily", .modify)
        try activate("hourly", start: nil, every: "hour") { $0.onInterrupt = "retry" }
        try begin("hourly")
        now = now + 3_600
        try advance("hourly")
        now = now + 3_600
        try advance("hourly")
        try activate("asked", start: nil) { $0.type = "triggered" }
    }

    mutating func writeRest() throws {
        now = now + 7_200
        let id = RequestID("order-1"), other = RequestID("order-2")
        guard let id, let other else { return }
        let later = AskedTime.instant(now + 86_400)
        try perform("asked", .send(SendOrder(id: id, .trigger(at: later, data: "{\"a\":1}"))))
        try perform("asked", .send(SendOrder(id: other, .trigger(at: nil, data: nil))))
        try activate("paused", start: nil, every: "week")
        try perform("paused", .pause)
        try activate("failed", start: nil)
        try end("failed", .failed(reason: "no such host"))
        try activate("stopped", start: "2027-03-01T09:00", every: "month")
        try perform("stopped", .stop)
        try perform("stopped", .archive)
        try activate("fenced", start: nil, every: "day")
        try handOver("fenced")
        try perform("fenced", .stop)
        try activate("late", start: nil)
        now = now + 7_200
        for name in ["late", "hourly", "daily"] { try advance(name) }
        try create("gone", start: nil) { _ in }
        try perform("gone", .delete)
        try writeDaemonsOwn()
    }

    private func writeDaemonsOwn() throws {
        let alert = Alert(.launcherDown, "the sender does not answer", since: now)
        let event = Event(
            .alertRaised, at: now, campaign: nil, alert: .launcherDown, actor: .daemon,
            text: "launcher-down: the sender does not answer")
        try store.setDaemonAlerts([alert], events: [event], at: now)
        let last = try store.newestRaisedAlert()
        let notice = AlertTelling.Notice(through: last, madeAt: now, attempt: 1, notBefore: now)
        try store.setAlertTelling(AlertTelling(told: 0, notice: notice), events: [], at: now)
        try store.markDelivered(through: 5)
        try store.wakeAll(under: "other rules", at: now)
        try store.noteForgetting(of: [], at: now)
    }

    // MARK: Steps

    private mutating func create(
        _ name: String, start: String?, every: String? = nil, _ change: (inout CampaignDefinition) -> Void
    ) throws {
        var definition = CampaignDefinition()
        definition.title = "A title"
        definition.channel = "email"
        definition.surface = LedgerSeed.surface.name.text
        definition.message = "hello"
        definition.audience = LedgerSeed.audience.text
        var schedule = ScheduleDefinition()
        schedule.start = start
        schedule.timezone = "UTC"
        schedule.every = every
        definition.schedule = schedule
        change(&definition)
        let decision = try Lifecycle.create(
            id: CampaignID(from: &generator), name: LedgerSeed.slug(name), tags: [LedgerSeed.slug("fr")],
            content: CampaignContent(definition), sourceText: "# as written\nname: \(name)\n", by: issuer, at: now,
            under: rules)
        try store.commit([decision], at: now)
    }

    private mutating func activate(
        _ name: String, start: String?, every: String? = nil, _ change: (inout CampaignDefinition) -> Void = { _ in }
    ) throws {
        try create(name, start: start, every: every, change)
        try perform(name, .activate)
    }

    private func perform(_ name: String, _ command: Command) throws {
        try decide(name) { try Lifecycle.perform(command, on: $0, by: issuer, at: now, under: rules) }
    }

    private func advance(_ name: String) throws {
        try decide(name) { Lifecycle.advance($0, to: now, under: rules) }
    }

    private func handOver(_ name: String) throws {
        try decide(name) { Lifecycle.handOver(try key(of: $0), of: $0, at: now, under: rules) }
    }

    private func begin(_ name: String) throws {
        try handOver(name)
        try decide(name) { state in
            let fact = SendFact.accepted(Attempt(key: try key(of: state), number: 1))
            return Lifecycle.take(fact, into: state, at: now, under: rules)
        }
    }

    private func end(_ name: String, _ outcome: AttemptOutcome) throws {
        try begin(name)
        try decide(name) { state in
            let attempt = Attempt(key: try key(of: state), number: 1)
            let progress = SendProgress(done: 3, total: 4, failed: 1, note: "almost")
            return Lifecycle.take(
                .ended(attempt, outcome, progress, jitter: 0.5), into: state, at: now, under: rules)
        }
    }

    private func key(of state: CampaignState) throws -> OccurrenceKey {
        guard let send = state.openSends.first else {
            throw Finding(description: "\(state.campaign.name) has no open send")
        }
        return send.key
    }

    private func decide(_ name: String, _ decide: (CampaignState) throws -> Decision) throws {
        guard let state = try store.campaign(named: LedgerSeed.slug(name)) else {
            throw Finding(description: "\(name) is not in the ledger")
        }
        try store.commit([try decide(state)], at: now)
    }
}
