extension Zone {
    /// Seconds east of UTC at an instant, more than −25 hours and less than 26.
    public func offset(at instant: Instant) -> Int { Int(segment(at: instant.secondsSinceEpoch).offset) }

    /// What clocks in the zone show at an instant, at most at the ends of the calendar.
    public func local(at instant: Instant) -> LocalDateTime {
        LocalDateTime(secondOnWallClock: localSecond(at: instant.secondsSinceEpoch))
    }

    /// The instant or instants at which clocks in the zone show a local time.
    public func resolve(_ local: LocalDateTime) -> Resolution {
        switch read(local: local.secondOnWallClock) {
        case .unique(let second): .unique(Instant(secondsSinceEpoch: second))
        case .gap(let shifted, _, _): .gap(shifted: Instant(secondsSinceEpoch: shifted))
        case .fold(let first, let second):
            .fold(first: Instant(secondsSinceEpoch: first), second: Instant(secondsSinceEpoch: second))
        }
    }

    @inline(__always)
    func localSecond(at second: Int64) -> Int64 { second + segment(at: second).offset }

    /// Everything that a local second can mean.
    ///
    /// A second that clocks show is `local − offset` for an offset that is in force then, so that only the
    /// segments between `local − largest` and `local − smallest` offset can show it: with real data one or
    /// two, in any file no more than it has changes in those 51 hours. Where none of them shows it, clocks
    /// jumped over it: they show less than `local` before that window and more after it, and within a
    /// segment they run evenly, so that one of the changes goes from at most `local` to more.
    func read(local: Int64) -> LocalReading {
        let latest = local - offsetRange.lowerBound
        var current = segment(at: local - offsetRange.upperBound)
        var first: Int64?
        var last: Int64 = 0
        var gap: LocalReading?
        while true {
            let candidate = local - current.offset
            if current.contains(candidate) {
                first = first ?? candidate
                last = candidate
            }
            guard current.end <= latest else { break }
            let following = segment(at: current.end)
            let gapStart = current.end + current.offset
            let gapEnd = current.end + following.offset
            if gap == nil, local >= gapStart, local < gapEnd {
                gap = .gap(shifted: candidate, start: gapStart, end: gapEnd)
            }
            current = following
        }
        if let first { return first == last ? .unique(first) : .fold(first: first, second: last) }
        // Without a gap there is a reading; the last offset is what any other answer would rest on.
        return gap ?? .unique(local - current.offset)
    }

    /// The offsets in force between two seconds, both included. It looks at the segments between them: one
    /// or two in real data for the few days that are asked of it.
    func offsets(from start: Int64, through end: Int64) -> ClosedRange<Int64> {
        var current = segment(at: start)
        var smallest = current.offset
        var largest = current.offset
        while current.end <= end {
            current = segment(at: current.end)
            smallest = min(smallest, current.offset)
            largest = max(largest, current.offset)
        }
        return smallest...largest
    }

    /// Every offset that is in force at a second or later.
    func offsetsInForce(from second: Int64) -> Set<Int64> {
        var offsets = Set(footerOffsets)
        var current = segment(at: second)
        offsets.insert(current.offset)
        // Through the table, whose length is bounded; the footer has no others.
        while current.end < tableEnd {
            current = segment(at: current.end)
            offsets.insert(current.offset)
        }
        return offsets
    }

    /// The changes of the offset from one second to another, ascending.
    func changes(from start: Int64, through end: Int64) -> [(second: Int64, before: Int64, after: Int64)] {
        var changes: [(second: Int64, before: Int64, after: Int64)] = []
        var current = segment(at: start - 1)
        while current.end <= end {
            let following = segment(at: current.end)
            if following.offset != current.offset {
                changes.append((current.end, current.offset, following.offset))
            }
            current = following
        }
        return changes
    }
}
