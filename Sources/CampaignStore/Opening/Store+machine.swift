import CampaignModel
import GRDB
import Recurrence

/// Which machine the ledger belongs to: a copy restored on another one must not send again.
extension Store {
    /// The machine that the ledger was made on, or adopted by; nil where that had no id.
    public func machineID() throws(StoreError) -> String? {
        try ledgerRow { try $0.optionalText("machine_id") }
    }

    /// Whether the ledger belongs to another machine than this one. Without an id on either side that can't be told:
    /// false.
    public func isForeign() throws(StoreError) -> Bool {
        guard let presentMachine, let own = try machineID() else { return false }
        return own != presentMachine
    }

    /// Makes the ledger this machine's own, with the event (`campaignctl adopt-ledger`).
    func writeAdoption(_ event: Event, at now: Instant) throws(StoreError) {
        try writing { writer in
            try writer.db.run("UPDATE ledger SET machine_id = ?", [.text(presentMachine)])
            try writer.append([event])
            try writer.noteWrite(at: now)
        }
    }

    /// Keeps the id in a ledger that has none.
    func keepMachine() throws(StoreError) {
        guard let presentMachine, try machineID() == nil else { return }
        try writing { try $0.db.run("UPDATE ledger SET machine_id = ?", [.text(presentMachine)]) }
    }
}
