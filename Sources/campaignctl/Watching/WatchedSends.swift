import CampaignModel
import ControlAPI
import Recurrence

/// The sends that a watch knows to be open, with their pace; what each look at them finds new.
struct WatchedSends {
    /// What one look found.
    struct News: Equatable {
        /// Open ones that were not known, or of which something has changed.
        var changed: [WatchedSend] = []
        /// Those that have ended.
        var ended: [WatchedSend] = []
        /// Those that are open no more and found nowhere, as the daemon's last word was.
        var lost: [WatchedSend] = []
    }

    /// One may begin again between two looks, or be one of very many: so often it is looked for.
    static let looksForMissing = 5

    private struct Entry {
        var seen: SeenSend
        var pace = SendPace()
        /// In how many looks it was neither open nor ended.
        var missed = 0
        /// Of its surface, a second.
        var surfaceRate: Double?
        var endsTooLate = false

        var watched: WatchedSend {
            WatchedSend(
                seen: seen, rate: pace.rate, secondsLeft: pace.rate == nil ? expected : pace.secondsLeft,
                endsTooLate: endsTooLate)
        }

        /// How long it takes at the surface's rate.
        private var expected: Double? {
            let progress = seen.view.progress
            guard seen.view.state == .running, let surfaceRate, let total = progress.total else { return nil }
            let left = Double(total) - Double(progress.done ?? 0)
            let seconds = left / surfaceRate
            return left > 0 && seconds <= SendPace.horizonSeconds ? seconds : nil
        }
    }

    private var entries: [String: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// What is under way first, then what waits, each in its order.
    var open: [WatchedSend] {
        entries.values.map(\.watched).sorted { Self.order($0.view) < Self.order($1.view) }
    }

    /// Those that are not among the open ones any more.
    func missing(from open: [SeenSend]) -> [SendView] {
        let keys = Set(open.map(\.view.key))
        return entries.values.map(\.seen.view).filter { !keys.contains($0.key) }.sorted { $0.key < $1.key }
    }

    /// Takes in what a look found.
    ///
    /// - Parameters:
    ///   - open: all that are open.
    ///   - ended: of those that are ``missing(from:)`` the ones that have ended.
    ///   - surroundings: what else that look knows.
    ///   - time: when that was, since any moment.
    mutating func take(
        open: [SeenSend], ended: [SeenSend], in surroundings: WatchSurroundings = WatchSurroundings(), at time: Duration
    ) -> News {
        var news = News()
        let missing = missing(from: open)
        let endedByKey = Dictionary(ended.map { ($0.view.key, $0) }) { newest, _ in newest }
        for seen in open {
            var entry = entries[seen.view.key] ?? Entry(seen: seen)
            let isNew = entries[seen.view.key] == nil
            let endsTooLate = seen.view.state == .running && surroundings.lateCampaigns.contains(seen.view.campaign)
            let isChanged = isNew || entry.seen.json != seen.json || entry.endsTooLate != endsTooLate
            entry.endsTooLate = endsTooLate
            entry.surfaceRate = seen.view.surface.flatMap { surroundings.rates[$0] }
            // Another attempt has a pace of its own.
            if entry.seen.view.attempts != seen.view.attempts { entry.pace = SendPace() }
            if seen.view.state == .running {
                entry.pace.note(seen.view.progress, at: time)
            } else {
                entry.pace = SendPace()
            }
            entry.seen = seen
            entry.missed = 0
            entries[seen.view.key] = entry
            if isChanged { news.changed.append(entry.watched) }
        }
        for send in missing {
            if let seen = endedByKey[send.key] {
                entries[send.key] = nil
                news.ended.append(WatchedSend(seen: seen, rate: nil, secondsLeft: nil))
                continue
            }
            entries[send.key]?.missed += 1
            guard let entry = entries[send.key], entry.missed >= Self.looksForMissing else { continue }
            entries[send.key] = nil
            news.lost.append(WatchedSend(seen: entry.seen, rate: nil, secondsLeft: nil))
        }
        news.changed.sort { Self.order($0.view) < Self.order($1.view) }
        return news
    }

    private static func order(_ send: SendView) -> (rank: Int, position: Int, claimedAt: Instant, key: String) {
        let rank =
            switch send.state {
            case .running: 0
            case .claimed: 1
            case .queued: 2
            case .waiting: 3
            case .sent, .failed, .missed, .skipped, .cancelled, .interrupted: 4
            }
        return (rank, send.queuePosition ?? 0, send.claimedAt, send.key)
    }
}
