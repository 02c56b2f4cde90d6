import Recurrence

/// Zone data that change under a schedule in force.
extension Turn {
    /// Plans the live version again where the data of its zone are others than those it was planned by.
    ///
    /// An occurrence is named by its local time and stays the same one, whatever its instant is now. What was decided
    /// stays decided, also where it would come up again later; what was not, and now falls at or before that, is
    /// missed.
    mutating func followZoneData() {
        guard !rules.firingIsHeld, campaign.status.isInForce, let before = plannedBy,
            let zone = try? rules.zones.zone(named: before.zone.name), zone != before.zone
        else { return }
        let old = livePlan
        planAnew(by: ZoneEdition(zone: zone, version: rules.zones.version))
        // Where the new data leave no plan, the campaign waits and says so.
        guard let old, let new = livePlan, old.zone.name == zone.name else { return }
        tellShift(from: old, to: new, before)
        // A pause decides nothing, and what was claimed before it keeps its key.
        if !campaign.paused, campaign.stopFence == nil { keepDecided(old, new) }
    }

    // MARK: What moves

    /// A year of daily sends: a change of rules that is published well ahead moves none of the nearest ones.
    private static let comparedOccurrences = 366

    private mutating func tellShift(from old: Plan, to new: Plan, _ before: ZoneEdition) {
        let decided = campaign.decidedUntil ?? .earliest
        let floor = campaign.paused ? max(decided, now) : decided
        guard let (was, willBe) = firstMoved(from: old, to: new, after: floor) else { return }
        let seconds = willBe - was
        let shift = "\(Duration.seconds(abs(seconds)).text) \(seconds > 0 ? "later" : "earlier")"
        let text = "zone data of \(before.zone.name) changed from \(before.version) to \(rules.zones.version): "
            + "what was due at \(was) is due at \(willBe), \(shift)"
        record(.zonesChanged, text: text)
        raise(.zoneDataChanged, text)
    }

    private func firstMoved(from old: Plan, to new: Plan, after floor: Instant) -> (was: Instant, willBe: Instant)? {
        var was = old.next(after: floor)
        var willBe = new.next(after: floor)
        for _ in 0..<Self.comparedOccurrences {
            guard let present = was else { return nil }
            // Steps in elapsed time have no local name: the n-th is compared with the n-th.
            let moved = new.stepsInElapsedTime ? willBe?.instant : new.instant(of: present)
            if let moved, moved != present.instant { return (present.instant, moved) }
            was = old.next(after: present.instant)
            if let next = willBe { willBe = new.next(after: next.instant) }
        }
        return nil
    }

    // MARK: What was decided

    /// Offsets lie between −12 and +14 hours, so that no local time moves further than this.
    private static let reachSeconds: Int64 = 2 * 86_400

    private mutating func keepDecided(_ old: Plan, _ new: Plan) {
        guard let decided = campaign.decidedUntil, !new.stepsInElapsedTime else { return }
        let near = occurrences(of: new, after: decided - Self.reachSeconds, through: decided + Self.reachSeconds)
        let wasDecided = { (occurrence: Occurrence) in old.instant(of: occurrence) <= decided }
        let floor = max(decided, near.last(where: wasDecided)?.instant ?? decided)
        let passed = near.filter { $0.instant <= floor && !wasDecided($0) }
        if let first = passed.first, let last = passed.last {
            recordTogether(
                .missed, after: first.instant - 1, through: last, new,
                reason: "new zone data put it before what was decided already")
        }
        decide(until: floor)
    }

    /// The least spacing bounds how many there are: 5,760 at one a minute.
    private func occurrences(of plan: Plan, after start: Instant, through end: Instant) -> [Occurrence] {
        var found: [Occurrence] = []
        var next = plan.next(after: start)
        while let occurrence = next, occurrence.instant <= end {
            found.append(occurrence)
            next = plan.next(after: occurrence.instant)
        }
        return found
    }
}

extension Plan {
    /// When the occurrence of that local time takes place in this plan's zone; a single one at activation has an
    /// instant of its own.
    fileprivate func instant(of occurrence: Occurrence) -> Instant {
        isInstant ? occurrence.instant : zone.resolve(occurrence.nominal).instant
    }
}

/// The zone that a schedule in force is planned by, before all others: what the system's database says now counts
/// once the schedule is planned again.
struct PlanningZones: ZoneSource {
    let planned: Zone?
    let others: any ZoneSource

    var version: String { others.version }

    func zone(named name: String) throws(ZoneError) -> Zone {
        if let planned, planned.name == name { return planned }
        return try others.zone(named: name)
    }
}
