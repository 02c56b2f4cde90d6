import CampaignModel

/// How far running sends have come, as their surfaces tell it: more often than the ledger should be written.
struct ProgressBook {
    private var entries: [OccurrenceKey: Entry] = [:]
    private var unwritten: Set<OccurrenceKey> = []

    private struct Entry {
        var latest: SendProgress
        var writtenAt: Duration?
        var pace = SendPace(window: ProgressBook.paceWindow, shortestSpan: ProgressBook.shortestPaceSpan)
        var judgedAt: Duration?
    }

    /// A person who watches sees a change within a second; a surface that floods costs one write in it.
    static let shortestPause = Duration.seconds(1)

    /// Whether a send ends in time is judged by its pace in five minutes: a relay that pauses for one is no slow one.
    static let paceWindow = Duration.seconds(300)
    /// The first seconds, in which connections are made, tell nothing.
    static let shortestPaceSpan = Duration.seconds(60)
    /// Fewer make no pace: those that are put off come one by one at a send's end, those of a low rate by chance.
    static let fewestMoved = 10.0
    static let judgementPause = Duration.seconds(30)

    /// Takes in what a surface said, on top of `known` where it is the first of this send.
    mutating func take(_ progress: SendProgress, of key: OccurrenceKey, known: SendProgress, at steady: Duration) {
        var entry = entries[key] ?? Entry(latest: known)
        entry.latest = entry.latest.updated(by: progress)
        entry.pace.note(entry.latest, at: steady)
        entries[key] = entry
        unwritten.insert(key)
    }

    /// How long a send still takes at its pace; nil where it has none yet.
    func secondsLeft(of key: OccurrenceKey) -> Double? {
        guard let pace = entries[key]?.pace, pace.moved >= Self.fewestMoved else { return nil }
        return pace.secondsLeft
    }

    /// Whether it is time to judge a send by its pace again; then it is as good as done.
    mutating func takeJudgement(of key: OccurrenceKey, at steady: Duration) -> Bool {
        guard secondsLeft(of: key) != nil, (entries[key]?.judgedAt).map({ $0 + Self.judgementPause <= steady }) ?? true
        else { return false }
        entries[key]?.judgedAt = steady
        return true
    }

    /// All that is known of it, `last` included.
    func final(_ last: SendProgress, of key: OccurrenceKey) -> SendProgress {
        entries[key]?.latest.updated(by: last) ?? last
    }

    /// What may be written now.
    func due(at steady: Duration) -> [(key: OccurrenceKey, progress: SendProgress)] {
        unwritten.compactMap { key in
            guard let entry = entries[key], writeAt(entry) <= steady else { return nil }
            return (key, entry.latest)
        }
    }

    mutating func noteWrite(of key: OccurrenceKey, at steady: Duration) {
        entries[key]?.writtenAt = steady
        unwritten.remove(key)
    }

    /// A write that failed is tried again after the pause.
    mutating func noteFailure(of key: OccurrenceKey, at steady: Duration) { entries[key]?.writtenAt = steady }

    mutating func forget(_ key: OccurrenceKey) {
        entries[key] = nil
        unwritten.remove(key)
    }

    /// When something may be written next, by the steady clock; nil where nothing waits.
    var nextWrite: Duration? { unwritten.compactMap { entries[$0].map(writeAt) }.min() }

    private func writeAt(_ entry: Entry) -> Duration { entry.writtenAt.map { $0 + Self.shortestPause } ?? .zero }
}
