import CSystemd
public import Dispatch
import Glibc

/// Calls back when the wall clock is set, by a person or by a time service that steps it.
///
/// A timer of timerfd_create(2) on CLOCK_REALTIME, armed for a time that never comes with
/// TFD_TIMER_CANCEL_ON_SET: the kernel cancels it when the clock jumps. Slewing is no jump. Nothing wakes
/// otherwise. A clock that only a preloaded library pretends to set goes unnoticed: the kernel's did not move.
///
///     let watch = try ClockSetWatch(queue: queue) { engine.clockWasSet() }
public final class ClockSetWatch: Sendable {
    // Dispatch does not declare its sources Sendable. This one is set once; after `init` only `cancel()` is
    // called on it, which dispatch_source_cancel(3) allows from any thread and any number of times.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    /// The timer, open until the watch is cancelled.
    let descriptor: CInt

    /// Arms the watch. `onSet` runs on `queue`, once for each time that the clock was set, or once for several
    /// that came close together, until `cancel()` or until the watch is released.
    ///
    /// - Throws: `SystemError` where the timer can't be made or armed.
    public convenience init(queue: DispatchQueue, onSet: @escaping @Sendable () -> Void) throws(SystemError) {
        try self.init(queue: queue, onSet: onSet, onClose: {})
    }

    /// `onClose` runs on `queue` when the timer is gone.
    init(
        queue: DispatchQueue, onSet: @escaping @Sendable () -> Void, onClose: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let descriptor = timerfd_create(CLOCK_REALTIME, CInt(TFD_NONBLOCK) | CInt(TFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError(call: "timerfd_create", object: "CLOCK_REALTIME", code: errno) }
        do throws(SystemError) {
            try Self.arm(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            guard Self.read(descriptor) == .clockSet else { return }
            onSet()
        }
        source.setCancelHandler {
            close(descriptor)
            onClose()
        }
        source.activate()
    }

    deinit { source.cancel() }

    /// Stops watching. A call of `onSet` that has begun goes on; no other begins.
    public func cancel() { source.cancel() }

    /// What a look at the timer gave.
    enum Reading: Hashable {
        case clockSet
        case nothing
    }

    private static func read(_ descriptor: CInt) -> Reading {
        var expirations: UInt64 = 0
        let count = Glibc.read(descriptor, &expirations, MemoryLayout<UInt64>.size)
        return reading(count: count, code: errno)
    }

    /// read(2) of the timer gives ECANCELED when the clock was set, and leaves the timer armed. The far time
    /// never comes, so an expiration means that the clock jumped past it, and is a jump as well.
    static func reading(count: Int, code: CInt) -> Reading {
        if count > 0 { return .clockSet }
        return code == ECANCELED ? .clockSet : .nothing
    }

    /// 34,000 years from 1970. The largest number that there is overflows where a preloaded library shifts the clock
    /// for a test, which refuses the timer then.
    private static let never: time_t = 1 << 40

    private static func arm(_ descriptor: CInt) throws(SystemError) {
        var setting = itimerspec()
        setting.it_value.tv_sec = never
        let flags = CInt(TFD_TIMER_ABSTIME) | CInt(TFD_TIMER_CANCEL_ON_SET)
        // ECANCELED: armed, and the clock was set meanwhile; the next read tells it.
        guard timerfd_settime(descriptor, flags, &setting, nil) == 0 || errno == ECANCELED else {
            throw SystemError(call: "timerfd_settime", object: "CLOCK_REALTIME", code: errno)
        }
    }
}
