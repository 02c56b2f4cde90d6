import Glibc

/// Runs all of Swift's tasks of this process on the thread that calls it, one piece of work after the other, in an
/// order that a seed draws: the engine's own concurrency becomes a part of the story and repeats.
///
/// Swift's runtime asks a hook where work for the global executor goes (`swift_task_enqueueGlobal_hook`, in
/// ConcurrencyHooks.def of the runtime); actors without an executor of their own go there, too.
enum TaskLoop {
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    // Touched by one thread alone: from the installation on no work runs anywhere but in `runOne`, on the thread that
    // calls it, and only such work makes more of it.
    nonisolated(unsafe) private static var waiting: [UnownedJob] = []

    /// The runtime's own mark for work that belongs to no actor's executor: two empty words.
    private static let noExecutor = unsafeBitCast((UInt(0), UInt(0)), to: UnownedSerialExecutor.self)

    /// Once, before any task is made.
    static func install() {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "swift_task_enqueueGlobal_hook") else {
            fatalError("this Swift runtime has no swift_task_enqueueGlobal_hook")
        }
        symbol.assumingMemoryBound(to: Hook?.self).pointee = { job, _ in TaskLoop.waiting.append(job) }
    }

    static var isIdle: Bool { waiting.isEmpty }

    /// Runs one piece of work; false where there is none.
    static func runOne(_ draw: Draw) -> Bool {
        guard !waiting.isEmpty else { return false }
        let job = waiting.remove(at: draw.number(0...waiting.count - 1))
        job.runSynchronously(on: noExecutor)
        return true
    }

    /// Forgets what is left: of a story that has ended nothing more is to happen.
    static func drop() { waiting.removeAll() }
}
