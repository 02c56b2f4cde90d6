import CampaignModel
import Recurrence

/// Zone data that the system changes under the running daemon, or changed while it was off.
extension Engine {
    /// Looks at the zone database, and plans the campaigns again whose zones have changed, in batches of one
    /// transaction each; what one turn does not reach is left to the next. Each turn looks at a file for each zone that
    /// campaigns are planned by, whatever their number.
    ///
    /// - Returns: the first fault of a single campaign.
    func followZoneData(at now: Instant) throws(LedgerError) -> LedgerError? {
        let planned: [ZoneEdition]
        var fault: LedgerError?
        do {
            planned = try ledger.zoneEditions()
        } catch {
            // One damaged row holds up the campaigns that are planned by it, and no other.
            if error.isOfWholeLedger { throw error }
            planned = []
            fault = error
        }
        let board = ZoneBoard(zoneSource, planned: planned)
        try tellVersion(board.version, at: now)
        try tellFaults(of: board, at: now)
        rules.zones = board
        guard !rules.firingIsHeld else { return fault }
        return try planAnew(board.outdated, at: now) ?? fault
    }

    private func planAnew(_ outdated: [ZoneEdition], at now: Instant) throws(LedgerError) -> LedgerError? {
        var fault: LedgerError?
        var batches = Self.batchesInTurn
        for edition in outdated {
            // Those with a fault stay where they were, and would be in each batch again.
            var tried: Set<CampaignID> = []
            while true {
                let ids = try ledger.campaigns(plannedBy: edition, limit: Self.batchLimit + tried.count)
                let fresh = ids.filter { !tried.contains($0) }
                if fresh.isEmpty { break }
                guard batches > 0 else {
                    moreIsDue = true
                    return fault
                }
                batches -= 1
                let read = try read(fresh)
                if let failed = try commitBatch(read.states, at: now) ?? read.fault {
                    tried.formUnion(fresh)
                    fault = fault ?? failed
                }
            }
        }
        return fault
    }

    private func tellVersion(_ version: String, at now: Instant) throws(LedgerError) {
        defer { zoneVersion = version }
        guard let zoneVersion, zoneVersion != version else { return }
        let text = "the zone database changed from \(zoneVersion) to \(version)"
        try ledger.append(
            [Event(.zonesChanged, at: now, campaign: nil, actor: .daemon, text: text)], at: now)
    }

    private func tellFaults(of board: ZoneBoard, at now: Instant) throws(LedgerError) {
        let first = board.faults.min { $0.key < $1.key }?.value
        try setDaemonAlert(
            .zoneDataChanged,
            first.map { "\($0); campaigns there go on with the data that they were planned by" }, at: now)
    }
}
