import CampaignModel
import GRDB
import Synchronization

/// The ledger: campaigns, versions, sends, alerts, messages and the append-only history in one SQLite file.
///
/// There is one writer, the holder of the ``LedgerLock``. What decisions rest on is read on the writer's own
/// connection, in line with the writes; what people read comes from other connections and never waits for a
/// write. Every call blocks until SQLite has answered; a write returns when its bytes are on disk
/// (`synchronous=FULL`, <https://www.sqlite.org/pragma.html#pragma_synchronous>).
///
///     let lock = try LedgerLock(directory: state)
///     let store = try Store.open(at: state + "/ledger.sqlite", holding: lock, machineID: id)
public final class Store: Sendable {
    /// The ledger's file name in the state directory.
    public static let fileName = "ledger.sqlite"

    /// Where the ledger lies.
    public let path: String
    let pool: DatabasePool
    /// machine-id(5) of this machine; nil where it has none.
    let presentMachine: String?
    /// Held until the file is closed.
    private let lock: LedgerLock
    /// Touched on the writer's connection alone, so that it never runs behind or ahead of the file.
    private let memo = Mutex(CampaignMemo())
    private let editions = ZoneEditionMemo()
    /// GRDB hands a closed writer to whoever asks for it, and SQLite does not survive that.
    private let isOpen = Mutex(true)

    init(path: String, pool: DatabasePool, lock: LedgerLock, machineID: String?) {
        self.path = path
        self.pool = pool
        presentMachine = machineID
        self.lock = lock
    }

    /// How large the ledger is, in bytes, its write-ahead log included; nil where the file system does not say.
    public var sizeInBytes: Int64? { Self.sizeInBytes(at: path) }

    /// The same of one that need not be open.
    public static func sizeInBytes(at path: String) -> Int64? { LedgerFile.sizeInBytes(at: path) }

    /// Closes the file, its write-ahead log brought into it, and lets go of the lock. A second call does nothing;
    /// all others fail from now on.
    public func close() throws(StoreError) {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard wasOpen else { return }
        do {
            // The pool closes its writer before its readers, and the last of those can't bring the log into the
            // file. A log that stays behind would be read into a backup that is restored to this place. Where
            // another program reads just now it stays, and is taken up at the next start.
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw StoreError(error, at: path)
        }
        lock.release()
    }

    /// Reads on the writer's connection.
    func deciding<Value>(_ read: (CampaignReader) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.writeWithoutTransaction { db in
                try requireOpen()
                let reader = CampaignReader(db, editions)
                var value: Value?
                try db.inTransaction(.deferred) {
                    value = try read(reader)
                    return .commit
                }
                memo.withLock { $0.remember(reader.found) }
                guard let value else { throw StoreError.failed("a read gave nothing") }
                return value
            }
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// Writes in one transaction, or nothing at all.
    func writing<Value>(_ write: (DecisionWriter) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.writeWithoutTransaction { db in
                try requireOpen()
                let writer = DecisionWriter(db, editions) { [self] id in memo.withLock { $0[id] } }
                do {
                    var value: Value?
                    try db.inTransaction(.immediate) {
                        value = try write(writer)
                        return .commit
                    }
                    memo.withLock { memo in
                        if writer.changedUnseen { memo.forgetAll() }
                        memo.replace(writer.changed)
                    }
                    guard let value else { throw StoreError.failed("a write gave nothing") }
                    return value
                } catch {
                    // Whatever went wrong: what the file holds is read anew.
                    memo.withLock { $0.forgetAll() }
                    editions.forgetAll()
                    throw error
                }
            }
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// Reads for people, on a connection that no write waits for. All of it sees the same state of the file.
    func reading<Value>(_ read: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            try requireOpen()
            // GRDB's own read has SQLite parse BEGIN and COMMIT each time anew.
            return try pool.unsafeRead { db in
                try db.run("BEGIN DEFERRED", [])
                do {
                    let value = try read(db)
                    try db.run("COMMIT", [])
                    return value
                } catch {
                    // After some errors SQLite has ended it already.
                    if db.isInsideTransaction { try? db.run("ROLLBACK", []) }
                    throw error
                }
            }
        } catch {
            throw StoreError(error, at: path)
        }
    }

    private func requireOpen() throws(StoreError) {
        guard isOpen.withLock({ $0 }) else { throw .failed("it is closed") }
    }
}
