import Recurrence

/// The clocks of a watch, and its rest between two looks.
protocol WatchTime {
    /// The present second.
    var now: Instant { get }
    /// The time since any moment, on a clock that never goes back.
    var elapsed: Duration { get }
    /// - Throws: `CancellationError`.
    func rest(_ duration: Duration) async throws
}

/// The machine's own clocks.
struct MachineWatchTime: WatchTime {
    private let start = ContinuousClock.now

    var now: Instant { Terminal.now }
    var elapsed: Duration { ContinuousClock.now - start }

    func rest(_ duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
