/// An instant at which a rule may occur, before exclusions and ends are looked at.
struct Candidate {
    /// How the instant follows from the nominal time.
    enum Reading: Int {
        case plain, foldFirst, gap
    }

    /// Seconds since the epoch.
    let instant: Int64
    /// The local second that the rule names.
    let nominal: Int64
    let reading: Reading

    /// Farther than this no local time is from the instant at which it is read, whatever the zone: offsets
    /// lie between −25 and 26 hours, a gap is at most 51 hours, and with an hour for the expansion of a step
    /// that makes 53.
    static let reachSeconds: Int64 = 53 * 3_600

    init(instant: Int64, nominal: Int64, reading: Reading) {
        self.instant = instant
        self.nominal = nominal
        self.reading = reading
    }

    /// Reads a local second in a zone: in a gap with the offset before it, in a fold as the first one.
    init(nominal: Int64, zone: Zone) {
        switch zone.read(local: nominal) {
        case .unique(let second): self.init(instant: second, nominal: nominal, reading: .plain)
        case .fold(let first, _): self.init(instant: first, nominal: nominal, reading: .foldFirst)
        case .gap(let shifted, _, _): self.init(instant: shifted, nominal: nominal, reading: .gap)
        }
    }

    /// Of two on one instant the one whose local time exists is told.
    @inline(__always)
    func isBetterNext(than other: Candidate?) -> Bool {
        guard let other else { return true }
        return instant < other.instant || instant == other.instant && reading.rawValue < other.reading.rawValue
    }

    @inline(__always)
    func isBetterLast(than other: Candidate?) -> Bool {
        guard let other else { return true }
        return instant > other.instant || instant == other.instant && reading.rawValue < other.reading.rawValue
    }
}
