public import Recurrence

/// The occurrences of one activated version: when they are due, what their keys are, and where they end.
///
/// A class, of constants alone: a decision asks for its plan a dozen times, and the rule and the zone in it are many
/// values to copy.
public final class Plan: Sendable {
    public let kind: CampaignKind
    /// The zone of the version's schedule, as its data are now.
    public let zone: Zone
    /// When the series starts; a recurring one need not occur there. A written start in a gap is moved past times that
    /// follow it on the clocks: then it starts with the first of those.
    public let start: Instant
    /// The last instant at which something may be due, from `end` or the rule's UNTIL; nil without either.
    public let end: Instant?
    /// Nil for a triggered campaign, which has no occurrences of its own.
    private let series: Series?
    /// Set where the only occurrence is the anchor itself.
    private let single: Occurrence?
    /// The series that tells when the rule itself is over: the same one, without the end beside the rule; nil where
    /// nothing but that end, or nothing at all, ends it.
    private let counted: Series?

    /// Whether the rule steps in elapsed time, so that its occurrences have no local name.
    var stepsInElapsedTime: Bool { series?.stepsInElapsedTime ?? false }
    /// Whether the only occurrence is an instant, that of the activation, and no local time.
    var isInstant: Bool { single != nil }

    /// Longer zone names than any in the database would break the limit of a key.
    static let zoneNameLimit = 100

    /// - Throws: ``PlanError`` where the zone is unknown or nothing ever occurs.
    public init(_ content: CampaignContent, anchor: Anchor, in zones: any ZoneSource) throws(PlanError) {
        let zone = try Self.zone(content.schedule.timezone, in: zones)
        let schedule = content.schedule
        self.kind = content.kind
        self.zone = zone
        let anchored = anchor.isWritten ? zone.resolve(anchor.local).instant : anchor.instant
        end = (schedule.end ?? schedule.rule?.until)?.lastInstant(in: zone)
        switch content.kind {
        case .triggered:
            start = anchored
            series = nil
            single = nil
            counted = nil
        case .oneShot where !anchor.isWritten:
            // Inside a fold's second hour the local time alone would mean an hour ago.
            start = anchored
            series = nil
            single = Occurrence(nominal: anchor.local, local: anchor.local, instant: anchor.instant, mark: nil)
            counted = nil
        case .oneShot, .recurring:
            single = nil
            do {
                let series = try schedule.series(anchor, in: zone)
                self.series = series
                start = min(anchored, series.first.instant)
                if schedule.end == nil {
                    counted = series
                } else {
                    let isCounted = schedule.rule?.count != nil
                    counted = isCounted ? try schedule.withoutEnd.series(anchor, in: zone) : nil
                }
            } catch {
                throw .series(error, of: content)
            }
        }
    }

    /// An instant for people: 2026-12-07 09:00 Europe/Paris.
    func words(for instant: Instant) -> String {
        "\(zone.local(at: instant).words) \(zone.name)"
    }

    /// The first occurrence later than `instant`.
    public func next(after instant: Instant) -> Occurrence? {
        if let single { return single.instant > instant ? single : nil }
        return series?.next(after: instant)
    }

    /// The last occurrence at `instant` or earlier.
    public func last(atOrBefore instant: Instant) -> Occurrence? {
        if let single { return single.instant <= instant ? single : nil }
        return series?.last(atOrBefore: instant)
    }

    /// Whether a recurring one's rule has nothing after `instant`. An end beside the rule does not count: until it is
    /// reached, a new version may still move it.
    public func isExhausted(after instant: Instant) -> Bool {
        guard let counted else { return false }
        return counted.next(after: instant) == nil
    }

    /// Whether the rule ends without any end beside it: by COUNT or UNTIL.
    var endsByItself: Bool { counted?.rule?.count != nil || counted?.rule?.until != nil }

    /// The least number of seconds between two occurrences, where that is below `seconds`; nil where none is closer.
    public func closestSpacingSeconds(below seconds: Int) -> Int? {
        guard let closest = series?.closestSpacing(limit: seconds), closest < seconds else { return nil }
        return closest
    }

    /// How many occurrences lie after `first` up to and with `last`; nil above `limit`.
    public func count(after first: Instant, through last: Instant, limit: Int) -> Int? {
        if let single { return single.instant > first && single.instant <= last ? 1 : 0 }
        guard let series else { return 0 }
        return series.count(after: first, through: last, limit: limit)
    }

    /// Up to `limit` occurrences after `instant`, from the first one on where that is nil.
    public func occurrences(after instant: Instant?, limit: Int) -> [Occurrence] {
        var found: [Occurrence] = []
        var following = following(instant)
        while found.count < limit, let occurrence = following {
            found.append(occurrence)
            following = next(after: occurrence.instant)
        }
        return found
    }

    /// The same with what follows the last of them.
    public func page(after instant: Instant?, limit: Int) -> OccurrencePage {
        let found = occurrences(after: instant, limit: limit)
        return OccurrencePage(
            occurrences: found, zoneName: zone.name, isExhausted: following(found.last?.instant ?? instant) == nil)
    }

    private func following(_ instant: Instant?) -> Occurrence? {
        guard let instant else { return single ?? series?.first }
        return next(after: instant)
    }

    /// The key of an occurrence: for calendar rules the local time with its zone in RFC 9557's form, for
    /// elapsed-time rules the UTC instant.
    public func key(of occurrence: Occurrence, in campaign: CampaignID) -> OccurrenceKey {
        let tail = stepsInElapsedTime
            ? occurrence.instant.description : "\(occurrence.nominal)[\(zone.name)]"
        guard let key = OccurrenceKey("\(campaign)/\(tail)") else {
            preconditionFailure("\(campaign)/\(tail) is no key: ids, times and zone names are ASCII and bounded")
        }
        return key
    }

    private static func zone(_ name: String?, in zones: any ZoneSource) throws(PlanError) -> Zone {
        let name = name ?? "UTC"
        guard name.utf8.count <= zoneNameLimit else {
            throw .zone(FieldError("schedule.timezone", name, "is longer than any zone's name"))
        }
        // Keys hold it. The data that a schedule is planned by come with a name that no database has looked at.
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .zone(FieldError("schedule.timezone", name, ZoneError.invalidName(name).reason))
        }
        do {
            return try zones.zone(named: name)
        } catch {
            throw .zone(FieldError("schedule.timezone", name, error.reason))
        }
    }
}

extension ZoneError {
    /// What is wrong with the name, to be read after it.
    fileprivate var reason: String {
        switch self {
        case .invalidName: "is not the name of a zone; write one of the database, such as Europe/Paris"
        case .unknown(_, let nearest?): "is not in the zone database; the nearest name there is \(nearest)"
        case .unknown(_, nil): "is not in the zone database; write a name such as Europe/Paris"
        case .unreadable(_, let reason): "can't be read from the zone database: \(reason)"
        case .damaged(_, let error): "is no zone in the zone database: \(error)"
        }
    }
}

/// Why a version has no plan.
public enum PlanError: Error, Sendable {
    case zone(FieldError)
    case series(SeriesError, of: CampaignContent)

    /// The same as an error about the field that its author has to change.
    public var fieldError: FieldError {
        switch self {
        case .zone(let error):
            return error
        case .series(let error, let content):
            let rule = content.definition.schedule?.rrule ?? content.schedule.rule?.description
            switch error {
            case .neverOccurs(.endsBeforeFirst(let first)):
                let reason = "comes before the first occurrence, which would be at \(first)"
                return content.schedule.end == nil
                    ? FieldError("schedule", rule, "has an UNTIL that \(reason)")
                    : FieldError("schedule.end", content.definition.schedule?.end, reason)
            case .neverOccurs(.noMatch):
                return FieldError(
                    "schedule", rule,
                    "never occurs; no date and time from the start to the year 9999 fits all of its parts")
            case .neverOccurs(.allLeftOut), .untilAndEnd, .countTooLarge, .countTooSparse, .tooManyExclusions:
                return FieldError("schedule", nil, "\(error)")
            }
        }
    }
}
