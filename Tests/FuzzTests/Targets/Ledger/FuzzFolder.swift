import CampaignStore
import Foundation
import Glibc

/// A folder of its own for one ledger, in memory where the system has such a file system: nothing of it has to last.
struct FuzzFolder {
    let path: String

    var ledger: String { path + "/" + Store.fileName }

    init() throws {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(base)/campaignd-fuzz-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw Finding(description: "no folder in \(base): \(String(cString: strerror(errno)))")
        }
        path = String(cString: made)
    }

    func lock() throws -> LedgerLock { try LedgerLock(directory: path) }

    func bytes(of file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
