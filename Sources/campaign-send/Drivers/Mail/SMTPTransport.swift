import CCurl
import SurfaceFiles

/// Mail by SMTP to one relay, over as many connections as the surface allows. Connections are made when there is a
/// message for them, used again and again up to their number of messages, and closed by the relay's wish or ours.
final class SMTPTransport: MailTransport {
    private let server: SMTPServer
    private let library: CurlLibrary
    private let loop: CurlLoop
    private let limits: SMTPLimits
    private let redaction: Redaction
    private var connections: [SMTPConnection] = []
    private var results: [MailResult] = []
    private var isStopped = false

    init(_ server: SMTPServer, limits: SMTPLimits = SMTPLimits()) throws(CurlLibrary.Failure) {
        self.server = server
        self.limits = limits
        library = try .load()
        loop = try CurlLoop(library)
        redaction = Redaction(server.password.map { ["password": $0] } ?? [:])
    }

    deinit {
        for connection in connections { loop.remove(connection.handle) }
    }

    var room: Int {
        isStopped ? 0 : server.relay.connections - connections.count { !$0.isIdle }
    }

    var underWay: Int { connections.count { $0.mail != nil } + results.count }

    func begin(_ mail: OutgoingMail) {
        precondition(room > 0, "there is no room for another message")
        if let idle = connections.first(where: \.isIdle) {
            // It may have been closed since the last turn.
            idle.advance()
            if idle.isIdle { return idle.begin(mail) }
            removeClosed()
        }
        beginOverAnother(mail)
    }

    private func beginOverAnother(_ mail: OutgoingMail) {
        do throws(CurlLibrary.Failure) {
            let connection = try SMTPConnection(server, library, limits: limits)
            try loop.add(connection.handle)
            connections.append(connection)
            connection.begin(mail)
        } catch {
            let fault = MailFault(reason: "no connection can be made: \(error)", isLasting: false)
            results.append(MailResult(id: mail.id, outcome: .notSent(fault)))
        }
    }

    func turn(
        _ interests: [(descriptor: CInt, events: Int32)], until deadline: ContinuousClock.Instant
    ) -> [MailResult] {
        let roomBefore = room
        advance()
        // Where a connection has taken its leave just now the caller may begin more, and nothing would end the wait.
        if results.isEmpty, room <= roomBefore {
            let due = connections.compactMap(\.due).reduce(deadline, min)
            wait(interests + connections.compactMap(\.interest), due - .now)
            advance()
        }
        return takeResults()
    }

    func stop() {
        isStopped = true
        for connection in connections {
            if connection.isConnecting, let mail = connection.mail {
                end(connection, mail, .withdrawn)
            } else {
                connection.withdraw()
            }
        }
        collect()
    }

    func abandon() -> [MailResult] {
        stop()
        for connection in connections { connection.abandon() }
        collect()
        return takeResults()
    }

    func finish() {
        let deadline = ContinuousClock.now + limits.quit
        for connection in connections { connection.leave() }
        while !connections.isEmpty, ContinuousClock.now < deadline {
            wait(connections.compactMap(\.interest), deadline - .now)
            advance()
        }
        for connection in connections { connection.close() }
        removeClosed()
    }

    // MARK: Turns

    private func advance() {
        do throws(CurlLibrary.Failure) {
            for (handle, code) in try loop.advance() { noteConnected(handle, code) }
        } catch {
            // The library is of no use any more: all that it was about ends.
            let reason = "libcurl failed: \(error)"
            for connection in connections {
                guard connection.isConnecting, let mail = connection.mail else { connection.lose(reason); continue }
                end(connection, mail, .notSent(MailFault(reason: reason, isLasting: false)))
            }
        }
        for connection in connections { connection.advance() }
        collect()
    }

    private func wait(_ interests: [(descriptor: CInt, events: Int32)], _ timeout: Duration) {
        // Without it nobody waits, and the next turn tells why.
        try? loop.wait(for: interests, timeout: timeout)
    }

    private func noteConnected(_ handle: CurlHandle, _ code: CURLcode) {
        guard let connection = connections.first(where: { $0.handle === handle }), let mail = connection.mail,
            let fault = connection.noteConnected(code)
        else { return }
        end(connection, mail, .notSent(MailFault(reason: redaction.clean(fault.reason), isLasting: fault.isLasting)))
    }

    private func end(_ connection: SMTPConnection, _ mail: OutgoingMail, _ outcome: MailOutcome) {
        connection.close()
        results.append(MailResult(id: mail.id, outcome: outcome))
        removeClosed()
    }

    /// Takes in what came to its end, and lets go of connections that are used up.
    private func collect() {
        var again: [OutgoingMail] = []
        for connection in connections {
            guard let mail = connection.mail, let (outcome, wasLeftUnread) = connection.takeOutcome() else { continue }
            if case .notSent = outcome, wasLeftUnread, connection.carried > 1, !isStopped {
                again.append(mail)
            } else {
                results.append(MailResult(id: mail.id, outcome: outcome))
            }
            if connection.carried >= server.relay.messagesPerConnection || isStopped { connection.leave() }
        }
        removeClosed()
        // A new connection has carried nothing: a message comes here once.
        for mail in again { beginOverAnother(mail) }
    }

    private func removeClosed() {
        for connection in connections where connection.isClosed { loop.remove(connection.handle) }
        connections.removeAll(where: \.isClosed)
    }

    private func takeResults() -> [MailResult] {
        defer { results = [] }
        return results
    }
}
