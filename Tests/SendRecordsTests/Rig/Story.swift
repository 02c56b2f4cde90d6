import CampaignModel
import SendProtocol
import SimulatedDisk
import Testing

/// A request whose process meets trouble, what was there before it, and how it ends where none comes.
struct Story: Sendable, CustomTestStringConvertible {
    let name: String
    let request: SenderRequest
    /// The last answer where nothing goes wrong; nil where that depends on what was before.
    let ending: SenderAnswer?
    /// Attempts of which nothing may change.
    var bystanders: [Attempt] = []
    /// Whether it is asked while another process sends the first attempt.
    var isDuringSend = false
    /// Whether each of its syncs is needed; not where an earlier process may have done the same.
    var needsEachSync = true
    var before: @Sendable (Bench) -> Void = { _ in }

    var testDescription: String { name }

    private static let first = Sample.attempt()
    private static let sent = SenderAnswer.outcome(.sent, SendProgress(done: 2, total: 2))
    private static let interrupted = AttemptStatus.ended(
        .interrupted(reason: "the sender ended before it knew the outcome"), SendProgress())
    private static let notNow = AttemptOutcome.temporary(reason: "not now", retryAfterSeconds: nil)

    static let all = [
        Story(name: "a send", request: Sample.send(), ending: sent),
        Story(
            name: "the attempt after one that failed for now", request: Sample.send(2), ending: sent,
            bystanders: [first],
            before: { bench in
                bench.planned[1] = notNow
                bench.ask(Sample.send())
            }),
        Story(
            name: "a send that is refused", request: Sample.send(surface: "nowhere"),
            ending: .outcome(.failed(reason: Bench.refusal), SendProgress())),
        Story(
            name: "a send of what was sent", request: Sample.send(2),
            ending: .status(first, .ended(.sent, SendProgress(done: 2, total: 2))), bystanders: [first],
            before: { $0.ask(Sample.send()) }),
        Story(
            name: "a revocation", request: .revoke(first, reason: "stopped"),
            ending: .status(first, .ended(.revoked(reason: "stopped"), SendProgress()))),
        Story(
            name: "a revocation that comes too late", request: .revoke(first, reason: "stopped"),
            ending: .status(first, .ended(.sent, SendProgress(done: 2, total: 2))), bystanders: [first],
            before: { $0.ask(Sample.send()) }),
        Story(
            name: "a query after a sender that died with its surface", request: .query([first.key]),
            ending: .attempts(first.key, [AttemptReport(number: 1, status: interrupted)]), needsEachSync: false,
            before: { bench in
                let disk = bench.machine.process()
                bench.meanwhile = { disk.kill() }
                _ = bench.ask(Sample.send(), by: disk)
                bench.meanwhile = nil
            }),
        Story(
            name: "a cancel", request: .cancel(first.key, reason: "wrong prices"),
            ending: .attempts(first.key, [AttemptReport(number: 1, status: .running(SendProgress()))]),
            isDuringSend: true),
        Story(
            name: "a forgetting", request: .forget([Slug("abcdefghijklmnop")!], resultsBefore: nil),
            ending: .kept([Slug("abcdefghijklmnop")!]), bystanders: [young, other],
            before: { bench in
                bench.ask(Sample.send())
                bench.ask(Sample.send(of: other.key))
                bench.machine.now += 31 * 86_400
                bench.ask(Sample.send(of: young.key))
            }),
    ]

    private static let young = Sample.attempt(of: OccurrenceKey("abcdefghijklmnop/now/1")!)
    private static let other = Sample.attempt(of: OccurrenceKey("qrstuvwxyzabcdef/now/1")!)

    /// The request after a process that was killed in place of one of its own steps.
    static func afterKill(at step: Int, of killed: SenderRequest, then request: SenderRequest) -> Story {
        Story(
            name: "once more after a kill at step \(step)", request: request, ending: nil, needsEachSync: false,
            before: { bench in
                let disk = bench.machine.process()
                bench.breaker.arm(.kill, at: step, of: disk.processID)
                _ = bench.ask(killed, by: disk)
                _ = bench.breaker.disarm()
            })
    }
}
