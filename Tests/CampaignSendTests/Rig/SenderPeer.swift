import CampaignModel
import Glibc
import SendProtocol
import Testing

/// The daemon's end of a connection to a real campaign-send.
final class SenderPeer {
    let process: pid_t
    private var descriptor: CInt
    private var decoder = FrameDecoder(bodyLimit: ProtocolLimits.pieceBytes)
    private var ready: [Frame] = []

    /// A fault must end a test, not hang it.
    static let patienceMilliseconds: CInt = 60_000

    init(descriptor: CInt, process: pid_t) {
        self.descriptor = descriptor
        self.process = process
    }

    deinit { hangUp() }

    func hangUp() {
        guard descriptor >= 0 else { return }
        // At once, though a program that another test is just starting has a copy of the descriptor until its exec.
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
        descriptor = -1
    }

    func send(_ request: SenderRequest) throws {
        write(try request.frame().bytes)
    }

    /// A sender that ends early is the test's business to see, so that errors are none here.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func endWriting() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// The next answer; nil at the end of the connection.
    func answer() throws -> SenderAnswer? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while ready.isEmpty {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&entry, 1, Self.patienceMilliseconds) == 1, "campaign-send does not answer")
            let count = recv(descriptor, &piece, piece.count, 0)
            if count <= 0 { return nil }
            ready = try decoder.read(piece[..<count])
        }
        return try SenderAnswer(ready.removeFirst())
    }

    func answersToEnd() throws -> [SenderAnswer] {
        var answers: [SenderAnswer] = []
        while let answer = try answer() { answers.append(answer) }
        return answers
    }

    /// The outcome, whatever comes before it; nil where the connection ends without one.
    func outcome() throws -> (AttemptOutcome, SendProgress)? {
        while let answer = try answer() {
            if case .outcome(let outcome, let progress) = answer { return (outcome, progress) }
        }
        return nil
    }
}
