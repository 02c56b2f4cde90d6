import CampaignModel
import SendProtocol
import SendRecords
import SimulatedDisk
import SystemdKit

/// Delivers as planned, and notes what began in the world.
final class PlannedDelivering: Delivering {
    /// Looks for a wish in the key's folder alone.
    struct Stop: StopWatching {
        let folder: KeyFolder
        let number: Int

        func askedEnd() -> AttemptOutcome? { folder.wishToEnd(number).map { .cancelled(reason: $0) } }
    }

    private let bench: Bench
    private let disk: SimulatedDisk
    private let step: (String) -> Void

    init(_ bench: Bench, _ disk: SimulatedDisk, step: @escaping (String) -> Void) {
        self.bench = bench
        self.disk = disk
        self.step = step
    }

    func work(for request: SendRequest) throws(SendRefusal) -> AttemptOutcome {
        guard request.surface.text != "nowhere" else { throw SendRefusal(reason: Bench.refusal) }
        return bench.planned[request.attempt.number] ?? .sent
    }

    func watch(_ attempt: Attempt, in folder: KeyFolder) throws(SystemError) -> Stop {
        Stop(folder: folder, number: attempt.number)
    }

    func deliver(
        _ planned: AttemptOutcome, _ request: SendRequest, as accepted: AcceptedAttempt, until stop: Stop
    ) -> Delivery {
        step("begin")
        guard disk.isAlive else { return Delivery(.interrupted(reason: "dead")) }
        bench.begun.append(accepted.attempt)
        for part in [request.message.content.file] + request.message.content.attachments {
            let bytes = try? disk.read(accepted.workPath + "/" + part.name, limit: 1_024)
            if bytes != part.bytes { bench.complaints.append("\(part.name) is \(bytes ?? [])") }
        }
        bench.meanwhile?()
        let progress = SendProgress(done: 2, total: 2)
        // A full disk costs the progress of those who follow, and nothing else.
        try? accepted.append(SendProgress(done: 1, total: 2))
        try? accepted.append(progress)
        step("end")
        return Delivery(stop.askedEnd() ?? planned, progress)
    }
}
