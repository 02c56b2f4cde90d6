import CampaignModel

/// How far running sends have come, as their surfaces tell it: more often than the ledger should be written.
struct ProgressBook {
    private var entries: [OccurrenceKey: Entry] = [:]
    private var unwritten: Set<OccurrenceKey> = []

    private struct Entry {
        var latest: SendProgress
        var writtenAt: Duration?
    }

    /// A person who watches sees a change within a second; a surface that floods costs one write in it.
    static let shortestPause = Duration.seconds(1)

    /// Takes in what a surface said, on top of `known` where it is the first of this send.
    mutating func take(_ progress: SendProgress, of key: OccurrenceKey, known: SendProgress) {
        let before = entries[key] ?? Entry(latest: known)
        entries[key] = Entry(latest: before.latest.updated(by: progress), writtenAt: before.writtenAt)
        unwritten.insert(key)
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
