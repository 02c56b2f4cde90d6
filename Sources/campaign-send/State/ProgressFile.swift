import CampaignModel
import Glibc
import SendProtocol
import SystemdKit

/// The progress of a running attempt on disk: each line is all that is known then, so that only the last one counts
/// and the file can be begun anew when it has grown.
struct ProgressFile: ~Copyable {
    private let path: String
    private let file: Descriptor
    private var size = 0

    /// A line is below 5 KiB; some hundred of them tell a person how it went.
    private static let sizeLimit = 256 * 1_024
    /// Holds the last whole line, and one that is torn after it.
    private static let tail = 16 * 1_024

    init(path: String) throws(SystemError) {
        self.path = path
        file = try Disk.create(path)
    }

    /// Not synced: after a power cut the send is interrupted, and how far it came is a guess anyway.
    mutating func append(_ progress: SendProgress) throws(SystemError) {
        let line = WireJSON.encode(progress) + [UInt8(ascii: "\n")]
        if size + line.count > Self.sizeLimit {
            guard ftruncate(file.raw, 0) == 0, lseek(file.raw, 0, SEEK_SET) == 0 else {
                throw SystemError(call: "ftruncate", object: path, code: errno)
            }
            size = 0
        }
        try Disk.write(line, to: file.raw, path)
        size += line.count
    }

    /// The last whole line that can be read; empty where there is none.
    static func last(_ path: String) -> SendProgress {
        let raw = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return SendProgress() }
        let file = Descriptor(raw)
        let end = lseek(file.raw, 0, SEEK_END)
        guard end > 0, lseek(file.raw, max(0, end - off_t(tail)), SEEK_SET) >= 0,
            let bytes = try? Disk.read(file.raw, path, limit: sizeLimit)
        else { return SendProgress() }
        // What follows the last line break is not whole.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for line in lines.reversed() {
            if let progress = try? WireJSON.decode(SendProgress.self, from: Array(line)) { return progress }
        }
        return SendProgress()
    }
}
