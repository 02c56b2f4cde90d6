import CTasks
import Dispatch
import Glibc
import NIOCore
import Synchronization
import SystemdKit

/// The threads that all tasks and actors of the daemon run on, in place of Dispatch's.
///
/// Dispatch looks once a second, for ever, whether its threads for tasks are stuck, and ends each 5 s after its last
/// task: an idle daemon would wake up for nothing else. These sleep until there is something to run. Timed waits
/// (`Task.sleep`) and the main actor stay with Dispatch; the daemon has neither.
final class TaskThreads: Sendable {
    /// Tasks may block for as long as SQLite or a disk takes, each on a thread: one decides, others read for clients.
    private static let count = 4
    private static let shared = TaskThreads()

    /// In the order in which they came. As many as there are tasks and actors with something to do, and so bounded by
    /// what bounds those.
    private let jobs = Mutex(CircularBuffer<Job>())
    private let waiting = DispatchSemaphore(value: 0)

    /// A job of the runtime, which gives it away and has it run by one thread.
    private struct Job: @unchecked Sendable {
        let address: UnsafeMutableRawPointer
    }

    /// To be called once, before the first task of the process. The threads are there until it ends.
    static func start() throws(SystemError) {
        for _ in 0..<count {
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, { _ in TaskThreads.shared.run() }, nil)
            guard code == 0 else { throw SystemError(call: "pthread_create", object: "tasks", code: code) }
            pthread_detach(thread)
        }
        ctasks_take_over { job in
            guard let job else { return }
            TaskThreads.shared.take(Job(address: job))
        }
    }

    private func take(_ job: Job) {
        jobs.withLock { $0.append(job) }
        waiting.signal()
    }

    private func run() -> Never {
        while true {
            waiting.wait()
            if let job = jobs.withLock({ $0.popFirst() }) { ctasks_run(job.address) }
        }
    }
}
