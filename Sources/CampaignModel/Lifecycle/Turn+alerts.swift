import Recurrence

/// Alerts: raised by their causes, cleared by their ends.
extension Turn {
    func has(_ code: AlertCode) -> Bool { campaign.alerts.contains { $0.code == code } }

    /// Raises an alert, or renews the text of the one that is there; the instant stays that of the first.
    mutating func raise(_ code: AlertCode, _ text: String, field: String? = nil, severity: AlertSeverity? = nil) {
        if let index = campaign.alerts.firstIndex(where: { $0.code == code }) {
            let since = campaign.alerts[index].since
            campaign.alerts[index] = Alert(code, text, field: field, severity: severity, since: since)
            return
        }
        campaign.alerts.append(Alert(code, text, field: field, severity: severity, since: now))
        record(.alertRaised, alert: code, text: code.raised(text))
    }

    /// Raises the alert of something that happened. While it stands, more of the same is counted and its text renewed:
    /// a surface that always fails is one line in the history until somebody acknowledges it.
    mutating func report(_ code: AlertCode, _ text: String) {
        guard let index = campaign.alerts.firstIndex(where: { $0.code == code }) else { return raise(code, text) }
        let known = campaign.alerts[index]
        campaign.alerts[index] = Alert(code, text, since: known.since, count: known.count + 1)
    }

    mutating func clear(where isCleared: (AlertCode) -> Bool) {
        for alert in campaign.alerts where isCleared(alert.code) {
            record(.alertCleared, alert: alert.code, text: alert.code.cleared)
        }
        campaign.alerts.removeAll { isCleared($0.code) }
    }

    /// Makes the alerts that checks find exactly `found`.
    mutating func setFindings(_ found: [Alert]) {
        let codes = Set(found.map(\.code))
        clear { $0.isFoundByChecks && !codes.contains($0) }
        for alert in found { raise(alert.code, alert.text, field: alert.field, severity: alert.severity) }
    }

    // MARK: Checks

    /// What the checks find now: for the draft, else for the version in force, whose start is no matter any more.
    var currentFindings: [Alert] {
        if let draft = campaign.draft { return findings(of: draft).alerts }
        return liveFindings
    }

    private var liveFindings: [Alert] {
        guard let live = campaign.live else { return [] }
        return liveFaults + warnings(of: live.content)
    }

    /// What keeps the version in force from being sent.
    var liveFaults: [Alert] {
        guard let live = campaign.live else { return [] }
        return Checks.resources(live.content, self) + (planFault.map { [Checks.unplanned($0, at: now)] } ?? [])
    }

    /// What is worth a look and blocks nothing. What was said of the audience stays until it is counted again.
    func warnings(of content: CampaignContent) -> [Alert] {
        var alerts = Checks.warnings(content, at: now)
        if let count = audienceCount(of: content) {
            alerts += Checks.audience(content, count, at: now)
        } else if campaign.live?.content.audience == content.audience {
            alerts += campaign.alerts.filter { $0.code == .audienceEmpty }
        }
        return alerts
    }

    /// What time and the administrator's changes make of the alerts: what was there when the campaign was activated may
    /// be gone before its start.
    mutating func lookAtAlerts() {
        if campaign.status == .scheduled || (campaign.status == .active && isToSend) { setFindings(liveFindings) }
        if slowSends.isEmpty {
            clear { $0 == .sendSlow }
        } else if !has(.sendSlow) {
            raise(.sendSlow, "a send has been running for \(rules.settings.slowAfter.text); sends shows how far it is")
        }
    }

    /// Whether it has anything more to send.
    private var isToSend: Bool { campaign.kind == .triggered || nextDue != nil }

    private var slowSends: [Send] { openSends.filter { isSlowFrom($0).map { $0 <= now } ?? false } }

    private func isSlowFrom(_ send: Send) -> Instant? {
        guard send.state == .running, let handedAt = send.handedAt else { return nil }
        return handedAt + rules.settings.slowAfter.secondsRoundedUp
    }

    /// When a running send becomes a slow one, or when the next turn tells it.
    var nextSlowSend: Instant? {
        has(.sendSlow) ? nil : openSends.compactMap(isSlowFrom).min().map { max($0, now + 1) }
    }

    /// Takes note of what the sender counted.
    mutating func noteCountedAudience() {
        guard campaign.status.isInForce, let live = campaign.live, case .counted? = audienceCount(of: live.content)
        else { return }
        let found = warnings(of: live.content).filter { $0.code == .audienceEmpty }
        if found.isEmpty { clear { $0 == .audienceEmpty } }
        for alert in found { raise(alert.code, alert.text, field: alert.field) }
    }
}
