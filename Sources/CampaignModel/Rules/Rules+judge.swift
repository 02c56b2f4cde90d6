public import Recurrence

extension Rules {
    /// Writes the daemon's default zone in where the author named none, so that a later change of the default moves
    /// no campaign.
    public func completed(_ definition: CampaignDefinition) -> CampaignDefinition {
        var completed = definition
        var schedule = definition.schedule ?? ScheduleDefinition()
        schedule.timezone = schedule.timezone ?? settings.defaultTimezone
        completed.schedule = schedule
        return completed
    }

    /// Judges what needs zone data: that the zone exists, that the schedule occurs at all, and that two occurrences
    /// are never closer than the least spacing.
    ///
    /// - Parameter live: the anchor of the live version, which a newer draft without a start keeps.
    /// - Throws: ``FieldError`` for what no draft may hold.
    public func judge(_ content: CampaignContent, at now: Instant, keeping live: Anchor? = nil) throws(FieldError) {
        let plan: Plan
        do {
            plan = try Plan(content, anchor: anchor(of: content, at: now, keeping: live), in: zones)
        } catch {
            throw error.fieldError
        }
        if content.kind == .triggered { return }
        if let end = plan.end, end < plan.start {
            throw FieldError("schedule.end", content.definition.schedule?.end, "comes before the start")
        }
        let least = Int(settings.minSpacing.secondsRoundedUp)
        if let found = plan.closestSpacingSeconds(below: least) {
            throw FieldError(
                "schedule", nil,
                "two occurrences are \(found) s apart; \(settings.minSpacing.text) at least are allowed")
        }
    }

    /// Where a version activated at `now` is anchored: at its written start, else at the anchor of the live version
    /// that it replaces, else at `now`; read in its own zone, as it may have another than the live version.
    ///
    /// An unknown zone gives UTC here; ``Plan`` tells it.
    func anchor(of content: CampaignContent, at now: Instant, keeping live: Anchor? = nil) -> Anchor {
        let zone = (try? zones.zone(named: content.schedule.timezone ?? "UTC")) ?? .utc
        if let start = content.schedule.start ?? live?.writtenLocal {
            return Anchor(local: start, instant: zone.resolve(start).instant, isWritten: true)
        }
        let instant = live?.instant ?? now
        return Anchor(local: zone.local(at: instant), instant: instant, isWritten: false)
    }
}

extension Anchor {
    /// The local time of a start that was written, which is the truth of it; an activation's is its instant.
    fileprivate var writtenLocal: LocalDateTime? { isWritten ? local : nil }
}
