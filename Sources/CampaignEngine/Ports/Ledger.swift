public import CampaignModel
public import Recurrence

/// What the engine needs of the ledger: to read what a decision rests on, and to write decisions in one
/// transaction. There is one writer, so that what was read still holds when it is written.
public protocol Ledger: Sendable {
    /// The campaign of that name, archived ones included.
    func campaign(named name: Slug) throws(LedgerError) -> CampaignState?
    func campaign(_ id: CampaignID) throws(LedgerError) -> CampaignState?
    /// Those of these that are there, in this order.
    func campaigns(_ ids: [CampaignID]) throws(LedgerError) -> [CampaignState]
    /// Up to `limit` campaigns whose `wakeAt` is at or before `now`, the earliest first.
    func due(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignState]
    /// The same campaigns by their ids alone: asked where ``due(at:limit:)`` is unsound, so that one damaged row keeps
    /// no other from its time. A row whose id can't be read is left out.
    func dueIDs(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignID]
    /// The earliest `wakeAt` of all campaigns.
    func earliestWake() throws(LedgerError) -> Instant?
    /// Every send that is not final, by due instant and key.
    func openSends() throws(LedgerError) -> [Send]
    func send(_ key: OccurrenceKey) throws(LedgerError) -> Send?
    /// The version of that number, replaced ones included: a send keeps the version that it began with.
    func version(_ number: Int, of campaign: CampaignID) throws(LedgerError) -> Version?
    func campaignCount() throws(LedgerError) -> Int

    /// Writes all decisions in one transaction, their events into the history in order, and `now` as the newest
    /// instant at which the ledger was written.
    ///
    /// - Throws: ``LedgerError/keyTaken(_:)`` where a claim's key exists; nothing of the transaction is kept then.
    func commit(_ decisions: [Decision], at now: Instant) throws(LedgerError)
    /// Keeps how far a running send has come; no event, no decision.
    func record(_ progress: SendProgress, of key: OccurrenceKey) throws(LedgerError)
    /// Adds events that concern no campaign's state.
    func append(_ events: [Event], at now: Instant) throws(LedgerError)

    func message(_ reference: MessageReference) throws(LedgerError) -> Message?
    /// Adds a draft revision and its event; the revision's number is the answer.
    func put(_ content: MessageContent, as name: Slug, by actor: EventActor, at now: Instant) throws(LedgerError) -> Int
    /// Publishes the newest revision and answers its number; nil where there is no such message.
    func publish(_ name: Slug, by actor: EventActor, at now: Instant) throws(LedgerError) -> Int?
    func messageCount() throws(LedgerError) -> Int
    /// The newest revision of a message, published or not; nil where there is no such message.
    func newestRevision(of message: Slug) throws(LedgerError) -> Int?
    /// The campaigns in force whose live version names this message.
    func campaigns(using message: Slug) throws(LedgerError) -> [CampaignID]

    /// The zone data that campaigns in force are planned by, each once.
    func zoneEditions() throws(LedgerError) -> [ZoneEdition]
    /// Up to `limit` campaigns that are planned by these data.
    func campaigns(plannedBy edition: ZoneEdition, limit: Int) throws(LedgerError) -> [CampaignID]

    /// Up to `limit` events numbered above `sequence`, in order.
    func events(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent]
    /// The number of the last event that was delivered to the sink; 0 at first.
    func deliveredSequence() throws(LedgerError) -> Int64
    func markDelivered(through sequence: Int64) throws(LedgerError)

    /// Up to `limit` events numbered above `sequence` that tell of a new alert, in order.
    func raisedAlerts(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent]
    /// The number of the newest such event; 0 where there is none.
    func newestRaisedAlert() throws(LedgerError) -> Int64
    /// How far the alerts are told to the surface that `on_alert` names.
    func alertTelling() throws(LedgerError) -> AlertTelling
    func setAlertTelling(_ telling: AlertTelling, events: [Event], at now: Instant) throws(LedgerError)

    /// Has every campaign in force decided again at `now`, unless the last call was for the same rules: when it wakes
    /// and what its checks find may rest on them.
    func wakeAll(under rules: String, at now: Instant) throws(LedgerError)
    /// How much room the ledger's file system has, in bytes; nil where nobody can tell.
    func freeBytes() throws(LedgerError) -> Int64?

    /// When the sender was asked last to forget old records; nil where it never was.
    func newestForgetting() throws(LedgerError) -> Instant?
    /// Up to `limit` campaigns that ended before `instant` and whose records the sender may still have.
    func campaignsToForget(endedBefore instant: Instant, limit: Int) throws(LedgerError) -> [CampaignID]
    /// Notes that the sender was asked at `now`, and has no record of these campaigns any more.
    func noteForgetting(of campaigns: [CampaignID], at now: Instant) throws(LedgerError)

    /// When a round of removing what is old ended last; nil where none ever did.
    func newestPruning() throws(LedgerError) -> Instant?
    func prune(_ pruning: Pruning) throws(LedgerError) -> Pruning.Removed
    /// Notes that a round ended at `now`.
    func notePruning(_ events: [Event], at now: Instant) throws(LedgerError)

    /// The earliest clock that a person took for right; nil where none ever did.
    func acceptedClock() throws(LedgerError) -> Instant?
    /// Brings every instant later than `now` back to it, plans and the history left alone, and has each campaign in
    /// force decided again.
    func acceptClock(_ event: Event, at now: Instant) throws(LedgerError)
    /// Makes the ledger this machine's own.
    func adopt(_ event: Event, at now: Instant) throws(LedgerError)

    /// The newest instant at which the ledger was written; nil for a new one.
    func newestWrite() throws(LedgerError) -> Instant?
    /// The alerts of the daemon itself.
    func daemonAlerts() throws(LedgerError) -> [Alert]
    func setDaemonAlerts(_ alerts: [Alert], events: [Event], at now: Instant) throws(LedgerError)
}

/// Why the ledger could not answer or write.
public enum LedgerError: Error, Hashable, Sendable {
    /// A claim's key exists already: another turn has decided that occurrence.
    case keyTaken(OccurrenceKey)
    case nameTaken(Slug)
    /// A row that breaks a rule, named with its key and what is wrong.
    case unsound(row: String, reason: String)
    /// The database's own failure: full disk, I/O, a damaged file.
    case failed(String)
}

extension LedgerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyTaken(let key): "the occurrence \(key) is decided already"
        case .nameTaken(let name): "the name \(name) is taken"
        case .unsound(let row, let reason): "the ledger's row \(row) is unsound: it \(reason)"
        case .failed(let reason): reason
        }
    }
}
