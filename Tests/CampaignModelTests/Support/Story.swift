@testable import CampaignModel
import Recurrence
import Testing

/// One campaign with a clock of its own and a ledger in memory, which takes decisions in as the real one does: a key
/// that is taken fails the whole decision, and it is made again without that key.
struct Story {
    var now: Instant
    var rules = Rules.sample
    var state: CampaignState
    /// Everything that was ever claimed.
    private(set) var sends: [OccurrenceKey: Send] = [:]
    private(set) var events: [Event] = []
    private(set) var last: Decision
    /// What broke a rule of the ledger; empty in a sound story.
    private(set) var faults: [String] = []

    static let root = Issuer(actor: EventActor(uid: 0, name: "root"), reason: nil)

    /// A draft of `content`, made at `now`.
    init(_ content: CampaignContent, at now: String, tags: [Slug] = []) throws {
        self.now = try instant(now)
        let id = try #require(CampaignID("abcdefghijklmnopqrstuvwxyz"))
        let decision = try Lifecycle.create(
            id: id, name: "spring", tags: tags, content: content, sourceText: nil, by: Self.root, at: self.now,
            under: rules)
        last = decision
        state = CampaignState(
            campaign: decision.campaign, openSends: [], newestScheduled: nil,
            messages: ["spring-2026": .published(revision: 3), "other": .published(revision: 1)])
        events = decision.events
    }

    /// The same, and activated at once.
    static func activated(_ content: CampaignContent, at now: String) throws -> Story {
        var story = try Story(content, at: now)
        try story.perform(.activate)
        return story
    }

    var campaign: Campaign { state.campaign }
    var status: Status { campaign.status }
    /// All sends by due instant and key.
    var all: [Send] { sends.values.sorted { ($0.due, $0.key) < ($1.due, $1.key) } }
    var only: Send {
        get throws { try #require(all.count == 1 ? all.first : nil, "not one send: \(all.map(\.key.text))") }
    }
    /// The changes of status, such as `scheduled→activating`.
    var moves: [String] { events.compactMap { move(of: $0) } }
    var alerts: [AlertCode] { campaign.alerts.map(\.code) }

    // MARK: Events

    @discardableResult
    mutating func perform(_ command: Command, by issuer: Issuer = root) throws -> Decision {
        // A refusal is thrown by the first try; the ledger's taken keys are only found afterwards.
        let first = try Lifecycle.perform(command, on: state, by: issuer, at: now, under: rules)
        return commit(first) { try? Lifecycle.perform(command, on: $0, by: issuer, at: $1, under: $2) }
    }

    /// Tries an ended send again.
    @discardableResult
    mutating func retry(_ key: OccurrenceKey) throws -> Decision {
        state.endedSend = sends[key].flatMap { $0.state.isFinal ? $0 : nil }
        defer { state.endedSend = nil }
        return try perform(.retry(key))
    }

    func refusalOfRetry(_ key: OccurrenceKey) throws -> Refusal {
        var story = self
        story.state.endedSend = sends[key].flatMap { $0.state.isFinal ? $0 : nil }
        return try story.refusal(of: .retry(key))
    }

    /// The refusal of a command that must be refused.
    func refusal(of command: Command) throws -> Refusal {
        do {
            _ = try Lifecycle.perform(command, on: state, by: Self.root, at: now, under: rules)
        } catch {
            return error
        }
        throw ExpectedRefusal(command: command.name, status: status)
    }

    /// Moves the clock and decides what is due.
    @discardableResult
    mutating func tick(at text: String) throws -> Decision {
        now = try instant(text)
        return tick()
    }

    @discardableResult
    mutating func tick(after seconds: Int64 = 0) -> Decision {
        now = now + seconds
        return commit { Lifecycle.advance($0, to: $1, under: $2) }
    }

    @discardableResult
    mutating func take(_ fact: SendFact) -> Decision {
        commit { Lifecycle.take(fact, into: $0, at: $1, under: $2) }
    }

    @discardableResult
    mutating func handOver(_ key: OccurrenceKey) -> Decision {
        commit { Lifecycle.handOver(key, of: $0, at: $1, under: $2) }
    }

    @discardableResult
    mutating func enqueue(_ key: OccurrenceKey) -> Decision {
        commit { Lifecycle.enqueue(key, of: $0, at: $1, under: $2) }
    }

    /// Hands over and lets the sender accept: the send runs.
    mutating func run(_ key: OccurrenceKey) throws {
        handOver(key)
        let number = try #require(sends[key]).attempts
        take(.accepted(Attempt(key: key, number: number)))
    }

    /// Ends the present attempt.
    @discardableResult
    mutating func end(_ key: OccurrenceKey, _ outcome: AttemptOutcome, jitter: Double = 0) throws -> Decision {
        let number = try #require(sends[key]).attempts
        return take(.ended(Attempt(key: key, number: number), outcome, SendProgress(), jitter: jitter))
    }

    /// The sender has counted the audience.
    mutating func count(_ recipients: Int) {
        state.countedAudience = CountedAudience("subscribers", .counted(recipients))
        defer { state.countedAudience = nil }
        commit { Lifecycle.noteCountedAudience(of: $0, at: $1, under: $2) }
    }

    /// So many seconds are left at the pace of each.
    mutating func pace(_ secondsLeft: [OccurrenceKey: Double]) {
        commit { Lifecycle.notePace(secondsLeft, of: $0, at: $1, under: $2) }
    }

    // MARK: The ledger

    @discardableResult
    private mutating func commit(_ decide: (CampaignState, Instant, Rules) -> Decision?) -> Decision {
        guard let decision = decide(state, now, rules) else { preconditionFailure("nothing was decided") }
        return commit(decision, decide)
    }

    private mutating func commit(
        _ first: Decision, _ decide: (CampaignState, Instant, Rules) -> Decision?
    ) -> Decision {
        var decision = first
        var attempt = state
        while let taken = decision.claims.first(where: { sends[$0.key] != nil }) {
            if !attempt.takenKeys.insert(taken.key).inserted { faults.append("\(taken.key) is claimed twice") ; break }
            decision = decide(attempt, now, rules) ?? decision
        }
        for send in decision.claims { sends[send.key] = send }
        for send in decision.updates {
            let isReopened = decision.events.contains { $0.kind == .retried && $0.key == send.key }
            if !isReopened, sends[send.key]?.state.isFinal ?? true {
                faults.append("\(send.key) was final or never claimed")
            }
            sends[send.key] = send
        }
        events += decision.events
        last = decision
        state.campaign = decision.campaign
        state.plannedBy = decision.plannedBy
        if let live = decision.campaign.live { state.sendVersions[live.number] = live.content }
        state.openSends = all.filter { !$0.state.isFinal }
        state.newestScheduled = all.last { $0.origin == .schedule }
        return decision
    }
}

struct ExpectedRefusal: Error {
    let command: CommandName
    let status: Status
}

func move(of event: Event) -> String? {
    guard event.kind == .status else { return nil }
    return "\(event.from?.rawValue ?? "")→\(event.to?.rawValue ?? "")"
}

func instant(_ text: String) throws -> Instant { try #require(Instant(text), "\(text) is no instant") }
