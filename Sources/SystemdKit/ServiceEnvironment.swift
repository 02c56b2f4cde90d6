import Glibc

/// What the service manager told this process through its environment, taken over once.
///
/// Call `take()` as the first thing in `main`, before any thread exists and before anything else opens
/// descriptors: it removes variables with unsetenv(3), which is not safe beside other threads, and the passed
/// descriptors are known by their numbers alone. After it, programs that this process starts no longer find
/// `NOTIFY_SOCKET` and the others, and don't take the daemon's sockets or its watchdog for theirs.
///
///     let service = try ServiceEnvironment.take()
///     let control = try service.listener(named: "control")
///     try service.notifier.ready(status: "3 campaigns")
public struct ServiceEnvironment: Sendable {
    /// Tells the manager how the service is; says nothing where no manager asked for it.
    public let notifier: ServiceNotifier

    /// `WatchdogSec=` of the unit, nil where no watchdog is on or it watches another process. The manager acts
    /// when this passes without `ServiceNotifier.watchdog()`: send it at half of it. sd_watchdog_enabled(3)
    public let watchdogInterval: Duration?

    /// The sockets passed, in the manager's order.
    public let sockets: [PassedSocket]

    /// The variables that `take` removes.
    static let variableNames = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
    ]

    /// SD_LISTEN_FDS_START
    static let firstDescriptor: CInt = 3

    /// Far above what any unit of ours passes, low enough that a wrong number opens no endless loop.
    static let maximumSockets = 64

    /// Takes the environment of this process over. Once, at the start of `main`.
    ///
    /// - Throws: `ServiceEnvironmentError` where a variable is malformed or a descriptor is no Unix stream socket.
    ///   The variables are gone then, too.
    public static func take() throws(ServiceEnvironmentError) -> ServiceEnvironment {
        var variables = ProcessVariables()
        return try take(from: &variables, processID: getpid())
    }

    /// Takes another set of variables over, as if `processID` were this process's.
    ///
    /// Unset variables are no error: nobody manages this process, or not in this way. Descriptors that are meant
    /// for another process (`LISTEN_PID`) are left alone, as is its watchdog (`WATCHDOG_PID`).
    public static func take(
        from variables: inout some EnvironmentVariables, processID: Int32
    ) throws(ServiceEnvironmentError) -> ServiceEnvironment {
        try take(from: &variables, processID: processID, firstDescriptor: firstDescriptor)
    }

    /// `firstDescriptor` is for tests, which can't have descriptor 3 for themselves.
    static func take(
        from variables: inout some EnvironmentVariables, processID: Int32, firstDescriptor: CInt
    ) throws(ServiceEnvironmentError) -> ServiceEnvironment {
        // Everything is read and removed before anything is judged, so that a refusal leaves nothing to inherit.
        var values: [String: String] = [:]
        for name in variableNames {
            values[name] = variables.value(of: name)
            variables.remove(name)
        }
        return ServiceEnvironment(
            notifier: try ServiceNotifier(socket: values["NOTIFY_SOCKET"]),
            watchdogInterval: try watchdogInterval(in: values, processID: processID),
            sockets: try sockets(in: values, processID: processID, firstDescriptor: firstDescriptor))
    }

    /// The listening socket of that name, nil where none of that name was passed.
    ///
    /// - Throws: `ServiceEnvironmentError` where several have the name, or it is a connection.
    public func listener(named name: String) throws(ServiceEnvironmentError) -> PassedSocket? {
        try socket(named: name, kind: .listening, allowed: "one listening socket of that name is needed")
    }

    /// The connection that an `Accept=yes` socket unit started this process for, nil where there is none.
    ///
    /// - Throws: `ServiceEnvironmentError` where there are several, or it listens.
    public func connection(named name: String = "connection") throws(ServiceEnvironmentError) -> PassedSocket? {
        try socket(named: name, kind: .connection, allowed: "one connection of that name is needed (Accept=yes)")
    }

    private func socket(
        named name: String, kind: PassedSocket.Kind, allowed: String
    ) throws(ServiceEnvironmentError) -> PassedSocket? {
        let named = sockets.filter { $0.name == name }
        guard let first = named.first else { return nil }
        guard named.count == 1, first.kind == kind else {
            throw ServiceEnvironmentError(variable: "LISTEN_FDNAMES", value: name, allowed: allowed)
        }
        return first
    }
}

extension ServiceEnvironment {
    /// sd_watchdog_enabled(3): no `WATCHDOG_PID` means this process.
    private static func watchdogInterval(
        in values: [String: String], processID: Int32
    ) throws(ServiceEnvironmentError) -> Duration? {
        guard let text = values["WATCHDOG_USEC"] else { return nil }
        guard let microseconds = UInt64(decimal: text), microseconds > 0, microseconds < UInt64.max else {
            throw ServiceEnvironmentError(
                variable: "WATCHDOG_USEC", value: text, allowed: "it must be a number of microseconds above 0")
        }
        if let owner = try ownerID("WATCHDOG_PID", in: values), owner != processID { return nil }
        return .microseconds(microseconds)
    }

    /// sd_listen_fds_with_names(3): no `LISTEN_PID` means none of these are ours.
    private static func sockets(
        in values: [String: String], processID: Int32, firstDescriptor: CInt
    ) throws(ServiceEnvironmentError) -> [PassedSocket] {
        guard try ownerID("LISTEN_PID", in: values) == processID, let text = values["LISTEN_FDS"] else { return [] }
        guard let count = UInt64(decimal: text), count <= UInt64(maximumSockets) else {
            throw ServiceEnvironmentError(
                variable: "LISTEN_FDS", value: text, allowed: "it must be a number from 0 to \(maximumSockets)")
        }
        let names = try names(values["LISTEN_FDNAMES"], count: Int(count))
        var sockets: [PassedSocket] = []
        for (offset, name) in names.enumerated() {
            sockets.append(try PassedSocket.adopt(firstDescriptor + CInt(offset), name: name))
        }
        return sockets
    }

    private static func names(_ text: String?, count: Int) throws(ServiceEnvironmentError) -> [String] {
        guard let text else { return Array(repeating: "unknown", count: count) }
        if text.isEmpty && count == 0 { return [] }
        let names = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard names.count == count else {
            throw ServiceEnvironmentError(
                variable: "LISTEN_FDNAMES", value: text, allowed: "LISTEN_FDS asks for \(count) names")
        }
        return names
    }

    private static func ownerID(
        _ variable: String, in values: [String: String]
    ) throws(ServiceEnvironmentError) -> Int32? {
        guard let text = values[variable] else { return nil }
        guard let number = UInt64(decimal: text), number > 0, let id = Int32(exactly: number) else {
            throw ServiceEnvironmentError(variable: variable, value: text, allowed: "it must be a process id")
        }
        return id
    }
}

extension UInt64 {
    /// A number in decimal digits alone: `UInt64.init` would take a sign too.
    init?(decimal text: String) {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        self.init(text)
    }
}
