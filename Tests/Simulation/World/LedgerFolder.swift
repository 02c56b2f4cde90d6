import CampaignStore
import FoundationEssentials
import Glibc

/// Where the ledgers of a story lie. A killed daemon leaves its file and its write-ahead log as they are, and the next
/// one opens them: they are copied aside, since SQLite would tidy them up when this process closes them.
final class LedgerFolder {
    private let path: String
    private var number = 0
    private var lock: LedgerLock?
    private(set) var store: Store?

    init(path: String) throws {
        self.path = path
        // A story that was killed has left its ledgers, and process ids come again.
        try? FileManager.default.removeItem(atPath: path)
        mkdir(path, 0o700)
    }

    private func file(_ number: Int) -> String { "\(path)/ledger\(number).sqlite" }

    func open() throws -> Store {
        let lock = try LedgerLock(directory: path)
        self.lock = lock
        let store = try Store.open(at: file(number), holding: lock, machineID: nil)
        self.store = store
        return store
    }

    /// The daemon is killed.
    func crash(_ draw: Draw) {
        guard let store else { return }
        for suffix in ["", "-wal"] { copy(file(number) + suffix, file(number + 1) + suffix) }
        try? store.close()
        for suffix in ["", "-wal", "-shm"] { unlink(file(number) + suffix) }
        number += 1
        self.store = nil
        lock = nil
    }

    func remove() {
        try? store?.close()
        store = nil
        try? FileManager.default.removeItem(atPath: path)
    }

    private func copy(_ from: String, _ to: String) {
        let source = Glibc.open(from, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return }
        defer { close(source) }
        let target = Glibc.open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else { return }
        defer { close(target) }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = read(source, &piece, piece.count), count > 0 { _ = write(target, piece, count) }
    }
}
