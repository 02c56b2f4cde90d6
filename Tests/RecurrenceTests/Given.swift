import Recurrence

/// Short ways to write what tests are given. Each traps on a mistake in the test itself.
func instant(_ text: String) -> Instant { Instant(text)! }
func local(_ text: String) -> LocalDateTime { LocalDateTime(text)! }
func date(_ text: String) -> LocalDate { LocalDate(text)! }
func rule(_ text: String) -> RecurrenceRule { try! RecurrenceRule(parsing: text) }

private let systemZones = SystemZones()

func zone(_ name: String) -> Zone { name == "UTC" ? .utc : try! systemZones.zone(named: name) }

func makeSeries(
    _ text: String?, from anchor: String, in zoneName: String = "UTC", end: SeriesEnd? = nil,
    except: Exclusions = .none, gap: GapPolicy = .shift
) throws -> Series {
    try Series(
        anchor: local(anchor), zone: zone(zoneName), rule: text.map { rule($0) }, end: end, exclusions: except,
        gap: gap)
}

extension Series {
    /// The first occurrences after an instant, or from the start.
    func occurrences(_ limit: Int, after start: Instant? = nil) -> [Occurrence] {
        var found: [Occurrence] = []
        var next = start.map { self.next(after: $0) } ?? first
        while let occurrence = next, found.count < limit {
            found.append(occurrence)
            next = self.next(after: occurrence.instant)
        }
        return found
    }

    /// The local times of the first occurrences.
    func locals(_ limit: Int) -> [String] { occurrences(limit).map(\.local.description) }

    /// The instants of the first occurrences.
    func instants(_ limit: Int, after start: Instant? = nil) -> [String] {
        occurrences(limit, after: start).map(\.instant.description)
    }
}
