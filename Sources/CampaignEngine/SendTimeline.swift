import CampaignModel
import Recurrence

/// Keys in the order of the instants at which they come up again.
struct SendTimeline {
    private var places: [Place] = []
    private var instants: [OccurrenceKey: Instant] = [:]

    private struct Place {
        let at: Instant
        let key: OccurrenceKey
    }

    var earliest: Instant? { places.first?.at }

    mutating func add(_ key: OccurrenceKey, at instant: Instant) {
        remove(key)
        instants[key] = instant
        let place = Place(at: instant, key: key)
        places.insert(place, at: index(of: place))
    }

    mutating func remove(_ key: OccurrenceKey) {
        guard let instant = instants.removeValue(forKey: key) else { return }
        places.remove(at: index(of: Place(at: instant, key: key)))
    }

    /// Takes out all whose time has come, the earliest first.
    mutating func take(through now: Instant) -> [OccurrenceKey] {
        let due = places.prefix { $0.at <= now }.map(\.key)
        places.removeFirst(due.count)
        for key in due { instants[key] = nil }
        return due
    }

    /// Where the place is, or belongs.
    private func index(of place: Place) -> Int {
        places.firstIndex(from: { ($0.at, $0.key) >= (place.at, place.key) })
    }
}

extension Array {
    /// The first index from which on `isLater` holds, of an array in which it then holds to the end.
    func firstIndex(from isLater: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isLater(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
