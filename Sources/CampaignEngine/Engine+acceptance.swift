public import CampaignModel
public import Recurrence

/// What only a person can say: that the clock is right, and that the ledger is this machine's.
extension Engine {
    /// Takes a suspect clock for right: all that the ledger has of times later than now is brought back to now, and
    /// what is due is decided at once. An occurrence that was claimed by the clock as it was keeps its key, and is
    /// not sent again.
    ///
    /// - Returns: false where the clock is believed already; nothing changes then.
    public func acceptClock(by issuer: Issuer) throws(EngineError) -> Bool {
        do {
            let now = try observe()
            guard isAlerted(.clockSuspect) else { return false }
            let event = Event(
                .clockAccepted, at: now, campaign: nil, actor: issuer.actor, reason: issuer.reason,
                text: "the clock is accepted as it is; what the ledger had of later times is brought back to \(now)")
            try ledger.acceptClock(event, at: now)
            clockJudge.accept(now)
            try takeUpAnew()
        } catch {
            throw .ledger(error)
        }
        // Not waited for: what is due is due now.
        try? turn()
        return true
    }

    /// Makes the ledger this machine's own, so that it sends from now on.
    ///
    /// - Returns: false where it is already; nothing changes then.
    public func adoptLedger(by issuer: Issuer) throws(EngineError) -> Bool {
        do {
            let now = try observe()
            guard foreignLedger != nil else { return false }
            let event = Event(
                .ledgerAdopted, at: now, campaign: nil, actor: issuer.actor, reason: issuer.reason,
                text: "the ledger is this machine's from now on")
            try ledger.adopt(event, at: now)
            foreignLedger = nil
        } catch {
            throw .ledger(error)
        }
        // Not waited for: what is due is due now.
        try? turn()
        return true
    }

    /// Adds an event that concerns no campaign's state.
    public func note(_ event: Event, at now: Instant) throws(LedgerError) {
        try ledger.append([event], at: now)
        settle()
    }

    /// What is remembered of times is read anew.
    private func takeUpAnew() throws(LedgerError) {
        for send in try ledger.openSends() { queue.note(send) }
        lastTurnAt = nil
        retention.nextAt = nil
        pruning.nextAt = nil
    }
}
