import CSystemd
public import Dispatch
import Glibc

/// Calls back when a span of steady time is over, whatever becomes of the wall clock meanwhile; time in suspend counts
/// (timerfd_create(2), CLOCK_BOOTTIME).
///
/// Dispatch's own timers name a point of time, by the wall clock, which moves, or by a clock that stands still in
/// suspend. Where a preloaded library shifts the clocks for a test, such a point may never come. A span holds.
public final class SteadyTimer: Sendable {
    // Dispatch does not declare its sources Sendable. This one is set once; after `init` only `cancel()` is called on
    // it, which dispatch_source_cancel(3) allows from any thread and any number of times.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let descriptor: CInt

    /// - Parameter onEnd: runs on `queue` each time that a span is over.
    public init(queue: DispatchQueue, onEnd: @escaping @Sendable () -> Void) throws(SystemError) {
        let descriptor = timerfd_create(CLOCK_BOOTTIME, CInt(TFD_NONBLOCK) | CInt(TFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError(call: "timerfd_create", object: "CLOCK_BOOTTIME", code: errno) }
        self.descriptor = descriptor
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            var expirations: UInt64 = 0
            // Nothing to read: it was armed anew meanwhile.
            guard read(descriptor, &expirations, MemoryLayout<UInt64>.size) > 0 else { return }
            onEnd()
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { source.cancel() }

    /// Begins a span from now; one under way is forgotten. Less than a nanosecond is one.
    public func arm(after span: Duration) {
        let (seconds, attoseconds) = max(span, .nanoseconds(1)).components
        var setting = itimerspec()
        setting.it_value = timespec(tv_sec: time_t(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        let result = timerfd_settime(descriptor, 0, &setting, nil)
        precondition(result == 0, "timerfd_settime(2) takes every span of an open timer; errno \(errno)")
    }
}
