public import CampaignModel

/// Takes the committed history on its way to people: the journal, and those who watch.
public protocol EventSink: Sendable {
    /// Delivers events in order. When it returns they are delivered, and are not given again unless the daemon
    /// crashes before it could note that.
    func deliver(_ events: [RecordedEvent]) async throws
}
