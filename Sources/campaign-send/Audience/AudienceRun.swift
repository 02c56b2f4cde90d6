import CampaignModel
import CProcess
import Glibc
import RecipientLists
import SystemdKit

/// An audience's list being looked at: one loop over its process, the time, and the peer that asked.
final class AudienceRun {
    enum Ending: Hashable {
        /// The list was read to its end, or as far as was wanted.
        case read
        case failed(String)
        /// Nobody waits for the answer any more.
        case unwanted
    }

    private let connection: Connection
    private let timeout: Duration
    private let deadline: ContinuousClock.Instant
    private let signals: SignalWatch
    private let stream: AudienceStream
    private var isUnwanted = false

    /// For the end of what is killed. With the time for the list it stays below the 10 seconds of the one who asked.
    private static let endPatience = Duration.milliseconds(500)

    /// - Parameter take: gets each recipient, and says whether it wants more.
    init(
        _ source: AudienceSource, of audience: Slug, sender: Sender, take: @escaping (RecipientRecord) -> Bool
    ) throws(SystemError) {
        connection = sender.connection
        timeout = sender.options.audienceTimeout
        deadline = .now + timeout
        signals = try SignalWatch()
        _ = cprocess_become_subreaper()
        stream = try AudienceStream(source, of: audience, take: take)
    }

    /// Returns when nothing of it runs any more.
    func run() -> Ending {
        while stream.ending == nil, !isUnwanted, !stream.hasEnded { turn() }
        stream.finish { Descendants.killAll(signals, within: Self.endPatience) }
        if isUnwanted { return .unwanted }
        return switch stream.ending {
        case .failed(let reason): .failed(reason)
        case .read, nil: .read
        }
    }

    private func turn() {
        let ports = stream.interests()
        let others: [(descriptor: CInt, events: Int32)] = [
            (signals.descriptor, POLLIN),
            // Without events poll(2) tells of a peer that is gone, and not of one that has but ended its side.
            (connection.descriptor, 0),
        ]
        let happened = Poll.wait(
            others + ports.map { ($0.descriptor, $0.events) }, timeout: deadline - ContinuousClock.now)
        if happened[0] != 0 { takeSignals() }
        if happened[1] != 0 { isUnwanted = true }
        for (port, events) in zip(ports, happened.dropFirst(others.count)) where events != 0 && stream.ending == nil {
            stream.read(port.port)
        }
        if ContinuousClock.now >= deadline { stream.fail(stream.lateness(timeout)) }
    }

    private func takeSignals() {
        Descendants.reap(except: stream.processID)
        if let number = signals.look() { stream.fail("the sender was stopped by \(SignalName.of(number))") }
    }
}
