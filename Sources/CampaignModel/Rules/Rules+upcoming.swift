public import Recurrence

extension Rules {
    /// The instants to come of one of a campaign's versions, each later than `now`; a draft's as if it were activated
    /// now, a newer one's over the live version.
    ///
    /// - Returns: up to `limit`; none for a campaign that has ended, or whose schedule can't be read.
    public func upcoming(of version: Version, in campaign: Campaign, at now: Instant, limit: Int) -> [Instant] {
        guard campaign.status.isInForce || campaign.status == .draft, campaign.stopFence == nil,
            let plan = plan(of: version, in: campaign, at: now)
        else { return [] }
        let isLive = version.number == campaign.live?.number
        return plan.upcoming(after: isLive ? max(now, campaign.decidedUntil ?? now) : now, limit: limit)
    }

    /// When the campaign will be completed by its schedule, or was; nil where nobody knows yet.
    public func completion(of campaign: Campaign, at now: Instant) -> Instant? {
        switch campaign.status {
        case .completed: return campaign.endedAt
        case .stopped, .archived, .draft: return nil
        case .scheduled, .activating, .active: break
        }
        if let completesAt = campaign.completesAt(after: settings.completesAfter) { return completesAt }
        guard campaign.kind != .oneShot else { return nil }
        return campaign.live.flatMap { plan(of: $0, in: campaign, at: now) }?.end
    }

    private func plan(of version: Version, in campaign: Campaign, at now: Instant) -> Plan? {
        let anchor = version.anchor ?? anchor(of: version.content, at: now, keeping: campaign.live?.anchor)
        return try? Plan(version.content, anchor: anchor, in: zones)
    }
}
