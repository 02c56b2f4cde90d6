import Recurrence

/// One decision in the making: the campaign and its open sends as they change, and what will be written and done.
struct Turn {
    let now: Instant
    let rules: Rules
    let issuer: Issuer
    let messages: [Slug: MessageState]
    private let countedAudience: CountedAudience?
    private let takenKeys: Set<OccurrenceKey>
    private var sendVersions: [Int: CampaignContent]
    private let original: Campaign
    private let plans = PlanMemo()
    /// The zone data of the live version's plan.
    private(set) var plannedBy: ZoneEdition?
    var campaign: Campaign
    private(set) var isDeleted = false
    /// Its open sends, those that ended in this turn included, by due instant; then one that ended before and that a
    /// command names.
    private(set) var sends: [Send]
    private(set) var newestScheduled: Send?
    private var claimed: Set<OccurrenceKey> = []
    private var updated: Set<OccurrenceKey> = []
    private var events: [Event] = []
    private var effects: [Effect] = []

    init(_ state: CampaignState, at now: Instant, under rules: Rules, by issuer: Issuer) {
        self.now = now
        self.rules = rules
        self.issuer = issuer
        self.messages = state.messages
        self.countedAudience = state.countedAudience
        self.takenKeys = state.takenKeys
        self.sendVersions = state.sendVersions
        self.original = state.campaign
        self.campaign = state.campaign
        self.sends = state.openSends + (state.endedSend.map { [$0] } ?? [])
        self.newestScheduled = state.newestScheduled
        self.plannedBy = state.plannedBy
    }

    var openSends: [Send] { sends.filter { !$0.state.isFinal } }

    /// The earliest of what `instant` says of its open sends.
    func earliest(_ instant: (Send) -> Instant?) -> Instant? {
        var found: Instant?
        for send in sends where !send.state.isFinal {
            guard let instant = instant(send) else { continue }
            found = min(found ?? instant, instant)
        }
        return found
    }

    func send(_ key: OccurrenceKey) -> Send? { sends.first { $0.key == key } }

    /// The plan of the live version; nil without one, and where its zone or schedule can't be read.
    var livePlan: Plan? { try? livePlanResult?.get() }

    /// Why there is no plan of the live version; nil where there is one, and without a live version.
    var planFault: FieldError? {
        guard case .failure(let error)? = livePlanResult else { return nil }
        return error.fieldError
    }

    private var livePlanResult: Result<Plan, PlanError>? {
        campaign.live.flatMap { plans.plan(of: $0, in: zones) }
    }

    /// The zones that this campaign is planned by.
    var zones: any ZoneSource { PlanningZones(planned: plannedBy?.zone, others: rules.zones) }

    /// From here on the live version is planned by these zone data.
    mutating func planAnew(by edition: ZoneEdition) {
        plannedBy = edition
        plans.forgetAll()
    }

    /// The zone data of the plan in force: those it has, or those read now for a new one.
    private var edition: ZoneEdition? {
        guard campaign.status.isInForce else { return nil }
        guard let zone = livePlan?.zone, zone.name != plannedBy?.zone.name else { return plannedBy }
        return ZoneEdition(zone: zone, version: rules.zones.version)
    }

    /// The content of the version that a send began with and keeps.
    func content(of send: Send) -> CampaignContent? {
        guard let live = campaign.live, live.number != send.version else { return campaign.live?.content }
        return sendVersions[send.version] ?? live.content
    }

    /// Makes `version` the live one; open sends of the one before keep that.
    mutating func enforce(_ version: Version) {
        if let live = campaign.live { sendVersions[live.number] = live.content }
        campaign.live = version
        campaign.draft = nil
    }

    /// How many recipients the content's audience has, where somebody has just asked.
    func audienceCount(of content: CampaignContent) -> AudienceCount? {
        countedAudience?.name == content.audience ? countedAudience?.count : nil
    }

    var permission: Permission {
        Permission(campaign: campaign, openSends: openSends, newestScheduled: newestScheduled)
    }

    /// An instant for people, in the zone of the version in force.
    func words(for instant: Instant) -> String { livePlan?.words(for: instant) ?? instant.description }

    func lateLimit(of content: CampaignContent?) -> Duration {
        content?.lateLimit ?? rules.settings.lateLimit
    }

    // MARK: Recording

    /// Claims a key; false where there is a send of it already, so that nothing of it is done a second time: new zone
    /// data or a clock that was set back may bring an occurrence up again.
    mutating func add(_ send: Send) -> Bool {
        if takenKeys.contains(send.key) || self.send(send.key) != nil { return false }
        sends.append(send)
        claimed.insert(send.key)
        noteNewest(send)
        return true
    }

    mutating func update(_ key: OccurrenceKey, _ change: (inout Send) -> Void) {
        guard let index = sends.firstIndex(where: { $0.key == key }) else { return }
        let before = sends[index]
        change(&sends[index])
        guard sends[index] != before else { return }
        updated.insert(key)
        noteNewest(sends[index])
    }

    private mutating func noteNewest(_ send: Send) {
        guard send.origin == .schedule, send.due >= newestScheduled?.due ?? send.due else { return }
        newestScheduled = send
    }

    /// Notes that the schedule is decided up to `instant`; what was decided further on stays so.
    mutating func decide(until instant: Instant) {
        campaign.decidedUntil = max(campaign.decidedUntil ?? instant, instant)
    }

    mutating func setStatus(_ status: Status, text: String) {
        let from = campaign.status
        campaign.status = status
        record(.status, from: from, to: status, text: text)
    }

    mutating func delete() {
        record(.deleted, from: campaign.status, text: "deleted")
        isDeleted = true
    }

    mutating func record(
        _ kind: EventKind, from: Status? = nil, to: Status? = nil, send: Send? = nil, alert: AlertCode? = nil,
        by issuer: Issuer? = nil, reason: String? = nil, text: String
    ) {
        let issuer = issuer ?? self.issuer
        let version = send?.version ?? campaign.current?.number
        let about = EventCampaign(
            id: campaign.id, name: campaign.name, title: campaign.current?.content.title, version: version)
        events.append(
            Event(
                kind, at: now, campaign: about, from: from, to: to, key: send?.key, due: send?.due,
                outcome: send.flatMap { $0.state.isFinal ? $0.state : nil }, alert: alert, actor: issuer.actor,
                reason: reason ?? issuer.reason, text: text))
    }

    mutating func act(_ effect: Effect) { effects.append(effect) }

    // MARK: The result

    func decision() -> Decision {
        var result = campaign
        if result != original, !isNew { result.revision = original.revision + 1 }
        precondition(result.violations.isEmpty || isDeleted, "\(campaign.name) \(result.violations)")
        let written = sends.filter { claimed.contains($0.key) || updated.contains($0.key) }
        for send in written { precondition(send.violations.isEmpty, "\(send.key) \(send.violations)") }
        return Decision(
            campaign: result, isDeleted: isDeleted, wakeAt: isDeleted ? nil : wakeAt,
            nextDue: isDeleted ? nil : nextDue, plannedBy: isDeleted ? nil : edition,
            claims: written.filter { claimed.contains($0.key) },
            updates: written.filter { !claimed.contains($0.key) }, events: events, effects: effects)
    }

    private var isNew: Bool { events.first?.kind == .created }
}

/// The plans of one turn: a plan costs a search for its first occurrence, and a turn asks for the same one many times.
private final class PlanMemo {
    private var results: [Int: Result<Plan, PlanError>] = [:]

    /// Nil for a version without an anchor.
    func plan(of version: Version, in zones: @autoclosure () -> any ZoneSource) -> Result<Plan, PlanError>? {
        guard let anchor = version.anchor else { return nil }
        if let known = results[version.number] { return known }
        let zones = zones()
        let result = Result { () throws(PlanError) in try Plan(version.content, anchor: anchor, in: zones) }
        results[version.number] = result
        return result
    }

    func forgetAll() {
        results.removeAll()
    }
}
