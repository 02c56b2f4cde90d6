public import SystemdKit

/// An open folder. It is closed, and its lock let go, when nobody refers to it any more.
public protocol RecordFolder: AnyObject {
    /// Its names outlive a power cut: those that came, and the going of those that went. fsync(2)
    func sync() throws(SystemError)

    /// Waits until nobody else has it locked, and locks it. flock(2), LOCK_EX
    ///
    /// Whoever holds it for `seconds` hangs; the waiting process then ends.
    func lock(patience seconds: UInt32) throws(SystemError)

    /// Lets the lock go.
    func unlock()
}
