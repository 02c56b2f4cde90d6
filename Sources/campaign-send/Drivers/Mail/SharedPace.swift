import CampaignModel
import Glibc
import SendRecords
import SystemdKit

/// A surface's pace, which all of its sends keep together: the time of the next message lies in a file,
/// STATE/paces/NAME, that whoever takes the time locks.
struct SharedPace {
    private let pace: MailPace
    private let folder: String
    private let path: String

    init(_ rate: MailRate, of surface: Slug, in statePath: String) {
        pace = MailPace(rate)
        folder = "\(statePath)/paces"
        path = "\(folder)/\(surface)"
    }

    /// - Returns: nil where a message may go now, else how long to wait before asking again.
    func wait() throws(SystemError) -> Duration? {
        mkdir(folder, 0o700)
        let raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw SystemError(call: "open", object: path, code: errno) }
        defer { close(raw) }
        // Held for as long as it takes to read and write eight bytes.
        while flock(raw, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SystemError(call: "flock", object: path, code: errno) }
        }
        var next: Int64 = 0
        _ = withUnsafeMutableBytes(of: &next) { pread(raw, $0.baseAddress, $0.count, 0) }
        let (seconds, attoseconds) = MachineClock.steady.read().components
        let wait = pace.wait(&next, at: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        if wait > 0 { return .nanoseconds(wait) }
        let written = withUnsafeBytes(of: &next) { pwrite(raw, $0.baseAddress, $0.count, 0) }
        guard written == MemoryLayout<Int64>.size else { throw SystemError(call: "pwrite", object: path, code: errno) }
        return nil
    }
}
