import CampaignModel
import Glibc
import SendProtocol
import Testing

/// A web server of Python's for a test, that does with each connection what is planned for it.
final class WebhookPeer {
    enum Step {
        /// Reads a request and tells it.
        case read
        /// Waits until a request comes, and leaves it where it is.
        case peek
        case write(String, times: Int = 1)
        /// Until ``WebhookPeer/release()``.
        case wait
        /// Tells a line.
        case tell(String)
        /// Makes the end of the connection a reset.
        case reset
        /// Waits for the other side's end and tells it as `closed`.
        case watch

        fileprivate var words: [String] {
            switch self {
            case .read: ["read"]
            case .peek: ["peek"]
            case .write(let text, let times): ["write", text, "\(times)"]
            case .wait: ["wait"]
            case .tell(let text): ["tell", text]
            case .reset: ["reset"]
            case .watch: ["watch"]
            }
        }

        /// An answer with its length.
        static func answer(_ status: Int, _ headers: [String] = [], body: String = "") -> Step {
            let lines = ["HTTP/1.1 \(status) Some Reason", "Content-Length: \(body.utf8.count)"] + headers
            return .write(lines.map { $0 + "\r\n" }.joined() + "\r\n" + body)
        }
    }

    struct Request: Decodable {
        let line: String
        /// By their names in lower case.
        let headers: [String: String]
        /// Empty where it has more than 64 KiB: then it lies in the rig's file `peer-told.body`.
        let body: String
    }

    let port: Int
    private let told: Fifo
    private let gate: Fifo

    private static let script = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        + "/Peers/webhook_peer.py"

    /// - Parameters:
    ///   - plans: the steps of each connection, one connection after the other.
    ///   - certificate: a file with key and certificate in the rig's folder; makes it a server of TLS.
    init(_ rig: SenderRig, _ plans: [[Step]], certificate: String? = nil) throws {
        told = try Fifo(rig.path + "/peer-told")
        gate = try Fifo(rig.path + "/peer-gate", isGate: true)
        let text = String(decoding: WireJSON.encode(plans.map { $0.map(\.words) }), as: UTF8.self)
        var words = ["/usr/bin/python3", "-B", Self.script, rig.path + "/peer-told", rig.path + "/peer-gate", text]
        if let certificate { words.append(rig.path + "/" + certificate) }
        _ = try rig.connect(words, stderr: rig.path + "/peer-stderr")
        port = try #require(Int(try told.line()))
    }

    /// The next line that it tells.
    func line() throws -> String { try told.line() }

    /// The next request, which must be a whole one.
    func request() throws -> Request {
        try WireJSON.decode(Request.self, from: Array(try told.line().utf8))
    }

    /// Ends one wait.
    func release() { gate.release() }
}

/// A server that takes connections and never says a word; it tells whether one came.
final class MuteListener {
    let port: Int
    private let descriptor: CInt

    /// - Parameter listens: false for a port that refuses.
    init(listens: Bool = true) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bound in
                bind(descriptor, bound, length) == 0 && getsockname(descriptor, bound, &length) == 0
            }
        }
        try #require(code)
        port = Int(UInt16(bigEndian: address.sin_port))
        if listens { try #require(listen(descriptor, 8) == 0) }
    }

    deinit { close(descriptor) }

    /// Whether there was a connection until now, though it may be over since.
    var wasReached: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    /// Waits for a connection.
    func waitUntilReached() throws {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&entry, 1, SenderPeer.patienceMilliseconds) == 1, "nobody connects")
    }
}

extension SenderRig {
    /// Makes the surface `newsletter` a webhook.
    ///
    /// - Parameters:
    ///   - settings: lines of the mapping `webhook`, each with its two spaces.
    ///   - beside: lines beside it.
    func webhook(_ port: Int, scheme: String = "http", settings: String = "", beside: String = "") {
        surfaceFile(
            "channel: email\nwebhook:\n  url: \(scheme)://127.0.0.1:\(port)/hook?list=7\n\(settings)\(beside)")
    }

    /// The outcome of a send of the key's attempt.
    func outcome(_ number: Int = 1, environment: [String] = []) throws -> AttemptOutcome {
        let answers = try answers(request(number), environment: environment)
        guard case .outcome(let outcome, _)? = answers.last else {
            Issue.record("\(answers)")
            return .sent
        }
        return outcome
    }

    /// Makes a key with a certificate that it signed itself, for a host's name or address.
    func certificate(for name: String) throws -> String {
        let words = [
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", path + "/key.pem", "-out", path + "/certificate.pem", "-days", "2", "-subj", "/CN=test",
            "-addext", "subjectAltName=\(name)",
        ]
        let program = try connect(words, stderr: path + "/openssl-stderr")
        try #require(wait(for: program) == 0)
        let both = try #require(text("key.pem")) + #require(text("certificate.pem"))
        write(both, to: "both.pem")
        return "both.pem"
    }
}
