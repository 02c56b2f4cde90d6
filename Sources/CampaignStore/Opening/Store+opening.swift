import GRDB

extension Store {
    /// How long a statement waits for a lock that another program holds (a person with sqlite3) before it fails.
    static let busyTimeoutSeconds = 5.0
    /// Connections for readers: control calls are answered a few at a time, and each keeps a cache.
    static let readerCount = 4
    /// The writer's page cache, in KiB: with it a batch of campaigns that lie scattered over 100,000 is written about
    /// twice as fast as with SQLite's 2 MiB. It grows only as far as the ledger does.
    static let writerCacheKiB = 65_536
    /// Pages of the write-ahead log (40 MiB) before it is brought into the file: fewer checkpoints write scattered
    /// pages less often.
    static let checkpointPages = 10_000
    /// What SQLite calls `FULL`: a commit is on disk when it returns, in WAL mode too.
    private static let fullSynchronous = 2

    /// Opens the ledger, or makes a new one where there is no file.
    ///
    /// An older schema is brought to the present one, after a backup beside the file (`ledger.sqlite.v1`). The file
    /// and those beside it have mode 0600.
    ///
    /// - Parameters:
    ///   - lock: of the folder that the ledger lies in.
    ///   - machineID: machine-id(5), kept in a new ledger; nil where there is none.
    ///   - isKept: false for a copy that nobody needs after a crash: its writes do not wait for the disk.
    ///   - willMigrate: is called before an existing ledger is backed up and migrated, with both schema versions.
    /// - Throws: ``StoreError``. A file that is refused was not changed.
    public static func open(
        at path: String, holding lock: LedgerLock, machineID: String?, isKept: Bool = true,
        willMigrate: (_ from: Int, _ to: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> Store {
        try open(
            at: path, holding: lock, machineID: machineID, schema: .current, isKept: isKept, willMigrate: willMigrate)
    }

    static func open(
        at path: String, holding lock: LedgerLock, machineID: String?, schema: Schema, isKept: Bool = true,
        willMigrate: (_ from: Int, _ to: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> Store {
        let file = LedgerFile(path: path)
        if try file.inspect() == .absent { try create(file, schema) }
        let found = try version(of: path, schema)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                try setUpWriter(db, isKept: isKept)
                if isKept { try judge(db, at: path) }
            }
            let store = Store(path: path, pool: pool, lock: lock, machineID: machineID)
            if found < schema.version {
                willMigrate(found, schema.version)
                try store.backup(to: "\(path).v\(found)", replacing: true)
                try store.migrate(to: schema)
            }
            try store.keepMachine()
            return store
        } catch {
            throw StoreError(error, at: path)
        }
    }

    /// A damaged file is told sooner, and a file made elsewhere can call no function from its schema.
    static let guards = ["PRAGMA cell_size_check = ON", "PRAGMA trusted_schema = OFF"]

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.maximumReaderCount = readerCount
        configuration.prepareDatabase { db in
            try db.execute(sql: guards.joined(separator: "; "))
        }
        return configuration
    }

    /// For a look that changes nothing.
    static var readingConfiguration: Configuration {
        var configuration = configuration
        configuration.readonly = true
        return configuration
    }

    /// GRDB's pool sets `synchronous=NORMAL` after it has prepared a connection, so FULL is set after that.
    private static func setUpWriter(_ db: Database, isKept: Bool) throws {
        try db.execute(
            sql: """
                PRAGMA synchronous = \(isKept ? "FULL" : "OFF");
                PRAGMA cache_size = -\(writerCacheKiB);
                PRAGMA wal_autocheckpoint = \(checkpointPages);
                """)
    }

    /// Reads back the settings that promises rest on.
    private static func judge(_ db: Database, at path: String) throws {
        let needed = [("journal_mode", "wal"), ("synchronous", "\(fullSynchronous)"), ("foreign_keys", "1")]
        for (name, value) in needed {
            let found = try String.fetchOne(db, sql: "PRAGMA \(name)") ?? "not known"
            guard found == value else {
                throw StoreError.unsafeSetting(path: path, name: name, found: found, needed: value)
            }
        }
    }

    /// Makes a new ledger under another name, and gives it its own when it is whole: a crash while it is made
    /// leaves nothing that a later start could take for a ledger.
    private static func create(_ file: LedgerFile, _ schema: Schema) throws(StoreError) {
        try file.beginUnfinished()
        do {
            let queue = try DatabaseQueue(path: file.unfinishedPath, configuration: configuration)
            try schema.migrator.migrate(queue)
            try queue.close()
        } catch {
            LedgerFile.remove(file.unfinishedPath)
            throw StoreError(error, at: file.unfinishedPath)
        }
        try file.finish()
    }

    /// The schema version of an existing ledger, read without changing it.
    static func version(of path: String, _ schema: Schema) throws(StoreError) -> Int {
        let found: Int
        do {
            let connection = try BriefConnection(path: path)
            // Reading the schema, too, so that a damaged one is told before anything is written.
            _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
            found = try connection.integer("PRAGMA user_version")
        } catch {
            throw StoreError(error, at: path)
        }
        guard found <= schema.version else {
            throw .newer(path: path, found: found, known: schema.version)
        }
        guard found > 0 else { throw .damaged(path: path, reason: "it has no schema version") }
        return found
    }

    private func migrate(to schema: Schema) throws(StoreError) {
        do {
            try schema.migrator.migrate(pool)
        } catch {
            let reason = (error as? DatabaseError)?.sentence ?? "\(error)"
            throw .migrationFailed(path: path, version: schema.version, reason: reason)
        }
    }
}
