public import CampaignModel

/// Why the ledger can't be opened, read or written, in one sentence for people.
///
/// No sentence holds a value of a statement: those are people's data.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder that should hold the ledger is not there.
    case missingDirectory(String)
    /// The file is something else, and was left as it is.
    case notALedger(path: String, reason: String)
    /// The file has no bytes. Only a new ledger could be made of it, and that would forget every send and allow
    /// each a second time; a ledger of ours is never empty, not even while it is made.
    case empty(String)
    /// It was a ledger, and can't be read as one.
    case damaged(path: String, reason: String)
    /// Its file system or file allows no writing.
    case readOnly(String)
    /// It can't be opened, for the reason that the system gives.
    case noPermission(path: String, reason: String)
    /// A newer campaignd wrote it; versions are those of the schema.
    case newer(path: String, found: Int, known: Int)
    /// SQLite does not hold a setting that the ledger's promises rest on.
    case unsafeSetting(path: String, name: String, found: String, needed: String)
    /// The copy is not there; the ledger itself is as it was.
    case backupFailed(path: String, reason: String)
    /// The migration to a schema version; the file is as it was, and so is its backup.
    case migrationFailed(path: String, version: Int, reason: String)
    /// A claim's key exists already.
    case keyTaken(OccurrenceKey)
    /// Another campaign, archived or not, has the name.
    case nameTaken(Slug)
    /// A row that breaks a rule, named with its key and what is wrong.
    case unsound(row: String, reason: String)
    /// A place in a list that was given for another order.
    case wrongCursor(ListCursor, order: CampaignOrder)
    /// The database's own failure: full disk, I/O, a lock that another program holds.
    case failed(String)

    public var description: String {
        switch self {
        case .missingDirectory(let path):
            "the folder \(path) for the ledger does not exist"
        case .notALedger(let path, let reason):
            "\(path) is not a ledger of campaignd and was left as it is: \(reason)"
        case .empty(let path):
            "\(path) is empty, which no ledger ever is; restore it from a backup, or remove it to begin a new one"
        case .damaged(let path, let reason):
            "\(path) is damaged: \(reason); restore it from a backup"
        case .readOnly(let path):
            "\(path) can't be written: it is read-only"
        case .noPermission(let path, let reason):
            "\(path) can't be opened: \(reason)"
        case .newer(let path, let found, let known):
            "\(path) has schema version \(found), and this campaignd knows versions up to \(known); "
                + "use a newer campaignd"
        case .unsafeSetting(let path, let name, let found, let needed):
            "\(path) can't be kept safely: SQLite's \(name) is \(found), and \(needed) is needed"
        case .backupFailed(let path, let reason):
            "the backup \(path) can't be made: \(reason)"
        case .migrationFailed(let path, let version, let reason):
            "\(path) can't be brought to schema version \(version): \(reason)"
        case .keyTaken(let key):
            "the occurrence \(key) is decided already"
        case .nameTaken(let name):
            "the name \(name) is taken"
        case .unsound(let row, let reason):
            "the ledger's row \(row) is unsound: it \(reason)"
        case .wrongCursor(let cursor, let order):
            "the cursor \"\(cursor)\" is not one of a list by \(order.rawValue)"
        case .failed(let reason):
            "the ledger failed: \(reason)"
        }
    }
}
