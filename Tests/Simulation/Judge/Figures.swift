import CampaignModel

/// What happened in a story, in numbers.
struct Figures: Codable {
    var occurrences = 0
    var commands = 0
    var refusals = 0
    var surfaceStarts = 0
    var lives = 0
    /// Days that campaigns were in force, in all.
    var campaignDays = 0.0
    var simulatedDays = 0.0
    var faults: [String: Int] = [:]
    /// (status, event) pairs: `active × ended`.
    var pairs: [String: Int] = [:]
    /// Final states and how many sends came to each.
    var ends: [String: Int] = [:]

    mutating func count(_ event: Event, _ status: Status?) {
        guard event.campaign != nil else { return }
        let what = event.kind == .status ? "to \(event.to?.rawValue ?? "")" : event.kind.rawValue
        pairs["\(status?.rawValue ?? "new") × \(what)", default: 0] += 1
    }

    mutating func count(_ send: Send, isNew: Bool) {
        if isNew { occurrences += send.count ?? 1 }
        if send.state.isFinal { ends[send.state.rawValue, default: 0] += 1 }
    }

    mutating func add(_ other: Figures) {
        occurrences += other.occurrences
        commands += other.commands
        refusals += other.refusals
        surfaceStarts += other.surfaceStarts
        lives += other.lives
        campaignDays += other.campaignDays
        simulatedDays += other.simulatedDays
        faults.merge(other.faults, uniquingKeysWith: +)
        pairs.merge(other.pairs, uniquingKeysWith: +)
        ends.merge(other.ends, uniquingKeysWith: +)
    }
}
