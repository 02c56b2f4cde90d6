import CampaignModel
import Recurrence
import SeededRandom

/// A campaign to which anything happens, drawn from a seed.
struct RandomLife {
    private(set) var story: Story
    private(set) var lastStep = ""
    private var generator: SeededGenerator
    private let kind: CampaignKind

    init(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        kind = [.oneShot, .recurring, .recurring, .triggered][Int.random(in: 0..<4, using: &generator)]
        story = try Story(Self.content(kind, &generator), at: "2026-12-01T08:00:00Z")
    }

    private static func content(_ kind: CampaignKind, _ generator: inout SeededGenerator) throws -> CampaignContent {
        func draw<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        let hour = draw(["08", "09", "10"])
        return try .sample {
            $0.message = draw(["spring-2026", "other"])
            $0.onInterrupt = draw(["leave", "retry"])
            $0.lateLimit = draw([nil, "10m", "10d"])
            switch kind {
            case .oneShot: $0.schedule?.start = draw([nil, "2026-12-02T\(hour):00", "2027-01-02T\(hour):00"])
            case .triggered:
                $0.type = "triggered"
                $0.schedule?.end = draw([nil, "2026-12-20"])
            case .recurring:
                let day = draw(["2026-11-20", "2026-12-02", "2026-12-18"])
                $0.schedule?.start = draw([nil, "\(day)T\(hour):00", "\(day)T\(hour):00"])
                $0.schedule?.every = draw(["day", "5 hours", "week", "10 minutes"])
                $0.overlap = draw(["queue", "skip", "allow"])
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: $0.schedule?.end = "2026-12-20"
                case 1: $0.schedule?.count = "20"
                default: break
                }
            }
        }
    }

    mutating func step() {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...2: command()
        case 3...5: time()
        case 6...7: sender()
        case 8: tellFact()
        default: surroundings()
        }
    }

    private mutating func draw<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    private mutating func command() {
        // Deleting ends the life, so it is rare.
        var commands: [Command] = [
            .activate, .activate, .activate, .unschedule, .unschedule, .modify, .discard, .stop, .pause, .resume,
            .archive, .unarchive, .cancel(nil), .acknowledge, .send(order()), .send(order()),
            .tag(adding: [draw(["a", "b"])], removing: [draw(["a", "c"])]),
        ]
        if let content = try? Self.content(kind, &generator) {
            commands += [.apply(content, sourceText: nil, tags: []), .apply(content, sourceText: nil, tags: [])]
        }
        if Int.random(in: 0..<80, using: &generator) == 0 { commands = [.delete] }
        // A stop is final; without this few lives would see anything else.
        if Int.random(in: 0..<4, using: &generator) != 0 { commands.removeAll { $0 == .stop } }
        let command = draw(commands)
        lastStep = "\(command.name)"
        // A refusal changes nothing; the decision before it is judged once more.
        do {
            _ = try story.perform(command)
        } catch {
            story.tick()
            lastStep += " refused"
        }
    }

    /// A trigger at once or to come, or a send by hand; ids come again.
    private mutating func order() -> SendOrder {
        guard let id = RequestID("r\(Int.random(in: 0..<30, using: &generator))") else {
            preconditionFailure("a letter and a number are an id")
        }
        let at: [AskedTime?] = [nil, .instant(story.now + draw([0, 30, 5_000, 90_000]))]
        return SendOrder(
            id: id,
            kind == .triggered ? .trigger(at: draw(at), data: nil) : .sendNow(again: draw([true, false])))
    }

    private mutating func time() {
        let seconds: Int64 = draw([0, 1, 29, 61, 600, 601, 3_599, 3_601, 10_000, 86_400, 90_000, 260_000, -20])
        lastStep = "tick after \(seconds) s"
        story.tick(after: seconds)
    }

    private mutating func sender() {
        guard let send = openSend() else { return time() }
        if Int.random(in: 0..<5, using: &generator) == 0 {
            lastStep = "enqueue"
            story.enqueue(send.key)
            return
        }
        story.now = max(story.now, send.nextAttemptAt ?? story.now)
        lastStep = "hand over"
        story.handOver(send.key)
    }

    private mutating func tellFact() {
        guard let send = openSend() else { return time() }
        let number = max(1, send.attempts + draw([0, 0, 0, 0, 1, -1]))
        let attempt = Attempt(key: send.key, number: number)
        let outcome: AttemptOutcome = draw([
            .sent, .failed(reason: "f"), .temporary(reason: "t", retryAfterSeconds: nil),
            .temporary(reason: "t", retryAfterSeconds: 90), .interrupted(reason: "i"), .cancelled(reason: "c"),
            .revoked(reason: "r"),
        ])
        let jitter = Double.random(in: 0..<1, using: &generator)
        let ended = SendFact.ended(attempt, outcome, SendProgress(), jitter: jitter)
        let fact = draw([.accepted(attempt), .accepted(attempt), ended, ended, .neverBegan(send.key)])
        lastStep = "\(fact)"
        story.take(fact)
    }

    private mutating func surroundings() {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: story.rules.firingIsHeld.toggle()
        case 1:
            for name in ["spring-2026", "other"] as [Slug] {
                story.state.messages[name] = draw([.missing, .notPublished, .published(revision: 2)])
            }
        case 2: story.rules.catalogue.audiences = draw([[], ["subscribers"]])
        default: story.rules.firingIsHeld = false
        }
        lastStep = "surroundings"
        story.tick()
    }

    private mutating func openSend() -> Send? {
        let sends = story.state.openSends
        return sends.isEmpty ? nil : draw(sends)
    }
}
