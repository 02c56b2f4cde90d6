import Foundation

/// python-dateutil in a process of its own (dateutil-worker.py), which is asked over a pipe and measures itself.
final class DateutilSide {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var buffered = Data()
    /// Of Python and of dateutil.
    private(set) var versions = ""

    struct Walk: Decodable {
        let instants: [Int64]
        let nanoseconds: Int64
    }

    private struct Versions: Decodable { let versions: String }

    init(python: String, worker: String) throws {
        process.executableURL = URL(filePath: python)
        process.arguments = [worker]
        process.standardInput = requests
        process.standardOutput = answers
        try process.run()
        versions = try read(Versions.self).versions
    }

    func end() {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func walk(_ rule: String, _ start: String, count: Int) throws -> Walk {
        try send(["rule": rule, "start": start, "zone": BenchCases.zone, "count": count])
        return try read(Walk.self)
    }

    func next(_ rule: String, _ start: String, after second: Int64) throws -> Answer {
        try send(["rule": rule, "start": start, "zone": BenchCases.zone, "after": second,
                  "limit": BenchCases.walkLimitSeconds])
        return try read(Answer.self)
    }

    private func send(_ request: [String: Any]) throws {
        let line = try JSONSerialization.data(withJSONObject: request) + Data("\n".utf8)
        try requests.fileHandleForWriting.write(contentsOf: line)
    }

    private func read<Reply: Decodable>(_ type: Reply.Type) throws -> Reply {
        while true {
            if let end = buffered.firstIndex(of: 0x0A) {
                let line = buffered[..<end]
                defer { buffered = Data(buffered[(end + 1)...]) }
                return try JSONDecoder().decode(type, from: line)
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown) }
            buffered += more
        }
    }
}
