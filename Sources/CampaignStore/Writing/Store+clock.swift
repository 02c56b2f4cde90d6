import CampaignModel
import GRDB
import Recurrence

/// A clock that a person takes for right although it is behind the ledger.
extension Store {
    /// The earliest clock that a person took for right; nil where none ever did.
    func storedAcceptedClock() throws(StoreError) -> Instant? {
        try ledgerRow { try $0.optionalInstant("accepted_clock") }
    }

    /// Brings every instant later than `now` back to it, in one transaction with the event, and has each campaign in
    /// force decided again. Plans stay: when something is due, and a trigger's time. So do the history, what was put
    /// and published when, and each key.
    ///
    /// Nothing of a schedule is decided again whose key is not there any more, see ``prune(_:at:)``.
    func writeAcceptance(of now: Instant, _ event: Event) throws(StoreError) {
        try writing { writer in
            try writer.db.run(
                """
                UPDATE ledger SET newest_write = ?1, accepted_clock = ?1, forgot_at = min(forgot_at, ?1),
                    pruned_at = min(pruned_at, ?1), notice_made_at = min(notice_made_at, ?1),
                    notice_not_before = min(notice_not_before, ?1)
                """, [.instant(now)])
            try writer.db.run(
                """
                UPDATE campaigns SET created_at = min(created_at, ?1), activated_at = min(activated_at, ?1),
                    ended_at = min(ended_at, ?1),
                    decided_until = min(decided_until, max(?1, coalesce(pruned_until, ?1)))
                WHERE max(created_at, coalesce(activated_at, created_at), coalesce(ended_at, created_at),
                    coalesce(decided_until, created_at)) > ?1
                """, [.instant(now)])
            try writer.db.run(
                """
                UPDATE sends SET claimed_at = min(claimed_at, ?1), ready_at = max(min(ready_at, ?1), due),
                    next_attempt_at = iif(attempts = 0, next_attempt_at, min(next_attempt_at, ?1)),
                    handed_at = min(handed_at, ?1), started_at = min(started_at, ?1), ended_at = min(ended_at, ?1)
                WHERE max(
                    claimed_at, ready_at, coalesce(next_attempt_at, claimed_at), coalesce(ended_at, claimed_at)) > ?1
                """, [.instant(now)])
            try writer.db.run("UPDATE alerts SET since = ?1 WHERE since > ?1", [.instant(now)])
            try writer.wakeAll(at: now)
            try writer.append([event])
        }
    }
}
