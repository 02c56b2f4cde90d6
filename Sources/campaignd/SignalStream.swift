import Dispatch
import Glibc
import Synchronization

/// Signals as a stream, in the order in which they came.
final class SignalStream: Sendable {
    let stream: AsyncStream<CInt>
    private let sources: Mutex<[any DispatchSourceSignal]>

    /// Signals that nobody has taken yet; more of them say nothing new.
    private static let pendingLimit = 16

    init(_ signals: [CInt]) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: CInt.self, bufferingPolicy: .bufferingOldest(Self.pendingLimit))
        self.stream = stream
        let queue = DispatchQueue(label: "org.campaignd.signals")
        sources = Mutex(signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        })
    }
}
