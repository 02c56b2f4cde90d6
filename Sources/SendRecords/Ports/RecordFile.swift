public import SystemdKit

/// An open file. It is closed, and its lock let go, when nobody refers to it any more.
public protocol RecordFile: AnyObject {
    /// The number with which a child inherits the open file and its lock; nil on a disk that is not the system's.
    var descriptor: Int32? { get }

    /// All that follows the place where it stands: of a file that was just opened, the whole.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: ``SystemError``, `EFBIG` where there is more.
    func read(limit: Int) throws(SystemError) -> [UInt8]

    /// The next bytes, as many as there are up to `count`; empty at the end.
    func read(atMost count: Int) throws(SystemError) -> [UInt8]

    /// Goes to `bytes` before the end, or to the beginning of a shorter file.
    ///
    /// - Returns: false where the file is empty.
    func seek(toLast bytes: Int) throws(SystemError) -> Bool

    /// Goes to the beginning.
    func rewind() throws(SystemError)

    /// Goes to a place, in bytes from the beginning; beyond the end nothing is read.
    func seek(to place: Int) throws(SystemError)

    /// Writes all of it where the file stands, and goes on there.
    func write(_ bytes: [UInt8]) throws(SystemError)

    /// Cuts it, without going elsewhere. ftruncate(2)
    ///
    /// - Parameter size: in bytes.
    func truncate(to size: Int) throws(SystemError)

    /// Makes sure that so much can be written later whatever else fills the disk. posix_fallocate(3)
    ///
    /// - Parameter bytes: from the beginning of the file, which is then at least that long.
    func reserve(_ bytes: Int) throws(SystemError)

    /// Its content outlives a power cut. fsync(2)
    func sync() throws(SystemError)

    /// Locks it against every other open file of the same name, without waiting. It stays locked while this one is open
    /// anywhere, in a child too, and ``unlock()`` was called nowhere. flock(2), LOCK_EX
    ///
    /// - Throws: ``SystemError``, `EWOULDBLOCK` where somebody else has a lock.
    func lock() throws(SystemError)

    /// Locks it beside others who do the same, without waiting, until it is closed. flock(2), LOCK_SH
    ///
    /// - Returns: false where somebody holds the lock of ``lock()``.
    func lockShared() throws(SystemError) -> Bool

    /// Lets the lock go for all who hold it through this open file.
    func unlock()
}
