import CampaignModel
import CProcess
import Glibc
import SendProtocol
import SystemdKit

/// The records of one key; ``StateDirectory`` tells the layout.
final class KeyFolder {
    let key: OccurrenceKey
    let path: String
    private let descriptor: Descriptor

    /// While a folder is locked a message is written to disk at most; whoever holds it longer hangs. The waiting
    /// process then ends, and the end of file tells its peer that nothing began.
    private static let lockPatienceSeconds: UInt32 = 10

    /// A record is a few hundred bytes, an outcome has two texts that are bounded; more is damage.
    static let fileLimit = 64 * 1_024

    init(key: OccurrenceKey, path: String, descriptor: consuming Descriptor) {
        self.key = key
        self.path = path
        self.descriptor = descriptor
    }

    enum Part: String {
        case attempt, progress, outcome, room, cancel, work
        case new, cancelling
    }

    func path(_ number: Int, _ part: Part) -> String {
        "\(path)/\(number).\(part.rawValue)"
    }

    /// Runs `body` while nobody else makes a record in this folder.
    func locked<Result>(_ body: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        alarm(Self.lockPatienceSeconds)
        while flock(descriptor.raw, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SystemError(call: "flock", object: path, code: errno) }
        }
        alarm(0)
        defer { flock(descriptor.raw, LOCK_UN) }
        return try body()
    }

    func sync() throws(SystemError) {
        try Disk.sync(descriptor.raw, path)
    }

    /// What is known of all attempts, by number.
    func reports() throws(SystemError) -> [AttemptReport] {
        var reports: [AttemptReport] = []
        for number in try numbers() {
            reports.append(AttemptReport(number: number, status: try status(of: number)))
        }
        return reports
    }

    private func numbers() throws(SystemError) -> [Int] {
        let suffix = "." + Part.attempt.rawValue
        return try Disk.names(in: path)
            .filter { $0.hasSuffix(suffix) }
            .compactMap { Int($0.dropLast(suffix.count)) }
            .filter { (1...ProtocolLimits.maximumAttempts).contains($0) }
            .sorted()
    }

    /// Locked: it runs. Unlocked with an outcome: that. Unlocked without: its sender died, and nobody knows how far
    /// it came. A file that can't be understood is no outcome either: a power cut may have torn it.
    func status(of number: Int) throws(SystemError) -> AttemptStatus {
        let recordPath = path(number, .attempt)
        let raw = Glibc.open(recordPath, O_RDONLY | O_CLOEXEC)
        if raw < 0 {
            if errno == ENOENT { return .none }
            throw SystemError(call: "open", object: recordPath, code: errno)
        }
        let record = Descriptor(raw)
        // The lock comes before the outcome: the sender lets go only after it has written that.
        if flock(record.raw, LOCK_SH | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else { throw SystemError(call: "flock", object: recordPath, code: errno) }
            return .running(ProgressFile.last(path(number, .progress)))
        }
        return try ended(number, record: Disk.read(record.raw, recordPath, limit: Self.fileLimit))
    }

    private func ended(_ number: Int, record bytes: [UInt8]) throws(SystemError) -> AttemptStatus {
        guard let record = try? WireJSON.decode(AttemptRecord.self, from: bytes),
            record.attempt == Attempt(key: key, number: number)
        else { return unknown(number, "the record of the attempt is damaged") }
        if let status = record.complete {
            guard case .ended = status else { return unknown(number, "the record of the attempt is damaged") }
            return status
        }
        guard let outcome = try Disk.read(path(number, .outcome), limit: Self.fileLimit) else {
            return unknown(number, "the sender ended before it knew the outcome")
        }
        guard let status = try? WireJSON.decode(AttemptStatus.self, from: outcome), case .ended = status else {
            return unknown(number, "the file with the outcome is damaged")
        }
        return status
    }

    private func unknown(_ number: Int, _ reason: String) -> AttemptStatus {
        .ended(.interrupted(reason: reason), ProgressFile.last(path(number, .progress)))
    }

    /// Makes a record that is complete at once: the attempt never began and never will. Under the folder's lock, for
    /// a number that has no record.
    func complete(_ number: Int, as outcome: AttemptOutcome) throws(SystemError) {
        let record = AttemptRecord(
            attempt: Attempt(key: key, number: number), complete: .ended(outcome, SendProgress()))
        let newPath = path(number, .new)
        unlink(newPath)
        let file = try Disk.create(newPath)
        defer { unlink(newPath) }
        try Disk.write(WireJSON.encode(record), to: file.raw, newPath)
        try Disk.sync(file.raw, newPath)
        try name(newPath, path(number, .attempt))
    }

    /// link(2), not rename(2): taken means taken.
    func name(_ newPath: String, _ finalPath: String) throws(SystemError) {
        guard link(newPath, finalPath) == 0 else { throw SystemError(call: "link", object: finalPath, code: errno) }
        try sync()
    }

    /// Leaves the wish that a running attempt ends, synced; a wish that is there already stays.
    func askToEnd(_ number: Int, reason: String) throws(SystemError) {
        // A name of its own for each process, since this happens outside the folder's lock.
        let newPath = path(number, .cancelling) + ".\(getpid())"
        unlink(newPath)
        let file = try Disk.create(newPath)
        defer { unlink(newPath) }
        try Disk.write(WireJSON.encode(CancelRecord(reason: reason)), to: file.raw, newPath)
        try Disk.sync(file.raw, newPath)
        do throws(SystemError) {
            try name(newPath, path(number, .cancel))
        } catch where error.code == EEXIST {
            try sync()
        }
    }

    /// The reason with which somebody wants the attempt to end; nil where nobody does.
    func wishToEnd(_ number: Int) -> String? {
        guard let bytes = try? Disk.read(path(number, .cancel), limit: Self.fileLimit) else { return nil }
        // Synced before it was named, so damage is not to be expected; a wish is one all the same.
        return (try? WireJSON.decode(CancelRecord.self, from: bytes))?.reason ?? "cancelled"
    }

    /// Removes the folder where all its attempts ended, and nothing in it changed, before `instant`.
    ///
    /// - Parameter instant: in seconds since 1970.
    /// - Returns: whether it is gone.
    func forget(unchangedSince instant: time_t) throws(SystemError) -> Bool {
        // Who waits for the lock meanwhile finds no folder, begins nothing and is asked again.
        try locked { () throws(SystemError) in
            for report in try reports() {
                guard case .ended = report.status else { return false }
            }
            for name in try Disk.names(in: path) {
                let modifiedAt = cprocess_modified_at(path + "/" + name)
                guard (0..<Int64(instant)).contains(modifiedAt) else { return false }
            }
            Disk.removeFolder(path)
            return access(path, F_OK) != 0
        }
    }

    /// Removes the message files of attempts whose sender died before it came to it.
    func removeWorkFolders(endedIn reports: [AttemptReport]) {
        for report in reports {
            if case .ended = report.status, access(path(report.number, .work), F_OK) == 0 {
                Disk.removeFolder(path(report.number, .work))
            }
        }
    }
}

/// The content of `N.attempt`.
struct AttemptRecord: Codable {
    let attempt: Attempt
    /// The outcome of an attempt that never began; nil for one that did.
    let complete: AttemptStatus?
}

/// The content of `N.cancel`.
private struct CancelRecord: Codable {
    let reason: String
}
