import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence

/// The real ledger as one life of the daemon reaches it: each write is a point at which that life may end, before it or
/// after, and the disk may be full. The judge sees what was committed.
struct StoryLedger: Ledger {
    let machine: Machine
    let life: Life
    let store: Store

    private func read<Value>(_ body: () throws(LedgerError) -> Value) throws(LedgerError) -> Value {
        if life.isOver { throw .failed("the daemon is gone") }
        return try body()
    }

    private func write<Value>(_ body: () throws(LedgerError) -> Value) throws(LedgerError) -> Value {
        try machine.beforeWrite(life)
        let value = try body()
        machine.judge.committed(store)
        try machine.afterWrite(life)
        return value
    }

    func campaign(named name: Slug) throws(LedgerError) -> CampaignState? {
        try read { () throws(LedgerError) in try store.campaign(named: name) }
    }

    func campaign(_ id: CampaignID) throws(LedgerError) -> CampaignState? {
        try read { () throws(LedgerError) in try store.campaign(id) }
    }

    func campaigns(_ ids: [CampaignID]) throws(LedgerError) -> [CampaignState] {
        try read { () throws(LedgerError) in try store.campaigns(ids) }
    }

    func due(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignState] {
        try read { () throws(LedgerError) in try store.due(at: now, limit: limit) }
    }

    func dueIDs(at now: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try read { () throws(LedgerError) in try store.dueIDs(at: now, limit: limit) }
    }

    func earliestWake() throws(LedgerError) -> Instant? {
        try read { () throws(LedgerError) in try store.earliestWake() }
    }

    func openSends() throws(LedgerError) -> [Send] { try read { () throws(LedgerError) in try store.openSends() } }

    func send(_ key: OccurrenceKey) throws(LedgerError) -> Send? {
        try read { () throws(LedgerError) in try store.send(key) }
    }

    func version(_ number: Int, of campaign: CampaignID) throws(LedgerError) -> Version? {
        try read { () throws(LedgerError) in try store.version(number, of: campaign) }
    }

    func campaignCount() throws(LedgerError) -> Int {
        try read { () throws(LedgerError) in try store.campaignCount() }
    }

    func commit(_ decisions: [Decision], at now: Instant) throws(LedgerError) {
        try machine.beforeWrite(life)
        try store.commit(decisions, at: now)
        machine.judge.committed(store, decisions, at: now.secondsSinceEpoch)
        try machine.afterWrite(life)
    }

    func record(_ progress: SendProgress, of key: OccurrenceKey) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.record(progress, of: key) }
    }

    func append(_ events: [Event], at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.append(events, at: now) }
    }

    func message(_ reference: MessageReference) throws(LedgerError) -> Message? {
        try read { () throws(LedgerError) in try store.message(reference) }
    }

    func put(
        _ content: MessageContent, as name: Slug, by actor: EventActor, at now: Instant
    ) throws(LedgerError) -> Int {
        try write { () throws(LedgerError) in try store.put(content, as: name, by: actor, at: now) }
    }

    func publish(_ name: Slug, by actor: EventActor, at now: Instant) throws(LedgerError) -> Int? {
        try write { () throws(LedgerError) in try store.publish(name, by: actor, at: now) }
    }

    func messageCount() throws(LedgerError) -> Int {
        try read { () throws(LedgerError) in try store.messageCount() }
    }

    func newestRevision(of message: Slug) throws(LedgerError) -> Int? {
        try read { () throws(LedgerError) in try store.newestRevision(of: message) }
    }

    func campaigns(using message: Slug) throws(LedgerError) -> [CampaignID] {
        try read { () throws(LedgerError) in try store.campaigns(using: message) }
    }

    func zoneEditions() throws(LedgerError) -> [ZoneEdition] {
        try read { () throws(LedgerError) in try store.zoneEditions() }
    }

    func campaigns(plannedBy edition: ZoneEdition, limit: Int) throws(LedgerError) -> [CampaignID] {
        try read { () throws(LedgerError) in try store.campaigns(plannedBy: edition, limit: limit) }
    }

    func events(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try read { () throws(LedgerError) in try store.events(after: sequence, limit: limit) }
    }

    func deliveredSequence() throws(LedgerError) -> Int64 {
        try read { () throws(LedgerError) in try store.deliveredSequence() }
    }

    func markDelivered(through sequence: Int64) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.markDelivered(through: sequence) }
        machine.judge.marked(through: sequence)
    }

    func raisedAlerts(after sequence: Int64, limit: Int) throws(LedgerError) -> [RecordedEvent] {
        try read { () throws(LedgerError) in try store.raisedAlerts(after: sequence, limit: limit) }
    }

    func newestRaisedAlert() throws(LedgerError) -> Int64 {
        try read { () throws(LedgerError) in try store.newestRaisedAlert() }
    }

    func alertTelling() throws(LedgerError) -> AlertTelling {
        try read { () throws(LedgerError) in try store.alertTelling() }
    }

    func setAlertTelling(_ telling: AlertTelling, events: [Event], at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.setAlertTelling(telling, events: events, at: now) }
    }

    func wakeAll(under rules: String, at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.wakeAll(under: rules, at: now) }
    }

    func freeBytes() throws(LedgerError) -> Int64? { machine.ledgerIsFull ? 0 : 1 << 30 }

    func newestForgetting() throws(LedgerError) -> Instant? {
        try read { () throws(LedgerError) in try store.newestForgetting() }
    }

    func campaignsToForget(endedBefore instant: Instant, limit: Int) throws(LedgerError) -> [CampaignID] {
        try read { () throws(LedgerError) in try store.campaignsToForget(endedBefore: instant, limit: limit) }
    }

    func noteForgetting(of campaigns: [CampaignID], at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.noteForgetting(of: campaigns, at: now) }
    }

    func newestPruning() throws(LedgerError) -> Instant? {
        try read { () throws(LedgerError) in try store.newestPruning() }
    }

    func prune(_ pruning: Pruning) throws(LedgerError) -> Pruning.Removed {
        try write { () throws(LedgerError) in try store.prune(pruning) }
    }

    func notePruning(_ events: [Event], at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.notePruning(events, at: now) }
    }

    func acceptedClock() throws(LedgerError) -> Instant? {
        try read { () throws(LedgerError) in try store.acceptedClock() }
    }

    func acceptClock(_ event: Event, at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.acceptClock(event, at: now) }
    }

    func adopt(_ event: Event, at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.adopt(event, at: now) }
    }

    func newestWrite() throws(LedgerError) -> Instant? {
        try read { () throws(LedgerError) in try store.newestWrite() }
    }

    func daemonAlerts() throws(LedgerError) -> [Alert] {
        try read { () throws(LedgerError) in try store.daemonAlerts() }
    }

    func setDaemonAlerts(_ alerts: [Alert], events: [Event], at now: Instant) throws(LedgerError) {
        try write { () throws(LedgerError) in try store.setDaemonAlerts(alerts, events: events, at: now) }
    }
}
