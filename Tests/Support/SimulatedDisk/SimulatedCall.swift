/// A call that changes something on a simulated disk, syncs it, or takes or lets go a lock.
package struct SimulatedCall: Hashable, Sendable, CustomStringConvertible {
    /// The name of its man page: `open`, `mkdir`, `write`, `ftruncate`, `fallocate`, `fsync`, `link`, `rename`,
    /// `unlink`, `rmdir` or `flock`.
    package let name: String
    /// What it is about; for `link` and `rename`, the new name.
    package let path: String
    /// Whose it is.
    package let process: Int32

    package var description: String { "\(name) \(path) by \(process)" }
}
