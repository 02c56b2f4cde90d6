import CampaignModel
import CampaignStore
import Recurrence

/// Watches a story and holds it to what campaignd promises, by rules written on their own: it reads what was committed,
/// what surfaces did and what people were told, and shares no decision with the daemon.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class Judge: @unchecked Sendable {
    let plot: Plot
    weak var machine: Machine?
    /// The first promise that was broken.
    private(set) var violation: String?
    var campaigns: [CampaignID: KnownCampaign] = [:]
    var sends: [OccurrenceKey: KnownSend] = [:]
    var history = History()
    var journal = JournalBook()
    var excuses = Excuses()
    var figures = Figures()
    /// The newest time that the daemon's clock ever read.
    private(set) var newestNow = Int64.min
    /// The contents of all versions that were ever in force.
    var contents: [CampaignID: [Int: CampaignContent]] = [:]
    var openKeys: [CampaignID: Set<OccurrenceKey>] = [:]
    /// What changed since the ledger was last compared with what was committed.
    var touchedCampaigns: Set<CampaignID> = []
    var touchedSends: Set<OccurrenceKey> = []
    private var zonesByData: [[UInt8]: ZonePlan] = [:]

    init(plot: Plot) {
        self.plot = plot
        for zone in plot.zones.joined() { zonesByData[zone.tzif] = zone }
    }

    func complain(_ text: String) {
        if violation == nil { violation = text }
    }

    func require(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds { complain(text()) }
    }

    func note(now: Int64) { newestNow = max(newestNow, now) }

    func note(excuse: String) {
        guard let machine else { return }
        excuses.last = max(excuses.last, machine.time.now)
    }

    func clockWasSet(by seconds: Int64) {
        guard let machine else { return }
        // Until a clock that was set far back has caught up nothing fires.
        if seconds < 0 { excuses.until = max(excuses.until, newestNow + Excuses.graceSeconds) }
        excuses.last = max(excuses.last, machine.time.now, machine.time.now - seconds)
    }

    /// Whether a clock that was set far back holds everything.
    var isHeld: Bool { (machine?.time.now ?? 0) < newestNow - 3_600 }

    func zone(of edition: ZoneEdition?) -> ZonePlan? { edition.flatMap { zonesByData[$0.zone.tzif] } }

    // MARK: What was committed

    /// A transaction without decisions.
    func committed(_ store: Store) { _ = newEvents(store) }

    /// A transaction with decisions at `now`.
    func committed(_ store: Store, _ decisions: [Decision], at now: Int64) {
        let events = newEvents(store)
        require(events == decisions.flatMap(\.events), "the history has other events than the decisions")
        for decision in decisions { DecisionCheck(judge: self, decision: decision, now: now).run() }
    }

    private func newEvents(_ store: Store) -> [Event] {
        do {
            var found: [RecordedEvent] = []
            while true {
                let page = try store.history(after: history.last + Int64(found.count), limit: 500)
                if page.isEmpty { break }
                found += page
            }
            for event in found { take(event) }
            return found.map(\.event)
        } catch {
            complain("the history can't be read: \(error)")
            return []
        }
    }

    private func take(_ recorded: RecordedEvent) {
        if let fault = history.take(recorded) { complain(fault) }
        figures.count(recorded.event, history.statusBefore)
        if recorded.event.kind == .claimed, let name = recorded.event.campaign?.name { machine?.claimed(name.text) }
        machine?.tell {
            let event = recorded.event
            let key = event.key?.text ?? ""
            let name = event.campaign?.name.text ?? "-"
            return "\(recorded.sequence) \(name) \(event.kind.rawValue) \(key) \(event.text)"
        }
    }

    // MARK: Lives

    /// The daemon has opened the ledger: all that was ever committed is there, as it was.
    func booted(_ store: Store) {
        note(excuse: "a start")
        compare(store)
    }

    func compare(_ store: Store) {
        do {
            for (id, known) in campaigns where touchedCampaigns.contains(id) {
                let stored = try store.campaign(id)?.campaign
                require(
                    stored == known.campaign,
                    "\(known.campaign.name) is not as it was committed: \(differences(stored, known.campaign))")
                if let fault = history.fault(of: known.campaign) { complain(fault) }
            }
            for (key, known) in sends where touchedSends.contains(key) {
                let stored = try store.send(key)
                // Progress alone is no decision.
                var committed = known.send
                if let stored { committed.progress = stored.progress }
                require(
                    stored == committed,
                    "send \(key) is not as it was committed: \(stored.map { "\($0)" } ?? "gone")")
                if let fault = history.fault(of: known.send) { complain(fault) }
            }
            require(try store.newestSequence() == history.last, "events were lost")
            touchedCampaigns = []
            touchedSends = []
        } catch {
            complain("the ledger can't be read: \(error)")
        }
    }

    private func differences(_ stored: Campaign?, _ known: Campaign) -> String {
        stored.map { "\($0.status) \($0.decidedUntil.map { "\($0)" } ?? "-") for \(known.status)" } ?? "it is gone"
    }

    // MARK: The journal

    func journal(_ events: [RecordedEvent], life: Int) {
        if let fault = journal.take(events, life: life, history: history) { complain(fault) }
    }

    func marked(through sequence: Int64) {
        require(sequence <= journal.last, "the cursor stands at \(sequence), and the journal has up to \(journal.last)")
    }

    // MARK: What people were told

    func stopWasAnswered(_ id: CampaignID) {
        guard var known = campaigns[id] else { return complain("a campaign that is not there was stopped") }
        require(
            [.stopped, .archived].contains(known.campaign.status),
            "\(known.campaign.name) is \(known.campaign.status) after its stop was answered")
        known.isClosed = true
        campaigns[id] = known
    }

    /// Told that there is a send of this key.
    func sendWasAnswered(_ key: OccurrenceKey) {
        require(sends[key] != nil, "a person was told of \(key), and there is none")
    }
}

/// A campaign as it was committed last.
struct KnownCampaign {
    var campaign: Campaign
    var edition: ZoneEdition?
    /// Since when it is in force, in milliseconds of the story; nil where it is not.
    var inForceSince: Int64?
    /// Its stop was answered: nothing of it may begin any more.
    var isClosed = false
    /// What its schedule has decided.
    var covered: Set<Timetable.Mark> = []
}

/// A send as it was committed last, and what has to be known to judge it.
struct KnownSend {
    var send: Send
    /// It waited behind a cap, an overlap or for a person: its lateness is no matter of its due time.
    var waitedInLine = false
    /// Attempts that the daemon or a person asked for after the first.
    var furtherAttempts = 0
}

/// Why something may be late: when last anything happened that keeps a daemon from its work.
struct Excuses {
    var last = Int64.min
    var until = Int64.min
    /// A daemon whose writes failed tries again after some minutes at most.
    static let graceSeconds: Int64 = 400

    func excuse(_ due: Int64) -> Bool { due <= until || last >= due - Self.graceSeconds }
}

extension Judge {
    /// A surface begins, whoever asked for it.
    func surfaceStarts(_ attempt: Attempt) {
        let owner = attempt.key.owner
        // Proofs, tests and notices are no occurrences.
        guard !["proof", "test", "alerts"].contains(owner) else { return }
        guard let known = sends[attempt.key] else {
            return complain("\(attempt) begins, and the ledger has no such key")
        }
        let send = known.send
        require(send.handedAt != nil || send.attempts >= attempt.number, "\(attempt) begins, and was not handed over")
        require(send.attempts >= attempt.number, "\(attempt) begins, and the ledger is at \(send.attempts)")
        require(!send.state.isFinal, "\(attempt) begins, and is \(send.state)")
        require(newestNow >= send.due.secondsSinceEpoch, "\(attempt) begins before its time, \(send.due)")
        require(
            campaigns[send.campaign]?.isClosed != true,
            "\(attempt) begins, and the stop of its campaign was answered")
    }
}
