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
        return liveFaults + warnings(of: live)
    }

    /// What keeps the version in force from being sent.
    var liveFaults: [Alert] {
        guard let live = campaign.live else { return [] }
        return Checks.resources(live.content, self) + (planFault.map { [Checks.unplanned($0, at: now)] } ?? [])
    }

    /// What is worth a look and blocks nothing. What was said of the audience stays until it is counted again.
    func warnings(of version: Version) -> [Alert] {
        let content = version.content
        var alerts = Checks.warnings(content, at: now)
        if let count = audienceCount(of: content) {
            alerts += Checks.audience(content, count, at: now) + lateness(of: version, count)
        } else if campaign.live?.content.audience == content.audience {
            alerts += campaign.alerts.filter { $0.code.restsOnCount }
        }
        return alerts
    }

    /// So many sends to come are looked at: a week of daily ones, and the shortest step of most schedules is in it.
    private static let sendsLookedAt = 8

    /// What the count says of the end of the sends to come. How what is being sent goes counts for more.
    private func lateness(of version: Version, _ count: AudienceCount) -> [Alert] {
        if isSending { return campaign.alerts.filter { $0.code == .endsTooLate } }
        guard case .counted(let recipients) = count else { return [] }
        let plan = try? rules.plan(of: version, in: campaign, at: now)
        return Checks.end(
            version.content, recipients: recipients,
            surface: version.content.surface.flatMap { rules.catalogue.surfaces[$0] },
            upcoming: rules.upcoming(of: version, in: campaign, at: now, limit: Self.sendsLookedAt), at: now,
            words: { plan?.words(for: $0) ?? $0.description })
    }

    /// How long the next send of what is checked takes; nil where its audience is not counted.
    var forecast: Forecast? {
        guard let version = campaign.draft ?? campaign.live,
            case .counted(let recipients)? = audienceCount(of: version.content)
        else { return nil }
        return Forecast(
            recipients: recipients,
            rate: version.content.surface.flatMap { rules.catalogue.surfaces[$0]?.rate },
            startsAt: rules.upcoming(of: version, in: campaign, at: now, limit: 1).first)
    }

    /// What time and the administrator's changes make of the alerts: what was there when the campaign was activated may
    /// be gone before its start.
    mutating func lookAtAlerts() {
        if campaign.status == .scheduled || (campaign.status == .active && isToSend) { setFindings(liveFindings) }
        if earliest(isSlowFrom).map({ $0 > now }) ?? true {
            clear { $0 == .sendSlow }
        } else if !has(.sendSlow) {
            raise(.sendSlow, "a send has been running for \(rules.settings.slowAfter.text); sends shows how far it is")
        }
    }

    /// Whether it has anything more to send.
    private var isToSend: Bool { campaign.kind == .triggered || nextDue != nil }

    private func isSlowFrom(_ send: Send) -> Instant? {
        guard send.state == .running, let handedAt = send.handedAt else { return nil }
        return handedAt + rules.settings.slowAfter.secondsRoundedUp
    }

    /// When a running send becomes a slow one, or when the next turn tells it.
    var nextSlowSend: Instant? {
        has(.sendSlow) ? nil : earliest(isSlowFrom).map { max($0, now + 1) }
    }

    /// Takes note of what the sender counted.
    mutating func noteCountedAudience() {
        guard campaign.status.isInForce, let live = campaign.live, case .counted? = audienceCount(of: live.content)
        else { return }
        let found = warnings(of: live).filter { $0.code.restsOnCount }
        let codes = Set(found.map(\.code))
        clear { $0.restsOnCount && !codes.contains($0) }
        for alert in found { raise(alert.code, alert.text, field: alert.field) }
    }

    // MARK: Pace

    var isSending: Bool { openSends.contains { $0.state == .running } }

    /// So much of the time that is left has to be to spare until a send counts as in time again: the alert of one that
    /// is just in time would come and go.
    private static let spareShare = 0.1

    /// Judges whether what is being sent can end in time at its pace, where that is known.
    ///
    /// - Parameter secondsLeft: how long each send still takes.
    mutating func judgePace(_ secondsLeft: [OccurrenceKey: Double]) {
        guard campaign.status != .archived else { return }
        var judged = false
        for send in openSends where send.state == .running {
            guard let left = secondsLeft[send.key] else { continue }
            judged = true
            guard let start = send.handedAt, let deadline = deadline(of: send, from: start) else { continue }
            let remaining = Double((start + deadline.seconds) - now)
            if left > remaining || (has(.endsTooLate) && left > remaining * (1 - Self.spareShare)) {
                let alert = deadline.alert("at its pace a send takes", at: now) { words(for: $0) }
                return raise(.endsTooLate, alert.text, field: alert.field)
            }
        }
        if judged { clear { $0 == .endsTooLate } }
    }

    /// By when a running send has to have ended. Its timeout begins with each attempt.
    private func deadline(of send: Send, from start: Instant) -> Deadline? {
        let isFollowed = campaign.status == .active && !campaign.paused && content(of: send)?.waitsForEarlier == true
        return Deadline(
            from: start, surface: send.surface.flatMap { rules.catalogue.surfaces[$0] },
            next: isFollowed ? livePlan?.next(after: send.due)?.instant : nil)
    }

    /// That it ended is the end of what was said of its pace.
    mutating func clearPace(of send: Send) {
        if send.wasAccepted, !isSending { clear { $0 == .endsTooLate } }
    }
}

extension AlertCode {
    /// Found by counting the audience, and judged anew by the next count alone.
    fileprivate var restsOnCount: Bool { self == .audienceEmpty || self == .endsTooLate }
}
