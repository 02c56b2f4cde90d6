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
    public static let limit = 1_000
}

extension Rules {
    /// The occurrences that are due soonest among those of several campaigns in force, soonest first; of those at one
    /// instant the campaign that comes first.
    ///
    /// The `limit` soonest ones belong to at most as many campaigns: those whose next ones are due soonest.
    ///
    /// - Parameters:
    ///   - campaigns: with the instants at which their next ones are due, in that order, and those of their triggers to
    ///     come, in order too. A campaign whose schedule can't be read any more is left out.
    ///   - limit: brought into 0...``PlannedOccurrence/limit``.
    public func planned(
        of campaigns: [(campaign: Campaign, nextDue: Instant, triggers: [Instant])], limit: Int
    ) -> [PlannedOccurrence] {
        let limit = min(limit, PlannedOccurrence.limit)
        var plans: [Int: Outlook] = [:]
        // The latest first, so that the soonest is taken off the end.
        var waiting = campaigns.indices.reversed().map { Waiting(due: campaigns[$0].nextDue, index: $0) }
        var found: [PlannedOccurrence] = []
        while found.count < limit, let soonest = waiting.popLast() {
            guard let plan = plans[soonest.index] ?? outlook(of: campaigns[soonest.index]),
                let occurrence = plan.next(after: soonest.due - 1)
            else { continue }
            plans[soonest.index] = plan
            if occurrence.instant == soonest.due {
                found.append(
                    PlannedOccurrence(index: soonest.index, occurrence: occurrence, zoneName: plan.plan.zone.name))
            }
            // Zone data that changed since may have moved the first one: then it takes its place again.
            let following = occurrence.instant == soonest.due ? plan.next(after: soonest.due) : occurrence
            if let following { waiting.add(Waiting(due: following.instant, index: soonest.index)) }
        }
        return found
    }

    private func outlook(of planned: (campaign: Campaign, nextDue: Instant, triggers: [Instant])) -> Outlook? {
        guard let live = planned.campaign.live, let anchor = live.anchor,
            let plan = try? Plan(live.content, anchor: anchor, in: zones)
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
