public import Recurrence

extension Rules {
    /// The instants to come of one of a campaign's versions, each later than `now`, a draft's own activation included;
    /// a draft's as if it were activated now, a newer one's over the live version.
    ///
    /// - Returns: up to `limit`; none for a campaign that has ended, or whose schedule can't be read.
    public func upcoming(of version: Version, in campaign: Campaign, at now: Instant, limit: Int) -> [Instant] {
        guard campaign.mayStillSend, let plan = try? plan(of: version, in: campaign, at: now) else { return [] }
        return upcoming(of: version, in: campaign, at: now, limit: limit, by: plan)
    }

    private func upcoming(
        of version: Version, in campaign: Campaign, at now: Instant, limit: Int, by plan: Plan
    ) -> [Instant] {
        plan.occurrences(after: floor(of: version, in: campaign, at: now), limit: limit).map(\.instant)
    }

    /// What ``upcoming(of:in:at:limit:)`` of the campaign's current version and ``completion(of:at:)`` say, with one
    /// plan for both: lists ask for a hundred thousand.
    public func outlook(
        of campaign: Campaign, at now: Instant, limit: Int
    ) -> (upcoming: [Instant], completesAt: Instant?) {
        guard let version = campaign.current, !version.content.isTriggered, campaign.mayStillSend else {
            return ([], completion(of: campaign, at: now))
        }
        let plan = try? plan(of: version, in: campaign, at: now)
        return (
            plan.map { upcoming(of: version, in: campaign, at: now, limit: limit, by: $0) } ?? [],
            completion(of: campaign, at: now) { plan })
    }

    /// The same as whole occurrences.
    ///
    /// - Parameters:
    ///   - after: leaves out those at this instant and earlier; what is past is left out anyhow.
    ///   - limit: one of ``OccurrencePage/allowedLimits``.
    /// - Throws: ``FieldError`` for a schedule that can't be read any more.
    public func preview(
        of version: Version, in campaign: Campaign, at now: Instant, after: Instant? = nil, limit: Int
    ) throws(FieldError) -> OccurrencePage {
        guard campaign.mayStillSend else {
            return .none(in: version.content.schedule.timezone ?? settings.defaultTimezone)
        }
        let plan: Plan
        do {
            plan = try self.plan(of: version, in: campaign, at: now)
        } catch {
            throw error.fieldError
        }
        let floor = floor(of: version, in: campaign, at: now)
        return plan.page(after: after.map { max($0, floor) } ?? floor, limit: limit)
    }

    /// The plan that a new campaign with this content would have if it were activated at `now`, for previews without a
    /// ledger.
    ///
    /// - Throws: ``FieldError`` where the zone is unknown or nothing ever occurs.
    public func plan(of content: CampaignContent, activatedAt now: Instant) throws(FieldError) -> Plan {
        do {
            return try Plan(content, anchor: anchor(of: content, at: now), in: zones)
        } catch {
            throw error.fieldError
        }
    }

    /// The instant up to which an activation at `now` decides nothing: `now` itself is due where the content has no
    /// start.
    public func floor(of content: CampaignContent, activatedAt now: Instant) -> Instant {
        content.schedule.start == nil ? now - 1 : now
    }

    private func floor(of version: Version, in campaign: Campaign, at now: Instant) -> Instant {
        // Over a live version nothing falls due at the activation itself.
        let own = campaign.live == nil ? floor(of: version.content, activatedAt: now) : now
        return max(own, campaign.decidedUntil ?? own)
    }

    /// When the campaign will be completed by its schedule, or was; nil where nobody knows yet.
    public func completion(of campaign: Campaign, at now: Instant) -> Instant? {
        completion(of: campaign, at: now) { campaign.live.flatMap { try? plan(of: $0, in: campaign, at: now) } }
    }

    /// - Parameter livePlan: asked for the plan of the live version where that tells.
    private func completion(of campaign: Campaign, at now: Instant, livePlan: () -> Plan?) -> Instant? {
        switch campaign.status {
        case .completed: return campaign.endedAt
        case .stopped, .archived, .draft: return nil
        case .scheduled, .activating, .active: break
        }
        if let completesAt = campaign.completesAt(after: settings.completesAfter) { return completesAt }
        guard campaign.kind != .oneShot else { return nil }
        return livePlan()?.end
    }

    /// The plan of one of a campaign's versions; a draft's as if it were activated at `now`.
    func plan(of version: Version, in campaign: Campaign, at now: Instant) throws(PlanError) -> Plan {
        let anchor = version.anchor ?? anchor(of: version.content, at: now, keeping: campaign.live?.anchor)
        return try Plan(version.content, anchor: anchor, in: zones)
    }
}

extension Campaign {
    /// Whether its schedule may still send something, now or once it is activated.
    fileprivate var mayStillSend: Bool { (status.isInForce || status == .draft) && stopFence == nil }
}
