import CampaignModel
import SendProtocol

@testable import campaign_send

/// The sender's file of an outcome, and what a surface writes: a status that is written and read back as it was, lines
/// that are cut the same way however they arrive, and progress that is in its bounds.
enum OutcomeFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        try checkStatus(bytes)
        let whole = lines([bytes[...]])
        let cut = lines(pieces(of: bytes))
        try check(whole == cut, "\(whole) as a whole, \(cut) in pieces")
        for line in whole { try checkProgress(line.kept) }
        try checkRetryAfter(String(decoding: bytes, as: UTF8.self))
    }

    private static func checkStatus(_ bytes: [UInt8]) throws(Finding) {
        let status: AttemptStatus
        do throws(WireJSON.Failure) {
            status = try WireJSON.decode(AttemptStatus.self, from: bytes)
        } catch {
            return try FrameFuzz.checkRefusal(error)
        }
        let written = WireJSON.encode(status)
        try check((try? WireJSON.decode(AttemptStatus.self, from: written)) == status, "\(status) is not read back")
        if case .ended(let outcome, _) = status {
            let answer = WebhookAnswer(status: 200, body: bytes, isCut: false)
            try check(answer.outcome(isIdempotent: false) == .sent, "\(outcome)")
        }
    }

    private struct Line: Equatable {
        let kept: [UInt8]
        let whole: Int
    }

    private static func lines(_ pieces: [ArraySlice<UInt8>]) -> [Line] {
        var reader = OutputLines()
        var found: [Line] = []
        for piece in pieces { reader.read(piece) { found.append(Line(kept: $0, whole: $1)) } }
        reader.finish { found.append(Line(kept: $0, whole: $1)) }
        return found
    }

    private static func checkProgress(_ line: [UInt8]) throws(Finding) {
        guard let progress = ProgressLine.read(line) else { return }
        let numbers = [progress.done, progress.total, progress.failed].compactMap(\.self)
        try check(numbers.allSatisfy { $0 >= 0 }, "\(progress)")
        try check((progress.note?.utf8.count ?? 0) <= ProtocolLimits.textBytes, "\(progress)")
        try check(
            progress.note.map { !$0.unicodeScalars.contains(where: \.isUnsafeToDisplay) } ?? true, "\(progress)")
        let known = SendProgress(done: 1, total: 2, failed: 3, note: "x")
        try check(known.updated(by: progress).updated(by: progress) == known.updated(by: progress), "\(progress)")
    }

    private static func checkRetryAfter(_ text: String) throws(Finding) {
        let seconds = WebhookAnswer.retryAfter(text, now: 1_796_630_400) { Int64($0.utf8.count) }
        try check(seconds.map { $0 >= 0 } ?? true, "after \(seconds ?? 0) s")
        let wait = Backoff.seconds(beforeAttempt: 2, asked: seconds, jitter: 0.5)
        try check((60...7 * 86_400).contains(wait), "a wait of \(wait) s")
    }
}
