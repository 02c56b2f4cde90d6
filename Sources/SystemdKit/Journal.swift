import CSystemd
import Glibc

/// Writes entries to journald, or, where the program is not connected to it, one line each to a descriptor.
///
///     let journal = Journal.standard(identifier: "campaignd")
///     try journal.write(JournalEntry("Started", fields: [JournalField("VERSION", "1.0")]))
///
/// May be used from any thread. libsystemd keeps one socket for the whole process, and this another, so that
/// entries are written also while the process has no descriptor left.
public struct Journal: Sendable {
    /// Where entries go.
    public enum Destination: Hashable, Sendable {
        /// To journald, with all fields: sd_journal_sendv(3).
        case journald
        /// To an open descriptor as lines of text; it is not closed.
        case lines(descriptor: CInt)
    }

    /// `SYSLOG_IDENTIFIER=`, the program's name. Entries sent in journald's own protocol have none by themselves.
    public let identifier: String

    /// Where entries go.
    public let destination: Destination

    /// journald's socket for its own protocol; the path is part of it (systemd, Native Journal Protocol).
    static let socketPath = "/run/systemd/journal/socket"

    /// What `isReachable` looks at. libsystemd itself always uses `socketPath`.
    private let reachedPath: String
    private let probe = DatagramSocket()

    /// A journal with a destination that the caller chose.
    public init(identifier: String, destination: Destination) {
        self.init(identifier: identifier, destination: destination, reachedPath: Self.socketPath)
    }

    /// `reachedPath` is for tests, which can't take journald away.
    init(identifier: String, destination: Destination, reachedPath: String) {
        self.identifier = identifier
        self.destination = destination
        self.reachedPath = reachedPath
    }

    /// journald where standard error leads there too and journald's socket is there; else lines on standard error.
    ///
    /// A person who starts the program by hand reads it on the terminal so, on a machine with journald as well.
    /// `JOURNAL_STREAM` says which stream leads to the journal, systemd.exec(5); a child whose standard error
    /// goes elsewhere inherits the variable too, so the stream itself is compared.
    public static func standard(
        identifier: String, variables: some EnvironmentVariables = ProcessVariables()
    ) -> Journal {
        let stream = variables.value(of: "JOURNAL_STREAM")
        let isConnected = leads(STDERR_FILENO, to: stream) && access(socketPath, F_OK) == 0
        return Journal(
            identifier: identifier, destination: isConnected ? .journald : .lines(descriptor: STDERR_FILENO))
    }

    /// Whether journald takes entries now. Always true for lines.
    public var isReachable: Bool {
        switch destination {
        case .journald: (try? reach()) != nil
        case .lines: true
        }
    }

    /// Writes one entry.
    ///
    /// Returning means that journald's queue, or the descriptor, has it; journald gives no receipt.
    ///
    /// - Throws: `JournalError`; `unreachable` where journald is away and the entry should be kept for later.
    public func write(_ entry: JournalEntry) throws(JournalError) {
        try entry.checkSize()
        switch destination {
        case .journald:
            // sd_journal_sendv returns 0 also where nobody listens, and the entry would be lost silently.
            do throws(SystemError) { try reach() } catch { throw .unreachable(error) }
            try send(entry.allFields(identifier: identifier))
        case .lines(let descriptor):
            try writeLine(JournalLine.format(entry, identifier: identifier), to: descriptor)
        }
    }

    /// Whether `descriptor` is the stream that `JOURNAL_STREAM` names, as device and inode number.
    static func leads(_ descriptor: CInt, to stream: String?) -> Bool {
        guard let parts = stream?.split(separator: ":", omittingEmptySubsequences: false), parts.count == 2,
            let device = UInt64(decimal: String(parts[0])), let inode = UInt64(decimal: String(parts[1]))
        else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_dev == device && status.st_ino == inode
    }

    private func reach() throws(SystemError) {
        guard let address = UnixAddress(reachedPath) else {
            throw SystemError(call: "connect", object: reachedPath, code: EINVAL)
        }
        try probe.reach(address)
    }

    /// All fields lie one after the other in one buffer, and the vector points into it.
    private func send(_ fields: [(name: String, value: [UInt8])]) throws(JournalError) {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for field in fields {
            let start = bytes.count
            bytes += field.name.utf8
            bytes.append(UInt8(ascii: "="))
            bytes += field.value
            ranges.append(start..<bytes.count)
        }
        // libsystemd does not write through the pointers; iovec has no const.
        let result = bytes.withUnsafeMutableBytes { buffer in
            let vector = ranges.map { range in
                iovec(iov_base: buffer.baseAddress?.advanced(by: range.lowerBound), iov_len: range.count)
            }
            return csystemd_journal_sendv(vector, CInt(vector.count))
        }
        if result < 0 {
            throw .failed(SystemError(call: "sd_journal_sendv", object: Self.socketPath, code: result))
        }
    }

    /// One write(2) for a line in all usual cases, so that lines of several threads don't mix.
    private func writeLine(_ line: String, to descriptor: CInt) throws(JournalError) {
        let bytes = Array(line.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .failed(SystemError(call: "write", object: "descriptor \(descriptor)", code: errno))
            }
        }
    }
}
