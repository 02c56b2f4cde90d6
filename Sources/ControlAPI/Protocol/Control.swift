public import CampaignModel

/// What the daemon does for its clients; ``ControlService`` brings it onto the wire.
///
/// Whoever calls has checked that the peer may do it. Values of names, limits and the like are judged already; a
/// campaign definition is not: ``CampaignContent`` judges it. A change whose ``Change/isDryRun`` is set answers what
/// would be and writes nothing; one whose ``Change/revision`` is not the present one is a
/// ``ControlError/conflict(name:revision:)``.
public protocol Control: Sendable {
    func list(_ query: CampaignQuery, page: PageRequest) async throws(ControlError) -> Page<CampaignView>
    func show(_ name: Slug, version: VersionChoice) async throws(ControlError) -> CampaignDetails
    /// The occurrences to come of one of a campaign's versions; a draft's as if it were activated now.
    func preview(_ name: Slug, _ query: PreviewQuery) async throws(ControlError) -> PreviewView
    /// What the draft beside the live version would change.
    ///
    /// - Throws: ``ControlError/invalidState(name:status:command:allowed:why:)`` where there are not both.
    func diff(_ name: Slug) async throws(ControlError) -> DiffView
    /// The next occurrences of all campaigns in force but the paused ones, soonest first.
    func next(limit: Int) async throws(ControlError) -> [PlannedView]
    /// What an activation would find now, warnings included.
    func checks(of name: Slug) async throws(ControlError) -> [AlertView]
    func create(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> CampaignView
    func apply(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> AppliedCampaign
    /// Activate, unschedule, modify, discard, stop, pause, resume, archive, unarchive, delete, cancel, acknowledge: one
    /// method for all of them, since the lifecycle takes them as one value. Never apply or tag.
    func perform(_ command: Command, on name: Slug, change: Change) async throws(ControlError) -> CampaignView
    /// Adds and removes tags; removing one that is not there is no error.
    func tag(
        _ name: Slug, adding: [Slug], removing: [Slug], change: Change
    ) async throws(ControlError) -> CampaignView
    /// Answers the new campaign. The change's revision is the original's.
    func duplicate(_ name: Slug, as newName: Slug, change: Change) async throws(ControlError) -> CampaignView

    /// The newest first.
    func sends(_ query: SendQuery, page: PageRequest) async throws(ControlError) -> Page<SendView>
    /// The oldest first. A campaign's events can be asked for after it is gone; a name that no event and no campaign
    /// has is not found.
    func events(_ query: EventQuery) async throws(ControlError) -> EventPage
    /// Returns when the history has an event numbered above `sequence`, at once where it has one already, and when the
    /// task is cancelled.
    func waitForEvent(after sequence: Int64) async
    /// The daemon's own first. Of one campaign alone where `name` is set.
    func alerts(of name: Slug?, page: PageRequest) async throws(ControlError) -> Page<AlertView>

    /// Adds a draft revision.
    func putMessage(
        _ name: Slug, content: MessageContent, change: Change
    ) async throws(ControlError) -> MessageView
    /// Publishes the newest revision.
    func publishMessage(_ name: Slug, change: Change) async throws(ControlError) -> MessageView
    /// By name.
    func messages(page: PageRequest) async throws(ControlError) -> Page<MessageView>

    func status() async throws(ControlError) -> StatusView
}
