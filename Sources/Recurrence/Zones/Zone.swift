/// A time zone: which offset from UTC its clocks had, have and will have.
///
///     let zone = try SystemZones().zone(named: "Europe/Paris")
///     zone.offset(at: Instant("2026-07-01T00:00:00Z")!) // 7200
///
/// A zone is a value, read once. Two zones are equal where name and offsets are, however their files write these
/// down, so that a change of the system's data shows as inequality.
public struct Zone: Hashable, Sendable {
    /// What a local time means in a zone.
    public enum Resolution: Hashable, Sendable {
        /// It exists once.
        case unique(Instant)
        /// It does not exist, clocks having gone forward over it; `shifted` reads it with the offset in
        /// force before.
        case gap(shifted: Instant)
        /// It exists twice (or more often), clocks having gone back; the earliest and the latest one.
        case fold(first: Instant, second: Instant)

        /// The instant at which an occurrence named by the local time takes place: shifted out of a gap,
        /// the first one of a fold.
        public var instant: Instant {
            switch self {
            case .unique(let instant), .gap(let instant), .fold(let instant, _): instant
            }
        }
    }

    /// The name in the database, such as `Europe/Paris`.
    public let name: String
    /// The file that the zone was read from, to keep it and to read it again.
    public let tzif: [UInt8]

    /// The instants at which the offset changes, ascending, and the offset before the first and from each
    /// one on: one more than there are changes.
    private let changes: [Int64]
    private let offsets: [Int64]
    /// What holds from `footerStart` on, if anything does.
    private let footer: PosixZoneRule?
    private let footerStart: Int64
    /// The smallest and the largest offset that the zone ever has.
    let offsetRange: ClosedRange<Int64>

    /// Coordinated Universal Time, under the name `UTC`.
    public static let utc = Zone(name: "UTC", tzif: TZifData.utc, changes: [], offsets: [0], footer: nil)

    /// The changes that a footer makes are written out through this year and computed after it: campaigns
    /// lie in the years to come, and a look-up in a table takes a tenth of the time.
    static let writtenOutThroughYear = 2100

    /// Reads the content of a TZif file (RFC 8536 and RFC 9636, versions 1 to 4), whatever it holds.
    ///
    /// Throws a `TZifError` where the bytes are not such a file, or one with leap seconds. Before the first
    /// change the file's first type holds, after the last one its footer, or the last offset without one.
    public init(name: String, tzif: [UInt8]) throws(TZifError) {
        let data = try TZifData(tzif)
        var changes: [Int64] = []
        var offsets = [Int64(data.firstOffset)]
        for (change, offset) in zip(data.transitions, data.offsetsAfter) {
            Self.append(change: change, offset: Int64(offset), to: &changes, &offsets)
        }
        self.init(name: name, tzif: tzif, changes: changes, offsets: offsets, footer: data.footer,
                  footerStart: data.transitions.last)
    }

    private init(
        name: String, tzif: [UInt8], changes: [Int64], offsets: [Int64], footer: PosixZoneRule?,
        footerStart: Int64? = nil
    ) {
        self.name = name
        self.tzif = tzif
        self.footer = footer
        var changes = changes
        var offsets = offsets
        // Two days cover every offset; changes before that are over when the calendar begins.
        let earliest = CivilCalendar.firstSecond - 2 * CivilCalendar.secondsPerDay
        var start = footerStart.map { max($0, earliest) } ?? ZoneSegment.distantPast
        if let footer, footerStart != nil {
            let limit = CivilCalendar.second(
                ofDay: CivilCalendar.day(year: Self.writtenOutThroughYear, month: 1, day: 1))
            // Two changes a year, from the last one in the file on.
            while start < limit {
                let segment = footer.segment(at: start)
                Self.append(change: start, offset: segment.offset, to: &changes, &offsets)
                start = segment.end
            }
        }
        self.changes = changes
        self.offsets = offsets
        self.footerStart = start
        let all = offsets + (footer.map { [$0.offsets.lowerBound, $0.offsets.upperBound] } ?? [])
        offsetRange = (all.min() ?? 0)...(all.max() ?? 0)
    }

    public static func == (left: Zone, right: Zone) -> Bool {
        left.name == right.name && left.changes == right.changes && left.offsets == right.offsets
            && left.footer == right.footer && left.footerStart == right.footerStart
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(changes)
    }

    /// Adds a change, unless it changes nothing. What lies before the calendar is the state at its start.
    private static func append(change: Int64, offset: Int64, to changes: inout [Int64], _ offsets: inout [Int64]) {
        if change <= CivilCalendar.firstSecond - CivilCalendar.secondsPerDay * 2 {
            offsets[0] = offset
        } else if change < CivilCalendar.lastSecond + CivilCalendar.secondsPerDay * 2, offset != offsets.last {
            changes.append(change)
            offsets.append(offset)
        }
    }

    /// Where the table ends, and what the footer has after it.
    var tableEnd: Int64 { footer == nil ? ZoneSegment.distantFuture : footerStart }
    var footerOffsets: [Int64] { footer.map { [$0.offsets.lowerBound, $0.offsets.upperBound] } ?? [] }

    /// The stretch of constant offset around a second: by binary search in the table, which is short and
    /// fixed, and by the footer's arithmetic after it.
    func segment(at second: Int64) -> ZoneSegment {
        if let footer, second >= footerStart {
            var segment = footer.segment(at: second)
            segment.start = max(segment.start, footerStart)
            return segment
        }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        let end = low < changes.count ? changes[low] : tableEnd
        return ZoneSegment(
            start: low > 0 ? changes[low - 1] : ZoneSegment.distantPast, end: end, offset: offsets[low])
    }
}
