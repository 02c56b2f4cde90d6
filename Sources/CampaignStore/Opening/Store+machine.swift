import GRDB

/// Which machine the ledger belongs to: a copy restored on another one must not send again.
extension Store {
    /// The machine that the ledger was made on, or adopted by; nil where that had no id.
    public func machineID() throws(StoreError) -> String? {
        try ledgerRow { try $0.optionalText("machine_id") }
    }

    /// Whether the ledger belongs to another machine. Without an id on either side that can't be told: false.
    public func isForeign(to machineID: String?) throws(StoreError) -> Bool {
        guard let machineID, let own = try self.machineID() else { return false }
        return own != machineID
    }

    /// Makes the ledger this machine's own (`campaignctl adopt-ledger`).
    public func adopt(by machineID: String) throws(StoreError) {
        try writing { try $0.db.run("UPDATE ledger SET machine_id = ?", [.text(machineID)]) }
    }

    /// Keeps the id in a ledger that has none.
    func keep(machineID: String?) throws(StoreError) {
        guard let machineID, try self.machineID() == nil else { return }
        try adopt(by: machineID)
    }
}
