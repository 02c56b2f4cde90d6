import CampaignModel

/// What the journal has: everything, in order, and after a crash at most the last batch twice.
struct JournalBook {
    private(set) var last: Int64 = 0
    private var life = 0
    /// A batch, and the events that the cursor may be behind.
    private static let repeatLimit: Int64 = 232

    mutating func take(_ events: [RecordedEvent], life: Int, history: History) -> String? {
        let isFirstOfLife = life != self.life
        self.life = life
        guard let first = events.first else { return "the journal was given nothing" }
        if first.sequence <= last {
            if !isFirstOfLife { return "event \(first.sequence) was given twice in one life" }
            let repeated = last - first.sequence + 1
            if repeated > Self.repeatLimit { return "\(repeated) events were given twice" }
        } else if first.sequence != last + 1 {
            return "the journal lost what lies between \(last) and \(first.sequence)"
        }
        for (number, event) in events.enumerated() {
            guard event.sequence == first.sequence + Int64(number) else { return "the journal's events have gaps" }
            guard history.events.indices.contains(Int(event.sequence) - 1),
                history.events[Int(event.sequence) - 1] == event
            else { return "the journal was told of \(event.sequence) what the history does not hold" }
        }
        last = max(last, first.sequence + Int64(events.count) - 1)
        return nil
    }
}
