import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Recurrence

/// One simulation: turn after turn, each at the instant that the engine asks for.
struct SimulationRun {
    private let query: SimulationQuery
    private let store: Store
    private let clock: SimulationClock
    private let engine: Engine
    /// The last event before it.
    private let start: Int64
    private let eventLimit: Int

    struct Silence: EventSink {
        func deliver(_ events: [RecordedEvent]) async throws {}
    }

    init(
        of query: SimulationQuery, on store: Store, under rules: Rules, at now: Instant, audiences: any SendLauncher,
        eventLimit: Int
    ) throws(ControlError) {
        self.query = query
        self.eventLimit = eventLimit
        self.store = store
        clock = SimulationClock(at: now)
        do {
            start = try store.newestSequence()
            let running = try store.openSends().filter { $0.state == .running }
            engine = Engine(
                ledger: store, clock: clock,
                launcher: SimulationSender(
                    audiences: audiences,
                    running: Dictionary(uniqueKeysWithValues: running.map {
                        ($0.key, Attempt(key: $0.key, number: $0.attempts))
                    })),
                sink: Silence(), rules: rules, random: SystemRandomNumberGenerator(), earliestClock: .earliest)
        } catch {
            throw .held(name: "simulation", why: "\(error)")
        }
    }

    func toItsEnd(within patience: Duration, turns: Int) async throws(ControlError) -> SimulationView {
        let deadline = ContinuousClock.now + patience
        do {
            try await engine.start()
        } catch {
            throw .held(name: "simulation", why: "\(error)")
        }
        await rest()
        for definition in query.campaigns { try await activate(definition) }
        var isComplete = false
        for _ in 0..<turns {
            guard let next = clock.alarm, next <= query.until else {
                isComplete = true
                break
            }
            if ContinuousClock.now >= deadline || Task.isCancelled { break }
            if try newestEvent() - start > Int64(eventLimit) { break }
            clock.set(next)
            // What one campaign's fault keeps back is told by an alert; the others go on.
            try? await engine.tick()
            await rest()
        }
        let reached = clock.read().now
        if isComplete { clock.set(query.until) }
        return try view(until: isComplete ? query.until : reached, isComplete: isComplete)
    }

    /// Waits until what was handed over is told. Nothing of it waits for the world.
    private func rest() async {
        while await engine.isUnderWay, !Task.isCancelled { await Task.yield() }
    }

    /// As if the file were applied and activated now.
    private func activate(_ definition: CampaignDefinition) async throws(ControlError) {
        let name: Slug
        do {
            name = try Slug(definition.name ?? "", field: "name")
        } catch {
            throw .invalidField(error)
        }
        let issuer = Issuer(actor: query.actor)
        do {
            let applied = try await engine.apply(
                name: name, definition: definition, sourceText: nil, by: issuer)
            if applied.campaign.draft != nil { _ = try await engine.perform(.activate, on: name, by: issuer) }
        } catch {
            throw ControlError(error, about: name)
        }
        await rest()
    }

    // MARK: What came of it

    private func view(until: Instant, isComplete: Bool) throws(ControlError) -> SimulationView {
        do {
            let events = try events()
            let alerts = try store.alerts(of: nil, after: nil, limit: SimulationQuery.alertLimit)
            return SimulationView(
                until: until, isComplete: isComplete, events: events.map(EventView.init),
                clashes: try clashes(events),
                alerts: alerts.items.map { AlertView($0.alert, campaign: $0.campaign) })
        } catch {
            throw ControlError(error)
        }
    }

    private func events() throws(StoreError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while events.count < eventLimit {
            let page = try store.history(after: events.last?.sequence ?? start)
            if page.isEmpty { break }
            events += page
        }
        return Array(events.prefix(eventLimit))
    }

    private func clashes(_ events: [RecordedEvent]) throws(StoreError) -> [ClashView] {
        var audiences: [EventCampaign: String?] = [:]
        var entries: [Clashes.Entry] = []
        for event in events.map(\.event) where event.kind == .claimed {
            guard let campaign = event.campaign, let due = event.due else { continue }
            if audiences[campaign] == nil {
                let version = try campaign.version.flatMap { number throws(StoreError) in
                    try store.version(number, of: campaign.name)
                }
                audiences[campaign] = .some(version?.content.audience?.text)
            }
            entries.append(
                Clashes.Entry(campaign: campaign.name.text, audience: audiences[campaign] ?? nil, instant: due))
        }
        entries.sort { $0.instant < $1.instant }
        return zip(entries, Clashes.names(of: entries, within: query.clashWithinSeconds)).compactMap { entry, names in
            guard !names.isEmpty, let audience = entry.audience else { return nil }
            return ClashView(campaign: entry.campaign, audience: audience, due: entry.instant, with: names)
        }
    }

    private func newestEvent() throws(ControlError) -> Int64 {
        do {
            return try store.newestSequence()
        } catch {
            throw ControlError(error)
        }
    }
}
