import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence

/// The real ledger as one session reaches it.
struct SessionLedger: Ledger {
    let session: Session
    let store: Store

    func campaign(named name: Slug) throws(LedgerError) -> CampaignState? {
        try session.checkRead()
        return try store.campaign(named: name)
    }

    func campaign(_ id: CampaignID) throws(LedgerError) -> CampaignState? {
        try session.checkRead()
        return try session.sound(try store.campaign(id))
    }

    func campaigns(_ ids: [CampaignID]) throws(LedgerError) -> [CampaignState] {
        try session.checkRead()
        return try store.campaigns(ids).map { state throws(LedgerError) in try session.sound(state) ?? state }
    }

    func due(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignState] {
        try session.checkRead()
        let due = try store.due(at: now, limit: limit)
        for state in due { _ = try session.sound(state) }
        return due
    }

    func dueIDs(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try session.checkRead()
        return try store.due(at: now, limit: limit).map(\.campaign.id)
    }

    func earliestWake() throws(LedgerError) -> Instant? {
        try session.checkRead()
        return try store.earliestWake()
    }

    func openSends() throws(LedgerError) -> [Send] {
        try session.checkRead()
        return try store.openSends()
    }

    func send(_ key: OccurrenceKey) throws(LedgerError) -> Send? {
        try session.checkRead()
        return try store.send(key)
    }

    func version(_ number: Int, of campaign: CampaignID) throws(LedgerError) -> Version? {
        try session.checkRead()
        return try store.version(number, of: campaign)
    }

    func campaignCount() throws(LedgerError) -> Int {
        try session.checkRead()
        return try store.campaignCount()
    }

    func commit(_ decisions: [Decision], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        if let fault = session.fault(of: decisions) { throw fault }
        try store.commit(decisions, at: now)
    }

    func record(_ progress: SendProgress, of key: OccurrenceKey) throws(LedgerError) {
        try session.checkWrite()
        session.noteProgressWrite()
        try store.record(progress, of: key)
    }

    func append(_ events: [Event], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.append(events, at: now)
    }

    func message(_ reference: MessageReference) throws(LedgerError) -> Message? {
        try session.checkRead()
        return try store.message(reference)
    }

    func put(
        _ content: MessageContent, as name: Slug, by actor: EventActor, at now: Instant
    ) throws(LedgerError) -> Int {
        try session.checkWrite()
        return try store.put(content, as: name, by: actor, at: now)
    }

    func publish(_ name: Slug, by actor: EventActor, at now: Instant) throws(LedgerError) -> Int? {
        try session.checkWrite()
        return try store.publish(name, by: actor, at: now)
    }

    func campaigns(using message: Slug) throws(LedgerError) -> [CampaignID] {
        try session.checkRead()
        return try store.campaigns(using: message)
    }

    func zoneEditions() throws(LedgerError) -> [ZoneEdition] {
        try session.checkRead()
        return try store.zoneEditions()
    }

    func campaigns(plannedBy edition: ZoneEdition, limit: Int) throws(LedgerError) -> [CampaignID] {
        try session.checkRead()
        return try store.campaigns(plannedBy: edition, limit: limit)
    }

    func events(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try session.checkRead()
        return try store.events(after: sequence, limit: limit)
    }

    func deliveredSequence() throws(LedgerError) -> Int64 {
        try session.checkRead()
        return try store.deliveredSequence()
    }

    func markDelivered(through sequence: Int64) throws(LedgerError) {
        if session.marksFail || session.isOver { throw .failed("database or disk is full") }
        try store.markDelivered(through: sequence)
    }

    func messageCount() throws(LedgerError) -> Int {
        try session.checkRead()
        return try store.messageCount()
    }

    func newestRevision(of message: Slug) throws(LedgerError) -> Int? {
        try session.checkRead()
        return try store.newestRevision(of: message)
    }

    func newestForgetting() throws(LedgerError) -> Instant? {
        try session.checkRead()
        return try store.newestForgetting()
    }

    func campaignsToForget(endedBefore instant: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try session.checkRead()
        return try store.campaignsToForget(endedBefore: instant, limit: limit)
    }

    func noteForgetting(of campaigns: [CampaignID], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.noteForgetting(of: campaigns, at: now)
    }

    func raisedAlerts(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try session.checkRead()
        return try store.raisedAlerts(after: sequence, limit: limit)
    }

    func newestRaisedAlert() throws(LedgerError) -> Int64 {
        try session.checkRead()
        return try store.newestRaisedAlert()
    }

    func alertTelling() throws(LedgerError) -> AlertTelling {
        try session.checkRead()
        return try store.alertTelling()
    }

    func setAlertTelling(_ telling: AlertTelling, events: [Event], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.setAlertTelling(telling, events: events, at: now)
    }

    func wakeAll(under rules: String, at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.wakeAll(under: rules, at: now)
    }

    func freeBytes() throws(LedgerError) -> Int64? { session.freeBytes }

    func newestPruning() throws(LedgerError) -> Instant? {
        try session.checkRead()
        return try store.newestPruning()
    }

    func prune(_ pruning: Pruning) throws(LedgerError) -> Pruning.Removed {
        try session.checkWrite()
        return try store.prune(pruning)
    }

    func notePruning(_ events: [Event], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.notePruning(events, at: now)
    }

    func acceptedClock() throws(LedgerError) -> Instant? {
        try session.checkRead()
        return try store.acceptedClock()
    }

    func acceptClock(_ event: Event, at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.acceptClock(event, at: now)
    }

    func adopt(_ event: Event, at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.adopt(event, at: now)
    }

    func newestWrite() throws(LedgerError) -> Instant? {
        try session.checkRead()
        return try store.newestWrite()
    }

    func daemonAlerts() throws(LedgerError) -> [Alert] {
        try session.checkRead()
        return try store.daemonAlerts()
    }

    func setDaemonAlerts(_ alerts: [Alert], events: [Event], at now: Instant) throws(LedgerError) {
        try session.checkWrite()
        try store.setDaemonAlerts(alerts, events: events, at: now)
    }
}
