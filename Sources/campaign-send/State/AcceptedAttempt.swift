import CampaignModel
import Glibc
import SendProtocol
import SystemdKit

/// An attempt that this process has accepted: it holds the record's lock and the room for the outcome.
final class AcceptedAttempt {
    let attempt: Attempt
    let folder: KeyFolder
    /// Locked; the surface's first process inherits it and so holds the same lock.
    let lock: Descriptor
    private let room: Descriptor
    private var progressFile: ProgressFile

    /// Two texts of 2 KiB that may double in JSON, and the rest.
    private static let roomBytes = 16 * 1_024

    private init(
        attempt: Attempt, folder: KeyFolder, lock: consuming Descriptor, room: consuming Descriptor,
        progressFile: consuming ProgressFile
    ) {
        self.attempt = attempt
        self.folder = folder
        self.lock = lock
        self.room = room
        self.progressFile = progressFile
    }

    var workPath: String { folder.path(attempt.number, .work) }

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
            clear(number, in: folder)
            unlink(folder.path(number, .attempt))
            throw error
        }
    }

    private static func prepareAndName(
        _ number: Int, in folder: KeyFolder, message: MessageContent
    ) throws(SystemError) -> AcceptedAttempt {
        let attempt = Attempt(key: folder.key, number: number)
        clear(number, in: folder)
        let roomPath = folder.path(number, .room)
        let room = try Disk.create(roomPath)
        let reserved = posix_fallocate(room.raw, 0, off_t(roomBytes))
        guard reserved == 0 else { throw SystemError(call: "fallocate", object: roomPath, code: reserved) }
        let progressFile = try ProgressFile(path: folder.path(number, .progress))
        try WorkFolder.make(folder.path(number, .work), message: message)

        let newPath = folder.path(number, .new)
        let record = try Disk.create(newPath)
        guard flock(record.raw, LOCK_EX | LOCK_NB) == 0 else {
            throw SystemError(call: "flock", object: newPath, code: errno)
        }
        try Disk.write(WireJSON.encode(AttemptRecord(attempt: attempt, complete: nil)), to: record.raw, newPath)
        try Disk.sync(record.raw, newPath)
        try folder.name(newPath, folder.path(number, .attempt))
        unlink(newPath)
        return AcceptedAttempt(
            attempt: attempt, folder: folder, lock: record, room: room, progressFile: progressFile)
    }

    /// Removes what a sender left that died before its record had a name, or what this one could not finish.
    private static func clear(_ number: Int, in folder: KeyFolder) {
        for part in [KeyFolder.Part.room, .progress, .new] { unlink(folder.path(number, part)) }
        Disk.removeFolder(folder.path(number, .work))
    }

    func append(_ progress: SendProgress) throws(SystemError) {
        try progressFile.append(progress)
    }

    /// Writes the outcome. When it returns, it is synced under its name; only then may it be told.
    func write(_ outcome: AttemptOutcome, _ progress: SendProgress) throws(SystemError) {
        let roomPath = folder.path(attempt.number, .room)
        let outcomePath = folder.path(attempt.number, .outcome)
        let bytes = WireJSON.encode(AttemptStatus.ended(outcome, progress))
        try Disk.write(bytes, to: room.raw, roomPath)
        guard ftruncate(room.raw, off_t(bytes.count)) == 0 else {
            throw SystemError(call: "ftruncate", object: roomPath, code: errno)
        }
        try Disk.sync(room.raw, roomPath)
        guard rename(roomPath, outcomePath) == 0 else {
            throw SystemError(call: "rename", object: outcomePath, code: errno)
        }
        try folder.sync()
    }

    /// Lets the lock go for all who hold it, so that a process that could not be killed does not keep it.
    func release() {
        flock(lock.raw, LOCK_UN)
        Disk.removeFolder(workPath)
    }
}
