import Glibc

/// Signals as a stream, in the order in which they came. None is lost and none ends the process, from the moment on in
/// which this is made: one that comes before anybody reads the stream waits in it.
final class SignalStream: Sendable {
    let stream: AsyncStream<CInt>

    /// Signals that nobody has taken yet; more of them say nothing new.
    private static let pendingLimit = 16

    /// Blocks these signals on the calling thread, and so on each that it starts from now on; it has to be the first,
    /// before it has started any, as the kernel gives a signal to whichever thread takes it (signal(7)).
    init(_ signals: [CInt]) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: CInt.self, bufferingPolicy: .bufferingOldest(Self.pendingLimit))
        self.stream = stream
        let watch = Watch(signals: signals, continuation: continuation)
        var set = watch.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        // Not by Dispatch: its source sees a signal only once it is registered, some time after it is activated.
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Watch>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(watch).toOpaque())
        pthread_detach(thread)
    }

    private final class Watch: Sendable {
        private let signals: [CInt]
        private let continuation: AsyncStream<CInt>.Continuation

        init(signals: [CInt], continuation: AsyncStream<CInt>.Continuation) {
            self.signals = signals
            self.continuation = continuation
        }

        var set: sigset_t {
            var set = sigset_t()
            sigemptyset(&set)
            for signal in signals { sigaddset(&set, signal) }
            return set
        }

        /// To the end of the process.
        func run() {
            var set = set
            var number: CInt = 0
            while true {
                if sigwait(&set, &number) == 0 { continuation.yield(number) }
            }
        }
    }
}
