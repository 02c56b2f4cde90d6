import CampaignModel
import Recurrence

/// Retention: what the sender keeps of sends goes once no ledger that anybody may still put back can need it.
extension Engine {
    struct Retention {
        /// Nil before the ledger is asked.
        var nextAt: Instant?
        var isUnderWay = false
    }

    /// The sender's records outlive their campaign's end by 30 days and the longest late limit there is; the sender
    /// keeps each for 30 days by itself, too.
    static let keptSeconds = 30 * 86_400 + CampaignContent.allowedLateLimit.upperBound.secondsRoundedUp
    static let retentionPause: Int64 = 86_400
    /// Where something was left, since one round takes only so much.
    static let shortRetentionPause: Int64 = 3_600
    /// Campaigns in one round.
    static let retentionLimit = 500
    /// Owners of keys that are no campaign's: proofs, tests, notices. Their age alone counts.
    private static let otherOwners = ["proof", "test", "alerts"].compactMap { Slug($0) }

    /// Once a day asks the sender to forget what is old. A ledger that has nothing old yet only notes the day.
    func forgetOldRecords(at now: Instant) {
        guard !isStopping, !rules.firingIsHeld, !retention.isUnderWay, handOvers.sender.retryAt == nil else { return }
        do throws(LedgerError) {
            if retention.nextAt == nil {
                guard let last = try ledger.newestForgetting() else {
                    return try noteForgetting(of: [], at: now, pause: Self.retentionPause)
                }
                retention.nextAt = last + Self.retentionPause
            }
            guard let nextAt = retention.nextAt, nextAt <= now else { return }
            let ended = try ledger.campaignsToForget(endedBefore: now - Self.keptSeconds, limit: Self.retentionLimit)
            retention.isUnderWay = true
            Task { await forget(ended, at: now) }
        } catch {
            retention.nextAt = now + Self.shortRetentionPause
        }
    }

    private func forget(_ ended: [CampaignID], at now: Instant) async {
        defer { retention.isUnderWay = false }
        do {
            let owners = ended.compactMap { Slug($0.text) }
            let resultsBefore = now - rules.settings.retention.recipients.secondsRoundedUp
            let kept = Set(try await launcher.forget(owners + Self.otherOwners, resultsBefore: resultsBefore))
            let forgotten = ended.filter { id in Slug(id.text).map { !kept.contains($0) } ?? true }
            let isDone = ended.count < Self.retentionLimit && forgotten.count == ended.count
            try noteForgetting(
                of: forgotten, at: now, pause: isDone ? Self.retentionPause : Self.shortRetentionPause)
        } catch {
            // Neither is in a hurry: whoever is away is asked again in an hour.
            retention.nextAt = now + Self.shortRetentionPause
        }
    }

    private func noteForgetting(of campaigns: [CampaignID], at now: Instant, pause: Int64) throws(LedgerError) {
        try ledger.noteForgetting(of: campaigns, at: now)
        retention.nextAt = now + pause
    }
}
