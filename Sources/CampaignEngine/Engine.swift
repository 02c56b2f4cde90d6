public import CampaignModel
public import Recurrence
import Synchronization

/// The scheduler: turns time, commands and the sender's word into decisions of the model, has the ledger commit them,
/// and only then acts on them.
///
/// An actor, so that each decision is read, made and committed without another between. The ledger answers at once;
/// nothing here waits for the world inside a decision.
public actor Engine {
    let ledger: any Ledger
    let clock: any WallClock
    let launcher: any SendLauncher
    let sink: any EventSink
    let faults: @Sendable (EnginePoint) -> Void
    var random: any RandomNumberGenerator & Sendable
    var rules: Rules { didSet { rulesInForce.withLock { $0 = rules } } }
    private let rulesInForce: Mutex<Rules>
    /// The system's zone database; ``rules`` hold what the present turn sees of it.
    let zoneSource: any ZoneSource
    /// The database's version at the last look.
    var zoneVersion: String?
    var queue = SendQueue()
    var handOvers = HandOverBook()
    var progress = ProgressBook()
    var clockJudge: ClockJudge
    /// Why nothing fires, whatever the clock says: a ledger of another machine.
    var foreignLedger: String?
    var daemonAlerts: [Alert] = []
    var isStopping = false
    /// When the last turn was made that could fire, by the wall clock.
    var lastTurnAt: Instant?
    /// More was due than one turn takes; the next one comes at once.
    var moreIsDue = false
    /// Since when turns have left something due, by the steady clock.
    private var backlogSince: Duration?
    /// How often a turn is tried again whose writes failed.
    var turns = RetryPace()
    var delivery = Delivery()
    var notices = Notices()
    var retention = Retention()
    var pruning = PruningRound()
    var testsUnderWay = 0
    var figures = EngineFigures()
    /// That the ledger takes no writes, its own alerts included; nil while it does.
    var unwritableAlert: Alert?

    /// Campaigns decided in one transaction: large enough to spread the cost of its sync, small enough that a command
    /// never waits long behind it.
    static let batchLimit = 500
    /// Batches in one turn: commands, the sender's reports and the watchdog have their turn in between.
    static let batchesInTurn = 4
    /// So long a backlog is worked off before anything that can wait for it.
    static let precedence: Duration = .seconds(1)
    /// A send that can't begin for the fault of its campaign, or since the model does not let it, is tried again after
    /// so many seconds: as often as ticks come by themselves.
    static let postponementSeconds: Int64 = 30

    /// - Parameters:
    ///   - earliestClock: a clock that reads earlier is not believed.
    ///   - foreignLedger: why the ledger is not this machine's; nil where it is.
    ///   - faults: told of each point that a crash test names; does nothing otherwise.
    public init(
        ledger: any Ledger, clock: any WallClock, launcher: any SendLauncher, sink: any EventSink, rules: Rules,
        random: any RandomNumberGenerator & Sendable, earliestClock: Instant, foreignLedger: String? = nil,
        faults: @escaping @Sendable (EnginePoint) -> Void = { _ in }
    ) {
        self.ledger = ledger
        self.clock = clock
        self.launcher = launcher
        self.sink = sink
        self.rules = rules
        rulesInForce = Mutex(rules)
        zoneSource = rules.zones
        self.random = random
        self.faults = faults
        self.foreignLedger = foreignLedger
        clockJudge = ClockJudge(earliest: earliestClock)
    }

    /// The rules in force. Whoever asks for them does not wait for a turn.
    public nonisolated var currentRules: Rules { rulesInForce.withLock { $0 } }

    /// Makes the first plan: takes up what was open when the daemon ended, decides what is due, and asks the sender
    /// about what it was handed. It does not wait for the sender's answer.
    ///
    /// - Throws: where the ledger can't be read. A first turn that fails otherwise is made again by the next tick,
    ///   which the clock is asked for, and tells the fault.
    public func start() throws(LedgerError) {
        daemonAlerts = try ledger.daemonAlerts()
        clockJudge.accept(try ledger.acceptedClock())
        let open = try ledger.openSends()
        let steady = clock.read().steady
        for send in open {
            queue.note(send)
            resume(send, at: steady)
        }
        wakeAll()
        try? turn()
    }

    /// One turn of the loop: one reading of the clock, everything that is due, in batches of one transaction each.
    ///
    /// - Throws: the first fault. What it did not touch was done all the same, and the clock is asked for another turn.
    public func tick() throws(LedgerError) {
        let start = clock.read().steady
        var hasFailed = true
        defer { figures.noteTick(took: clock.read().steady - start, hasFailed: hasFailed) }
        try turn()
        hasFailed = false
    }

    func turn() throws(LedgerError) {
        moreIsDue = false
        defer { settle() }
        do throws(LedgerError) {
            let now = try observe()
            var fault = try followZoneData(at: now)
            if !rules.firingIsHeld {
                lastTurnAt = now
                fault = try decideDue(at: now) ?? fault
            }
            backlogSince = moreIsDue ? backlogSince ?? clock.read().steady : nil
            fault = try dispatch(at: now) ?? fault
            turns.worked()
            recordBegun()
            turnToSender()
            writeProgress()
            markDelivered()
            clearStaleLauncherAlert()
            lookForRoom(at: now)
            tellAlerts(at: now)
            forgetOldRecords(at: now)
            prune(at: now)
            if let fault { throw fault }
        } catch {
            // One campaign's fault is no reason to wait with the others.
            if error.isOfWholeLedger { ledgerFailed(error) }
            throw error
        }
    }

    // MARK: What is due

    /// Decides all that is due, in batches; answers the first fault of a single campaign.
    ///
    /// Every decided campaign wakes later than `now`; one that comes back all the same is not decided again in this
    /// turn, so that each batch brings new ones or is the last.
    private func decideDue(at now: Instant) throws(LedgerError) -> LedgerError? {
        var decided: Set<CampaignID> = []
        var stuck = 0
        var fault: LedgerError?
        for _ in 0..<Self.batchesInTurn {
            let limit = Self.batchLimit + stuck
            let due = try readDue(at: now, limit: limit)
            fault = fault ?? due.fault
            let fresh = due.states.filter { decided.insert($0.campaign.id).inserted }
            stuck = due.count - fresh.count
            if fresh.isEmpty { return fault }
            fault = try commitBatch(fresh, at: now) ?? fault
            if due.count < limit { return fault }
        }
        moreIsDue = true
        return fault
    }

    /// Whether claims have precedence: over telling who waits, and over what the history has for others.
    var claimsComeFirst: Bool {
        backlogSince.map { clock.read().steady - $0 < Self.precedence } ?? false
    }

    /// What is due, how many that are in the ledger, and the first fault of one that can't be read.
    private func readDue(
        at now: Instant, limit: Int
    ) throws(LedgerError) -> (states: [CampaignState], count: Int, fault: LedgerError?) {
        do {
            let states = try ledger.due(at: now, limit: limit)
            return (states, states.count, nil)
        } catch {
            if error.isOfWholeLedger { throw error }
            let ids = try ledger.dueIDs(at: now, limit: limit)
            let read = try readAlone(ids)
            return (read.states, ids.count, read.fault ?? error)
        }
    }

    /// Reads these together; one that can't be read is left out, and the first such fault told.
    func read(_ ids: [CampaignID]) throws(LedgerError) -> (states: [CampaignState], fault: LedgerError?) {
        do {
            return (try ledger.campaigns(ids), nil)
        } catch {
            if error.isOfWholeLedger { throw error }
            return try readAlone(ids)
        }
    }

    private func readAlone(_ ids: [CampaignID]) throws(LedgerError) -> (states: [CampaignState], fault: LedgerError?) {
        var states: [CampaignState] = []
        let fault = try eachAlone(ids) { id throws(LedgerError) in
            if let state = try ledger.campaign(id) { states.append(state) }
        }
        return (states, fault)
    }

    /// Commits the decisions on all of these in one transaction; where that fails for one of them, each on its own, so
    /// that one campaign's fault touches no other.
    func commitBatch(_ states: [CampaignState], at now: Instant) throws(LedgerError) -> LedgerError? {
        let decisions = states.map { Lifecycle.advance($0, to: now, under: rules) }
        let claims = decisions.contains { !$0.claims.isEmpty }
        if claims { faults(.claim) }
        do {
            try ledger.commit(decisions, at: now)
        } catch {
            if error.isOfWholeLedger { throw error }
            return try eachAlone(states) { state throws(LedgerError) in
                try advance(state, at: now)
            }
        }
        if claims { faults(.commit) }
        for decision in decisions { carryOut(decision) }
        return nil
    }

    /// Does something for each of these, and goes on after a fault that is one campaign's; the first such is the
    /// answer.
    func eachAlone<Item>(
        _ items: [Item], _ body: (Item) throws(LedgerError) -> Void
    ) throws(LedgerError) -> LedgerError? {
        var fault: LedgerError?
        for item in items {
            do {
                try body(item)
            } catch {
                if error.isOfWholeLedger { throw error }
                fault = fault ?? error
            }
        }
        return fault
    }

    // MARK: Committing

    /// Decides what time has made due for one campaign.
    func advance(_ state: CampaignState, at now: Instant) throws(LedgerError) {
        // Written also where only the next wake is new, or it would be due for ever.
        try commitAlone(state, at: now, unchanged: true) { Lifecycle.advance($0, to: now, under: rules) }
    }

    /// Commits one decision and acts on it; a key that the ledger has already is left out of another try.
    ///
    /// - Parameter unchanged: whether a decision is written too that changes nothing; else its effects alone are
    ///   carried out.
    func commitAlone(
        _ state: CampaignState, at now: Instant, unchanged: Bool = false, _ decide: (CampaignState) -> Decision
    ) throws(LedgerError) {
        var state = state
        while true {
            let decision = decide(state)
            do {
                if unchanged || decision.changes(state) { try ledger.commit([decision], at: now) }
                return carryOut(decision)
            } catch {
                guard state.takes(error) else { throw error }
            }
        }
    }

    /// What follows a commit: the queue learns of its sends, and its effects are carried out.
    func carryOut(_ decision: Decision) {
        note(decision)
        for effect in decision.effects { carryOut(effect) }
    }

    func note(_ decision: Decision) {
        figures.note(decision, at: clock.read()) { queue.send($0) }
        for send in decision.claims + decision.updates {
            queue.note(send)
            if send.state.isFinal {
                handOvers.forget(send.key)
                progress.forget(send.key)
            } else if send.state == .running || send.state == .waiting {
                // It began: that wins over what was to be revoked.
                handOvers.endRevocation(of: send.key)
            }
        }
    }

    // MARK: The next turn

    /// Ends whatever was done: events go on their way, and the clock knows when to call again.
    func settle() {
        deliver()
        clock.alarm(at: nextTurn(after: clock.read()))
    }

    func nextTurn(after reading: ClockReading) -> Instant? {
        var instants: [Instant] = []
        if !rules.firingIsHeld, turns.retryAt == nil {
            if moreIsDue { return reading.now }
            let wakes = [(try? ledger.earliestWake()) ?? nil, queue.earliestRetry]
            for case let wake? in wakes {
                // What was due in the last turn and still is has a fault: it does not make the clock spin.
                let isStuck = lastTurnAt.map { wake <= $0 && $0 <= reading.now } ?? false
                instants.append(isStuck ? reading.now + Self.postponementSeconds : wake)
            }
        }
        // A turn that fails comes to none of the others, and what is overdue there would make the clock spin.
        let rest = [handOvers.nextTry, progress.nextWrite, notices.nextLook]
        // A delivery that is under way asks for its next try when it has ended.
        let delivery = delivery.task == nil && !isStopping ? delivery.pace.retryAt : nil
        let waits = [delivery] + (turns.retryAt.map { [$0] } ?? rest)
        for case let steady? in waits {
            instants.append(reading.now + max(steady - reading.steady, .zero).secondsRoundedUp)
        }
        return instants.min()
    }
}

extension LedgerError {
    /// Nothing can be read or written, as opposed to a fault of one row or one decision.
    var isOfWholeLedger: Bool {
        switch self {
        case .failed: true
        case .keyTaken, .nameTaken, .unsound: false
        }
    }
}

extension Decision {
    /// Whether there is anything to write besides when the campaign wakes.
    func changes(_ state: CampaignState) -> Bool {
        campaign != state.campaign || isDeleted || !claims.isEmpty || !updates.isEmpty || !events.isEmpty
    }
}

extension CampaignState {
    /// Whether the fault is a key that this state did not know to be taken: then it knows now, and the decision can be
    /// made anew. Each key is learned once, and a decision claims few.
    mutating func takes(_ error: LedgerError) -> Bool {
        guard case .keyTaken(let key) = error else { return false }
        return takenKeys.insert(key).inserted
    }
}

/// The points of the engine's work that a crash test can name.
public enum EnginePoint: String, CaseIterable, Sendable {
    /// A claim is decided and not written.
    case claim
    /// The claim is committed and nothing handed over.
    case commit
    /// A hand-over is marked in the ledger, and no connection made.
    case connect
    /// The sender has said `accepted`, and the ledger does not know.
    case accepted = "heard-accepted"
    /// The sender has told the outcome, and the ledger does not know.
    case told = "heard-outcome"
    /// The outcome is in the ledger.
    case recorded
}
