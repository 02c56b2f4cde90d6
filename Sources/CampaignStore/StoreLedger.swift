public import CampaignEngine
public import CampaignModel
public import Recurrence

/// The engine's ``Ledger``, kept in SQLite. This is the only file that knows the engine.
extension Store: Ledger {
    public func campaign(named name: Slug) throws(LedgerError) -> CampaignState? {
        try asked { () throws(StoreError) in try deciding { try $0.state(named: name) } }
    }

    public func campaign(_ id: CampaignID) throws(LedgerError) -> CampaignState? {
        try asked { () throws(StoreError) in try deciding { try $0.state(id) } }
    }

    public func campaigns(_ ids: [CampaignID]) throws(LedgerError) -> [CampaignState] {
        try asked { () throws(StoreError) in try deciding { reader in try ids.compactMap(reader.state) } }
    }

    public func due(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignState] {
        try asked { () throws(StoreError) in try deciding { try $0.due(at: now, limit: limit) } }
    }

    public func dueIDs(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try asked { () throws(StoreError) in try storedDueIDs(at: now, limit: limit) }
    }

    public func earliestWake() throws(LedgerError) -> Instant? {
        try asked { () throws(StoreError) in try storedEarliestWake() }
    }

    public func openSends() throws(LedgerError) -> [Send] {
        try asked { () throws(StoreError) in try storedOpenSends() }
    }

    public func send(_ key: OccurrenceKey) throws(LedgerError) -> Send? {
        try asked { () throws(StoreError) in try storedSend(key) }
    }

    public func version(_ number: Int, of campaign: CampaignID) throws(LedgerError) -> Version? {
        try asked { () throws(StoreError) in try storedVersion(number, of: campaign) }
    }

    public func campaignCount() throws(LedgerError) -> Int {
        try asked { () throws(StoreError) in try storedCampaignCount() }
    }

    public func commit(_ decisions: [Decision], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try write(decisions, at: now) }
    }

    public func record(_ progress: SendProgress, of key: OccurrenceKey) throws(LedgerError) {
        try asked { () throws(StoreError) in try write(progress, of: key) }
    }

    public func append(_ events: [Event], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try write(events, at: now) }
    }

    public func message(_ reference: MessageReference) throws(LedgerError) -> Message? {
        try asked { () throws(StoreError) in try message(reference.name, revision: reference.revision) }
    }

    public func put(
        _ content: MessageContent, as name: Slug, by actor: EventActor, at now: Instant
    ) throws(LedgerError) -> Int {
        try asked { () throws(StoreError) in try write(content, as: name, by: actor, at: now) }
    }

    public func publish(_ name: Slug, by actor: EventActor, at now: Instant) throws(LedgerError) -> Int? {
        try asked { () throws(StoreError) in try writePublication(of: name, by: actor, at: now) }
    }

    public func campaigns(using message: Slug) throws(LedgerError) -> [CampaignID] {
        try asked { () throws(StoreError) in try storedCampaigns(using: message) }
    }

    public func zoneEditions() throws(LedgerError) -> [ZoneEdition] {
        try asked { () throws(StoreError) in try storedZoneEditions() }
    }

    public func campaigns(plannedBy edition: ZoneEdition, limit: Int) throws(LedgerError) -> [CampaignID] {
        try asked { () throws(StoreError) in try storedCampaigns(plannedBy: edition, limit: limit) }
    }

    public func events(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try asked { () throws(StoreError) in try history(after: sequence, limit: limit) }
    }

    public func deliveredSequence() throws(LedgerError) -> Int64 {
        try asked { () throws(StoreError) in try storedDeliveredSequence() }
    }

    public func markDelivered(through sequence: Int64) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeDelivered(through: sequence) }
    }

    public func messageCount() throws(LedgerError) -> Int {
        try asked { () throws(StoreError) in try storedMessageCount() }
    }

    public func newestRevision(of message: Slug) throws(LedgerError) -> Int? {
        try asked { () throws(StoreError) in try messageListing(of: message)?.newest }
    }

    public func raisedAlerts(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try asked { () throws(StoreError) in try storedRaisedAlerts(after: sequence, limit: limit) }
    }

    public func newestRaisedAlert() throws(LedgerError) -> Int64 {
        try asked { () throws(StoreError) in try storedNewestRaisedAlert() }
    }

    public func alertTelling() throws(LedgerError) -> AlertTelling {
        try asked { () throws(StoreError) in try storedAlertTelling() }
    }

    public func setAlertTelling(_ telling: AlertTelling, events: [Event], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try write(telling, events: events, at: now) }
    }

    public func wakeAll(under rules: String, at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeWake(under: rules, at: now) }
    }

    public func freeBytes() throws(LedgerError) -> Int64? { LedgerFile.freeBytes(beside: path) }

    public func newestForgetting() throws(LedgerError) -> Instant? {
        try asked { () throws(StoreError) in try storedNewestForgetting() }
    }

    public func campaignsToForget(endedBefore instant: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try asked { () throws(StoreError) in try storedCampaignsToForget(endedBefore: instant, limit: limit) }
    }

    public func noteForgetting(of campaigns: [CampaignID], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeForgetting(of: campaigns, at: now) }
    }

    public func newestPruning() throws(LedgerError) -> Instant? {
        try asked { () throws(StoreError) in try storedNewestPruning() }
    }

    public func prune(_ pruning: Pruning) throws(LedgerError) -> Pruning.Removed {
        try asked { () throws(StoreError) in try pruneStored(pruning) }
    }

    public func notePruning(_ events: [Event], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writePruned(events, at: now) }
    }

    public func acceptedClock() throws(LedgerError) -> Instant? {
        try asked { () throws(StoreError) in try storedAcceptedClock() }
    }

    public func acceptClock(_ event: Event, at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeAcceptance(of: now, event) }
    }

    public func adopt(_ event: Event, at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeAdoption(event, at: now) }
    }

    public func newestWrite() throws(LedgerError) -> Instant? {
        try asked { () throws(StoreError) in try storedNewestWrite() }
    }

    public func daemonAlerts() throws(LedgerError) -> [Alert] {
        try asked { () throws(StoreError) in try storedDaemonAlerts() }
    }

    public func setDaemonAlerts(_ alerts: [Alert], events: [Event], at now: Instant) throws(LedgerError) {
        try asked { () throws(StoreError) in try writeDaemonAlerts(alerts, events: events, at: now) }
    }

    /// Gives the store's errors the engine's words.
    private func asked<Value>(_ work: () throws(StoreError) -> Value) throws(LedgerError) -> Value {
        do {
            return try work()
        } catch {
            throw switch error {
            case .keyTaken(let key): .keyTaken(key)
            case .nameTaken(let name): .nameTaken(name)
            case .unsound(let row, let reason): .unsound(row: row, reason: reason)
            case .missingDirectory, .notALedger, .empty, .damaged, .readOnly, .noPermission, .newer, .unsafeSetting,
                .backupFailed, .migrationFailed, .wrongCursor, .failed:
                LedgerError.failed(error.description)
            }
        }
    }
}
