import Glibc
import NIOConcurrencyHelpers

/// The client's end of a connection, used from the client's one thread; `close` alone comes from others too.
///
/// Every wait is a poll(2) with a deadline on the monotonic clock. The socket does not block.
final class VarlinkClientSocket: Sendable {
    private struct State {
        var frames: VarlinkFrames
        /// Whether replies of a call with `more` are still to come.
        var isStreaming = false
    }

    /// When to give up, and what was asked for.
    private struct Deadline {
        var instant: ContinuousClock.Instant
        var timeout: Duration
    }

    private let descriptor: NIOLockedValueBox<Descriptor>
    private let state: NIOLockedValueBox<State>

    /// The descriptor is closed only when nobody waits on it: its number could be another file's by then.
    private struct Descriptor {
        var number: Int32
        var isClosed = false
    }

    private init(descriptor: Int32, replyBytes: Int) {
        self.descriptor = NIOLockedValueBox(Descriptor(number: descriptor))
        state = NIOLockedValueBox(State(frames: VarlinkFrames(limit: replyBytes)))
    }

    deinit {
        _ = Glibc.close(descriptor.withLockedValue { $0.number })
    }

    /// Ends the connection in both directions, which wakes who waits.
    func close() {
        descriptor.withLockedValue { descriptor in
            descriptor.isClosed = true
            _ = shutdown(descriptor.number, Int32(SHUT_RDWR))
        }
    }
}

// MARK: - Connecting

extension VarlinkClientSocket {
    static func connect(
        to text: String, timeout: Duration?, replyBytes: Int
    ) throws(VarlinkClientError) -> VarlinkClientSocket {
        let path: UnixSocketPath
        do {
            path = try UnixSocketPath(text)
        } catch .tooLong(let bytes) {
            throw .pathTooLong(path: text, bytes: bytes, limit: UnixSocketPath.maximumBytes)
        } catch {
            throw .invalidPath(text)
        }
        let number = UnixSocketPath.makeSocket()
        guard number >= 0 else { throw .system(operation: "socket", code: errno) }
        let socket = VarlinkClientSocket(descriptor: number, replyBytes: replyBytes)
        if let timeout { setSendTimeout(number, timeout) }
        // A Unix socket's connect(2) waits only while the listener's queue is full, and then heeds SO_SNDTIMEO.
        var result: Int32
        repeat { result = path.withAddress { Glibc.connect(number, $0, $1) } } while result != 0 && errno == EINTR
        guard result == 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .absent(path: text)
            case ECONNREFUSED: throw .refused(path: text)
            case EACCES, EPERM: throw .noPermission(path: text)
            case EAGAIN: throw .timedOut(after: timeout ?? .zero)
            default: throw .system(operation: "connect to \(text)", code: errno)
            }
        }
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        return socket
    }

    private static func setSendTimeout(_ number: Int32, _ timeout: Duration) {
        let (seconds, attoseconds) = timeout.components
        // Zero would mean no timeout at all.
        var value = timeval(tv_sec: Int(seconds), tv_usec: max(Int(attoseconds / 1_000_000_000_000), 1))
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout<timeval>.size))
    }
}

// MARK: - Calls

extension VarlinkClientSocket {
    /// One call and its one answer.
    func exchange(_ call: VarlinkCall, timeout: Duration?) throws(VarlinkClientError) -> VarlinkReply {
        let deadline = Self.deadline(timeout)
        try write(call, until: deadline)
        return try parse(try message(until: deadline)).reply
    }

    /// A call without an answer.
    func send(_ call: VarlinkCall, timeout: Duration?) throws(VarlinkClientError) {
        try write(call, until: Self.deadline(timeout))
    }

    /// A call with several answers, which `receive` takes.
    func begin(_ call: VarlinkCall, timeout: Duration?) throws(VarlinkClientError) {
        try write(call, until: Self.deadline(timeout))
        state.withLockedValue { $0.isStreaming = true }
    }

    func receive(timeout: Duration?) throws(VarlinkClientError) -> VarlinkReply {
        try receive(timeout: timeout, linesOf: nil).reply
    }

    /// - Parameter list: the member of the reply's parameters whose objects are given as lines.
    func receive(
        timeout: Duration?, linesOf list: String?
    ) throws(VarlinkClientError) -> (reply: VarlinkReply, lines: [UInt8]) {
        let answer = try parse(try message(until: Self.deadline(timeout)), linesOf: list)
        if !answer.reply.continues { state.withLockedValue { $0.isStreaming = false } }
        return answer
    }

    private func write(_ call: VarlinkCall, until deadline: Deadline?) throws(VarlinkClientError) {
        if state.withLockedValue({ $0.isStreaming }) { throw .busy }
        let bytes = call.json.serialized + [0]
        var sent = 0
        while sent < bytes.count {
            let number = try openDescriptor()
            let count = bytes.withUnsafeBytes {
                Glibc.send(number, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: Int16(POLLOUT), until: deadline)
            } else if errno == EPIPE || errno == ECONNRESET {
                // The server may have said why before it closed: `message` finds that, or the end.
                return
            } else if errno != EINTR {
                throw failure(.system(operation: "send", code: errno))
            }
        }
    }

    private func message(until deadline: Deadline?) throws(VarlinkClientError) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if let message = try nextMessage() { return message }
            let number = try openDescriptor()
            let count = recv(number, &piece, piece.count, 0)
            if count > 0 {
                state.withLockedValue { state in
                    piece.withUnsafeBytes { state.frames.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                }
            } else if count == 0 || errno == ECONNRESET {
                throw failure(.disconnected)
            } else if errno == EAGAIN {
                try wait(for: Int16(POLLIN), until: deadline)
            } else if errno != EINTR {
                throw failure(.system(operation: "receive", code: errno))
            }
        }
    }

    private func nextMessage() throws(VarlinkClientError) -> [UInt8]? {
        let result = state.withLockedValue { state in Result { try state.frames.next() } }
        switch result {
        case .success(let message): return message
        case .failure(let error):
            let limit = (error as? VarlinkFrames.TooLong)?.limit ?? 0
            throw failure(.invalidReply("longer than \(limit) bytes"))
        }
    }

    private func parse(
        _ message: [UInt8], linesOf list: String? = nil
    ) throws(VarlinkClientError) -> (reply: VarlinkReply, lines: [UInt8]) {
        // The reply's bytes are bounded; a list of many campaigns may hold many values.
        let limits = JSONLimits(values: message.count + 1)
        do {
            guard let list else { return (try VarlinkReply(JSONValue(parsing: message, limits: limits)), []) }
            let path = JSONListPath(object: "parameters", list: list)
            let (value, lines) = try JSONParser.parse(message, limits: limits, linesOf: path)
            return (try VarlinkReply(value), lines)
        } catch {
            throw failure(.invalidReply("\(error)"))
        }
    }
}

// MARK: - Waiting

extension VarlinkClientSocket {
    private static func deadline(_ timeout: Duration?) -> Deadline? {
        timeout.map { Deadline(instant: ContinuousClock.now + $0, timeout: $0) }
    }

    private func wait(for events: Int16, until deadline: Deadline?) throws(VarlinkClientError) {
        var entry = pollfd(fd: try openDescriptor(), events: events, revents: 0)
        var milliseconds: Int32 = -1
        if let deadline {
            let left = deadline.instant - ContinuousClock.now
            if left <= .zero { throw failure(.timedOut(after: deadline.timeout)) }
            // Rounded up, so that the last round does not spin.
            milliseconds = Int32(clamping: Int64(left / .milliseconds(1)) + 1)
        }
        let count = poll(&entry, 1, milliseconds)
        if count < 0, errno != EINTR { throw failure(.system(operation: "poll", code: errno)) }
    }

    private func openDescriptor() throws(VarlinkClientError) -> Int32 {
        let number = descriptor.withLockedValue { $0.isClosed ? nil : $0.number }
        guard let number else { throw .closed }
        return number
    }

    /// After a failure the connection is of no use: a late answer would be taken for the next one. Where it was closed
    /// on our part, that is the failure.
    private func failure(_ error: VarlinkClientError) -> VarlinkClientError {
        let wasClosed = descriptor.withLockedValue { $0.isClosed }
        close()
        return wasClosed ? .closed : error
    }
}
