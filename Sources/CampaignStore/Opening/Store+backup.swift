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
            // Without a write-ahead log the copy is one file, whoever looks into it.
            try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
            try LedgerFile.rename(unfinished, to: copy)
        } catch {
            LedgerFile.remove(unfinished)
            if !replacing { LedgerFile.remove(copy) }
            throw .backupFailed(path: copy, reason: (error as? DatabaseError)?.sentence ?? "\(error)")
        }
    }
}
