import CampaignModel

/// What the history alone says of campaigns and sends: played from its first line it gives the present.
struct History {
    private(set) var last: Int64 = 0
    private var statuses: [CampaignID: Status] = [:]
    private var paused: Set<CampaignID> = []
    private var alerts: [CampaignID: Set<AlertCode>] = [:]
    /// The final state of each send that has one; nil for an open one.
    private var outcomes: [OccurrenceKey: SendState?] = [:]
    private(set) var events: [RecordedEvent] = []
    /// The status that the campaign of the last event had before it; nil for a new one.
    private(set) var statusBefore: Status?

    /// DESIGN §3.
    private static let allowed: [Status: Set<Status>] = [
        .draft: [.scheduled, .activating], .scheduled: [.activating, .draft, .stopped],
        .activating: [.active, .draft, .scheduled, .stopped], .active: [.completed, .stopped],
        .completed: [.archived], .stopped: [.archived], .archived: [.completed, .stopped],
    ]

    /// Answers what is wrong with it.
    mutating func take(_ recorded: RecordedEvent) -> String? {
        let event = recorded.event
        guard recorded.sequence == last + 1 else { return "event \(recorded.sequence) follows event \(last)" }
        last = recorded.sequence
        events.append(recorded)
        statusBefore = nil
        guard let campaign = event.campaign else { return nil }
        statusBefore = statuses[campaign.id]
        switch event.kind {
        case .created:
            guard statuses[campaign.id] == nil else { return "\(campaign.name) was created twice" }
            statuses[campaign.id] = .draft
        case .deleted:
            guard statuses[campaign.id] == .draft else { return "\(campaign.name) was deleted and no draft" }
            statuses[campaign.id] = nil
        case .status:
            guard let from = event.from, let to = event.to, statuses[campaign.id] == from,
                Self.allowed[from]?.contains(to) == true
            else {
                return "\(campaign.name) went from \(event.from?.rawValue ?? "nothing") to "
                    + "\(event.to?.rawValue ?? "nothing") and was \(statuses[campaign.id]?.rawValue ?? "not there")"
            }
            statuses[campaign.id] = to
            if !to.isInForce { paused.remove(campaign.id) }
            if to == .completed || to == .stopped, event.text.isEmpty {
                return "\(campaign.name) ended without a reason"
            }
        case .paused: paused.insert(campaign.id)
        case .resumed: paused.remove(campaign.id)
        case .alertRaised:
            guard let code = event.alert, alerts[campaign.id, default: []].insert(code).inserted else {
                return "an alert of \(campaign.name) was raised twice"
            }
        case .alertCleared:
            guard let code = event.alert, alerts[campaign.id]?.remove(code) != nil else {
                return "an alert of \(campaign.name) was cleared and not there"
            }
        case .claimed, .triggerPlanned, .started, .waiting, .retried:
            guard let key = event.key else { return "\(event.kind.rawValue) without a key" }
            if let outcome = outcomes[key], outcome != nil, event.kind != .retried {
                return "\(key) was \(event.kind.rawValue) after its end"
            }
            outcomes[key] = .some(nil)
        case .ended:
            guard let key = event.key, let outcome = event.outcome else { return "an end without a key or an outcome" }
            if let known = outcomes[key], let before = known { return "\(key) ended twice: \(before), \(outcome)" }
            outcomes[key] = .some(outcome)
        default: break
        }
        return nil
    }

    func fault(of campaign: Campaign) -> String? {
        if statuses[campaign.id] != campaign.status { return "the history of \(campaign.name) ends in another status" }
        if paused.contains(campaign.id) != campaign.paused {
            return "the history of \(campaign.name) has another pause"
        }
        if alerts[campaign.id, default: []] != Set(campaign.alerts.map(\.code)) {
            return "the history of \(campaign.name) leaves other alerts than \(campaign.alerts.map(\.code))"
        }
        return nil
    }

    func fault(of send: Send) -> String? {
        let final = send.state.isFinal ? send.state : nil
        // One that is claimed only to be asked for, or waits, has no line of its own yet.
        guard let outcome = outcomes[send.key] else {
            return final == nil ? nil : "the history has no end of \(send.key)"
        }
        return outcome == final ? nil : "the history of \(send.key) ends in another state than \(send.state)"
    }
}
