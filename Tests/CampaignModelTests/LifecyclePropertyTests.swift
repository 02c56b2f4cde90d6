import CampaignModel
import Recurrence
import Testing

/// Random lives of a campaign under a fixed seed: whatever happens in whatever order, the rules hold after each
/// decision.
struct LifecyclePropertyTests {
    static let allowedMoves: Set<String> = [
        "draft→scheduled", "draft→activating", "scheduled→activating", "scheduled→draft", "scheduled→stopped",
        "activating→active", "activating→draft", "activating→scheduled", "activating→stopped", "active→stopped",
        "active→completed", "stopped→archived", "completed→archived", "archived→stopped", "archived→completed",
    ]
    private static let stepsInOneLife = 150

    @Test("random commands, time steps and facts keep every rule", arguments: 0..<80 as Range<UInt64>)
    func randomLife(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for step in 0..<Self.stepsInOneLife {
            let before = life.story
            life.step()
            let broken = broken(by: life.story, since: before)
            try #require(broken.isEmpty, "seed \(seed), step \(step), \(life.lastStep): \(broken)")
            if life.story.last.isDeleted { return }
        }
    }

    @Test("the random lives reach every status and every state of a send")
    func reach() throws {
        var statuses: Set<Status> = []
        var states: Set<SendState> = []
        var moves: Set<String> = []
        for seed in 0..<60 as Range<UInt64> {
            var life = try RandomLife(seed: seed)
            for _ in 0..<Self.stepsInOneLife where !life.story.last.isDeleted {
                life.step()
                statuses.insert(life.story.status)
                states.formUnion(life.story.all.map(\.state))
            }
            moves.formUnion(life.story.moves)
        }
        #expect(statuses == Set(Status.allCases))
        #expect(states == Set(SendState.allCases))
        #expect(moves.isSubset(of: Self.allowedMoves))
        #expect(moves.count > 10)
    }

    /// The rules that a decision broke, as sentences.
    private func broken(by story: Story, since before: Story) -> [String] {
        var broken = story.faults + story.campaign.violations.filter { _ in !story.last.isDeleted }
        let decision = story.last
        broken += (decision.claims + decision.updates).flatMap(\.violations)
        var status = before.campaign.status
        for event in story.events.dropFirst(before.events.count) where event.kind == .status {
            if event.from != status { broken.append("a move from \(event.from as Any) in \(status)") }
            if !Self.allowedMoves.contains(move(of: event) ?? "") { broken.append("the move \(move(of: event) ?? "")") }
            status = event.to ?? status
        }
        if status != story.status, !decision.isDeleted { broken.append("a status without its event") }
        let ended = Dictionary(grouping: story.events.filter { $0.kind == .ended }, by: \.key)
        broken += ended.filter { $1.count > 1 }.map { "\($0.key as Any) ended twice" }
        if !story.rules.firingIsHeld, let wakeAt = decision.wakeAt, wakeAt <= story.now {
            broken.append("wakes at \(wakeAt), now \(story.now)")
        }
        if let old = before.campaign.decidedUntil, story.campaign.decidedUntil ?? .earliest < old {
            broken.append("decided_until went back")
        }
        var same = story.campaign
        same.revision = before.campaign.revision
        let isChanged = same != before.campaign
        if isChanged != (story.campaign.revision == before.campaign.revision + 1) { broken.append("revision") }
        return broken + brokenBySends(story, since: before)
    }

    private func brokenBySends(_ story: Story, since before: Story) -> [String] {
        var broken: [String] = []
        let decision = story.last
        for send in decision.claims where !send.state.isFinal && send.verdict == nil {
            if before.campaign.stopFence != nil { broken.append("\(send.key) is claimed behind a fence") }
            if story.rules.firingIsHeld { broken.append("\(send.key) is claimed while nothing may fire") }
            if ![.active, .completed].contains(story.status) {
                broken.append("\(send.key) is claimed in \(story.status)")
            }
        }
        for case .handOver(let attempt) in decision.effects {
            guard let send = story.sends[attempt.key] else {
                broken.append("\(attempt) is handed over and was never claimed")
                continue
            }
            if send.handedAt == nil { broken.append("\(attempt) is handed over without its mark") }
            if send.verdict != nil || story.campaign.stopFence != nil {
                broken.append("\(attempt) is handed over late")
            }
            if story.status == .stopped { broken.append("\(attempt) is handed over after the stop") }
            let retries = 3
            if send.attempts > retries + 1 { broken.append("\(attempt) is one too many") }
        }
        if story.status == .stopped, story.state.openSends.contains(where: { $0.state != .running }) {
            broken.append("a send waits after the stop")
        }
        return broken
    }
}
