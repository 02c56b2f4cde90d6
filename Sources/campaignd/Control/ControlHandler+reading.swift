import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Glibc
import Recurrence

/// What people look at.
extension ControlHandler {
    func list(_ query: CampaignQuery, page: PageRequest) async throws(ControlError) -> ControlAPI.Page<CampaignView> {
        var rules = engine.currentRules
        rules.zones = RememberedZones(rules.zones)
        let now = clock.read().now
        let cursor = try cursor(page, ListCursor.init)
        let found = try looking { () throws(StoreError) in
            try store.campaigns(CampaignFilter(query), by: CampaignOrder(query.sort), after: cursor, limit: page.limit)
        }
        let views = found.items.map {
            view(
                $0.campaign, triggers: [$0.nextDue].compactMap { $0 }, at: now, under: rules,
                limit: CampaignView.nextLimitInLists)
        }
        return ControlAPI.Page(views, nextCursor: found.next?.description)
    }

    func count(_ query: CampaignQuery) async throws(ControlError) -> [Status: Int] {
        try looking { () throws(StoreError) in try store.countsByStatus(CampaignFilter(query)) }
    }

    func show(_ name: Slug, version: VersionChoice) async throws(ControlError) -> CampaignDetails {
        let campaign = try campaign(name)
        let chosen = try self.version(version, of: campaign)
        let now = clock.read().now
        let triggers = try triggers(of: campaign)
        let rules = engine.currentRules
        let view =
            if case .current = version {
                view(campaign, triggers: triggers, at: now, under: rules, limit: CampaignView.nextLimit)
            } else {
                view(campaign, showing: chosen, triggers: triggers, at: now, under: rules)
            }
        return CampaignDetails(
            campaign: view, definition: chosen.content.definition, sourceText: chosen.sourceText, now: now)
    }

    func preview(_ name: Slug, _ query: PreviewQuery) async throws(ControlError) -> PreviewView {
        let campaign = try campaign(name)
        let chosen = try version(query.version, of: campaign)
        let rules = engine.currentRules
        do {
            return PreviewView(
                try rules.preview(
                    of: chosen, in: campaign, at: clock.read().now, after: query.after, limit: query.limit))
        } catch {
            throw .invalidField(error)
        }
    }

    func diff(_ name: Slug) async throws(ControlError) -> DiffView {
        let campaign = try campaign(name)
        guard let live = campaign.live, let draft = campaign.draft else {
            throw .invalidState(
                name: name.text, status: campaign.status, command: nil,
                allowed: try await asking(name) { () async throws(EngineError) in
                    try await engine.allowedCommands(of: name)
                },
                why: campaign.live == nil
                    ? "it was never activated, so that its draft has no live version to compare with"
                    : "it has no draft beside its live version")
        }
        return DiffView(live: live, draft: draft)
    }

    func next(_ query: NextQuery) async throws(ControlError) -> NextView {
        let rules = engine.currentRules
        let now = clock.read().now
        // The soonest ones are those of as many campaigns; of later ones nobody knows beforehand whose they are.
        let limit = query.after == nil && !query.includesDrafts ? query.limit : PlannedOccurrence.limit
        var found = try looking { () throws(StoreError) in
            try store.planned(of: query.campaigns, until: query.until ?? .latest, limit: limit)
        }
        var isExhausted = found.count < limit
        if query.includesDrafts {
            let drafts = try plannedDrafts(under: rules, at: now)
            isExhausted = isExhausted && drafts.isAll
            found += drafts.found.filter { query.campaigns.isEmpty || query.campaigns.contains($0.campaign.name) }
            found.sort { $0.nextDue < $1.nextDue }
        }
        let planned = rules.planned(
            of: found.map { ($0.campaign, $0.nextDue, $0.triggers) }, at: now, after: query.after, until: query.until,
            limit: query.limit)
        return NextView(
            occurrences: planned.occurrences.map { occurrence in
                let source = found[occurrence.index]
                return PlannedView(occurrence, of: source.campaign, newestSend: source.newestSend, now: now)
            }, isExhausted: planned.isExhausted && isExhausted)
    }

    /// Drafts with an occurrence to come, as if they were activated now.
    private func plannedDrafts(
        under rules: Rules, at now: Instant
    ) throws(ControlError) -> (found: [PlannedCampaign], isAll: Bool) {
        var found: [PlannedCampaign] = []
        var cursor: ListCursor?
        repeat {
            let page = try looking { () throws(StoreError) in
                try store.campaigns(CampaignFilter(statuses: [.draft], kinds: [.oneShot, .recurring]), after: cursor)
            }
            for draft in page.items.map(\.campaign) {
                guard let version = draft.current,
                    let due = rules.upcoming(of: version, in: draft, at: now, limit: 1).first
                else { continue }
                found.append(PlannedCampaign(campaign: draft, nextDue: due))
            }
            cursor = page.next
        } while cursor != nil && found.count < PlannedOccurrence.limit
        return (found, cursor == nil)
    }

    func checks(of name: Slug) async throws(ControlError) -> CheckView {
        let found = try await asking(name) { () async throws(EngineError) in try await engine.check(name) }
        return CheckView(
            alerts: found.alerts.map { AlertView($0, campaign: name) },
            forecast: found.forecast.map { ForecastView($0) })
    }

    func simulate(_ query: SimulationQuery) async throws(ControlError) -> SimulationView {
        let now = clock.read().now
        let horizon = now + Int64(SimulationQuery.horizonDays * 86_400)
        guard query.until > now, query.until <= horizon else {
            throw .invalidField(
                FieldError("until", "\(query.until)", "is out of range; allowed is from now to \(horizon)"))
        }
        return try await simulator.run(query, under: engine.currentRules, at: now)
    }

    private func version(_ choice: VersionChoice, of campaign: Campaign) throws(ControlError) -> Version {
        let name = campaign.name
        let chosen: Version?
        switch choice {
        case .current: chosen = campaign.current
        case .live: chosen = campaign.live
        case .draft: chosen = campaign.draft
        case .number(let number):
            chosen = try looking { () throws(StoreError) in try store.version(number, of: name) }
        }
        if let chosen { return chosen }
        switch choice {
        case .draft: throw .notFound(.draft, name: name.text, why: "\(name) has no draft")
        case .live: throw .notFound(.version, name: name.text, why: "\(name) has no live version")
        case .current, .number: throw .notFound(.version, name: name.text, why: "\(name) has no such version")
        }
    }

    func sends(_ query: SendQuery, page: PageRequest) async throws(ControlError) -> ControlAPI.Page<SendView> {
        let before = try cursor(page, { Int64($0) })
        if let name = query.campaign { _ = try campaign(name) }
        let positions = await engine.queuePositions
        let found = try looking { () throws(StoreError) in
            try store.sends(of: query.campaign, states: query.states, before: before, limit: page.limit)
        }
        let views = found.items.map {
            SendView($0.send, campaign: $0.campaignName, queuePosition: positions[$0.send.key])
        }
        return ControlAPI.Page(views, nextCursor: found.next.map(String.init))
    }

    func events(_ query: EventQuery) async throws(ControlError) -> EventPage {
        let start: Int64
        switch query.from {
        case .after(let sequence): start = sequence
        case .last(let count):
            start = try looking { () throws(StoreError) in try store.sequence(beforeLast: count, of: query.campaign) }
        }
        let newest = try looking { () throws(StoreError) in try store.newestSequence() }
        let found = try looking { () throws(StoreError) in
            try store.history(of: query.campaign, after: start, limit: query.limit)
        }
        if let name = query.campaign, found.isEmpty, start == 0 { _ = try campaign(name) }
        let isLast = found.count < query.limit
        let last = found.last?.sequence ?? start
        return EventPage(events: found.map(EventView.init), after: isLast ? max(last, newest) : last, isLast: isLast)
    }

    func waitForEvent(after sequence: Int64) async {
        for await _ in await engine.growth() {
            guard let newest = try? store.newestSequence(), newest <= sequence else { return }
        }
    }

    func alerts(of name: Slug?, page: PageRequest) async throws(ControlError) -> ControlAPI.Page<AlertView> {
        if let name { _ = try campaign(name) }
        let cursor = try cursor(page, AlertCursor.init)
        // The daemon's own come first, a handful; past them the place is a campaign's.
        let all = name == nil && cursor?.campaign == nil ? await engine.overview().alerts : []
        let past = all.firstIndex { $0.code == cursor?.code }.map { $0 + 1 } ?? 0
        let own = all.dropFirst(past).prefix(page.limit)
        let ownViews = own.map { AlertView($0, campaign: nil) }
        if let last = own.last, own.count == page.limit {
            return ControlAPI.Page(ownViews, nextCursor: AlertCursor(campaign: nil, code: last.code).description)
        }
        let found = try looking { () throws(StoreError) in
            try store.alerts(of: name, after: cursor, limit: page.limit - own.count)
        }
        return ControlAPI.Page(
            ownViews + found.items.map { AlertView($0.alert, campaign: $0.campaign) },
            nextCursor: found.next?.description)
    }

    func status() async throws(ControlError) -> StatusView {
        let overview = await engine.overview()
        let counts = try looking { () throws(StoreError) in try store.countsByStatus() }
        let sends = Dictionary(grouping: overview.openSends, by: \.state).mapValues(\.count)
        return StatusView(
            version: Release.version, pid: getpid(), startedAt: startedAt, now: clock.read().now,
            lastTickAt: overview.lastTickAt, nextDue: try looking { () throws(StoreError) in try store.nextDue() },
            campaigns: counts, paused: try looking { () throws(StoreError) in try store.pausedCount() }, sends: sends,
            alerts: overview.alerts.map { AlertView($0, campaign: nil) },
            configuration: configuration.view)
    }

    // MARK: Steps

    /// - Parameter triggers: when those to come are due, as the ledger has it: they stand in no schedule.
    func view(
        _ campaign: Campaign, triggers: [Instant], at now: Instant, under rules: Rules, limit: Int
    ) -> CampaignView {
        guard let version = campaign.current else {
            preconditionFailure("\(campaign.name) has neither a live version nor a draft")
        }
        let outlook = rules.outlook(of: campaign, at: now, limit: limit)
        return CampaignView(
            campaign, showing: version, next: version.content.isTriggered ? triggers : outlook.upcoming,
            completesAt: outlook.completesAt)
    }

    private func view(
        _ campaign: Campaign, showing version: Version, triggers: [Instant], at now: Instant, under rules: Rules
    ) -> CampaignView {
        // A version that was replaced or dropped sends nothing more.
        guard version == campaign.live || version == campaign.draft else {
            return CampaignView(campaign, showing: version, next: [], completesAt: nil)
        }
        let next = version.content.isTriggered
            ? triggers : rules.upcoming(of: version, in: campaign, at: now, limit: CampaignView.nextLimit)
        return CampaignView(
            campaign, showing: version, next: next, completesAt: rules.completion(of: campaign, at: now))
    }

    func campaign(_ name: Slug) throws(ControlError) -> Campaign {
        guard let listing = try looking({ () throws(StoreError) in try store.listing(of: name) }) else {
            throw .notFound(.campaign, name: name.text)
        }
        return listing.campaign
    }

    /// When the triggers that will be sent are due; those that fall due during a pause are not.
    func triggers(of campaign: Campaign) throws(ControlError) -> [Instant] {
        guard campaign.kind == .triggered, !campaign.paused else { return [] }
        return try looking { () throws(StoreError) in
            try store.triggers(of: campaign.name, limit: CampaignView.nextLimit)
        }
    }

    func looking<Value>(_ look: () throws(StoreError) -> Value) throws(ControlError) -> Value {
        do { return try look() } catch { throw ControlError(error) }
    }

    func cursor<Cursor>(
        _ page: PageRequest, _ read: (String) -> Cursor?
    ) throws(ControlError) -> Cursor? {
        guard let text = page.cursor else { return nil }
        guard let cursor = read(text) else {
            throw .invalidField(FieldError("cursor", text, "is none that a page of this list gave"))
        }
        return cursor
    }
}

extension CampaignFilter {
    init(_ query: CampaignQuery) {
        let kinds: Set<CampaignKind>
        switch (query.isTriggered, query.isRecurring) {
        case (true?, true?): kinds = []
        case (true?, _): kinds = [.triggered]
        case (_, true?): kinds = [.recurring]
        case (_, false?): kinds = [.oneShot]
        case (false?, nil): kinds = [.oneShot, .recurring]
        case (nil, nil): kinds = [.oneShot, .recurring, .triggered]
        }
        self.init(
            statuses: query.statuses, kinds: kinds, channel: query.channel, tags: query.tags, search: query.search)
    }
}

extension CampaignOrder {
    init(_ sort: CampaignSort) {
        switch sort {
        case .name: self = .name
        case .next: self = .next
        case .created: self = .created
        case .status: self = .status
        }
    }
}
