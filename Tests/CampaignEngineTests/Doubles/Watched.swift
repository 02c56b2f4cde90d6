import Synchronization

/// A value that others can wait for: each change wakes those whose condition it meets.
final class Watched<Value: Sendable>: Sendable {
    private let state: Mutex<State>

    private struct State {
        var value: Value
        var isClosed = false
        var waiting: [Waiting] = []
        var last = 0
    }

    private struct Waiting {
        let number: Int
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    var value: Value { state.withLock { $0.value } }

    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        let (result, ready) = state.withLock { state in
            let result = body(&state.value)
            let value = state.value
            let ready = state.waiting.filter { $0.condition(value) }.map(\.continuation)
            state.waiting.removeAll { $0.condition(value) }
            return (result, ready)
        }
        for continuation in ready { continuation.resume(returning: true) }
        return result
    }

    /// Returns when the condition holds; false where that can't come any more, or the test's time is over.
    @discardableResult
    func until(_ condition: @escaping @Sendable (Value) -> Bool) async -> Bool {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if condition(state.value) { return true }
                    if state.isClosed || Task.isCancelled { return false }
                    state.waiting.append(
                        Waiting(number: number, condition: condition, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let given = state.withLock { state in
                let given = state.waiting.filter { $0.number == number }
                state.waiting.removeAll { $0.number == number }
                return given
            }
            for one in given { one.continuation.resume(returning: false) }
        }
    }

    /// Lets all go who still wait.
    func close() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isClosed = true
            return state.waiting.map(\.continuation)
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
