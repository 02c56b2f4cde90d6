import CampaignStore
import ControlAPI
import Dispatch
import Glibc
import Synchronization

/// Gives copies of the ledger away: each is made beside it while work goes on, looked through, and read in pieces.
final class LedgerCopier: Sendable {
    private let store: Store
    private let folder: String
    /// One at a time: each needs as much of the disk as the ledger.
    private let isBusy = Mutex(false)

    /// As base64, well below what a reply may have.
    static let pieceBytes = 3 * 256 * 1_024

    init(store: Store, stateDirectory: String) {
        self.store = store
        folder = "\(stateDirectory)/backup"
    }

    /// - Parameter take: gets the copy's bytes in order, no more than ``pieceBytes`` at a time.
    /// - Returns: how many bytes the copy has.
    /// - Throws: ``ControlError/held(name:why:)`` named `backup`, and what `take` throws.
    func copy(to take: @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        let mayRun = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard mayRun else { throw Self.refusal("another one is under way; try again when it has ended") }
        defer { isBusy.withLock { $0 = false } }
        let descriptor = try await DispatchQueue.alone("org.campaignd.copy") { [self] () throws(ControlError) in
            try makeCopy()
        }
        defer { close(descriptor) }
        var size = 0
        while let piece = try Self.piece(of: descriptor) {
            try Task.checkCancellation()
            try await take(piece)
            size += piece.count
        }
        return size
    }

    /// The copy's open file, which has no name any more: whatever becomes of the daemon, nothing of it stays.
    private func makeCopy() throws(ControlError) -> CInt {
        let path = "\(folder)/\(Store.fileName)"
        // What a daemon that was killed in the middle of one has left.
        Self.remove(path)
        defer {
            Self.remove(path)
            rmdir(folder)
        }
        do {
            try OwnDirectory.make(folder, mode: 0o700)
            try store.backup(to: path)
            let check = try LedgerCheck(of: path)
            if let finding = check.findings.first { throw Self.refusal("the ledger is damaged: \(finding)") }
        } catch let error as ControlError {
            throw error
        } catch {
            throw Self.refusal("\(error)")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal("\(path) can't be read: \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// Nil at the end.
    private static func piece(of descriptor: CInt) throws(ControlError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count > 0 { return Array(bytes.prefix(count)) }
            if count == 0 { return nil }
            guard errno == EINTR else { throw refusal("the copy can't be read: \(String(cString: strerror(errno)))") }
        }
    }

    private static func remove(_ path: String) {
        for suffix in ["", ".new", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    private static func refusal(_ why: String) -> ControlError {
        .held(name: "backup", why: why)
    }
}
