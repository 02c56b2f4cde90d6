import Glibc
import Synchronization

/// A piece of blocking code that runs in turns with the simulator: on a thread of its own, but only while the simulator
/// waits for it, so that there is never more than one thing happening.
///
/// `@unchecked Sendable`: its state is touched by whoever has the turn; the semaphores order that.
final class Coroutine: @unchecked Sendable {
    private let mine: UnsafeMutablePointer<sem_t>
    private let theirs: UnsafeMutablePointer<sem_t>
    private var body: ((Coroutine) -> Void)?
    private(set) var isOver = false

    /// A sender's code is shallow; hundreds of threads are to be cheap.
    private static let stackBytes = 512 * 1_024

    init(_ body: @escaping (Coroutine) -> Void) {
        mine = .allocate(capacity: 1)
        theirs = .allocate(capacity: 1)
        sem_init(mine, 0, 0)
        sem_init(theirs, 0, 0)
        self.body = body
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, { argument in
            guard let argument else { return nil }
            Unmanaged<Coroutine>.fromOpaque(argument).takeRetainedValue().main()
            return nil
        }, Unmanaged.passRetained(self).toOpaque())
        guard status == 0 else { fatalError("pthread_create: \(String(cString: strerror(status)))") }
    }

    deinit {
        sem_destroy(mine)
        sem_destroy(theirs)
        mine.deallocate()
        theirs.deallocate()
    }

    private func main() {
        Self.wait(mine)
        body?(self)
        body = nil
        isOver = true
        sem_post(theirs)
    }

    /// Gives it the turn until it parks or is over.
    func resume() {
        guard !isOver else { return }
        sem_post(mine)
        Self.wait(theirs)
    }

    /// From inside: gives the turn back until it is resumed.
    func park() {
        sem_post(theirs)
        Self.wait(mine)
    }

    private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
        while sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
