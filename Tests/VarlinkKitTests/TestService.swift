import Synchronization
import VarlinkKit

/// A service for tests: it tells what happens to it, and holds a call until a test lets it go.
struct TestService: VarlinkService {
    let interfaceDescription = """
        # For tests.
        interface org.example.test

        # Gives back what it gets.
        method Echo(text: string, number: ?int) -> (text: string, number: ?int)

        # Counts up; needs more.
        method Count(to: int) -> (number: int)

        # Always fails.
        method Fail(name: string) -> ()

        # Takes a note.
        method Note(text: string) -> ()

        # Who calls.
        method WhoAmI() -> (pid: int, uid: int, gid: int, groups: []int)

        # Answers when the test opens the gate.
        method Wait(name: string) -> (name: string)

        # Like Wait, and does not heed its cancellation.
        method Hold(name: string) -> (name: string)

        # Sends replies of that many bytes until nobody listens; needs more.
        method Flood(bytes: int) -> (text: string)

        # Waits with more until it is cancelled.
        method Watch() -> (text: string)

        # Gives back what does not fit.
        method Wrong(how: (field, error, standard)) -> (text: string)

        # Described, and not there.
        method Missing() -> ()

        error Refused (name: string, allowed: []string)
        """

    let events = Events()
    let gate = Gate()

    func handle(
        _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
    ) async throws(VarlinkErrorReply) -> JSONObject {
        let parameters = call.parameters
        switch call.memberName {
        case "Echo":
            return ["text": parameters["text"] ?? nil, "number": parameters["number"] ?? nil]
        case "Count":
            try call.requireMore()
            let last = parameters["to"]?.intValue ?? 0
            for number in 1..<max(last, 1) { try await replies.send(["number": .int(number)]) }
            return ["number": .int(last)]
        case "Fail":
            throw VarlinkErrorReply(
                "org.example.test.Refused", ["name": parameters["name"] ?? nil, "allowed": ["stop"]])
        case "Note":
            events.add("note \(parameters["text"]?.stringValue ?? "")")
            return [:]
        case "WhoAmI":
            return [
                "pid": .int(Int64(peer.pid)), "uid": .int(Int64(peer.uid)), "gid": .int(Int64(peer.gid)),
                "groups": .array(peer.groups.map { .int(Int64($0)) }),
            ]
        case "Wait":
            let name = parameters["name"]?.stringValue ?? ""
            events.add("waiting \(name)")
            await gate.pass()
            events.add("\(Task.isCancelled ? "cancelled" : "passed") \(name)")
            return ["name": .string(name)]
        case "Hold":
            let name = parameters["name"]?.stringValue ?? ""
            events.add("holding \(name)")
            // A task of its own, so that the cancellation of this one does not reach the gate.
            await Task { await gate.pass() }.value
            events.add("\(Task.isCancelled ? "cancelled" : "passed") \(name)")
            return ["name": .string(name)]
        case "Flood":
            return try await flood(bytes: parameters["bytes"]?.intValue ?? 0, to: replies)
        case "Watch":
            try await replies.send(["text": "first"])
            events.add("watching")
            await gate.pass()
            events.add(Task.isCancelled ? "watch cancelled" : "watch passed")
            return ["text": "last"]
        case "Wrong":
            switch parameters["how"]?.stringValue {
            case "field": return ["text": 1]
            case "error": throw VarlinkErrorReply("org.example.test.Unknown")
            default: throw VarlinkErrorReply("org.varlink.service.InvalidParameter", ["parameter": 1])
            }
        default:
            throw .methodNotImplemented(call.method)
        }
    }

    private func flood(bytes: Int64, to replies: VarlinkReplies) async throws(VarlinkErrorReply) -> JSONObject {
        let text = JSONValue.string(String(repeating: "x", count: Int(bytes)))
        do {
            while true { try await replies.send(["text": text]) }
        } catch {
            events.add("flood ended: \(error)")
            throw error
        }
    }
}

/// What happened, in order, for a test to wait for.
final class Events: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_000))
    }

    func add(_ event: String) {
        continuation.yield(event)
    }

    /// Waits for that event; others before it are passed over.
    func wait(for event: String) async {
        for await next in stream where next == event { return }
    }

    /// The next event.
    func next() async -> String? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }
}

/// Holds whoever passes until it is opened, or until their task is cancelled. Each has a stream of their own: the
/// cancellation of one who waits for a stream ends it for all.
final class Gate: Sendable {
    private struct State {
        var waiting: [AsyncStream<Void>.Continuation] = []
        /// Opened while nobody waited.
        var openings = 0
    }

    private let state = Mutex(State())

    /// Lets one through.
    func open() {
        state.withLock { state in
            while !state.waiting.isEmpty {
                // Those who were cancelled are not there any more.
                if case .enqueued = state.waiting.removeFirst().yield() { return }
            }
            state.openings += 1
        }
    }

    func pass() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            guard state.openings > 0 else { return state.waiting.append(continuation) }
            state.openings -= 1
            continuation.yield()
        }
        for await _ in stream { return }
    }
}
