import CCurl
import CampaignModel
import Glibc
import SurfaceFiles

/// A connection to a relay and what goes on over it. libcurl makes it – name, TLS, greeting, EHLO, STARTTLS,
/// login – and hands it over (CURLOPT_CONNECT_ONLY); from then on it carries bytes.
final class SMTPConnection {
    private enum State {
        case connecting
        case idle
        case exchanging(SMTPExchange)
        /// QUIT is said.
        case leaving
        case closed
    }

    /// Pieces as they were given to be written. None of them changes: what TLS did not take at once it wants to see
    /// again in the same place.
    private struct Output {
        var pieces: ArraySlice<[UInt8]> = []
        /// How much of the first one is written.
        var offset = 0
        /// Nothing can be written any more; what there is to read may tell why.
        var isBroken = false
    }

    let handle: CurlHandle
    private let server: SMTPServer
    private let limits: SMTPLimits
    private var state = State.connecting
    private var reader = SMTPReplyReader()
    private var greeting = SMTPGreeting()
    private var features = SMTPFeatures()
    private var needsReset = false
    private var output = Output()
    private var input = [UInt8](repeating: 0, count: 4_096)
    private var deadline: ContinuousClock.Instant?
    /// There may be something to read of which no descriptor tells: TLS has read it already.
    private var hasMore = false

    /// The message that it has, or is to have once it stands.
    private(set) var mail: OutgoingMail?
    /// How many messages it was given.
    private(set) var carried = 0

    /// A server that writes and writes gets no more of a turn.
    private static let maximumReads = 16

    init(_ server: SMTPServer, _ library: CurlLibrary, limits: SMTPLimits) throws(CurlLibrary.Failure) {
        self.server = server
        self.limits = limits
        handle = try CurlHandle(library)
        try setUp()
    }

    private func setUp() throws(CurlLibrary.Failure) {
        let relay = server.relay
        try handle.setConnection(
            protocols: "smtp,smtps", connectTimeout: relay.connectTimeout, authorities: relay.authorities)
        try handle.set(CURLOPT_URL, server.url)
        try handle.set(CURLOPT_CONNECT_ONLY, 1)
        // Else a greeting has 120 seconds, whatever the file says.
        let seconds = (relay.connectTimeout.wholeMilliseconds + 999) / 1_000
        try handle.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(seconds))
        // The relay is the one that the file names, and reached as mail is.
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_USE_SSL, Int((relay.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue))
        if let login = relay.login {
            try handle.set(CURLOPT_USERNAME, login.user)
            try handle.set(CURLOPT_PASSWORD, server.password)
        }
        let own = Unmanaged.passUnretained(self).toOpaque()
        try handle.library.check(ccurl_set_head(
            handle.library.functions, handle.raw,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let connection = Unmanaged<SMTPConnection>.fromOpaque(context).takeUnretainedValue()
                connection.greeting.read(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            }, own))
    }

    // MARK: What it is at

    /// Whether it may be given a message.
    var isIdle: Bool {
        if case .idle = state { return true }
        return false
    }

    var isConnecting: Bool {
        if case .connecting = state { return true }
        return false
    }

    var isClosed: Bool {
        if case .closed = state { return true }
        return false
    }

    /// What to wait for; libcurl waits itself while it connects.
    var interest: (descriptor: CInt, events: Int32)? {
        switch state {
        case .connecting, .closed: return nil
        case .idle, .exchanging, .leaving:
            let socket = ccurl_socket(handle.library.functions, handle.raw)
            return socket < 0 ? nil : (socket, output.pieces.isEmpty ? POLLIN : POLLIN | POLLOUT)
        }
    }

    /// When it has to be looked at although nothing happened.
    var due: ContinuousClock.Instant? { hasMore ? .now : deadline }

    // MARK: Messages

    /// Takes a message; it goes out now, or once the connection stands.
    func begin(_ mail: OutgoingMail) {
        self.mail = mail
        carried += 1
        if case .idle = state { exchange(mail) }
    }

    /// How the message came to its end, once.
    ///
    /// - Returns: nil while it goes on. Whether it may go over another connection: this one was over before.
    func takeOutcome() -> (outcome: MailOutcome, wasLeftUnread: Bool)? {
        guard case .exchanging(let exchange) = state, let outcome = exchange.outcome else { return nil }
        mail = nil
        hasMore = false
        needsReset = exchange.needsReset
        deadline = nil
        // An answer to what was not yet written is none.
        state = exchange.mustClose || !output.pieces.isEmpty ? .closed : .idle
        return (outcome, exchange.wasLeftUnread)
    }

    private func exchange(_ mail: OutgoingMail) {
        var exchange = SMTPExchange(mail, features, needsReset: needsReset)
        write(exchange.begin())
        wait(for: exchange)
        state = .exchanging(exchange)
    }

    private func wait(for exchange: SMTPExchange) {
        deadline = .now + exchange.patience(limits)
    }

    /// Its connection stands, or does not come to stand.
    ///
    /// - Returns: why it does not.
    func noteConnected(_ code: CURLcode) -> MailFault? {
        guard code == CURLE_OK else { return greeting.fault(code, handle.reason(code), server) }
        if server.password != nil, !greeting.isLoggedIn {
            return MailFault(
                reason: "the relay \(server.name) offers no login (AUTH), and the surface names a user",
                isLasting: true)
        }
        if let hello = greeting.hello { features = SMTPFeatures(hello) }
        state = .idle
        if let mail { exchange(mail) }
        return nil
    }

    /// Its connection is lost, whatever it is at.
    func lose(_ reason: String) {
        if mail == nil { state = .closed }
        change { $0.lose(reason) }
    }

    func withdraw() {
        change { $0.withdraw() }
    }

    func abandon() {
        change { $0.abandon() }
    }

    private func change(_ body: (inout SMTPExchange) -> Void) {
        guard case .exchanging(var exchange) = state else { return }
        body(&exchange)
        state = .exchanging(exchange)
    }

    /// Takes leave, for the reply of which the other side is waited a little.
    func leave() {
        guard case .idle = state else { return }
        write(Array("QUIT\r\n".utf8))
        deadline = .now + limits.quit
        state = .leaving
    }

    func close() {
        state = .closed
    }

    // MARK: Bytes

    /// Does what can be done without waiting.
    func advance() {
        switch state {
        case .connecting, .closed: return
        case .idle:
            // Nothing was asked: whatever comes now, if only the end, is its farewell.
            if case .nothing = receive() { return }
            state = .closed
        case .leaving:
            flush()
            if case .nothing = receive(), let deadline, deadline > .now { return }
            state = .closed
        case .exchanging(var exchange):
            advance(&exchange)
            state = .exchanging(exchange)
        }
    }

    private func advance(_ exchange: inout SMTPExchange) {
        hasMore = false
        for _ in 0..<Self.maximumReads where exchange.outcome == nil {
            if flush() {
                if output.pieces.isEmpty { exchange.noteWritten() }
                wait(for: exchange)
            }
            switch receive() {
            case .nothing where !output.isBroken: return lookAtClock(&exchange)
            case .nothing: exchange.lose("the relay closed the connection")
            case .end(let reason): exchange.lose(reason)
            case .bytes(let bytes):
                for reply in reader.read(bytes) {
                    write(exchange.take(reply))
                    wait(for: exchange)
                }
                if let fault = reader.fault { exchange.lose(fault) }
            }
        }
        hasMore = true
    }

    private func lookAtClock(_ exchange: inout SMTPExchange) {
        guard let deadline, deadline <= .now else { return }
        exchange.lose("the relay said nothing for \(exchange.patience(limits).text)")
    }

    private func write(_ bytes: [UInt8]) {
        if !bytes.isEmpty { output.pieces.append(bytes) }
    }

    /// Writes what can be written.
    ///
    /// - Returns: whether a part was.
    @discardableResult
    private func flush() -> Bool {
        var hasWritten = false
        while let piece = output.pieces.first {
            var count = 0
            let code = piece.withUnsafeBytes { [handle, output] bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[output.offset...])
                return handle.library.functions.pointee.easy_send(handle.raw, rest.baseAddress, rest.count, &count)
            }
            output.isBroken = code != CURLE_OK && code != CURLE_AGAIN
            guard code == CURLE_OK, count > 0 else { break }
            hasWritten = true
            output.offset += count
            if output.offset == piece.count {
                output.pieces.removeFirst()
                output.offset = 0
            }
        }
        return hasWritten
    }

    private enum Received {
        case nothing
        case bytes(ArraySlice<UInt8>)
        case end(String)
    }

    private func receive() -> Received {
        var count = 0
        let code = input.withUnsafeMutableBytes { [handle] buffer in
            handle.library.functions.pointee.easy_recv(handle.raw, buffer.baseAddress, buffer.count, &count)
        }
        if code == CURLE_AGAIN { return .nothing }
        guard code == CURLE_OK, count > 0 else { return .end("the relay closed the connection") }
        return .bytes(input[..<count])
    }
}
