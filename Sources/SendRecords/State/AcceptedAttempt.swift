public import CampaignModel
internal import SendProtocol
public import SystemdKit

/// An attempt that this process has accepted: it holds the record's lock and the room for the outcome.
public final class AcceptedAttempt {
    /// The attempt.
    public let attempt: Attempt
    /// The folder with its record.
    public let folder: KeyFolder
    /// Locked; the surface's first process inherits it and so holds the same lock.
    public let lock: any RecordFile
    private let room: any RecordFile
    private var progressFile: ProgressFile

    /// Two texts of 2 KiB that may double in JSON, and the rest.
    private static let roomBytes = 16 * 1_024

    private init(
        attempt: Attempt, folder: KeyFolder, lock: any RecordFile, room: any RecordFile, progressFile: ProgressFile
    ) {
        self.attempt = attempt
        self.folder = folder
        self.lock = lock
        self.room = room
        self.progressFile = progressFile
    }

    /// The folder with the message's files.
    public var workPath: String { folder.path(attempt.number, .work) }

    /// Makes the record of an attempt that has none, under the folder's lock. When it returns, record and folder are
    /// synced, the record is locked, the outcome has its room and the message's files lie in the work folder.
    ///
    /// All that can fail for want of space comes before the record has its name: then nothing began.
    static func make(
        _ number: Int, in folder: KeyFolder, message: MessageContent
    ) throws(SystemError) -> AcceptedAttempt {
        do throws(SystemError) {
            return try prepareAndName(number, in: folder, message: message)
        } catch {
            try? folder.disk.unlink(folder.path(number, .attempt))
            clear(number, in: folder)
            throw error
        }
    }

    private static func prepareAndName(
        _ number: Int, in folder: KeyFolder, message: MessageContent
    ) throws(SystemError) -> AcceptedAttempt {
        let attempt = Attempt(key: folder.key, number: number)
        let disk = folder.disk
        clear(number, in: folder)
        let room = try disk.create(folder.path(number, .room))
        try room.reserve(roomBytes)
        let progressFile = try ProgressFile(path: folder.path(number, .progress), on: disk)
        try WorkFolder.make(folder.path(number, .work), message: message, on: disk)

        let newPath = folder.path(number, .new)
        let record = try disk.create(newPath)
        try record.lock()
        try record.write(WireJSON.encode(AttemptRecord(attempt: attempt, complete: nil)))
        try record.sync()
        try folder.name(newPath, folder.path(number, .attempt))
        try? disk.unlink(newPath)
        return AcceptedAttempt(
            attempt: attempt, folder: folder, lock: record, room: room, progressFile: progressFile)
    }

    /// Removes what a sender left that died before its record had a name, or what this one could not finish.
    private static func clear(_ number: Int, in folder: KeyFolder) {
        for part in [KeyFolder.Part.room, .progress, .new] { try? folder.disk.unlink(folder.path(number, part)) }
        folder.disk.removeFolder(folder.path(number, .work))
    }

    /// Keeps how far it has come, for those who follow; not synced.
    ///
    /// - Throws: ``SystemError``; the send goes on all the same, since its outcome has its room.
    public func append(_ progress: SendProgress) throws(SystemError) {
        try progressFile.append(progress)
    }

    /// Writes the outcome. When it returns, it is synced under its name; only then may it be told.
    func write(_ outcome: AttemptOutcome, _ progress: SendProgress) throws(SystemError) {
        let bytes = WireJSON.encode(AttemptStatus.ended(outcome, progress))
        try room.write(bytes)
        try room.truncate(to: bytes.count)
        try room.sync()
        try folder.disk.rename(folder.path(attempt.number, .room), to: folder.path(attempt.number, .outcome))
        try folder.sync()
    }

    /// Lets the lock go for all who hold it, so that a process that could not be killed does not keep it.
    func release() {
        lock.unlock()
        folder.disk.removeFolder(workPath)
    }
}
