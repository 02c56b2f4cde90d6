import Dispatch

extension DispatchQueue {
    /// Does what takes seconds, as to copy a large ledger, on a thread of its own.
    ///
    /// By a queue of its own: Dispatch wakes up once a second for ever to look after its global ones, once they were
    /// used.
    static func alone<Value: Sendable, Failure>(
        _ label: String, _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue(label: label, qos: .utility).async { continuation.resume(returning: Result(catching: work)) }
        }
        return try result.get()
    }
}
