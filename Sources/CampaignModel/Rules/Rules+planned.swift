public import Recurrence

/// One occurrence to come among those of several campaigns.
public struct PlannedOccurrence: Hashable, Sendable {
    /// Whose it is: the campaign's place among those that were given.
    public let index: Int
    public let occurrence: Occurrence
    /// The zone that its local times are read in.
    public let zoneName: String

    public init(index: Int, occurrence: Occurrence, zoneName: String) {
        self.index = index
        self.occurrence = occurrence
        self.zoneName = zoneName
    }

    /// How many may be asked for at once: a busy month, in a reply far below the 16 MiB that one may have.
    public static let limit = 10_000
}

extension Rules {
    /// The occurrences that are due soonest among those of several campaigns, soonest first; of those at one instant
    /// the campaign that comes first. A campaign's are those of its live version, else of its draft as if it were
    /// activated now.
    ///
    /// The `limit` soonest ones belong to at most as many campaigns: those whose next ones are due soonest.
    ///
    /// - Parameters:
    ///   - campaigns: with the instants at which their next ones are due, in that order, and those of their triggers to
    ///     come, in order too. A campaign whose schedule can't be read any more is left out.
    ///   - after: only those later than this.
    ///   - until: only those at this instant or earlier.
    ///   - limit: brought into 0...``PlannedOccurrence/limit``.
    /// - Returns: them, and whether that is all.
    public func planned(
        of campaigns: [(campaign: Campaign, nextDue: Instant, triggers: [Instant])], at now: Instant,
        after: Instant? = nil, until: Instant? = nil, limit: Int
    ) -> (occurrences: [PlannedOccurrence], isExhausted: Bool) {
        let limit = min(limit, PlannedOccurrence.limit)
        var plans: [Int: Outlook] = [:]
        // The latest first, so that the soonest is taken off the end.
        var waiting = campaigns.indices.reversed().map { Waiting(due: campaigns[$0].nextDue, index: $0) }
        var found: [PlannedOccurrence] = []
        while let soonest = waiting.popLast(), soonest.due <= until ?? soonest.due {
            if found.count == limit { return (found, false) }
            guard let plan = plans[soonest.index] ?? outlook(of: campaigns[soonest.index], at: now),
                let occurrence = plan.next(after: max(soonest.due - 1, after ?? soonest.due - 1))
            else { continue }
            plans[soonest.index] = plan
            if occurrence.instant == soonest.due {
                found.append(
                    PlannedOccurrence(index: soonest.index, occurrence: occurrence, zoneName: plan.plan.zone.name))
            }
            // The first one may be too early, or moved by zone data that changed since: then it takes its place again.
            let following = occurrence.instant == soonest.due ? plan.next(after: soonest.due) : occurrence
            if let following { waiting.add(Waiting(due: following.instant, index: soonest.index)) }
        }
        return (found, true)
    }

    private func outlook(
        of planned: (campaign: Campaign, nextDue: Instant, triggers: [Instant]), at now: Instant
    ) -> Outlook? {
        guard let version = planned.campaign.current,
            let plan = try? plan(of: version, in: planned.campaign, at: now)
        else { return nil }
        return Outlook(plan: plan, triggers: planned.triggers)
    }
}

/// What a campaign's schedule plans, and the triggers of it that are to come.
private struct Outlook {
    let plan: Plan
    let triggers: [Instant]

    func next(after instant: Instant) -> Occurrence? {
        let trigger = triggers.first { $0 > instant }.map { due in
            let local = plan.zone.local(at: due)
            return Occurrence(nominal: local, local: local, instant: due, mark: nil)
        }
        return [plan.next(after: instant), trigger].compactMap { $0 }.min { $0.instant < $1.instant }
    }
}

/// A campaign that waits for its turn.
private struct Waiting {
    let due: Instant
    let index: Int

    func comes(before other: Waiting) -> Bool { (due, index) < (other.due, other.index) }
}

extension [Waiting] {
    /// Puts it where it belongs in an array whose soonest element is the last.
    fileprivate mutating func add(_ new: Waiting) {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if new.comes(before: self[middle]) { low = middle + 1 } else { high = middle }
        }
        insert(new, at: low)
    }
}
