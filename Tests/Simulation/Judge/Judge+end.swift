import CampaignModel
import CampaignStore
import Recurrence

/// What has to hold when all is calm again.
extension Judge {
    func checkTheEnd(_ store: Store) {
        guard let machine else { return }
        compare(store)
        for case let since? in campaigns.values.map(\.inForceSince) {
            figures.campaignDays += Double(machine.time.steady - since) / 86_400_000
        }
        let now = machine.time.now
        let untold = history.events.dropFirst(Int(journal.last)).first
        require(
            untold.map { now - $0.event.at.secondsSinceEpoch < 60 } ?? true,
            "the journal ends at \(journal.last), the history at \(history.last)")
        for (_, known) in campaigns.sorted(by: { $0.key.text < $1.key.text }) { checkTheEnd(known, at: now) }
        for known in sends.values.sorted(by: { $0.send.key < $1.send.key }) {
            let send = known.send
            guard !send.state.isFinal, !send.isToCome else { continue }
            // What is open must be on its way.
            let isRunning = machine.senders.isRunning(send.key)
            let isYoung = now - max(send.due, send.readyAt, send.handedAt ?? send.due).secondsSinceEpoch < 8 * 3_600
            let waits = send.state == .waiting && (send.nextAttemptAt?.secondsSinceEpoch ?? 0) > now - 60
            let isOnItsWay = isRunning || isYoung || waits
            require(isOnItsWay, "\(send.key) is \(send.state) since \(send.due) and nothing comes of it")
        }
    }

    private func checkTheEnd(_ known: KnownCampaign, at now: Int64) {
        let campaign = known.campaign
        let name = campaign.name
        require(campaign.stopFence == nil, "the stop of \(name) does not come to its end")
        guard campaign.status.isInForce, let live = campaign.live, let anchor = live.anchor,
            let zone = zone(of: known.edition),
            let table = Timetable(live.content.definition, anchor: anchor, zone: zone)
        else { return }
        let slack: Int64 = 600
        if campaign.status == .scheduled {
            require(table.start > now - slack, "\(name) is past its start and scheduled")
        }
        if campaign.status == .activating {
            require(campaign.alerts.contains { $0.severity == .error }, "\(name) is activating, and nothing holds it")
        }
        guard campaign.status == .active else { return }
        if campaign.kind == .oneShot, let activated = campaign.activatedAt {
            let end = activated.secondsSinceEpoch + plot.settings.completesAfterHours * 3_600
            require(now < end + slack, "\(name) should be completed since \(Instant(secondsSinceEpoch: end))")
        }
        if let end = table.end { require(now < end + slack, "\(name) is past its end and active") }
        guard !campaign.paused, campaign.kind != .triggered else { return }
        let floor = campaign.decidedUntil?.secondsSinceEpoch ?? .min
        let left = table.times(after: floor, through: now - slack)
        let first = left.first?.second ?? 0
        require(left.isEmpty, "\(name) has \(left.count) occurrences that nobody decided, the first at \(first)")
    }
}
