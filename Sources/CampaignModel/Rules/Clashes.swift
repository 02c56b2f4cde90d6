public import Recurrence

/// Occurrences of different campaigns that reach the same people within a span of time.
public enum Clashes {
    /// One occurrence, as far as clashes go.
    public struct Entry: Hashable, Sendable {
        public let campaign: String
        /// Nil: nobody knows whom it reaches, and it clashes with none.
        public let audience: String?
        public let instant: Instant

        public init(campaign: String, audience: String?, instant: Instant) {
            self.campaign = campaign
            self.audience = audience
            self.instant = instant
        }
    }

    /// Of each entry the names of the other campaigns that have one for the same audience less than `seconds` before or
    /// after it, in order.
    ///
    /// What it costs grows with the entries and with the campaigns that share an audience within the span.
    ///
    /// - Parameter entries: by their instants.
    public static func names(of entries: [Entry], within seconds: Int64) -> [[String]] {
        var names = Array(repeating: [String](), count: entries.count)
        for places in Dictionary(grouping: entries.indices, by: { entries[$0].audience }) where places.key != nil {
            note(places.value, of: entries, within: seconds, &names)
        }
        return names
    }

    /// Moves a window over the entries of one audience and counts each campaign's in it.
    private static func note(
        _ places: [Int], of entries: [Entry], within seconds: Int64, _ names: inout [[String]]
    ) {
        var counts: [String: Int] = [:]
        var entering = 0
        var leaving = 0
        for place in places {
            let instant = entries[place].instant
            while entering < places.count, entries[places[entering]].instant - instant < seconds {
                counts[entries[places[entering]].campaign, default: 0] += 1
                entering += 1
            }
            while leaving < entering, instant - entries[places[leaving]].instant >= seconds {
                let campaign = entries[places[leaving]].campaign
                counts[campaign] = counts[campaign].flatMap { $0 > 1 ? $0 - 1 : nil }
                leaving += 1
            }
            names[place] = counts.keys.filter { $0 != entries[place].campaign }.sorted()
        }
    }
}
