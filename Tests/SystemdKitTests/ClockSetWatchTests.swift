import Dispatch
import Foundation
import Glibc
import Testing

@testable import SystemdKit

/// What is not tested: that a clock which is really set calls back. Setting it would move it for the whole machine,
/// and no namespace has a wall clock of its own. The kernel's side is pinned as far as it shows without that: the
/// timer is on the right clock and armed with the right flags.
@Suite("ClockSetWatch", .timeLimit(.minutes(10)))
struct ClockSetWatchTests {
    @Test("the timer is on the wall clock, absolute and cancelled when the clock is set, in a far future")
    func armed() throws {
        let watch = try ClockSetWatch(queue: DispatchQueue(label: "test")) {}
        let text = try String(contentsOfFile: "/proc/self/fdinfo/\(watch.descriptor)", encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("clockid: 0"))  // CLOCK_REALTIME
        #expect(lines.contains("settime flags: 03"))  // TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET
        #expect(lines.contains("ticks: 0"))
        let remaining = try #require(lines.first { $0.hasPrefix("it_value: (") })
        let seconds = try #require(Int64(remaining.dropFirst("it_value: (".count).prefix { $0.isNumber }))
        #expect(seconds > 100 * 366 * 86_400)
        #expect(fcntl(watch.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        watch.cancel()
    }

    @Test("a cancelled watch closes its timer and never calls back")
    func cancelled() async throws {
        let calls = AsyncStream.makeStream(of: String.self)
        let queue = DispatchQueue(label: "test")
        let watch = try ClockSetWatch(
            queue: queue, onSet: { calls.continuation.yield("set") },
            onClose: {
                calls.continuation.yield("closed")
                calls.continuation.finish()
            })
        watch.cancel()
        watch.cancel()
        #expect(await calls.stream.reduce(into: []) { $0.append($1) } == ["closed"])
    }

    @Test("a watch that nobody holds any more closes its timer")
    func released() async throws {
        let calls = AsyncStream.makeStream(of: String.self)
        try {
            _ = try ClockSetWatch(
                queue: DispatchQueue(label: "test"), onSet: { calls.continuation.yield("set") },
                onClose: {
                    calls.continuation.yield("closed")
                    calls.continuation.finish()
                })
        }()
        #expect(await calls.stream.reduce(into: []) { $0.append($1) } == ["closed"])
    }

    @Test("a cancelled or passed timer is a clock that was set; nothing to read, or an error, is none")
    func readings() {
        #expect(ClockSetWatch.reading(count: -1, code: ECANCELED) == .clockSet)
        #expect(ClockSetWatch.reading(count: 8, code: 0) == .clockSet)
        #expect(ClockSetWatch.reading(count: -1, code: EAGAIN) == .nothing)
        #expect(ClockSetWatch.reading(count: -1, code: EINTR) == .nothing)
    }
}
