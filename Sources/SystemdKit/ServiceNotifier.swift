/// Tells the service manager how the service is, by the protocol of sd_notify(3).
///
/// sd_notify itself looks into the environment at each call. This keeps the address instead, so that
/// `NOTIFY_SOCKET` can be removed for the sake of children, and one socket for all calls, so that the watchdog is told
/// also while the process has no descriptor left. Each call is one datagram; it may be called from any thread.
///
///     try notifier.ready(status: "2 active, next in 3 h")
public struct ServiceNotifier: Sendable {
    /// What fits beside the other assignments into the manager's buffer of 4,096 bytes: a longer datagram is
    /// dropped whole. A longer status is cut.
    public static let maximumStatusBytes = 2_048

    /// The manager reads at once, save while it reloads itself. A service that can't reach it must not hang.
    static let sendTimeoutSeconds = 5

    private let address: UnixAddress?
    private let socket = DatagramSocket(timeoutSeconds: sendTimeoutSeconds)

    /// A notifier for the value of `NOTIFY_SOCKET`: an absolute path or `@` and an abstract name. With nil every
    /// call does nothing and succeeds.
    ///
    /// - Throws: `ServiceEnvironmentError` for anything else; an empty value too.
    public init(socket: String?) throws(ServiceEnvironmentError) {
        guard let socket else {
            address = nil
            return
        }
        guard let address = UnixAddress(socket) else {
            throw ServiceEnvironmentError(
                variable: "NOTIFY_SOCKET", value: socket,
                allowed: "it must be an absolute path or an abstract name that starts with @, shorter than "
                    + "\(UnixAddress.capacity) bytes")
        }
        self.address = address
    }

    /// Whether a manager listens at all. Each call returns the same.
    public var isEnabled: Bool { address != nil }

    /// `READY=1`: start-up, or a reload, is finished.
    @discardableResult
    public func ready(status: String? = nil) throws(SystemError) -> Bool {
        try send(["READY=1"], status: status)
    }

    /// `STATUS=`: one line for people, shown by `systemctl status`. Control characters become spaces; what is
    /// longer than `maximumStatusBytes` is cut at a character.
    @discardableResult
    public func status(_ text: String) throws(SystemError) -> Bool {
        try send([], status: text)
    }

    /// `WATCHDOG=1`: the service still works. Send it from the queue whose life it vouches for, at half of
    /// `ServiceEnvironment.watchdogInterval`.
    @discardableResult
    public func watchdog() throws(SystemError) -> Bool {
        try send(["WATCHDOG=1"], status: nil)
    }

    /// `RELOADING=1` with `MONOTONIC_USEC=` of now: the configuration is read again; `ready` ends it.
    @discardableResult
    public func reloading(status: String? = nil) throws(SystemError) -> Bool {
        // The manager compares with its own reading of the same clock, so no other clock could stand here.
        let (seconds, attoseconds) = MachineClock.monotonic.read().components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return try send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"], status: status)
    }

    /// `STOPPING=1`: the service shuts down.
    @discardableResult
    public func stopping(status: String? = nil) throws(SystemError) -> Bool {
        try send(["STOPPING=1"], status: status)
    }

    /// `EXTEND_TIMEOUT_USEC=`: start-up, running time or stop may last this much longer, from now on. Repeat it
    /// before it has passed. `duration` is above 0.
    @discardableResult
    public func extendTimeout(by duration: Duration, status: String? = nil) throws(SystemError) -> Bool {
        precondition(duration > .zero, "a timeout is extended by more than 0, not by \(duration)")
        return try send(["EXTEND_TIMEOUT_USEC=\(duration.wholeMicroseconds)"], status: status)
    }

    private func send(_ assignments: [String], status: String?) throws(SystemError) -> Bool {
        guard let address else { return false }
        var lines = assignments
        if let status { lines.append("STATUS=" + Self.statusLine(status)) }
        try socket.send(Array(lines.joined(separator: "\n").utf8), to: address)
        return true
    }

    /// One line of at most `maximumStatusBytes`: a line break would begin another assignment.
    static func statusLine(_ text: String) -> String {
        var line = ""
        var bytes = 0
        for character in text {
            let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            let shown = isControl ? " " : character
            bytes += shown.utf8.count
            if bytes > maximumStatusBytes { break }
            line.append(shown)
        }
        return line
    }
}

extension Duration {
    /// Whole microseconds, at least 1 for anything above 0, at most what UInt64 holds.
    var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (micros, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000)
        if overflow { return .max }
        let rounded = attoseconds / 1_000_000_000_000
        return max(micros &+ UInt64(rounded), self > .zero ? 1 : 0)
    }
}
