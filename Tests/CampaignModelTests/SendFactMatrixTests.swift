import CampaignModel
import Recurrence
import Testing

/// What the sender says, in every state of a send: a table written by hand.
struct SendFactMatrixTests {
    enum Stand: String, CaseIterable, Sendable {
        case claimed, marked, late, revoking, queued, running, cancelling, waiting
        case sent, failed, missed, skipped, cancelled, interrupted
    }

    enum Fact: String, CaseIterable, Sendable {
        case accepted, sent, failed, temporary, interrupted, cancelled, revoked, neverBegan
    }

    /// The state after the fact, for the facts in the order of `Fact`; `=` where nothing changes.
    static let table: [Stand: String] = [
        .claimed: "running sent failed waiting interrupted cancelled cancelled =",
        .marked: "running sent failed waiting interrupted cancelled cancelled =",
        .late: "running sent failed waiting interrupted cancelled missed missed",
        .revoking: "running sent failed cancelled interrupted cancelled cancelled cancelled",
        .queued: "running sent failed waiting interrupted cancelled cancelled =",
        .running: "= sent failed waiting interrupted cancelled cancelled =",
        .cancelling: "= sent failed cancelled interrupted cancelled cancelled cancelled",
        // The facts are about the attempt that has ended already, and that it was sent after all is none of an echo.
        .waiting: "= sent = = = = = =",
        .sent: "= = = = = = = =",
        .failed: "= = = = = = = =",
        .missed: "= = = = = = = =",
        .skipped: "= = = = = = = =",
        .cancelled: "= = = = = = = =",
        .interrupted: "= = = = = = = =",
    ]

    private func story(_ stand: Stand) throws -> (Story, OccurrenceKey) {
        if stand == .late {
            var story = try Story.activated(.daily("2026-12-07T09:00"), at: "2026-12-01T08:00:00Z")
            try story.tick(at: "2026-12-07T12:00:00Z")
            return (story, try story.only.key)
        }
        var story = try Story.activated(.daily(nil), at: "2026-12-01T08:00:00Z")
        let key = try story.only.key
        switch stand {
        case .claimed, .late: break
        case .marked: story.handOver(key)
        case .revoking:
            story.handOver(key)
            try story.perform(.cancel(key))
        case .queued: story.enqueue(key)
        case .running: try story.run(key)
        case .cancelling:
            try story.run(key)
            try story.perform(.cancel(key))
        case .waiting:
            try story.run(key)
            try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        case .sent, .failed, .missed, .skipped, .cancelled, .interrupted:
            var send = try story.only
            send.state = try #require(SendState(rawValue: stand.rawValue))
            send.endedAt = story.now
            // A fact may name a send that has ended meanwhile.
            story.state.openSends = [send]
        }
        return (story, key)
    }

    private func fact(_ fact: Fact, _ key: OccurrenceKey) -> SendFact {
        let attempt = Attempt(key: key, number: 1)
        func ended(_ outcome: AttemptOutcome) -> SendFact { .ended(attempt, outcome, SendProgress(), jitter: 0) }
        return switch fact {
        case .accepted: .accepted(attempt)
        case .sent: ended(.sent)
        case .failed: ended(.failed(reason: "no"))
        case .temporary: ended(.temporary(reason: "busy", retryAfterSeconds: nil))
        case .interrupted: ended(.interrupted(reason: "killed"))
        case .cancelled: ended(.cancelled(reason: "ana"))
        case .revoked: ended(.revoked(reason: "stop"))
        case .neverBegan: .neverBegan(key)
        }
    }

    @Test("every fact in every state does what the table says", arguments: Stand.allCases)
    func matrix(stand: Stand) throws {
        let line = try #require(Self.table[stand]).split(separator: " ")
        try #require(line.count == Fact.allCases.count)
        for (name, expected) in zip(Fact.allCases, line) {
            let (story, key) = try story(stand)
            let before = try #require(story.state.openSends.first)
            let decision = Lifecycle.take(fact(name, key), into: story.state, at: story.now, under: story.rules)
            let after = (decision.claims + decision.updates).first { $0.key == key }
            if expected == "=" {
                #expect(after == nil, "\(name.rawValue)")
                #expect(decision.events.isEmpty, "\(name.rawValue)")
                #expect(decision.campaign == story.campaign, "\(name.rawValue)")
            } else {
                #expect(after?.state.rawValue == String(expected), "\(name.rawValue)")
                #expect(!decision.events.isEmpty, "\(name.rawValue)")
                #expect(after?.wasAccepted == (name != .revoked && name != .neverBegan || before.wasAccepted))
                if after?.state.isFinal == true { #expect(after?.endedAt == story.now) }
            }
        }
    }

    @Test("only what may begin is handed over", arguments: Stand.allCases)
    func handOver(stand: Stand) throws {
        var (story, key) = try story(stand)
        story.now = story.now + 60
        let decision = Lifecycle.handOver(key, of: story.state, at: story.now, under: story.rules)
        let number = stand == .waiting ? 2 : 1
        switch stand {
        case .claimed, .marked, .queued, .waiting:
            #expect(decision.effects == [.handOver(Attempt(key: key, number: number))])
        case .late, .revoking, .running, .cancelling, .sent, .failed, .missed, .skipped, .cancelled, .interrupted:
            #expect(decision.effects.isEmpty)
            #expect(decision.updates.isEmpty)
        }
    }

    @Test("only a claim that was never handed over is put behind a cap", arguments: Stand.allCases)
    func enqueue(stand: Stand) throws {
        let (story, key) = try story(stand)
        let decision = Lifecycle.enqueue(key, of: story.state, at: story.now, under: story.rules)
        #expect(decision.updates.map(\.state) == (stand == .claimed ? [.queued] : []))
    }
}
