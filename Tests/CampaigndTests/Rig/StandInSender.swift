import CampaignModel
import Dispatch
import Glibc
import NIOPosix
import SendProtocol
import Testing

@testable import campaignd

/// A socket like campaign-send's, on which a test plays the sender.
final class StandInSender: Sendable {
    let path: String
    private let listener: CInt

    init(in folder: Folder) throws {
        path = folder.path + "/send.sock"
        listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        try #require(listener >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { close(listener) }

    /// Lets connections in; until then they are refused.
    func listen() throws {
        try #require(Glibc.listen(listener, 8) == 0)
    }

    /// The daemon's end, which takes no busy machine for a silent sender; tests of silence set their own time.
    func launcher() throws -> SenderLauncher {
        try listen()
        var launcher = SenderLauncher(dialer: SocketDialer(path: path), group: MultiThreadedEventLoopGroup.singleton)
        launcher.answerTimeout = .seconds(60)
        return launcher
    }

    /// Plays one connection on a thread that may wait, and returns when the play and the connection are over.
    func play(_ script: @escaping @Sendable (Line) throws -> Void) async throws {
        let listener = listener
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // A queue of its own has a thread of its own: those of the global one are few, and these wait.
            DispatchQueue(label: "stand-in sender").async {
                continuation.resume(
                    with: Result {
                        let line = try Line(acceptedFrom: listener)
                        try script(line)
                        try line.waitForEnd()
                    })
            }
        }
    }

    /// The sender's end of a connection.
    final class Line {
        private var descriptor: CInt

        /// A fault must end a test, not hang it.
        private static let patienceMilliseconds: CInt = 60_000

        fileprivate init(acceptedFrom listener: CInt) throws {
            descriptor = listener
            try wait()
            descriptor = accept(listener, nil, nil)
            try #require(descriptor >= 0)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }

        deinit { hangUp() }

        func hangUp() {
            guard descriptor >= 0 else { return }
            // At once, though a program that another test is just starting has a copy of the descriptor until its exec.
            shutdown(descriptor, CInt(SHUT_RDWR))
            close(descriptor)
            descriptor = -1
        }

        /// The connection ended before a request. Thrown, so that it fails the play that is not made for it.
        struct NoRequest: Error {}

        /// The whole request.
        ///
        /// - Throws: ``NoRequest``.
        func request() throws -> SenderRequest {
            var decoder = FrameDecoder(bodyLimit: ProtocolLimits.bodyBytes)
            while true {
                let bytes = try read()
                guard !bytes.isEmpty else { throw NoRequest() }
                if let frame = try decoder.read(bytes).first { return try SenderRequest(frame) }
            }
        }

        func answer(_ answers: SenderAnswer...) throws {
            for answer in answers { write(try answer.frame().bytes) }
        }

        func write(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }

        /// Returns when the daemon has closed its descriptor: one that it leaks is never seen to end.
        func waitForEnd() throws {
            guard descriptor >= 0 else { return }
            while try !read().isEmpty {}
        }

        private func wait() throws {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&entry, 1, Self.patienceMilliseconds) == 1, "the daemon does nothing")
        }

        private func read() throws -> [UInt8] {
            try wait()
            var piece = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &piece, piece.count, 0)
            return count > 0 ? Array(piece[..<count]) : []
        }
    }
}
