import CCurl
import Glibc

/// Connects to a relay, encrypts, logs in, and takes leave: all of a send but the messages.
final class SMTPKnock {
    enum End {
        case open
        case closed(MailFault)
        case stopped(StopReason)
    }

    private let connection: SMTPConnection
    private let loop: CurlLoop
    private let redaction: Redaction
    private let limits = SMTPLimits()

    init(_ server: SMTPServer) throws(CurlLibrary.Failure) {
        let library = try CurlLibrary.load()
        redaction = Redaction(server.password.map { ["password": $0] } ?? [:])
        loop = try CurlLoop(library)
        connection = try SMTPConnection(server, library, limits: limits)
        try loop.add(connection.handle)
    }

    deinit {
        loop.remove(connection.handle)
    }

    /// The relay's own limit of time is the surface's `connect_timeout`.
    func run(until stop: StopWatch) throws(CurlLibrary.Failure) -> End {
        let interests = [(stop.signals.descriptor, POLLIN), (stop.wishes.descriptor, POLLIN)]
        while connection.isConnecting {
            if let reason = stop.look() { return .stopped(reason) }
            for (_, code) in try loop.advance() {
                guard let fault = connection.noteConnected(code) else { continue }
                return .closed(MailFault(reason: redaction.clean(fault.reason), isLasting: fault.isLasting))
            }
            if connection.isConnecting { try loop.wait(for: interests, timeout: Self.longestWait) }
        }
        connection.leave()
        let deadline = ContinuousClock.now + limits.quit
        while !connection.isClosed, ContinuousClock.now < deadline {
            if let interest = connection.interest { try loop.wait(for: [interest], timeout: deadline - .now) }
            connection.advance()
        }
        return .open
    }

    /// libcurl wakes for its own times.
    private static let longestWait = Duration.seconds(60)
}
