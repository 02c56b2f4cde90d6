/// Where a series ends. Every form is inclusive.
public enum SeriesEnd: Hashable, Sendable {
    /// To the end of that local day, its second pass through an hour included.
    case date(LocalDate)
    /// A local time, read in a gap or a fold as an occurrence is: shifted, and the first one.
    case local(LocalDateTime)
    /// A point on the time line.
    case instant(Instant)
}

extension SeriesEnd {
    /// The last instant that the end includes, in a zone.
    public func lastInstant(in zone: Zone) -> Instant {
        switch self {
        case .instant(let instant):
            return instant
        case .local(let local):
            return zone.resolve(local).instant
        case .date(let date):
            let lastSecond = LocalDateTime(date: date, time: .endOfDay)
            if case .fold(_, let second) = zone.resolve(lastSecond) { return second }
            return zone.resolve(lastSecond).instant
        }
    }
}
