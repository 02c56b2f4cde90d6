import GRDB

extension Store {
    /// Copies the ledger to a file that does not exist yet, mode 0600, while work goes on. The copy is whole and on
    /// disk on return, or not there at all.
    public func backup(to copy: String) throws(StoreError) {
        try backup(to: copy, replacing: false)
    }

    func backup(to copy: String, replacing: Bool) throws(StoreError) {
        if !replacing {
            // Takes the name, so that nothing that has it is replaced.
            do {
                try LedgerFile.makeEmpty(copy, replacing: false)
            } catch {
                throw .backupFailed(path: copy, reason: "\(error)")
            }
        }
        let unfinished = copy + ".new"
        do {
            try LedgerFile.makeEmpty(unfinished, replacing: true)
            let queue = try DatabaseQueue(path: unfinished)
            try pool.backup(to: queue)
            try queue.close()
            try LedgerFile.rename(unfinished, to: copy)
        } catch {
            LedgerFile.remove(unfinished)
            if !replacing { LedgerFile.remove(copy) }
            throw .backupFailed(path: copy, reason: (error as? DatabaseError)?.sentence ?? "\(error)")
        }
    }

    /// Looks through the whole file for damage and for rows without their parent (`campaignd check-ledger`).
    ///
    /// - Returns: what was found, a sentence each, at most ``findingLimit``; empty for a sound ledger.
    public func findings() throws(StoreError) -> [String] {
        try reading { db in
            let check = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Self.findingLimit))")
            let damage = check.filter { $0 != "ok" }
            let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(Self.findingLimit).map { row in
                "a row of \(row["table"] ?? "a table") has no row of \(row["parent"] ?? "another") that it belongs to"
            }
            return Array((damage + orphans).prefix(Self.findingLimit))
        }
    }

    /// More than this tells nobody more than that the file is to be restored.
    public static let findingLimit = 100
}
