public import CampaignModel
internal import Glibc
public import SendProtocol
public import SystemdKit

/// The records of one key; ``StateDirectory`` tells the layout.
public final class KeyFolder {
    /// The key.
    public let key: OccurrenceKey
    /// Where it lies.
    public let path: String
    let disk: any RecordDisk
    private let opened: any RecordFolder

    /// While a folder is locked a message is written to disk at most; whoever holds it longer hangs. The waiting
    /// process then ends, and the end of file tells its peer that nothing began.
    private static let lockPatienceSeconds: UInt32 = 10

    /// A record is a few hundred bytes, an outcome has two texts that are bounded; more is damage.
    static let fileLimit = 64 * 1_024

    init(key: OccurrenceKey, path: String, disk: any RecordDisk, opened: any RecordFolder) {
        self.key = key
        self.path = path
        self.disk = disk
        self.opened = opened
    }

    /// What the folder holds of an attempt; ``StateDirectory`` tells of each.
    public enum Part: String {
        case attempt, progress, outcome, recipients, removed, room, cancel, work
        case new, cancelling
    }

    /// Where a part of an attempt lies.
    public func path(_ number: Int, _ part: Part) -> String {
        "\(path)/\(number).\(part.rawValue)"
    }

    /// Runs `body` while nobody else makes a record in this folder.
    func locked<Result>(_ body: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        try opened.lock(patience: Self.lockPatienceSeconds)
        defer { opened.unlock() }
        return try body()
    }

    func sync() throws(SystemError) {
        try opened.sync()
    }

    /// Whether any attempt has a record.
    func hasRecords() throws(SystemError) -> Bool {
        try !numbers(of: .attempt).isEmpty
    }

    /// What is known of all attempts, by number.
    public func reports() throws(SystemError) -> [AttemptReport] {
        var reports: [AttemptReport] = []
        for number in try numbers(of: .attempt) {
            reports.append(AttemptReport(number: number, status: try status(of: number)))
        }
        return reports
    }

    /// The attempts that have this part.
    private func numbers(of part: Part) throws(SystemError) -> [Int] {
        let suffix = "." + part.rawValue
        return try disk.names(in: path)
            .filter { $0.hasSuffix(suffix) }
            .compactMap { Int($0.dropLast(suffix.count)) }
            .filter { (1...ProtocolLimits.maximumAttempts).contains($0) }
            .sorted()
    }

    /// Locked: it runs. Unlocked with an outcome: that. Unlocked without: its sender died, and nobody knows how far
    /// it came. A file that can't be understood is no outcome either: a power cut may have torn it.
    ///
    /// - Throws: ``SystemError`` where a file can't be read, which says nothing of the attempt.
    public func status(of number: Int) throws(SystemError) -> AttemptStatus {
        guard let record = try disk.open(path(number, .attempt)) else { return .none }
        // The lock comes before the outcome: the sender lets go only after it has written that.
        guard try record.lockShared() else { return .running(lastProgress(number)) }
        return try ended(number, record: record.read(limit: Self.fileLimit))
    }

    private func ended(_ number: Int, record bytes: [UInt8]) throws(SystemError) -> AttemptStatus {
        try settle(number)
        guard let record = try? WireJSON.decode(AttemptRecord.self, from: bytes),
            record.attempt == Attempt(key: key, number: number)
        else { return unknown(number, "the record of the attempt is damaged") }
        if let status = record.complete {
            guard case .ended = status else { return unknown(number, "the record of the attempt is damaged") }
            return status
        }
        guard let outcome = try disk.read(path(number, .outcome), limit: Self.fileLimit) else {
            return unknown(number, "the sender ended before it knew the outcome")
        }
        guard let status = try? WireJSON.decode(AttemptStatus.self, from: outcome), case .ended = status else {
            return unknown(number, "the file with the outcome is damaged")
        }
        return status
    }

    /// A sender that was killed between a name and its sync has left a name that a power cut may take after it was told
    /// of. The signs are there until after the sync: `N.new` of a record's, `N.work` of an outcome's.
    private func settle(_ number: Int) throws(SystemError) {
        if disk.exists(path(number, .new)) || disk.exists(path(number, .work)) { try sync() }
    }

    private func unknown(_ number: Int, _ reason: String) -> AttemptStatus {
        .ended(.interrupted(reason: reason), lastProgress(number))
    }

    private func lastProgress(_ number: Int) -> SendProgress {
        ProgressFile.last(path(number, .progress), on: disk)
    }

    /// Makes a record that is complete at once: the attempt never began and never will. Under the folder's lock, for
    /// a number that has no record.
    func complete(_ number: Int, as outcome: AttemptOutcome) throws(SystemError) {
        let record = AttemptRecord(
            attempt: Attempt(key: key, number: number), complete: .ended(outcome, SendProgress()))
        let newPath = path(number, .new)
        try? disk.unlink(newPath)
        let file = try disk.create(newPath)
        defer { try? disk.unlink(newPath) }
        try file.write(WireJSON.encode(record))
        try file.sync()
        try name(newPath, path(number, .attempt))
    }

    /// link(2), not rename(2): taken means taken.
    func name(_ newPath: String, _ finalPath: String) throws(SystemError) {
        try disk.link(newPath, to: finalPath)
        try sync()
    }

    /// Leaves the wish that a running attempt ends, synced; a wish that is there already stays.
    func askToEnd(_ number: Int, reason: String) throws(SystemError) {
        // A name of its own for each process, since this happens outside the folder's lock.
        let newPath = path(number, .cancelling) + ".\(disk.processID)"
        try? disk.unlink(newPath)
        let file = try disk.create(newPath)
        defer { try? disk.unlink(newPath) }
        try file.write(WireJSON.encode(CancelRecord(reason: reason)))
        try file.sync()
        do throws(SystemError) {
            try name(newPath, path(number, .cancel))
        } catch where error.code == EEXIST {
            try sync()
        }
    }

    /// The reason with which somebody wants the attempt to end; nil where nobody does.
    public func wishToEnd(_ number: Int) -> String? {
        guard let bytes = try? disk.read(path(number, .cancel), limit: Self.fileLimit) else { return nil }
        // Synced before it was named, so damage is not to be expected; a wish is one all the same.
        return (try? WireJSON.decode(CancelRecord.self, from: bytes))?.reason ?? "cancelled"
    }

    /// Removes the folder where all its attempts ended, and nothing in it changed, before `instant`.
    ///
    /// - Parameter instant: in seconds since 1970.
    /// - Returns: whether it is gone.
    func forget(unchangedSince instant: Int64) throws(SystemError) -> Bool {
        // Who waits for the lock meanwhile finds no folder, begins nothing and is asked again.
        try locked { () throws(SystemError) in
            for report in try reports() {
                guard case .ended = report.status else { return false }
            }
            for name in try disk.names(in: path) {
                guard let modifiedAt = disk.modifiedAt(path + "/" + name), modifiedAt < instant else { return false }
            }
            disk.removeFolder(path)
            return !disk.exists(path)
        }
    }

    /// Removes what became of the recipients where all attempts ended, and nothing was added to it, before `instant`.
    /// That it was there is kept: see ``hasLostResults()``.
    ///
    /// - Parameter instant: in seconds since 1970.
    /// - Returns: whether there was something to remove.
    func removeResults(unchangedSince instant: Int64) throws(SystemError) -> Bool {
        guard try !numbers(of: .recipients).isEmpty else { return false }
        return try locked { () throws(SystemError) in
            let numbers = try numbers(of: .recipients)
            for report in try reports() {
                guard case .ended = report.status else { return false }
            }
            for number in numbers {
                guard let modifiedAt = disk.modifiedAt(path(number, .recipients)), modifiedAt < instant else {
                    return false
                }
            }
            // Before any of it goes: without them a retry would send to everybody again.
            for number in numbers where !disk.exists(path(number, .removed)) {
                _ = try disk.create(path(number, .removed))
            }
            try sync()
            for number in numbers { try disk.unlink(path(number, .recipients)) }
            return !numbers.isEmpty
        }
    }

    /// Whether what became of an attempt's recipients was removed, so that nobody knows any more who got something.
    func hasLostResults() throws(SystemError) -> Bool {
        try !numbers(of: .removed).isEmpty
    }

    /// Removes the message files of attempts whose sender died before it came to it.
    func removeWorkFolders(endedIn reports: [AttemptReport]) {
        for report in reports {
            if case .ended = report.status, disk.exists(path(report.number, .work)) {
                disk.removeFolder(path(report.number, .work))
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
