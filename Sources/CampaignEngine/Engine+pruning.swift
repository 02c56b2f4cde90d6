import CampaignModel
import Recurrence

/// Removes what the ledger has kept for long enough: once a day, a step a turn, and told in the history.
extension Engine {
    struct PruningRound {
        /// Since when the clock just went on, by the steady clock; nil before the first turn.
        var calmSince: Duration?
        /// When the next round begins; nil before the ledger is asked.
        var nextAt: Instant?
        /// Nil between rounds.
        var sendsThrough: Int64?
        var events = 0
        var sends = 0
    }

    static let pruningPause: Int64 = 86_400
    /// Rows of each kind in one step.
    static let pruningLimit = 1_000
    /// A clock that was just set, or is met for the first time, removes nothing yet: a wrong one must not make old what
    /// is not.
    static let pruningCalm: Duration = .seconds(3_600)

    func prune(at now: Instant) {
        guard !isStopping, !rules.firingIsHeld, isCalm else { return }
        do throws(LedgerError) {
            if pruning.nextAt == nil {
                let last = try ledger.newestPruning()
                pruning.nextAt = last.map { $0 + Self.pruningPause } ?? now
            }
            guard let nextAt = pruning.nextAt, nextAt <= now else { return }
            let kept = rules.settings.retention
            let removed = try ledger.prune(
                Pruning(
                    at: now, historyBefore: now - kept.history.secondsRoundedUp,
                    sendsBefore: now - kept.sends.secondsRoundedUp, sendsThrough: pruning.sendsThrough ?? 0,
                    limit: Self.pruningLimit))
            pruning.events += removed.events
            pruning.sends += removed.sends
            pruning.sendsThrough = removed.sendsThrough ?? pruning.sendsThrough
            if removed.isHistoryDone, removed.sendsThrough == nil {
                try endPruning(at: now)
            } else {
                moreIsDue = true
            }
        } catch {
            pruning.nextAt = now + Self.shortRetentionPause
        }
    }

    private var isCalm: Bool {
        pruning.calmSince.map { clock.read().steady - $0 >= Self.pruningCalm } ?? false
    }

    private func endPruning(at now: Instant) throws(LedgerError) {
        let counts = "lines of history: \(pruning.events), sends: \(pruning.sends)"
        let event = Event(
            .pruned, at: now, campaign: nil, actor: .daemon,
            text: "what was kept for long enough is removed: \(counts)")
        try ledger.notePruning(pruning.events + pruning.sends > 0 ? [event] : [], at: now)
        pruning = PruningRound(calmSince: pruning.calmSince, nextAt: now + Self.pruningPause)
    }
}
