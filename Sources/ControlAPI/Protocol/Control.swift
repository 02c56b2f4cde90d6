public import CampaignModel

/// What the daemon does for its clients; ``ControlService`` brings it onto the wire.
///
/// Whoever calls has checked that the peer may do it. Values of names, limits and the like are judged already; a
/// campaign definition is not: ``CampaignContent`` judges it. A change whose ``Change/isDryRun`` is set answers what
/// would be and writes nothing; one whose ``Change/revision`` is not the present one is a
/// ``ControlError/conflict(name:revision:)``.
public protocol Control: Sendable {
    func list(_ query: CampaignQuery, page: PageRequest) async throws(ControlError) -> Page<CampaignView>
    /// How many campaigns the query's list has; a status that is not there has none. The query's order is no matter.
    func count(_ query: CampaignQuery) async throws(ControlError) -> [Status: Int]
    func show(_ name: Slug, version: VersionChoice) async throws(ControlError) -> CampaignDetails
    /// The occurrences to come of one of a campaign's versions; a draft's as if it were activated now.
    func preview(_ name: Slug, _ query: PreviewQuery) async throws(ControlError) -> PreviewView
    /// What the draft beside the live version would change.
    ///
    /// - Throws: ``ControlError/invalidState(name:status:command:allowed:why:)`` where there are not both.
    func diff(_ name: Slug) async throws(ControlError) -> DiffView
    /// The next occurrences of all campaigns in force but the paused ones, and of drafts where they are asked for,
    /// soonest first.
    func next(_ query: NextQuery) async throws(ControlError) -> NextView
    /// What an activation would find now, warnings included.
    func checks(of name: Slug) async throws(ControlError) -> CheckView
    /// What would happen until an instant, on a copy of the ledger.
    ///
    /// - Throws: ``ControlError/held(name:why:)`` named `simulation` while another one is under way, and what refuses
    ///   a campaign of the query.
    func simulate(_ query: SimulationQuery) async throws(ControlError) -> SimulationView
    /// The names that begin with `prefix`, in order.
    ///
    /// - Parameter limit: one of ``NamedKind/allowedLimits``.
    func names(of kind: NamedKind, prefix: String, limit: Int) async throws(ControlError) -> [String]
    func create(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> CampaignView
    func apply(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> AppliedCampaign
    /// Activate, unschedule, modify, discard, stop, pause, resume, archive, unarchive, delete, tag, cancel and
    /// acknowledge: one method for all of them, since the lifecycle takes them as one value. Never apply, send or
    /// retry. A stop that is only for show answers with its outlook.
    func perform(_ command: Command, on name: Slug, change: Change) async throws(ControlError) -> ChangedCampaign
    /// Makes the order's send, or finds the one that the same request id made before.
    func send(_ order: SendOrder, of name: Slug, change: Change) async throws(ControlError) -> OrderedSend
    /// Tries a send again that has failed, was interrupted or cancelled. It keeps its key and takes the next attempt
    /// number. The change's revision is its campaign's.
    ///
    /// - Parameter attempt: the number that is asked for, where a lost answer is to be asked for again: one that was
    ///   asked for already is not asked for twice, and the answer is the send as it is.
    /// - Returns: the send as it then is; until its next attempt is handed over, `attempts` is the last one's number.
    /// - Throws: ``ControlError/notFound(_:name:why:)`` of a send where nothing has the key.
    func retry(_ key: OccurrenceKey, attempt: Int?, change: Change) async throws(ControlError) -> SendView
    /// Sends a campaign's newest version, a draft too, with its message's newest revision to one address, marked as a
    /// test: no occurrence, and nothing of the campaign changes. The change has neither a revision nor a dry run.
    ///
    /// Returns when it has ended, and after ``SendTestView/patienceSeconds`` with what is known then. The same id of
    /// the same campaign starts nothing and answers what became of the first.
    func proof(
        of name: Slug, to address: ProofAddress, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView
    /// The same with a surface and a message of ours; to nobody where there is no address.
    ///
    /// - Throws: ``ControlError/notFound(_:name:why:)`` of a surface.
    func testSurface(
        _ name: Slug, to address: ProofAddress?, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView
    /// Answers the new campaign. The change's revision is the original's.
    func duplicate(_ name: Slug, as newName: Slug, change: Change) async throws(ControlError) -> CampaignView

    /// The newest first.
    func sends(_ query: SendQuery, page: PageRequest) async throws(ControlError) -> Page<SendView>
    /// What became of each recipient of a send, for surfaces that keep that.
    ///
    /// - Parameters:
    ///   - states: of those alone; nil: of all.
    ///   - take: gets the results, some hundreds at a time; no more come before it returns.
    /// - Returns: false where nothing is kept of the send.
    /// - Throws: ``ControlError/notFound(_:name:why:)`` of a send where nothing has the key,
    ///   ``ControlError/held(name:why:)`` named `launcher-down` where the sender does not answer, and what `take`
    ///   throws.
    func recipients(
        of key: OccurrenceKey, states: Set<RecipientState>?,
        to take: @escaping @Sendable ([RecipientResultView]) async throws -> Void
    ) async throws -> Bool
    /// Adds addresses to those that want no mail, or takes them out; on return that is on disk.
    ///
    /// - Throws: ``ControlError/held(name:why:)`` named `launcher-down` where the sender does not answer; it may be
    ///   done all the same, and can be asked for again.
    func suppress(_ order: SuppressionOrder) async throws(ControlError) -> SuppressionOutcome
    /// Who wants no mail.
    ///
    /// - Parameters:
    ///   - addresses: of these alone; empty: all.
    ///   - take: gets them, some hundreds at a time; no more come before it returns.
    /// - Throws: ``ControlError/invalidField(_:)`` of `addresses`, as ``suppress(_:)`` does, and what `take` throws.
    func suppressed(
        _ addresses: [String], to take: @escaping @Sendable ([Suppression]) async throws -> Void
    ) async throws
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
    /// - Parameter revision: nil for the newest one.
    func message(_ name: Slug, revision: Int?) async throws(ControlError) -> MessageContentView

    /// Makes a message as one recipient would get it.
    ///
    /// - Parameter take: gets the message's bytes in order, a piece at a time.
    /// - Throws: ``ControlError/held(name:why:)`` named `launcher-down` where the sender does not answer, `preview`
    ///   where it can't make the message, ``ControlError/notFound(_:name:why:)``, ``ControlError/invalidField(_:)`` of
    ///   `campaign` where the query names no way and there is not exactly one, and what `take` throws.
    func previewMessage(
        _ query: MessagePreviewQuery, to take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> MessagePreviewView

    /// By name.
    func surfaces() async throws(ControlError) -> [SurfaceView]
    /// By name.
    func audiences() async throws(ControlError) -> [AudienceView]
    /// - Throws: ``ControlError/held(name:why:)`` named `launcher-down` where the sender does not answer, `audience`
    ///   where it can't count.
    func countAudience(_ name: Slug) async throws(ControlError) -> AudienceCountView
    /// - Parameter limit: one of `AudienceSample.allowedLimits`.
    /// - Throws: as ``countAudience(_:)`` does.
    func sampleAudience(_ name: Slug, limit: Int) async throws(ControlError) -> AudienceSampleView

    func status() async throws(ControlError) -> StatusView
    /// Takes a suspect clock for right.
    ///
    /// - Returns: false where it was believed already.
    func acceptClock(by issuer: Issuer) async throws(ControlError) -> Bool
    /// Makes the ledger this machine's own.
    ///
    /// - Returns: false where it was already.
    func adoptLedger(by issuer: Issuer) async throws(ControlError) -> Bool
    /// Copies the ledger as it is at one moment.
    ///
    /// - Parameter take: gets the copy's bytes in order, a piece at a time.
    /// - Returns: how many bytes the copy has.
    /// - Throws: ``ControlError/held(name:why:)`` named `backup`, and what `take` throws.
    func backup(by issuer: Issuer, to take: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int
    /// What a monitor may know of the daemon: numbers alone, and no name that people gave.
    func metrics() async throws(ControlError) -> [MetricFamily]
}
