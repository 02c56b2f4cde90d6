public import CampaignModel
public import Recurrence

/// What people ask of the engine.
extension Engine {
    /// A campaign as it is after a command, and the instant of that.
    public struct Answer: Sendable {
        public let campaign: Campaign
        public let events: [Event]
        /// The sends that the command changed, as it left them.
        public var sends: [Send] = []
        /// What a stop would do, where it was only asked for.
        public var outlook: StopOutlook?
        /// Of an activation: how long the next send takes, where its audience could be counted.
        public var forecast: Forecast?
        public let now: Instant
    }

    public func create(
        name: Slug, definition: CampaignDefinition, sourceText: String?, by issuer: Issuer, dryRun: Bool = false
    ) throws(EngineError) -> Answer {
        let now = try observing()
        let (content, tags) = try read(definition)
        try refuseTakenName(name)
        let decision = try refusing { () throws(Refusal) in
            try Lifecycle.create(
                id: newID(), name: name, tags: tags, content: content, sourceText: sourceText, by: issuer, at: now,
                under: rules)
        }
        return try add(decision, at: now, dryRun: dryRun)
    }

    /// Creates the campaign that the definition names, or changes its draft.
    public func apply(
        name: Slug, definition: CampaignDefinition, sourceText: String?, by issuer: Issuer, revision: Int? = nil,
        dryRun: Bool = false
    ) async throws(EngineError) -> Answer {
        guard try reading({ () throws(LedgerError) in try ledger.campaign(named: name) }) != nil else {
            return try create(name: name, definition: definition, sourceText: sourceText, by: issuer, dryRun: dryRun)
        }
        let (content, tags) = try read(definition)
        let command = Command.apply(content, sourceText: sourceText, tags: tags)
        return try await perform(command, on: name, by: issuer, revision: revision, dryRun: dryRun)
    }

    public func duplicate(
        _ name: Slug, as newName: Slug, by issuer: Issuer, dryRun: Bool = false
    ) throws(EngineError) -> Answer {
        let now = try observing()
        let state = try state(of: name)
        try refuseTakenName(newName)
        let decision = Lifecycle.duplicate(
            state.campaign, id: newID(), name: newName, by: issuer, at: now, under: rules)
        return try add(decision, at: now, dryRun: dryRun)
    }

    /// Carries out a command on the campaign of that name.
    ///
    /// A stop waits for the sender's word about what was handed over, and an activation for its count of the audience,
    /// as long as the launcher does.
    ///
    /// - Parameters:
    ///   - revision: what the issuer saw; nil to change whatever is there.
    ///   - dryRun: decide and answer, and change nothing.
    public func perform(
        _ command: Command, on name: Slug, by issuer: Issuer, revision: Int? = nil, dryRun: Bool = false
    ) async throws(EngineError) -> Answer {
        // Before the transaction, which waits for nobody.
        let counted = command == .activate ? await countedAudience(of: try state(of: name).campaign.draft) : nil
        let now = try observing()
        var state = try state(of: name, seen: revision)
        state.countedAudience = counted
        let forecast = command == .activate ? Lifecycle.forecast(of: state, at: now, under: rules) : nil
        let decision = try decide(command, on: state, by: issuer, at: now, dryRun: dryRun)
        if dryRun {
            let outlook = command == .stop ? Lifecycle.stopOutlook(of: state, at: now, under: rules) : nil
            return Answer(
                campaign: decision.campaign, events: decision.events, sends: decision.updates, outlook: outlook,
                forecast: forecast, now: now)
        }
        guard command == .stop, decision.campaign.stopFence != nil else {
            var answer = answer(decision, at: now)
            answer.forecast = forecast
            return answer
        }
        return try await completedStop(of: decision, on: name)
    }

    /// Sends once beside the schedule. The same order again answers with the first one's send, whatever became of it.
    public func send(
        _ order: SendOrder, of name: Slug, by issuer: Issuer, revision: Int? = nil, dryRun: Bool = false
    ) throws(EngineError) -> (send: Send, isRepeated: Bool) {
        let now = try observing()
        let key = order.key(in: try state(of: name).campaign.id)
        if let known = try reading({ () throws(LedgerError) in try ledger.send(key) }) { return (known, true) }
        let state = try state(of: name, seen: revision)
        let decision = try decide(.send(order), on: state, by: issuer, at: now, dryRun: dryRun)
        let present = try reading { () throws(LedgerError) in try ledger.send(key) }
        guard let send = present ?? decision.claims.first(where: { $0.key == key }) else {
            // An order that is not refused claims its key, unless the ledger has it where it does not find it.
            throw .ledger(.unsound(row: "send \(key)", reason: "is taken, and can't be found"))
        }
        return (send, false)
    }

    /// The name of the campaign that has a send of that key; nil where none has.
    public func campaign(with key: OccurrenceKey) throws(LedgerError) -> Slug? {
        guard let send = try ledger.send(key) else { return nil }
        return try ledger.campaign(send.campaign)?.campaign.name
    }

    /// Tries a send again that has ended; answers it as it then is.
    ///
    /// - Parameter attempt: the number that is asked for; one that was asked for before is not asked for twice. Nil:
    ///   the next one.
    public func retry(
        _ key: OccurrenceKey, attempt: Int? = nil, by issuer: Issuer, revision: Int? = nil, dryRun: Bool = false
    ) throws(EngineError) -> Send {
        let now = try observing()
        let found = try reading { () throws(LedgerError) -> (Send, CampaignState)? in
            guard let send = try ledger.send(key), let state = try ledger.campaign(send.campaign) else { return nil }
            return (send, state)
        }
        guard case (let send, var state)? = found else { throw .refused(.notFound("there is no send \(key)")) }
        if let revision, revision != state.campaign.revision { throw .conflict(current: state.campaign.revision) }
        if let attempt {
            let newest = send.isBetweenAttempts ? send.attempts + 1 : send.attempts
            if attempt <= newest { return send }
            guard attempt == send.attempts + 1 else {
                let why = "is not the next attempt of \(key); that is \(send.attempts + 1)"
                throw .refused(.invalidField(FieldError("attempt", "\(attempt)", why)))
            }
        }
        if send.state.isFinal { state.endedSend = send }
        let decision = try decide(.retry(key), on: state, by: issuer, at: now, dryRun: dryRun)
        let present = dryRun ? nil : try reading { () throws(LedgerError) in try ledger.send(key) }
        return present ?? decision.updates.first { $0.key == key } ?? send
    }

    /// Puts a new draft revision of a message and answers its number.
    public func putMessage(_ content: MessageContent, as name: Slug, by issuer: Issuer) throws(EngineError) -> Int {
        let now = try observing()
        try refuseMessageTooMany(name)
        let revision = try reading { () throws(LedgerError) in
            try ledger.put(content, as: name, by: issuer.actor, at: now)
        }
        settle()
        return revision
    }

    /// Publishes the newest revision of a message; campaigns that waited for it are checked again at once.
    public func publishMessage(_ name: Slug, by issuer: Issuer) throws(EngineError) -> Int {
        let now = try observing()
        let revision = try reading { () throws(LedgerError) in try ledger.publish(name, by: issuer.actor, at: now) }
        guard let revision else { throw .noMessage(name) }
        // It is published, whatever becomes of this: each tick checks them again, too.
        try? recheck(ledger.campaigns(using: name).prefix(Self.batchLimit), at: now)
        goOn()
        return revision
    }

    /// Takes over newly read rules. What they change for a campaign is decided by the next turns.
    public func use(_ settings: Settings, _ catalogue: Catalogue) {
        // At once: whoever asks for the rules sees all of the old ones or all of the new.
        var new = rules
        new.settings = settings
        new.catalogue = catalogue
        rules = new
        wakeAll()
        goOn()
    }

    /// Has campaigns decided again that were decided by other rules. A ledger that can't be written now is asked again
    /// at the next start; each campaign is decided by the new rules when it wakes, too.
    func wakeAll() {
        try? ledger.wakeAll(under: rules.fingerprint, at: clock.read().now)
    }

    private func recheck(_ campaigns: some Sequence<CampaignID>, at now: Instant) throws(LedgerError) {
        for id in campaigns {
            guard let state = try ledger.campaign(id), state.campaign.status == .activating else { continue }
            try advance(state, at: now)
        }
    }

    // MARK: Steps

    private func observing() throws(EngineError) -> Instant {
        try reading { () throws(LedgerError) in try observe() }
    }

    /// Commits a new campaign.
    private func add(_ decision: Decision, at now: Instant, dryRun: Bool) throws(EngineError) -> Answer {
        if !dryRun {
            try reading { () throws(LedgerError) in try ledger.commit([decision], at: now) }
            carryOut(decision)
            settle()
        }
        return Answer(campaign: decision.campaign, events: decision.events, now: now)
    }

    /// Decides a person's command and, unless it is only looked at, commits it and does what follows.
    private func decide(
        _ command: Command, on state: CampaignState, by issuer: Issuer, at now: Instant, dryRun: Bool
    ) throws(EngineError) -> Decision {
        let decide = { [rules] (state: CampaignState) throws(Refusal) in
            try Lifecycle.perform(command, on: state, by: issuer, at: now, under: rules)
        }
        if dryRun { return try refusing { () throws(Refusal) in try decide(state) } }
        let decision = try commit(state, at: now, decide)
        carryOut(decision)
        goOn()
        return decision
    }

    /// Commits a person's decision; a key that the ledger has already is left out of another try.
    private func commit(
        _ state: CampaignState, at now: Instant, _ decide: (CampaignState) throws(Refusal) -> Decision
    ) throws(EngineError) -> Decision {
        var state = state
        while true {
            let decision = try refusing { () throws(Refusal) in try decide(state) }
            guard decision.changes(state) else { return decision }
            do {
                if !decision.claims.isEmpty { faults(.claim) }
                try ledger.commit([decision], at: now)
                if !decision.claims.isEmpty { faults(.commit) }
                return decision
            } catch {
                guard state.takes(error) else { throw .ledger(error) }
            }
        }
    }

    /// The campaign as it is by now: what was claimed may have been handed over at once, which moves the revision.
    private func answer(_ decision: Decision, at now: Instant) -> Answer {
        let present = try? ledger.campaign(decision.campaign.id)
        return Answer(
            campaign: present?.campaign ?? decision.campaign, events: decision.events, sends: decision.updates,
            now: now)
    }

    /// All that was marked is revoked at once, each as long as the launcher waits.
    private func completedStop(of decision: Decision, on name: Slug) async throws(EngineError) -> Answer {
        let revoking = decision.effects.compactMap { effect in
            if case .revoke(let attempt, _) = effect { revoke(attempt.key) } else { nil }
        }
        for task in revoking { await task.value }
        let now = clock.read().now
        let state = try state(of: name)
        let campaign = state.campaign
        if campaign.status == .stopped { return Answer(campaign: campaign, events: decision.events, now: now) }
        if campaign.stopFence != nil {
            throw .refused(.held(
                name: AlertCode.launcherDown.rawValue,
                why: "the sender does not answer; nothing of \(name) is handed over any more, "
                    + "and the stop is completed when it does"))
        }
        throw .refused(.invalidState(
            state.campaign.status, command: .stop,
            allowed: Lifecycle.allowedCommands(for: state).filter { $0 != .stop },
            why: "its send was accepted before the stop; cancel ends it"))
    }

    func state(of name: Slug) throws(EngineError) -> CampaignState {
        guard let state = try reading({ () throws(LedgerError) in try ledger.campaign(named: name) }) else {
            throw .noCampaign(name)
        }
        return state
    }

    private func state(of name: Slug, seen revision: Int?) throws(EngineError) -> CampaignState {
        let state = try state(of: name)
        if let revision, revision != state.campaign.revision { throw .conflict(current: state.campaign.revision) }
        return state
    }

    private func refuseMessageTooMany(_ name: Slug) throws(EngineError) {
        if try reading({ () throws(LedgerError) in try ledger.newestRevision(of: name) }) != nil { return }
        let count = try reading { () throws(LedgerError) in try ledger.messageCount() }
        guard count >= rules.settings.limits.messages else { return }
        throw .refused(.held(name: "limits.messages", why: "\(count) messages are there; raise the limit"))
    }

    private func refuseTakenName(_ name: Slug) throws(EngineError) {
        if try reading({ () throws(LedgerError) in try ledger.campaign(named: name) }) != nil { throw .nameTaken(name) }
        let count = try reading { () throws(LedgerError) in try ledger.campaignCount() }
        if count >= rules.settings.limits.campaigns {
            throw .refused(.held(
                name: "limits.campaigns", why: "\(count) campaigns are there; delete drafts or raise the limit"))
        }
    }

    private func read(_ definition: CampaignDefinition) throws(EngineError) -> (CampaignContent, [Slug]) {
        do {
            return (try CampaignContent(rules.completed(definition)), try Tags.read(definition.tags ?? []))
        } catch {
            throw .refused(.invalidField(error))
        }
    }

    private func newID() -> CampaignID {
        var generator = random
        defer { random = generator }
        return CampaignID(from: &generator)
    }

    private func refusing<Value>(_ body: () throws(Refusal) -> Value) throws(EngineError) -> Value {
        do { return try body() } catch { throw .refused(error) }
    }

    private func reading<Value>(_ body: () throws(LedgerError) -> Value) throws(EngineError) -> Value {
        do { return try body() } catch {
            if case .nameTaken(let name) = error { throw .nameTaken(name) }
            throw .ledger(error)
        }
    }
}
