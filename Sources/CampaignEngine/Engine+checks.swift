public import CampaignModel

/// What people ask before they act.
extension Engine {
    /// What an activation of the campaign would find now, as ``Lifecycle/checks(of:at:under:)`` says; nothing changes.
    /// What stands on the campaign already keeps its own instant.
    public func checks(of name: Slug) throws(EngineError) -> [Alert] {
        let state = try state(of: name)
        let present = state.campaign.alerts
        return Lifecycle.checks(of: state, at: clock.read().now, under: rules).map { alert in
            let since = present.first { $0.code == alert.code && $0.field == alert.field }?.since
            return Alert(
                alert.code, alert.text, field: alert.field, severity: alert.severity, since: since ?? alert.since)
        }
    }
}
