import CampaignEngine
import CampaignModel
import Recurrence

/// A sender that sends nothing: each send begins when it is handed over, and has succeeded at once. Audiences alone are
/// asked for at the real one, since checks count them.
struct SimulationSender: SendLauncher {
    let audiences: any SendLauncher
    /// What was under way when the simulation began; it has succeeded too.
    let running: [OccurrenceKey: Attempt]

    func handOver(_ handOver: HandOver, report: @Sendable (SendReport) async -> Void) async {
        await report(.accepted)
        await report(.ended(.sent, SendProgress()))
    }

    func follow(_ attempt: Attempt, report: @Sendable (SendReport) async -> Void) async {
        await report(.ended(.sent, SendProgress()))
    }

    func query(_ keys: [OccurrenceKey]) async throws(LauncherError) -> [OccurrenceKey: [AttemptRecord]] {
        var records: [OccurrenceKey: [AttemptRecord]] = [:]
        for key in keys {
            guard let attempt = running[key] else { continue }
            records[key] = [AttemptRecord(attempt: attempt, status: .ended(.sent, SendProgress()))]
        }
        return records
    }

    func revoke(_ attempt: Attempt, reason: String) async throws(LauncherError) -> AttemptRecord {
        let isRunning = running[attempt.key] == attempt
        return AttemptRecord(
            attempt: attempt, status: .ended(isRunning ? .sent : .revoked(reason: reason), SendProgress()))
    }

    func cancel(_ key: OccurrenceKey, reason: String) async throws(LauncherError) {}

    func test(_ handOver: HandOver) async throws(LauncherError) -> TestAnswer {
        TestAnswer(outcome: .sent, progress: SendProgress(), isRepeated: false)
    }

    func forget(_ owners: [Slug], resultsBefore: Instant) async throws(LauncherError) -> [Slug] { [] }

    func count(_ audience: Slug) async throws(LauncherError) -> AudienceCount { try await audiences.count(audience) }

    func sample(_ audience: Slug, limit: Int) async throws(LauncherError) -> AudienceSample {
        try await audiences.sample(audience, limit: limit)
    }
}
