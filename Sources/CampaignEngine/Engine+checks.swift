public import CampaignModel

/// What people ask before they act.
extension Engine {
    /// What an activation of the campaign would find now, as ``Lifecycle/checks(of:at:under:)`` says, with its audience
    /// counted, and how long its next send would take. What stands on the campaign already keeps its own instant.
    ///
    /// The campaign is not changed; that its audience is empty, or is not any more, is taken note of.
    public func check(_ name: Slug) async throws(EngineError) -> (alerts: [Alert], forecast: Forecast?) {
        let asked = try state(of: name).campaign
        let counted = await countedAudience(of: asked.draft ?? asked.live)
        var state = try state(of: name)
        state.countedAudience = counted
        let now = clock.read().now
        note(counted, of: state)
        let present = state.campaign.alerts
        let alerts = Lifecycle.checks(of: state, at: now, under: rules).map { alert in
            let since = present.first { $0.code == alert.code && $0.field == alert.field }?.since
            return Alert(
                alert.code, alert.text, field: alert.field, severity: alert.severity, since: since ?? alert.since)
        }
        return (alerts, Lifecycle.forecast(of: state, at: now, under: rules))
    }

    /// The commands that the campaign's status and its sends allow.
    public func allowedCommands(of name: Slug) throws(EngineError) -> [CommandName] {
        Lifecycle.allowedCommands(for: try state(of: name))
    }

    /// How many recipients an audience has.
    ///
    /// - Throws: ``LauncherError`` where the sender does not answer in time.
    public func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount {
        try await launcher.count(audience)
    }

    public func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        try await launcher.sample(audience, limit: limit)
    }

    /// Asks the sender how many recipients the version's audience has; nil where there is none that it could ask about.
    func countedAudience(of version: Version?) async -> CountedAudience? {
        guard let audience = version?.content.audience, rules.catalogue.audiences.contains(audience) else { return nil }
        do throws(LauncherError) {
            return CountedAudience(audience, try await launcher.count(audience))
        } catch {
            return CountedAudience(audience, .failed(error.reason))
        }
    }

    private func note(_ counted: CountedAudience?, of state: CampaignState) {
        guard counted != nil, let now = try? observe() else { return }
        // A ledger that can't be written takes it at the next count.
        try? commitAlone(state, at: now) { Lifecycle.noteCountedAudience(of: $0, at: now, under: rules) }
        settle()
    }
}
