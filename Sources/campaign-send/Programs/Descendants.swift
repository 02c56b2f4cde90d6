import Glibc
import SendRecords

/// What a program left behind. This process is their subreaper: whatever group or session they went to, they are its
/// children once their parents ended. PR_SET_CHILD_SUBREAPER of prctl(2)
enum Descendants {
    /// A killed process ends at once unless the kernel holds it (a dead disk) or it has another user's rights.
    static let patience = Duration.seconds(5)
    private static let look = Duration.milliseconds(50)

    /// Takes in the ends of orphans while the program runs.
    static func reap(except program: pid_t) {
        for child in children() where child != program { waitpid(child, nil, WNOHANG) }
    }

    /// Kills all of them, round by round: each round orphans the next ones.
    ///
    /// - Parameter signals: tells when a child has ended.
    /// - Returns: false where some could not be killed in time.
    static func killAll(_ signals: SignalWatch, within patience: Duration = patience) -> Bool {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            while waitpid(-1, nil, WNOHANG) > 0 {}
            let left = children()
            if left.isEmpty { return true }
            // They are ours and not waited for: these numbers name no other processes.
            for child in left { kill(child, SIGKILL) }
            _ = Poll.wait([(signals.descriptor, POLLIN)], timeout: look)
            _ = signals.look()
        }
        return false
    }

    /// The children of this process's one thread. proc(5)
    private static func children() -> [pid_t] {
        let path = "/proc/self/task/\(getpid())/children"
        guard let bytes = try? SystemDisk().read(path, limit: 1_024 * 1_024) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
}
