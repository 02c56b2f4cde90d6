import Foundation
import Glibc
import Testing

/// Oracles/oracle.py in a process of its own: it is sent requests, one JSON object a line, and answers in their order
/// with one line each. It ends when this value goes.
struct OracleProcess: ~Copyable {
    /// The interpreter with the packages of Tests/Support/python-requirements.txt.
    private static var python: String {
        ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? ".build/test-venv/bin/python3"
    }

    struct Ended: Error, CustomStringConvertible {
        let description = "the oracle's process ended; its own standard error says why"
    }

    private let descriptor: Int32
    private let chunks: AsyncStream<Data>
    private var buffer = Data()
    private var searched = 0

    init() throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.python),
            """
            \(Self.python): there is no such interpreter; run `make test`, which makes it, or name one with the \
            packages of Tests/Support/python-requirements.txt in CAMPAIGND_TEST_PYTHON
            """)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Oracles/oracle.py")
        // -B: no compiled files beside the sources.
        process.arguments = ["-B", script.path]
        // A pair of sockets, not of pipes: a write to a process that is gone must be an error, not SIGPIPE.
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        defer { close(ends[1]) }
        process.standardInput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: false)
        process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: false)
        do {
            try process.run()
        } catch {
            close(ends[0])
            throw error
        }
        descriptor = ends[0]
        chunks = Self.reading(dup(ends[0]))
    }

    deinit {
        // The end of its input ends the process.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// What comes, read by a thread of its own, which also closes the descriptor. No more comes than was asked for.
    private static func reading(_ descriptor: Int32) -> AsyncStream<Data> {
        let (chunks, chunk) = AsyncStream<Data>.makeStream()
        Thread.detachNewThread {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &bytes, bytes.count)
                guard count > 0 else { break }
                chunk.yield(Data(bytes[..<count]))
            }
            close(descriptor)
            chunk.finish()
        }
        return chunks
    }

    func send(_ request: some Encodable) throws {
        var bytes = Array(try JSONEncoder().encode(request)) + [0x0A]
        while !bytes.isEmpty {
            let sent = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            guard sent > 0 else { throw Ended() }
            bytes.removeFirst(sent)
        }
    }

    /// The answer to the earliest request that has none yet.
    mutating func receive<Answer: Decodable>(_ type: Answer.Type) async throws -> Answer {
        try JSONDecoder().decode(type, from: try await line())
    }

    private mutating func line() async throws -> Data {
        while true {
            if let end = buffer[(buffer.startIndex + searched)...].firstIndex(of: 0x0A) {
                let line = Data(buffer[..<end])
                buffer = Data(buffer[(end + 1)...])
                searched = 0
                return line
            }
            searched = buffer.count
            var iterator = chunks.makeAsyncIterator()
            guard let data = await iterator.next() else { throw Ended() }
            buffer.append(data)
        }
    }
}
