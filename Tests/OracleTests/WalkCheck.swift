import Recurrence
import SeededRandom

/// What must hold of every series by itself: order, both directions, and the same answer from wherever it is asked.
struct WalkCheck {
    /// So many occurrences are walked.
    private static let length = 24

    let series: Series
    /// Numbers that pick the places far away, the same ones for the same case.
    var places: SeededGenerator

    /// What is wrong; nil where nothing is.
    mutating func fault() -> String? {
        let walked = walk()
        for (early, late) in zip(walked, walked.dropFirst()) where early.instant >= late.instant {
            return "\(late.instant) follows \(early.instant)"
        }
        guard series.next(after: .earliest) == walked[0] || walked[0].instant == .earliest else {
            return "the first one is \(walked[0].instant) and then it is not"
        }
        if let earlier = series.last(before: walked[0].instant) { return "\(earlier.instant) is before the first one" }
        for occurrence in walked where series.zone.local(at: occurrence.instant) != occurrence.local {
            return "\(occurrence.instant) is told as \(occurrence.local)"
        }
        for (early, late) in zip(walked, walked.dropFirst()) {
            if let fault = faultBetween(early, late) { return fault }
        }
        return faultOfCount(walked) ?? faultOfSpacing(walked) ?? faultFarAway()
    }

    private func walk() -> [Occurrence] {
        var walked = [series.first]
        while walked.count < Self.length, let next = series.next(after: walked[walked.count - 1].instant) {
            walked.append(next)
        }
        return walked
    }

    /// Every instant from one occurrence to the next has the same next one, and the same last one.
    private func faultBetween(_ early: Occurrence, _ late: Occurrence) -> String? {
        let distance = late.instant - early.instant
        // Some seconds at both ends, and the hours around them, where clocks may change; then all over.
        let beside: [Int64] = [0, 1, 2, 1_799, 1_800, 3_599, 3_600, 3_601, 5_400, 7_200, 10_800, 86_400, 90_000]
        let steps = beside + beside.map { distance - $0 } + (1..<8).map { distance / 8 * $0 }
        for step in steps where step >= 0 && step < distance {
            let after = early.instant + step
            let before = late.instant - step
            guard series.next(after: after) == late else { return "\(late.instant) is not the next one after \(after)" }
            guard series.last(before: before) == early else {
                return "\(early.instant) is not the last one before \(before)"
            }
            guard series.last(atOrBefore: after) == early else {
                return "\(early.instant) is not the last one at or before \(after)"
            }
        }
        return nil
    }

    private func faultOfCount(_ walked: [Occurrence]) -> String? {
        let last = walked[walked.count - 1].instant
        let count = series.count(after: walked[0].instant, through: last, limit: Self.length)
        if count == walked.count - 1 { return nil }
        return "counts \(count.map(String.init) ?? "too many"), not \(walked.count - 1)"
    }

    private func faultOfSpacing(_ walked: [Occurrence]) -> String? {
        let seen = zip(walked, walked.dropFirst()).map { $1.instant - $0.instant }.min() ?? .max
        let limit = 3_600
        let told = series.closestSpacing(limit: limit)
        return Int64(told) <= min(seen, Int64(limit)) ? nil : "comes as close as \(seen) s, and tells \(told) s"
    }

    /// Asked for at a distance, an occurrence is the one that its neighbours lead to.
    private mutating func faultFarAway() -> String? {
        for _ in 0..<4 {
            let place = series.first.instant + Int64.random(in: 0..<200 * 366 * 86_400, using: &places)
            let next = series.next(after: place)
            guard let last = series.last(atOrBefore: place) else { return "there is none at or before \(place)" }
            guard last.instant <= place, next.map({ $0.instant > place }) ?? true else {
                return "around \(place) lie \(last.instant) and \(String(describing: next?.instant))"
            }
            guard series.next(after: last.instant) == next else { return "after \(last.instant) another one comes" }
            if let next {
                guard series.last(before: next.instant) == last else {
                    return "before \(next.instant) lies another one"
                }
                if let fault = faultBetween(last, next) { return fault }
            } else {
                guard series.last(before: .latest) == last else { return "the last one of all is another one" }
            }
        }
        return nil
    }
}
