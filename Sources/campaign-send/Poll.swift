import Glibc

/// Waits for several descriptors at once: poll(2).
enum Poll {
    /// - Parameters:
    ///   - interests: descriptors with the events to wait for.
    ///   - timeout: nil waits for ever.
    /// - Returns: what happened at each, in the order of `interests`; all 0 after the timeout.
    static func wait(_ interests: [(descriptor: CInt, events: Int32)], timeout: Duration?) -> [Int32] {
        var entries = interests.map { pollfd(fd: $0.descriptor, events: Int16($0.events), revents: 0) }
        let result = poll(&entries, nfds_t(entries.count), milliseconds(timeout))
        // EINTR is nothing to act on: every caller asks again.
        guard result > 0 else { return interests.map { _ in 0 } }
        return entries.map { Int32($0.revents) }
    }

    /// As poll(2) takes it: -1 waits for ever. Rounded up, so that nobody wakes just before a deadline and turns around
    /// it.
    static func milliseconds(_ timeout: Duration?) -> CInt {
        guard let timeout else { return -1 }
        guard timeout > .zero else { return 0 }
        let parts = timeout.components
        let milliseconds = parts.seconds * 1_000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(min(milliseconds, 3_600_000))
    }
}
