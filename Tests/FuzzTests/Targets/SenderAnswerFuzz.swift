import CampaignModel
import SendProtocol

/// What the sender answers: as `SenderRequestFuzz`, the other way. The daemon takes numbers of attempts from here.
enum SenderAnswerFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        for frame in try FrameFuzz.frames(bytes, bodyLimit: ProtocolLimits.pieceBytes) { try checkAnswer(frame) }
        if let frame = try? Frame(head: bytes) { try checkAnswer(frame) }
    }

    private static func checkAnswer(_ frame: Frame) throws(Finding) {
        let answer: SenderAnswer
        do throws(MalformedAnswer) {
            answer = try SenderAnswer(frame)
        } catch {
            return try FrameFuzz.checkRefusal(error)
        }
        // JSON that escapes nothing may double when it is written again: only what fits is compared.
        guard let written = try? answer.frame() else { return }
        let again: SenderAnswer
        do throws(MalformedAnswer) {
            again = try SenderAnswer(written)
        } catch {
            throw Finding(description: "\(answer) is not read back: \(error)")
        }
        try check(again == answer, "\(answer) is read back as \(again)")
        try checkBounds(answer)
    }

    private static func checkBounds(_ answer: SenderAnswer) throws(Finding) {
        switch answer {
        case .status(let attempt, _):
            try check((1...Send.attemptLimit).contains(attempt.number), "\(answer) has no such attempt")
        case .attempts(_, let reports):
            for report in reports {
                try check((1...Send.attemptLimit).contains(report.number), "\(answer) has no such attempt")
            }
        case .count(.counted(let number)): try check(number >= 0, "\(number) recipients")
        case .sample(.recipients(let recipients)):
            try check(recipients.count <= AudienceSample.allowedLimits.upperBound, "\(recipients.count) recipients")
        case .recipients(let results):
            try check((1...ProtocolLimits.resultsPerAnswer).contains(results.count), "\(results.count) results")
            for result in results {
                try check((1...Send.attemptLimit).contains(result.attempt), "\(result) has no such attempt")
                try check(result.address.utf8.count <= RecipientResult.addressBytes, "\(result) is too long")
                try check(result.reason?.utf8.count ?? 0 <= RecipientResult.reasonBytes, "\(result) is too long")
            }
        case .suppression(let outcome):
            let numbers = 0...Suppression.orderLimit
            try check(
                numbers.contains(outcome.changed) && numbers.contains(outcome.unchanged)
                    && outcome.invalid.count <= outcome.invalidCount, "\(outcome) is impossible")
        case .suppressed(let entries):
            try check((1...ProtocolLimits.resultsPerAnswer).contains(entries.count), "\(entries.count) entries")
            for entry in entries {
                try check(entry.address.utf8.count <= RecipientResult.addressBytes, "\(entry) is too long")
                try check(entry.reason?.utf8.count ?? 0 <= RecipientResult.reasonBytes, "\(entry) is too long")
            }
        case .composed(.composed(let message)):
            try check((1...ProtocolLimits.composedBytes).contains(message.size), "a message of \(message.size) bytes")
            try check(message.found >= 0, "\(message.found) recipients")
            for names in [message.columns, message.unknownTags] {
                try check(names.count <= ComposedMessage.columnLimit, "\(names.count) names")
            }
        case .piece(let bytes): try check((1...ProtocolLimits.pieceBytes).contains(bytes.count), "\(bytes.count) bytes")
        case .accepted, .progress, .outcome, .kept, .count, .sample, .recipientsEnd, .suppressedEnd, .composed, .busy,
            .refused:
            break
        }
    }
}
