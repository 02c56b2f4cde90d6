public import Recurrence

/// The lifecycle of a campaign as one pure function of (campaign, event, now), giving the new state and what is to
/// be done as values. It reads no clock, opens no file and knows no SQL; everything that acts takes its orders here.
///
/// Every event first decides all that is due at or before `now`, by the rules in force before it, and then acts.
public enum Lifecycle {
    /// Makes a draft with version 1.
    ///
    /// - Throws: ``Refusal/invalidField(_:)`` for what no draft may hold.
    public static func create(
        id: CampaignID, name: Slug, tags: [Slug], content: CampaignContent, sourceText: String?, by issuer: Issuer,
        at now: Instant, under rules: Rules
    ) throws(Refusal) -> Decision {
        try judge(content, at: now, under: rules)
        let version = Version(number: 1, content: content, sourceText: sourceText)
        let campaign = Campaign(id: id, name: name, tags: tags, draft: version, createdAt: now)
        var turn = Turn(CampaignState(campaign), at: now, under: rules, by: issuer)
        turn.record(.created, to: .draft, text: "created as a draft; it is not scheduled until it is activated")
        return turn.decision()
    }

    /// Makes a new draft of what another campaign is: its live version, else its draft; the same tags, no history, the
    /// start left as it was.
    public static func duplicate(
        _ campaign: Campaign, id: CampaignID, name: Slug, by issuer: Issuer, at now: Instant, under rules: Rules
    ) -> Decision {
        guard let current = campaign.current else {
            preconditionFailure("\(campaign.name) has neither a live version nor a draft")
        }
        let version = Version(number: 1, content: current.content, sourceText: current.sourceText)
        let copy = Campaign(id: id, name: name, tags: campaign.tags, draft: version, createdAt: now)
        var turn = Turn(CampaignState(copy), at: now, under: rules, by: issuer)
        turn.record(.created, to: .draft, text: "created as a duplicate of \(campaign.name)")
        return turn.decision()
    }

    /// Carries out a person's command.
    ///
    /// - Throws: ``Refusal``; then the campaign is as it was, and what was due is decided by the next turn.
    public static func perform(
        _ command: Command, on state: CampaignState, by issuer: Issuer, at now: Instant, under rules: Rules
    ) throws(Refusal) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: issuer)
        if command != .stop { turn.decideDue() }
        if case .apply(let content, _, let tags) = command, turn.isEqual(content) {
            turn.tag(tags)
            return turn.decision()
        }
        if let why = turn.denial(of: command) { throw turn.refusal(of: command.name, why: why) }
        switch command {
        case .apply(let content, let text, let tags): try turn.apply(content, sourceText: text, tags: tags)
        case .tag(let adding, let removing): try turn.tag(adding: adding, removing: removing)
        case .activate: try turn.activate()
        case .unschedule: turn.unschedule()
        case .modify: try turn.modify()
        case .discard: turn.discard()
        case .stop: try turn.stop()
        case .pause: turn.pause()
        case .resume: turn.resume()
        case .archive: turn.archive()
        case .unarchive: turn.unarchive()
        case .delete: turn.delete()
        case .cancel(let key): try turn.cancel(key)
        case .send(let order): try turn.send(order)
        case .retry(let key): try turn.retry(key)
        case .acknowledge: turn.acknowledge()
        }
        return turn.decision()
    }

    /// Decides what time alone has made due.
    public static func advance(_ state: CampaignState, to now: Instant, under rules: Rules) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.decideDue()
        return turn.decision()
    }

    /// Takes in what the sender said.
    public static func take(
        _ fact: SendFact, into state: CampaignState, at now: Instant, under rules: Rules
    ) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.take(fact)
        turn.decideDue()
        return turn.decision()
    }

    /// Marks a send as being handed over, after deciding what is due: the ledger knows it before the first byte of its
    /// request is written.
    ///
    /// - Returns: a decision without a hand-over where it must not begin any more.
    public static func handOver(
        _ key: OccurrenceKey, of state: CampaignState, at now: Instant, under rules: Rules
    ) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.decideDue()
        turn.handOver(key)
        return turn.decision()
    }

    /// Lets a claimed send wait behind a cap.
    public static func enqueue(
        _ key: OccurrenceKey, of state: CampaignState, at now: Instant, under rules: Rules
    ) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.decideDue()
        turn.enqueue(key)
        return turn.decision()
    }

    /// The alerts that `activate` would find, warnings included; where there is no draft to activate, what the live
    /// version would have to pass at its start.
    public static func checks(of state: CampaignState, at now: Instant, under rules: Rules) -> [Alert] {
        Turn(state, at: now, under: rules, by: .daemon).currentFindings
    }

    /// How long the next send takes of what ``checks(of:at:under:)`` looks at; nil where `state` brings no count of its
    /// audience along.
    public static func forecast(of state: CampaignState, at now: Instant, under rules: Rules) -> Forecast? {
        Turn(state, at: now, under: rules, by: .daemon).forecast
    }

    /// What a stop would do now, as a look ahead; nothing of it is decided.
    public static func stopOutlook(of state: CampaignState, at now: Instant, under rules: Rules) -> StopOutlook {
        Turn(state, at: now, under: rules, by: .daemon).stopOutlook
    }

    /// Takes in how many recipients the audience of the version in force has, as `state` brings it along.
    public static func noteCountedAudience(
        of state: CampaignState, at now: Instant, under rules: Rules
    ) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.noteCountedAudience()
        return turn.decision()
    }

    /// Takes in how long running sends still take at their pace.
    ///
    /// - Parameter secondsLeft: by key, of those whose pace is known.
    public static func notePace(
        _ secondsLeft: [OccurrenceKey: Double], of state: CampaignState, at now: Instant, under rules: Rules
    ) -> Decision {
        var turn = Turn(state, at: now, under: rules, by: .daemon)
        turn.judgePace(secondsLeft)
        return turn.decision()
    }

    /// The commands that the campaign's status and its sends allow.
    public static func allowedCommands(for state: CampaignState) -> [CommandName] {
        Permission(
            campaign: state.campaign, openSends: state.openSends, newestScheduled: state.newestScheduled
        ).allowed
    }

    private static func judge(_ content: CampaignContent, at now: Instant, under rules: Rules) throws(Refusal) {
        do {
            try rules.judge(content, at: now)
        } catch {
            throw .invalidField(error)
        }
    }
}

extension CampaignState {
    /// A campaign without any sends.
    init(_ campaign: Campaign) {
        self.init(campaign: campaign, openSends: [], newestScheduled: nil, messages: [:])
    }
}

extension Turn {
    /// Why the campaign's status or sends don't allow the command. A send that is named by its key is looked for.
    fileprivate func denial(of command: Command) -> String? {
        if case .cancel(.some) = command, campaign.status.mayHaveSends { return nil }
        return permission.denial(of: command.name)
    }
}
