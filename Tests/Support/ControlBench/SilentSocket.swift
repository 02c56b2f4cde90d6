import Foundation
import Glibc

/// A socket that takes one call and ends the connection without an answer.
struct SilentSocket {
    let path: String
    private let listener: Int32

    /// For the time of a test; nobody needs to call.
    static func run(in folder: String, _ body: (SilentSocket) async throws -> Void) async throws {
        let socket = try SilentSocket(path: "\(folder)/silent.sock")
        let listener = socket.listener
        let (ended, end) = AsyncStream<Never>.makeStream()
        Thread.detachNewThread {
            let connection = accept(listener, nil, nil)
            var byte: UInt8 = 1
            // A call ends with a NUL.
            while byte != 0, read(connection, &byte, 1) == 1 {}
            shutdown(connection, Int32(SHUT_RDWR))
            close(connection)
            end.finish()
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(socket))
        } catch {
            result = .failure(error)
        }
        // It ends the wait for a call that never comes.
        shutdown(listener, Int32(SHUT_RDWR))
        for await _ in ended {}
        close(listener)
        unlink(socket.path)
        try result.get()
    }

    private init(path: String) throws {
        self.path = path
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0, listen(listener, 1) == 0 else { throw Failed(code: errno) }
    }

    struct Failed: Error {
        let code: Int32
    }
}
