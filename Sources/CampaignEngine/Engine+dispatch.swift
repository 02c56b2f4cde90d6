import CampaignModel
import Recurrence

/// Whose turn it is: what the caps let begin is handed over, what has to wait is told so.
extension Engine {
    /// Hands over what the caps allow, each marked in the ledger first; answers the first fault of a single campaign.
    ///
    /// While the sender does not answer nothing new is handed over: a claimed send waits, within its lateness, and
    /// takes no place.
    func dispatch(at now: Instant) throws(LedgerError) -> LedgerError? {
        guard !rules.firingIsHeld, !isStopping, !handOvers.senderIsDown else { return nil }
        var fault: LedgerError?
        queue.admitRetries(at: now)
        // Each round takes one send out of the line: into a place in the caps, or postponed.
        while let send = queue.next(under: rules) {
            do {
                try mark(send.key, of: send.campaign, at: now)
            } catch {
                if error.isOfWholeLedger { throw error }
                fault = fault ?? error
            }
            // A send that the model does not let begin would keep its place in line, and be chosen again for ever.
            if queue.send(send.key) == send { queue.postpone(send.key, until: now + Self.postponementSeconds) }
        }
        return claimsComeFirst ? fault : try tellWhoWaits(at: now) ?? fault
    }

    /// Marks a send as handed over, and hands it over.
    func mark(_ key: OccurrenceKey, of campaign: CampaignID, at now: Instant) throws(LedgerError) {
        guard let state = try ledger.campaign(campaign) else { return }
        try commitAlone(state, at: now) { Lifecycle.handOver(key, of: $0, at: now, under: rules) }
    }

    /// Tells the claimed sends that stay in line that they are queued, many in one transaction.
    private func tellWhoWaits(at now: Instant) throws(LedgerError) -> LedgerError? {
        var rest = queue.untoldSends
        var fault: LedgerError?
        for _ in 0..<Self.batchesInTurn where !rest.isEmpty {
            var batch: [CampaignID: OccurrenceKey] = [:]
            rest = rest.filter { send in
                // One decision a campaign and transaction: each rests on what the one before has written.
                guard batch.count < Self.batchLimit, batch[send.campaign] == nil else { return true }
                batch[send.campaign] = send.key
                return false
            }
            fault = try enqueue(batch, at: now) ?? fault
        }
        moreIsDue = moreIsDue || !rest.isEmpty
        return fault
    }

    private func enqueue(_ batch: [CampaignID: OccurrenceKey], at now: Instant) throws(LedgerError) -> LedgerError? {
        let (states, fault) = try read(Array(batch.keys))
        let decide = { [rules] (state: CampaignState) in
            batch[state.campaign.id].map { Lifecycle.enqueue($0, of: state, at: now, under: rules) }
        }
        let decisions = states.compactMap(decide)
        do {
            try ledger.commit(decisions, at: now)
            for decision in decisions { carryOut(decision) }
            return fault
        } catch {
            if error.isOfWholeLedger { throw error }
        }
        let another = try eachAlone(decisions) { decision throws(LedgerError) in
            try ledger.commit([decision], at: now)
            carryOut(decision)
        }
        return fault ?? another
    }
}
