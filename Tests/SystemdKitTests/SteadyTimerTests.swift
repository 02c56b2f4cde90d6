import Dispatch
import SystemdKit
import Testing

@Suite("SteadyTimer", .timeLimit(.minutes(10)))
struct SteadyTimerTests {
    @Test("each span ends once, and one that is armed anew is forgotten")
    func spans() async throws {
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        let timer = try SteadyTimer(queue: DispatchQueue(label: "test")) { continuation.yield() }
        var end = ends.makeAsyncIterator()
        // A day would outlast the test's limit: that it ends shows that the shorter span replaced it.
        timer.arm(after: .seconds(86_400))
        timer.arm(after: .milliseconds(1))
        await end.next()
        timer.arm(after: .zero)
        await end.next()
    }
}
