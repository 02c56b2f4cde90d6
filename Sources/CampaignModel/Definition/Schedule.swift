public import Recurrence

/// The judged form of a ``ScheduleDefinition``. Truth is local time in an IANA zone; instants are computed.
public struct Schedule: Hashable, Sendable {
    /// Nil: at activation.
    public let start: LocalDateTime?
    /// Nil: the daemon's default, which it writes in when the campaign is created.
    public let timezone: String?
    /// Nil for a single occurrence at the start.
    public let rule: RecurrenceRule?
    public let end: SeriesEnd?
    public let exclusions: Set<LocalDate>
    public let gap: GapPolicy

    /// More excluded dates than a decade of weekly sends.
    public static let exclusionLimit = 1_000
    private static let gaps: [String: GapPolicy] = ["shift": .shift, "skip": .skip]

    public init(_ definition: ScheduleDefinition) throws(FieldError) {
        start = try Self.start(definition.start)
        timezone = definition.timezone
        gap = try CampaignContent.word(definition.gap, "schedule.gap", among: Self.gaps) ?? .shift
        end = try Self.end(definition.end)
        exclusions = try Self.exclusions(definition.except ?? [])
        rule = try ScheduleTranslation.rule(of: definition, start: start)
        if end != nil, rule?.until != nil {
            throw FieldError("schedule.end", definition.end, "stands beside UNTIL; use one of them")
        }
        if end != nil, definition.count != nil {
            throw FieldError("schedule.end", definition.end, "stands beside count; use one of them")
        }
    }

    /// The same schedule without the end beside its rule.
    var withoutEnd: Schedule {
        Schedule(
            start: start, timezone: timezone, rule: rule, end: nil, exclusions: exclusions, gap: gap)
    }

    private init(
        start: LocalDateTime?, timezone: String?, rule: RecurrenceRule?, end: SeriesEnd?, exclusions: Set<LocalDate>,
        gap: GapPolicy
    ) {
        self.start = start
        self.timezone = timezone
        self.rule = rule
        self.end = end
        self.exclusions = exclusions
        self.gap = gap
    }

    /// The series that starts at `anchor`.
    ///
    /// Of a start that nobody wrote its instant is the truth, which steps in elapsed time are counted from.
    ///
    /// - Throws: ``SeriesError`` where nothing ever occurs.
    public func series(_ anchor: Anchor, in zone: Zone) throws(SeriesError) -> Series {
        try Series(
            anchor: anchor.local, start: anchor.isWritten ? nil : anchor.instant, zone: zone, rule: rule, end: end,
            exclusions: Exclusions(dates: exclusions), gap: gap)
    }

    private static func start(_ text: String?) throws(FieldError) -> LocalDateTime? {
        guard let text, text != "now" else { return nil }
        guard let start = LocalDateTime(text) else {
            throw FieldError(
                "schedule.start", text,
                "is not a date and time of the years 0001 to 9999; write 2026-12-07T09:00, or now")
        }
        return start
    }

    private static func end(_ text: String?) throws(FieldError) -> SeriesEnd? {
        guard let text else { return nil }
        if let date = LocalDate(text) { return .date(date) }
        if let local = LocalDateTime(text) { return .local(local) }
        if let instant = Instant(text) { return .instant(instant) }
        throw FieldError(
            "schedule.end", text, "is not a date of the years 0001 to 9999; write 2027-03-31, or 2027-03-31T18:00")
    }

    private static func exclusions(_ texts: [String]) throws(FieldError) -> Set<LocalDate> {
        guard texts.count <= exclusionLimit else {
            throw FieldError(
                "schedule.except", "\(texts.count)", "dates are too many; \(exclusionLimit) at most are allowed")
        }
        var dates: Set<LocalDate> = []
        for text in texts {
            guard let date = LocalDate(text) else {
                throw FieldError("schedule.except", text, "is not a date of the years 0001 to 9999; write 2026-12-28")
            }
            dates.insert(date)
        }
        return dates
    }
}
