import CSystemd
import Glibc
import Testing

@testable import SystemdKit

@Suite("ServiceNotifier")
struct ServiceNotifierTests {
    @Test("each state arrives as one datagram, at a path and at an abstract name", arguments: [false, true])
    func states(abstract: Bool) throws {
        let manager = try TestSocket(SOCK_DGRAM, at: abstract ? .abstract : .path)
        let notifier = try ServiceNotifier(socket: manager.address)
        #expect(notifier.isEnabled)

        #expect(try notifier.ready())
        #expect(manager.receive() == "READY=1")
        try notifier.ready(status: "3 campaigns")
        #expect(manager.receive() == "READY=1\nSTATUS=3 campaigns")
        try notifier.status("next in 3 h")
        #expect(manager.receive() == "STATUS=next in 3 h")
        try notifier.watchdog()
        #expect(manager.receive() == "WATCHDOG=1")
        try notifier.stopping(status: "draining")
        #expect(manager.receive() == "STOPPING=1\nSTATUS=draining")
        try notifier.extendTimeout(by: .milliseconds(1_500), status: "migrating")
        #expect(manager.receive() == "EXTEND_TIMEOUT_USEC=1500000\nSTATUS=migrating")
        #expect(manager.receive() == nil)
    }

    @Test("a reload carries the monotonic time of its beginning in microseconds")
    func reloading() throws {
        let manager = try TestSocket(SOCK_DGRAM)
        let notifier = try ServiceNotifier(socket: manager.address)
        let before = monotonicMicroseconds()
        try notifier.reloading()
        let after = monotonicMicroseconds()

        let lines = try #require(manager.receive()).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let stamp = try #require(lines.last?.split(separator: "=").last.flatMap { UInt64($0) })
        #expect(lines.last == "MONOTONIC_USEC=\(stamp)")
        #expect((before...after).contains(stamp))
    }

    @Test("without a manager every call does nothing and says so")
    func disabled() throws {
        let notifier = try ServiceNotifier(socket: nil)
        #expect(!notifier.isEnabled)
        #expect(try !notifier.ready(status: "x"))
        #expect(try !notifier.status("x"))
        #expect(try !notifier.watchdog())
        #expect(try !notifier.reloading())
        #expect(try !notifier.stopping())
        #expect(try !notifier.extendTimeout(by: .seconds(1)))
    }

    @Test(
        "an address that is no absolute path and no abstract name is refused",
        arguments: ["", "run/notify", "@", "vsock:2:1", "/" + String(repeating: "n", count: 107)])
    func refusedAddress(address: String) {
        #expect {
            _ = try ServiceNotifier(socket: address)
        } throws: { error in
            (error as? ServiceEnvironmentError)?.variable == "NOTIFY_SOCKET"
                && (error as? ServiceEnvironmentError)?.value == address
        }
    }

    @Test("the refusal names the variable, the value and what is allowed")
    func refusalText() {
        let error = #expect(throws: ServiceEnvironmentError.self) { _ = try ServiceNotifier(socket: "") }
        #expect(
            error?.description == "NOTIFY_SOCKET: \"\" is not allowed; it must be an absolute path or an abstract name "
                + "that starts with @, shorter than 108 bytes")
    }

    @Test("the longest path that fits is taken")
    func longestAddress() throws {
        #expect(try ServiceNotifier(socket: "/" + String(repeating: "n", count: 106)).isEnabled)
    }

    @Test("nobody at the address is an error that names it")
    func nobodyListens() throws {
        let notifier = try ServiceNotifier(socket: "/nonexistent/notify")
        let error = #expect(throws: SystemError.self) { try notifier.ready() }
        #expect(error == SystemError(call: "sendto", object: "/nonexistent/notify", code: ENOENT))
        #expect(error?.description == "sendto /nonexistent/notify: No such file or directory (errno 2)")
    }

    @Test("a status stays one line, so it cannot forge another assignment")
    func statusIsOneLine() throws {
        let manager = try TestSocket(SOCK_DGRAM)
        try ServiceNotifier(socket: manager.address).status("a\nREADY=1\r\n\u{0}b\u{85}c")
        #expect(manager.receive() == "STATUS=a READY=1  b c")
    }

    @Test("a status is cut at a character, at most at its limit")
    func statusIsCut() {
        let limit = ServiceNotifier.maximumStatusBytes
        #expect(ServiceNotifier.statusLine(String(repeating: "x", count: limit)).utf8.count == limit)
        #expect(ServiceNotifier.statusLine(String(repeating: "x", count: limit + 1)).utf8.count == limit)
        #expect(ServiceNotifier.statusLine("x" + String(repeating: "🎉", count: limit)).utf8.count == limit - 3)
    }

    @Test(
        "durations become whole microseconds",
        arguments: [
            (Duration.seconds(1), UInt64(1_000_000)), (.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(2_999), 2),
            (.seconds(-1), 0), (.seconds(Int64.max), .max),
        ])
    func microseconds(duration: Duration, expected: UInt64) {
        #expect(duration.wholeMicroseconds == expected)
    }

    private func monotonicMicroseconds() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1_000
    }
}
